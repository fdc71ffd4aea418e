"""Recorded cases: a page of our own writing, facts of its capture, and what is to be found on it.

A case is ``tests/recorded/<source>/<case>/`` with ``page.html``, ``capture.json`` and ``expected.jsonl``, one finding a
line. ``python -m tests.recorded.cases SOURCE/CASE`` writes what is found today; read every line before you commit it.
A line that a person finds and the program does not gets a ``"missed": "why"``, written by hand.
A line that is found but wrong gets a ``"misread": "why"``: it is then a known fault, told once it is mended. A test run
never writes.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from exowatch.assess import assess_alone
from exowatch.knowledge.load import load_knowledge
from exowatch.model.captures import Capture, WarcPlace
from exowatch.model.sources import Source
from exowatch.reading import read
from exowatch.shape import reading_shape

HERE = Path(__file__).parent
AS_OF = datetime(2026, 11, 24, tzinfo=UTC)
#: What of a finding a case holds fast; places and reasons have tests of their own.
_CLAIM = ("quote", "zone", "kinds", "stance", "agencies", "status", "flag", "severity")
_STATEMENT = ("quote", "agencies", "status", "jurisdiction", "stance")
_STUDY = ("doi", "title", "design", "subjects", "participants", "groups", "conditions", "evidence_level", "retracted")

Finding = dict[str, Any]


def cases() -> list[str]:
    """Every case, as ``source/case``."""
    return sorted(path.parent.relative_to(HERE).as_posix() for path in HERE.glob("*/*/capture.json"))


def expected(case: str) -> list[Finding]:
    """What a person has read and agreed to."""
    return [json.loads(line) for line in (HERE / case / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def found(case: str) -> tuple[Finding, ...]:
    """What is found today: the fitness of the page, its claims, statements and study."""
    facts = json.loads((HERE / case / "capture.json").read_text(encoding="utf-8"))
    knowledge = load_knowledge(None)
    url = facts["url"]
    source = Source(case.split("/")[0], "recorded", facts["kind"], facts["jurisdiction"], (url,))
    capture = Capture(
        id=case,
        source_id=source.id,
        run_id="recorded",
        url=url,
        final_url=url,
        fetched_at=AS_OF,
        status=facts["status"],
        payload_digest="",
        warc=WarcPlace("", 0),
        media_type=facts["content_type"].split(";")[0],
        content_type=facts["content_type"],
    )
    reading = read(capture, source, (HERE / case / "page.html").read_bytes(), knowledge)
    judged = [assess_alone(claim, source, reading, knowledge, AS_OF) for claim in reading.claims]
    shape = reading_shape(reading, source, judged)
    told = [{"finding": "page", "fitness": reading.page.fitness.code, "attitude": reading.attitude}]
    told += [_only("claim", claim, _CLAIM) | {"conditions": _ids(claim)} for claim in shape["claims"]]
    told += [_only("statement", statement, _STATEMENT) for statement in shape["statements"]]
    told += [_only("study", shape["study"], _STUDY)] if shape["study"] else []
    return tuple(json.loads(json.dumps(told)))


def _ids(claim: Finding) -> list[str]:
    return [condition["id"] for condition in claim["conditions"]]


def _only(kind: str, finding: Finding, fields: tuple[str, ...]) -> Finding:
    return {"finding": kind} | {name: finding[name] for name in fields}


def plain(finding: Finding) -> Finding:
    """The finding without a person's note."""
    return {name: value for name, value in finding.items() if name not in ("misread", "missed")}


def rewritten(case: str) -> str:
    """What is found today, line by line; the notes of lines that stay are kept."""
    known = expected(case) if (HERE / case / "expected.jsonl").exists() else []
    told = [next((one for one in known if plain(one) == finding), finding) for finding in found(case)]
    return "".join(json.dumps(finding, ensure_ascii=False) + "\n" for finding in told)


if __name__ == "__main__":
    for one in sys.argv[1:]:
        lines = rewritten(one)
        (HERE / one / "expected.jsonl").write_text(lines, encoding="utf-8")
        sys.stdout.write(f"{one}\n{lines}")
