"""A letter as JSON for programs: the digest's own rows, keys always in the same order, valid on any terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from exowatch.digest.ranking import iso
from exowatch.digest.wording import NOTICE
from exowatch.model.changes import Digest
from exowatch.unseen import spelt


def as_json(digest: Digest) -> str:
    """The digest as one JSON object, each row on a line of its own; text of pages is kept letter by letter."""
    return "".join(_pieces(digest))


def as_json_bytes(digest: Digest) -> bytes:
    """The same in UTF-8. A letter of thousands of rows is never held as text and as bytes at once."""
    return b"".join(piece.encode("utf-8") for piece in _pieces(digest))


def _pieces(digest: Digest) -> Iterator[str]:
    yield f'{{\n  "notice": {_line(NOTICE)}'
    for field in fields(digest):
        yield f",\n  {_line(field.name)}: "
        yield from _lines(getattr(digest, field.name))
    yield "\n}\n"


def plain_body(digest: Digest) -> dict[str, Any]:
    """The digest as JSON knows it, with the notice: what is kept of a letter."""
    return {"notice": NOTICE, **{field.name: _plain(getattr(digest, field.name)) for field in fields(digest)}}


def _lines(value: Any) -> Iterator[str]:
    if not isinstance(value, (list, tuple)) or not value:
        yield _line(value)
        return
    for place, row in enumerate(value):
        yield f"{',' if place else '['}\n    {_line(row)}"
    yield "\n  ]"


def _line(value: Any) -> str:
    """One value on one line, made plain only now: a letter of thousands of rows is never held twice."""
    return spelt(json.dumps(_plain(value), ensure_ascii=False))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
