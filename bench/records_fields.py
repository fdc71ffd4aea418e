"""Fields present in recorded answers against fields kept: ``python -m bench.records_fields [FOLDER]``.

FOLDER holds recorded answers by API (``europepmc/*.json``, ``pubmed/*.xml`` …); default ``../shared/recordings``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from exowatch.model.records import Record
from exowatch.records.answers import read_answer
from exowatch.records.jats import read_jats

#: Folder → (way in, reader of one file's answers).
_VIAS = {
    "europepmc": "europepmc",
    "pubmed": "pubmed",
    "crossref": "crossref",
    "clinicaltrials": "clinicaltrials",
    "oai-pmh": "oai-pmh",
}
#: Addresses of people are not kept (docs/sources.md).
_LEFT_OUT = "[address left out]"


def bodies(path: Path) -> Iterator[tuple[str, bytes]]:
    """(address asked, body) of each answer in a recorded file."""
    if path.suffix == ".yaml":
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]:
            told = one["response"]["body"]["string"]
            yield one["request"]["uri"], told if isinstance(told, bytes) else told.encode()
    elif path.parent.name == "crossref":
        for one in json.loads(path.read_text(encoding="utf-8")):
            told = one["response"]["body"]
            body = told if isinstance(told, str) else json.dumps(told)
            yield one["request"]["uri"], body.encode()
    else:
        yield f"https://recorded.example/{path.name}", path.read_bytes()


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(field, value) of everything in a JSON value; places in lists do not count."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, f"{path}/{name}")
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, path)
    elif value not in (None, ""):
        yield path, str(value)


def xml_leaves(element: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The same of an XML element: attributes and texts."""
    if not isinstance(element.tag, str):
        return
    here = f"{path}/{element.tag.rpartition('}')[2]}"
    for name, value in element.attrib.items():
        yield f"{here}/@{name.rpartition('}')[2]}", value
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield here, " ".join(text.split())
    for child in element:
        yield from xml_leaves(child, here)


def kept_of(records: tuple[Record, ...]) -> str:
    """All that is kept of the records, as one text with single spaces."""
    told = [str(value) for record in records for _, value in leaves(record.facts)]
    told += [part for record in records for part in (record.summary, record.text, record.title)]
    return " ".join(" ".join(told).split())


def compared(path: Path) -> tuple[Counter[str], Counter[str]]:
    """(fields present, fields kept) of one recorded file, records only (not the envelope around them)."""
    present, kept = Counter[str](), Counter[str]()
    for url, body in bodies(path):
        records = (read_jats if path.parent.name == "jats" else _reader(path))(body, url).records
        everything = kept_of(records)
        for field, value in _of_records(body, path):
            present[field] += 1
            words = " ".join(value.split())
            kept[field] += words in everything or "@" in words
    return present, kept


def _reader(path: Path) -> Any:
    via = _VIAS[path.parent.name]
    return lambda body, url: read_answer(via, body, url)


def _of_records(body: bytes, path: Path) -> Iterator[tuple[str, str]]:
    if body.lstrip()[:1] == b"{":
        told = json.loads(body)
        found = told.get("resultList", {}).get("result") or told.get("studies")
        if found is None:
            message = {} if "resultList" in told else told.get("message", told)
            found = message.get("items", [message]) if isinstance(message, dict) else []
        yield from leaves(found)
        return
    root = etree.fromstring(body.strip())
    names = (
        ("record", "PubmedArticle", "PubmedBookArticle", "header") if path.parent.name != "jats" else ("front", "back")
    )
    for one in root.iter():
        if isinstance(one.tag, str) and one.tag.rpartition("}")[2] in names:
            if one.tag.rpartition("}")[2] == "header" and one.getparent().tag.rpartition("}")[2] == "record":
                continue
            yield from xml_leaves(one)


def main() -> None:
    """Print the table, one line a field that is not wholly kept, and one a file."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/recordings")
    for path in sorted(folder.glob("*/*")):
        if path.parent.name not in (*_VIAS, "jats"):
            continue
        try:
            present, kept = compared(path)
        except Exception as error:  # noqa: BLE001 - what an API tells as an error has no fields
            print(f"{path.parent.name}/{path.name:<44} {type(error).__name__}: {str(error)[:70]}")
            continue
        name, values, held = f"{path.parent.name}/{path.name}", sum(present.values()), sum(kept.values())
        print(f"{name:<56} {values:>6} values, {held:>6} kept, {len(present)} fields")
        for field in sorted(field for field in present if kept[field] < present[field]):
            print(f"    {field:<60} {present[field]:>5} {kept[field]:>5}")


if __name__ == "__main__":
    main()
