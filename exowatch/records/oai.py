"""OAI-PMH 2.0: lists of records as ``oai_dc`` or JATS; errors come with HTTP 200, and a token leads on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from exowatch.errors import UnreadableError
from exowatch.model.records import Answer, Record
from exowatch.records.jats import article_of
from exowatch.records.plain import at, doi_of, facts_of, text_at, with_values, without_addresses, xml_of

#: What an empty list says; anything else is a trouble.
_NOTHING = ("noRecordsMatch",)
_YEAR = re.compile(r"\d{4}(?:-\d\d){0,2}")


def read_oai(body: bytes, url: str) -> Answer:
    """One answer. UnreadableError where it is none, or tells an error (``badResumptionToken`` …)."""
    root = xml_of(body, url)
    if str(root.tag).rpartition("}")[2] != "OAI-PMH":
        raise UnreadableError("no OAI-PMH answer", url=url)
    for error in at(root, "error"):
        code = str(error.get("code") or "error")
        if code in _NOTHING:
            return Answer((), None, 0)
        raise UnreadableError(f"{code}: {' '.join(''.join(error.itertext()).split())}", url=url)
    base = url.split("?", 1)[0]
    verb = next(
        (name for name in ("ListRecords", "GetRecord", "ListIdentifiers") if next(at(root, name), None) is not None),
        None,
    )
    if verb is None:
        return Answer()
    if verb == "ListIdentifiers":
        records = [_of_header(one, base) for one in at(root, "ListIdentifiers/header")]
    else:
        records = [_record(one, base) for one in at(root, f"{verb}/record")]
    token = next(at(root, f"{verb}/resumptionToken"), None)
    following, total = None, None
    if token is not None:
        total = int(size) if (size := token.get("completeListSize") or "").isdigit() else None
        if words := "".join(token.itertext()).strip():
            following = with_values(base, verb=verb, resumptionToken=words)
    return Answer(tuple(records), following, total)


def _of_header(header: Any, base: str) -> Record:
    name = text_at(header, "identifier")
    return Record(
        kind="article",
        id=name,
        url=with_values(base, verb="GetRecord", identifier=name, metadataPrefix="oai_dc"),
        title="",
        updated=text_at(header, "datestamp") or None,  # when it was changed, not when it was published
        # many journals share one default name, so the place where it was met belongs to it
        identifiers=(f"oai:{base}#{name}",),
        deleted=header.get("status") == "deleted",
        facts={"header": without_addresses(facts_of(header))},
    )


def _record(element: Any, base: str) -> Record:
    header = next(at(element, "header"), element)
    plain = _of_header(header, base)
    whole: dict[str, Any] = without_addresses(facts_of(element)) if len(element) else plain.facts
    inside = next(iter(next(at(element, "metadata"), ())), None)
    if plain.deleted or inside is None:
        return replace(plain, facts=whole)
    article = next((one for one in inside.iter() if str(one.tag).rpartition("}")[2] == "article"), None)
    if article is not None:
        told = article_of(article, plain.url)
        names = tuple(name for name in told.identifiers if not name.startswith("url:"))
        return replace(told, updated=plain.updated, identifiers=(*names, *plain.identifiers), facts=whole)
    return replace(_dublin_core(inside, plain), facts=whole)


def _dublin_core(inside: Any, plain: Record) -> Record:
    def all_of(name: str) -> list[str]:
        return [text for one in at(inside, name) if (text := " ".join("".join(one.itertext()).split()))]

    names = [*all_of("identifier"), *all_of("relation")]
    doi = next((found for name in names if (found := doi_of(name))), None)
    day = next((year[0] for text in all_of("date") if (year := _YEAR.search(text))), None)
    return replace(
        plain,
        url=next((name for name in names if name.startswith("http") and "doi.org" not in name), plain.url),
        title=next(iter(all_of("title")), ""),
        summary="\n".join(all_of("description")),
        published=day,
        language=next(iter(all_of("language")), None),
        doi=doi,
        identifiers=(*((f"doi:{doi}",) if doi else ()), *plain.identifiers),
        journal=next(iter(all_of("source")), None) or next(iter(all_of("publisher")), None),
        types=tuple(all_of("type")),
    )
