"""One manifest as a file: JSON lines that any tool can read, a signature beside it, its place in the chain on top.

The first line says which manifest it is, which one came before it (with its SHA-256) and who signs. Then follows a
line for every archive file, every answer in it, and every row of the database that was new. What is signed, and what
the next manifest names by digest, are the very bytes of the file: ``sha256sum`` and ``openssl`` check both.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from exowatch.seal.keys import PublicKey, public_key_of

#: Below the archive folder.
FOLDER = "manifests"
FORM = 1
_NAME = re.compile(r"(\d{6,9})-\d{4}-\d{2}-\d{2}\.jsonl")
NOTICE = "Machine reading of a public page; not a finding against anyone."
Line = dict[str, Any]


class MalformedError(ValueError):
    """A file that is no manifest, in words."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first line."""

    number: int
    """1, 2, 3 …: a gap is a manifest that was taken away."""
    sealed_at: datetime
    key: PublicKey
    """Whose signature stands beside the file."""
    previous_file: str | None = None
    previous_sha256: str | None = None
    next_key: PublicKey | None = None
    """Who signs from the next manifest on; None: the same."""
    lost: str | None = None
    """Id of the key that signed before and was lost, so that it could not name this one."""
    simulated: bool = False
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Table → columns whose values a row's digest covers."""
    until: Mapping[str, int] = field(default_factory=dict)
    """Table → highest row number sealed so far."""
    gaps: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Table → row numbers below that which were not there (yet)."""

    @property
    def day(self) -> str:
        return f"{self.sealed_at:%Y-%m-%d}"

    @property
    def file(self) -> str:
        return f"{self.number:06d}-{self.day}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was read, or as it will be written."""

    head: Head
    lines: tuple[Line, ...]
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def files(self) -> dict[str, str]:
        """Archive file → SHA-256."""
        return {line["file"]: line["sha256"] for line in self.lines if "sha256" in line and "file" in line}

    @property
    def captures(self) -> Iterable[Line]:
        """Lines of archived answers."""
        return (line for line in self.lines if "capture" in line)

    @property
    def rows(self) -> Iterable[Line]:
        """Lines of rows of the database."""
        return (line for line in self.lines if "row" in line)


def is_manifest(name: str) -> bool:
    """The name of a manifest's file."""
    return _NAME.fullmatch(name) is not None


def signature_of(path: Path) -> Path:
    """The file beside a manifest that holds its signature (64 bytes)."""
    return path.with_suffix(".sig")


def make_manifest(head: Head, lines: Iterable[Line]) -> Manifest:
    """The manifest with its bytes: the same facts give the same bytes."""
    kept = tuple(lines)
    told: Line = {
        "exowatch_manifest": FORM,
        "number": head.number,
        "day": head.day,
        "sealed_at": _time(head.sealed_at),
        "previous": head.previous_file and {"file": head.previous_file, "sha256": head.previous_sha256},
        "key": head.key.text,
        "captures": sum("capture" in line for line in kept),
        "columns": {table: list(names) for table, names in sorted(head.columns.items())},
        "until": dict(sorted(head.until.items())),
        "notice": NOTICE,
    }
    if any(head.gaps.values()):
        told["gaps"] = {table: list(numbers) for table, numbers in sorted(head.gaps.items()) if numbers}
    if head.next_key:
        told["next_key"] = head.next_key.text
    if head.lost:
        told["lost"] = head.lost
    if head.simulated:
        told["simulated"] = True
    text = "".join(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n" for line in (told, *kept))
    return Manifest(head, kept, text.encode())


def read_manifest(body: bytes) -> Manifest:
    """A manifest from its bytes; MalformedError where they are none, whatever they are."""
    try:
        first, *rest = body.decode("utf-8").splitlines()
        told, lines = json.loads(first), tuple(json.loads(line) for line in rest)
        if told["exowatch_manifest"] != FORM:
            raise MalformedError(f"a manifest of form {told['exowatch_manifest']!r}, which this version does not know")
        previous = told["previous"] or {}
        head = Head(
            number=int(told["number"]),
            sealed_at=datetime.fromisoformat(told["sealed_at"]),
            key=public_key_of(told["key"]),
            previous_file=previous.get("file"),
            previous_sha256=previous.get("sha256"),
            next_key=public_key_of(told["next_key"]) if told.get("next_key") else None,
            lost=told.get("lost"),
            simulated=bool(told.get("simulated")),
            columns={str(table): tuple(map(str, names)) for table, names in told["columns"].items()},
            until={str(table): int(number) for table, number in told["until"].items()},
            gaps={str(table): tuple(map(int, numbers)) for table, numbers in told.get("gaps", {}).items()},
        )
        _check(lines)
    except MalformedError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise MalformedError(f"no manifest: {type(error).__name__}") from None
    return Manifest(head, lines, body)


def listed_files(path: Path) -> set[str]:
    """Archive files that a manifest lists. They stand right after its first line: the rest, most of it, is not read."""
    found = set[str]()
    with path.open("rb") as lines:
        next(lines, None)
        for line in lines:
            if not line.startswith(b'{"file":'):
                break
            found.add(str(json.loads(line)["file"]))
    return found


#: What the lines of each kind must hold, so that whoever reads them need not look.
_SHAPES: tuple[dict[str, type | tuple[type, ...]], ...] = (
    {"capture": str, "kind": str, "file": str, "offset": int, "length": int, "at": str, "record": str},
    {"row": str, "id": (int, str), "sha256": str},
    {"file": str, "sha256": str, "size": int},
)


def _check(lines: Iterable[Any]) -> None:
    for line in lines:
        if not any(all(isinstance(line.get(name), kind) for name, kind in shape.items()) for shape in _SHAPES):
            raise MalformedError("a line of no known kind")


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
