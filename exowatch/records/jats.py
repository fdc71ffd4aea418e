"""JATS: an article in XML, its abstract, its body, what it declares and what it cites."""

from __future__ import annotations

from typing import Any

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer, Record
from exowatch.records.plain import at, doi_of, facts_of, text_at, without_addresses, xml_of

_RELATED = {"retracted-article": "retracts", "corrected-article": "corrects", "object-of-concern": "doubts"}
_RELATED |= {"retraction-forward": "retracted", "correction-forward": "corrected", "concern-forward": "concern"}
#: What a notice says of the article that it names.
_NOTICES = {"retracted-article": "retracted", "corrected-article": "corrected", "object-of-concern": "concern"}


def read_jats(body: bytes, url: str) -> Answer:
    """One article; UnreadableError where the XML holds none."""
    root = xml_of(body, url)
    found = [root] if _name(root) == "article" else [one for one in root.iter() if _name(one) == "article"]
    if not found:
        raise UnreadableError("no JATS article", url=url)
    return Answer(tuple(article_of(one, url) for one in found), None, len(found))


def article_of(article: Any, url: str) -> Record:
    """The record of one ``article`` element."""
    meta = next(at(article, "front/article-meta"), article)
    ids = {str(one.get("pub-id-type")): "".join(one.itertext()).strip() for one in at(meta, "article-id")}
    doi = doi_of(ids.get("doi"))
    names = [f"doi:{doi}"] if doi else []
    names += [f"pmid:{ids['pmid']}"] if ids.get("pmid") else []
    pmc = ids.get("pmc") or ids.get("pmcid")
    names += [f"pmcid:{'' if pmc.lower().startswith('pmc') else 'pmc'}{pmc.lower()}"] if pmc else []
    related = [_RELATED.get(str(one.get("related-article-type"))) for one in at(meta, "related-article")]
    notices = [
        (f"doi:{target}", _NOTICES[kind])
        for one in at(meta, "related-article")
        if (kind := str(one.get("related-article-type"))) in _NOTICES and (target := _target(one))
    ]
    if article.get("article-type") == "retraction":
        related.append("retracts")
    notes = [
        text
        for path in ("back/ack", "back/fn-group", "back/notes")
        for one in at(article, path)
        if (text := _text(one))
    ]
    language = next((value for name, value in article.attrib.items() if name.endswith("lang")), None)
    return Record(
        kind="article",
        id=doi or next(iter(ids.values()), url),
        url=f"https://doi.org/{doi}" if doi else url,
        title=text_at(meta, "title-group/article-title"),
        summary="\n".join([*(_text(one) for one in at(meta, "abstract")), *notes]),
        published=_date(meta),
        language=language,
        doi=doi,
        identifiers=tuple(names) or (f"url:{url}",),
        journal=text_at(article, "front/journal-meta/journal-title-group/journal-title")
        or text_at(article, "front/journal-meta/journal-title")
        or None,
        types=tuple(one for one in (article.get("article-type"),) if one),
        relations=tuple(dict.fromkeys(name for name in related if name)),
        notices=tuple(dict.fromkeys(notices)),
        text="\n".join(_text(one) for one in at(article, "body")),
        references=_references(article),
        facts=without_addresses({name: value for name, value in _whole(article).items() if name != "body"}),
    )


def _whole(article: Any) -> dict[str, Any]:
    told = facts_of(article)
    return told if isinstance(told, dict) else {"#": told}


def _target(related: Any) -> str | None:
    """The DOI of a related article, where it is given by one."""
    return next(
        (doi for name, value in related.attrib.items() if name.endswith("href") and (doi := doi_of(value))), None
    )


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    """Titles and paragraphs, a line each; a section's title as its heading."""
    lines = []
    for one in element.iter():
        if _name(one) == "title":
            lines.append(" ".join("".join(one.itertext()).split()).rstrip(":.") + ":")
        elif _name(one) == "p":
            lines.append(" ".join("".join(one.itertext()).split()))
    return "\n".join(line for line in lines if line) or " ".join("".join(element.itertext()).split())


def _date(meta: Any) -> str | None:
    for one in at(meta, "pub-date"):
        parts = [text_at(one, name) for name in ("year", "month", "day")]
        if parts[0]:
            return "-".join(part.zfill(2) for part in parts if part)
    return None


def _references(article: Any) -> tuple[str, ...]:
    ids = (one for one in article.iter() if _name(one) == "pub-id" and one.get("pub-id-type") == "doi")
    return tuple(dict.fromkeys(doi for one in ids if (doi := doi_of("".join(one.itertext())))))
