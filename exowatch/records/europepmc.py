"""Europe PMC's search answers (REST, ``resultType=core``): a cursor leads on until it stands still."""

from __future__ import annotations

from typing import Any

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer, Record
from exowatch.records.plain import doi_of, json_of, value_in, with_values, without_addresses, words

#: "Retraction in", "Erratum in" …: what happened to the record, or what it does to another.
_RELATIONS = {
    "retraction in": "retracted",
    "partial retraction in": "retracted",
    "expression of concern in": "concern",
    "erratum in": "corrected",
    "corrected and republished in": "corrected",
    "retraction of": "retracts",
    "erratum for": "corrects",
    "expression of concern for": "doubts",
}
#: What a notice says of the article that it names.
_NOTICES = {"retraction of": "retracted", "erratum for": "corrected", "expression of concern for": "concern"}


def read_europepmc(body: bytes, url: str) -> Answer:
    """One answer; UnreadableError where it is none."""
    told = json_of(body, url)
    if not isinstance(told, dict) or not ({"resultList", "hitCount"} & told.keys()):
        raise UnreadableError("no answer of Europe PMC", url=url)
    found = (told.get("resultList") or {}).get("result") or []
    cursor, sent = told.get("nextCursorMark"), value_in(url, "cursorMark") or "*"
    more = found and cursor and cursor != sent
    return Answer(
        records=tuple(_record(one) for one in found if isinstance(one, dict)),
        following=with_values(url, cursorMark=cursor) if more else None,
        total=told.get("hitCount"),
    )


def _record(one: dict[str, Any]) -> Record:
    doi, source, number = doi_of(one.get("doi")), str(one.get("source") or "MED"), str(one.get("id") or "")
    pmid, pmcid = one.get("pmid"), one.get("pmcid")
    names = [f"doi:{doi}"] if doi else []
    names += [f"pmid:{pmid}"] if pmid else []
    names += [f"pmcid:{str(pmcid).lower()}"] if pmcid else []
    types = ((one.get("pubTypeList") or {}).get("pubType")) or ([one["pubType"]] if one.get("pubType") else [])
    notes = ((one.get("commentCorrectionList") or {}).get("commentCorrection")) or []
    related = [_RELATIONS.get(str(note.get("type")).lower().strip()) for note in notes if isinstance(note, dict)]
    notices = [
        (f"pmid:{note['id']}", kind)
        for note in notes
        if isinstance(note, dict)
        and (kind := _NOTICES.get(str(note.get("type")).lower().strip()))
        and note.get("source", "MED") == "MED"
        and note.get("id")
    ]
    if any("retracted publication" in str(kind).lower() for kind in types):
        related.append("retracted")
    journal = ((one.get("journalInfo") or {}).get("journal") or {}).get("title") or one.get("journalTitle")
    return Record(
        kind="article",
        id=f"{source}:{number}",
        url=f"https://europepmc.org/article/{source}/{number}",
        title=words(one.get("title")),
        summary=words(one.get("abstractText")),
        published=one.get("firstPublicationDate") or one.get("pubYear"),
        updated=one.get("dateOfRevision"),
        language=one.get("language"),
        doi=doi,
        identifiers=tuple(names) or (f"epmc:{source.lower()}/{number}",),
        journal=journal,
        types=tuple(str(kind) for kind in types),
        relations=tuple(dict.fromkeys(name for name in related if name)),
        notices=tuple(dict.fromkeys(notices)),
        facts=without_addresses(one),
    )
