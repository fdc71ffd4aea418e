"""PubMed's E-utilities: a search that keeps its result on the server, then the articles in parts (XML)."""

from __future__ import annotations

from typing import Any

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer, Record
from exowatch.records.plain import at, doi_of, facts_of, text_at, value_in, with_values, without_addresses, xml_of

_RELATIONS = {
    "RetractionIn": "retracted",
    "PartialRetractionIn": "retracted",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "corrected",
    "CorrectedandRepublishedIn": "corrected",
    "RetractionOf": "retracts",
    "ErratumFor": "corrects",
    "ExpressionOfConcernFor": "doubts",
}
#: What a notice says of the article that it names.
_NOTICES = {"RetractionOf": "retracted", "ErratumFor": "corrected", "ExpressionOfConcernFor": "concern"}
#: Articles that are asked for at once.
PART = 200


def read_pubmed(body: bytes, url: str) -> Answer:
    """One answer of esearch or efetch; UnreadableError where it is neither, or tells an error."""
    root = xml_of(body, url)
    name = str(root.tag).rpartition("}")[2]
    if name == "eSearchResult":
        return _search(root, url)
    if name != "PubmedArticleSet":
        said = text_at(root, "ERROR") or " ".join("".join(root.itertext()).split())[:120]
        raise UnreadableError(f"no answer of PubMed ({name}): {said}", url=url)
    records = tuple(_record(one) for one in root if isinstance(one.tag, str))
    start, part = int(value_in(url, "retstart") or 0), int(value_in(url, "retmax") or PART)
    more = len(records) >= part and value_in(url, "WebEnv")
    return Answer(records, with_values(url, retstart=start + part) if more else None)


def _search(root: Any, url: str) -> Answer:
    said = text_at(root, "ERROR")
    if said:
        raise UnreadableError(f"PubMed says: {said}", url=url)
    count, env, key = text_at(root, "Count"), text_at(root, "WebEnv"), text_at(root, "QueryKey")
    total = int(count) if count.isdigit() else None
    following = None
    if total and env:
        base = url.split("?", 1)[0].replace("esearch.fcgi", "efetch.fcgi")
        kept = {name: value for name in ("tool", "email", "api_key") if (value := value_in(url, name))}
        asked = {"db": "pubmed", "WebEnv": env, "query_key": key or "1", "retmode": "xml"}
        following = with_values(base, **asked, retstart=0, retmax=PART, **kept)
    return Answer((), following, total)


def _record(one: Any) -> Record:
    citation = next(at(one, "MedlineCitation"), one)
    article = next(at(citation, "Article"), citation)
    pmid = text_at(citation, "PMID")
    ids = [
        (str(item.get("IdType")), "".join(item.itertext()).strip())
        for item in at(one, "PubmedData/ArticleIdList/ArticleId")
    ]
    ids += [(str(item.get("EIdType")), "".join(item.itertext()).strip()) for item in at(article, "ELocationID")]
    doi = next((found for kind, value in ids if kind == "doi" and (found := doi_of(value))), None)
    pmcid = next((value.lower() for kind, value in ids if kind == "pmc"), None)
    names = [f"doi:{doi}"] if doi else []
    names += [f"pmid:{pmid}"] if pmid else []
    names += [f"pmcid:{pmcid}"] if pmcid else []
    types = tuple(
        " ".join("".join(kind.itertext()).split()) for kind in at(article, "PublicationTypeList/PublicationType")
    )
    related = [
        _RELATIONS.get(str(note.get("RefType"))) for note in at(citation, "CommentsCorrectionsList/CommentsCorrections")
    ]
    notices = [
        (f"pmid:{target}", kind)
        for note in at(citation, "CommentsCorrectionsList/CommentsCorrections")
        if (kind := _NOTICES.get(str(note.get("RefType")))) and (target := text_at(note, "PMID"))
    ]
    if "Retracted Publication" in types:
        related.append("retracted")
    return Record(
        kind="article",
        id=pmid,
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        title=text_at(article, "ArticleTitle") or text_at(article, "BookTitle"),
        summary=_abstract(article) + _interest(citation),
        published=_date(next(at(article, "ArticleDate"), None))
        or _date(next(at(article, "Journal/JournalIssue/PubDate"), None)),
        updated=_date(next(at(citation, "DateRevised"), None)),
        language=text_at(article, "Language") or None,
        doi=doi,
        identifiers=tuple(names),
        journal=text_at(article, "Journal/Title") or None,
        types=types,
        relations=tuple(dict.fromkeys(name for name in related if name)),
        notices=tuple(dict.fromkeys(notices)),
        references=_references(one),
        facts=without_addresses(facts_of(one)),
    )


def _abstract(article: Any) -> str:
    parts = []
    for part in at(article, "Abstract/AbstractText"):
        label = part.get("Label")
        parts.append((f"{label}: " if label else "") + " ".join("".join(part.itertext()).split()))
    return "\n".join(part for part in parts if part)


def _interest(citation: Any) -> str:
    """The declaration of interests belongs to what a reader must know."""
    told = text_at(citation, "CoiStatement")
    return f"\nConflict of interest: {told}" if told else ""


def _references(one: Any) -> tuple[str, ...]:
    found = (
        doi_of("".join(item.itertext()))
        for item in at(one, "PubmedData/ReferenceList/Reference/ArticleIdList/ArticleId")
        if item.get("IdType") == "doi"
    )
    return tuple(dict.fromkeys(doi for doi in found if doi))


def _date(element: Any) -> str | None:
    if element is None:
        return None
    parts = [text_at(element, name) for name in ("Year", "Month", "Day")]
    return "-".join(part for part in parts if part) or text_at(element, "MedlineDate") or None
