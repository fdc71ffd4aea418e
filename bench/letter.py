"""What a letter costs: 10,000 flags raised as news in one window, read from the store, composed, and rendered.

Processor seconds for composing and for each form, peak memory of the process, the size of the mail's HTML, and the
same as a ratio to a reference loop, which tells machines apart. Rows are written straight into a new SQLite file.
Run: ``python -m bench.letter [--events 10000]``.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, Integer, insert
from sqlalchemy.types import Float

from exowatch.config import load_config
from exowatch.digest.render import as_mail, render
from exowatch.digest.write import compose_letter
from exowatch.intake import Desk, open_desk
from exowatch.model.changes import Subscription
from exowatch.store import tables
from exowatch.store.read_digest import Covers
from exowatch.store.tables.base import UtcTime, Words

NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
SEVERITIES = ("critical", "high", "high", "medium", "medium", "medium", "low", "low")
WORDS = (
    "Exosome infusions stop the progression of Parkinson's disease.",
    "Our exosomes regrow hair in {n} days, guaranteed.",
    "Exosomes are approved and have no side effects at all.",
    "ヒト由来エクソソームは{n}日で毛髪を再生します。",
    "엑소좀은 {n}일 만에 탈모를 치료합니다.",
)
PARAGRAPH = (
    "We needle first and let the skin rest. {quote} Allow an hour for the visit, and ask for the list of prices."
)
SOURCES, PER_PAGE = 200, 4


def filled(table: Any, **given: Any) -> dict[str, Any]:
    """A row with something in each column that must not be empty."""
    row = dict(given)
    for column in table.columns:
        if column.name not in row and not column.nullable and not (column.primary_key and column.name == "id"):
            row[column.name] = _something(column.type)
    return row


def _something(kind: Any) -> Any:
    known: tuple[tuple[type, Any], ...] = (
        (UtcTime, NOW - timedelta(hours=2)),
        (Words, ()),
        (JSON, []),
        (Boolean, False),
        (Integer, 0),
        (Float, 0.0),
        (Date, date(2026, 11, 1)),
    )
    return next((value for type_, value in known if isinstance(kind, type_)), "x")


def fill(db: Connection, events: int) -> None:
    """Sources with pages, and on them as many claims, each new, flagged and told as a change."""
    pages = max(1, events // PER_PAGE)
    run = filled(tables.runs, id="run", kind="crawl", fence=1, finished_at=NOW, watchlist=None)
    db.execute(insert(tables.runs), [run])
    sources = [
        filled(tables.sources, id=f"s{n}", name=f"Site {n}", kind="clinic", jurisdiction=_place(n))
        for n in range(SOURCES)
    ]
    db.execute(insert(tables.sources), sources)
    db.execute(
        insert(tables.run_sources),
        [{"run_id": "run", "source_id": f"s{n}", "verdict": "complete", "baseline": False} for n in range(SOURCES)],
    )
    captures = [
        filled(
            tables.captures,
            id=f"c{n}",
            source_id=f"s{n % SOURCES}",
            run_id="run",
            content_digest="sha256:" + "4b" * 32,
            warc_offset=n,
        )
        for n in range(pages)
    ]
    db.execute(insert(tables.captures), captures)
    urls = [f"https://site-{n % SOURCES}.example/treatments/exosomes-{n}" for n in range(pages)]
    db.execute(
        insert(tables.pages),
        [
            filled(
                tables.pages,
                id=n + 1,
                source_id=f"s{n % SOURCES}",
                url=urls[n],
                title=f"Exosomes {n}",
                last_fit_at=NOW,
                vanished=False,
            )
            for n in range(pages)
        ],
    )
    outcomes = [
        filled(tables.outcomes, run_id="run", source_id=f"s{n % SOURCES}", url=urls[n], result="READ", code="ok")
        for n in range(pages)
    ]
    db.execute(insert(tables.outcomes), outcomes)
    for first in range(0, events, 1000):
        _claims(db, range(first, min(events, first + 1000)), pages, urls)


def _place(number: int) -> str:
    return ("IE", "GB", "US", "DE", "JP")[number % 5]


def _claims(db: Connection, numbers: range, pages: int, urls: list[str]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("lineages", "claims", "appearances", "flags", "changes", "assessments")
    }
    for n in numbers:
        page = n % pages
        source, quote = f"s{page % SOURCES}", WORDS[n % len(WORDS)].format(n=n)
        same = {"id": n + 1, "lineage_id": n + 1}
        paragraph = PARAGRAPH.format(quote=quote)
        reasons = [
            {"rule": "efficacy", "words": "An effect is asserted without evidence for this product.", "cites": []}
        ]
        search = "14 studies held, from 2 journals, harvested up to 2026-11-23; none is about this use."
        reasons.append({"rule": "support.search", "words": search, "cites": []})
        grave = {"severity": SEVERITIES[n % len(SEVERITIES)], "verdict": "unsupported"}
        rows["lineages"].append(
            filled(
                tables.lineages,
                id=n + 1,
                source_id=source,
                subject="claim",
                state="live",
                current_key=f"k{n}",
                first_run_id="run",
            )
        )
        rows["claims"].append(
            filled(
                tables.claims,
                **same,
                key=f"k{n}",
                quote=quote,
                kinds=("efficacy",),
                stance="asserted",
                cues=[],
                language="en",
            )
        )
        rows["appearances"].append(
            filled(
                tables.appearances,
                **same,
                page_id=page + 1,
                claim_id=n + 1,
                zone="body",
                visible="yes",
                speaker="trader",
                context=paragraph,
                capture_id=f"c{page}",
                live=True,
                locator={},
            )
        )
        rows["flags"].append(
            filled(
                tables.flags,
                **same,
                claim_id=n + 1,
                claim_key=f"k{n}",
                run_id="run",
                source_id=source,
                page_id=page + 1,
                appearance_id=n + 1,
                capture_id=f"c{page}",
                context=paragraph,
                change="new",
                jurisdictions=(_place(page % SOURCES),),
                reasons=reasons,
                state="open",
                heading_path=["Treatments", "Exosomes"],
                locator={},
                **grave,
            )
        )
        rows["changes"].append(
            filled(
                tables.changes,
                **same,
                run_id="run",
                source_id=source,
                url=urls[page],
                subject="claim",
                kind="new",
                cause="page",
                after=quote,
            )
        )
        rows["assessments"].append(
            filled(
                tables.assessments,
                id=n + 1,
                claim_id=n + 1,
                jurisdiction=_place(page % SOURCES),
                flag=True,
                reasons=reasons,
                **grave,
            )
        )
    for name, some in rows.items():
        db.execute(insert(getattr(tables, name)), some)


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    made = what()
    return time.process_time() - start, made


def reference() -> float:
    """Seconds of a loop that any machine knows: JSON written and read."""
    row = {"quote": WORDS[0], "numbers": list(range(50))}
    return timed(lambda: [json.loads(json.dumps(row)) for _ in range(50_000)])[0]


def measure(desk: Desk) -> None:
    loop = reference()
    composing, letter = timed(lambda: compose_letter(desk, Subscription(), Covers()).digest)
    whole = composing
    print(f"composing {composing:.2f} s: {len(letter.flags)} flags told")
    forms = {"mail": lambda: as_mail(letter).html} | {
        form: (lambda form=form: render(letter, form)) for form in ("html", "text", "md", "json", "pdf")
    }
    for name, make in forms.items():
        seconds, made = timed(make)
        whole += seconds if name != "pdf" else 0
        size = len(made.encode() if isinstance(made, str) else made)
        print(f"  {name:<6}{seconds:6.2f} s {size / 1024:9.1f} KB")
        if name == "json":
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"composed and rendered but for PDF: {whole:.2f} s (aim: 5), {whole / loop:.1f} reference loops ",
                end="",
            )
            print(f"of {loop:.2f} s; memory at most {memory:.0f} MB (aim: below 300)")


def opened(folder: Path) -> Desk:
    return open_desk(load_config(folder / "exowatch.toml"), lambda: NOW, True)


def prepare(folder: Path, events: int) -> None:
    """Fill a new database; in a process of its own, so that its memory is not counted."""
    desk = opened(folder)
    with desk.store.writing() as db:
        fill(db, events)
    desk.store.close()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--events", type=int, default=10_000)
    events = asked.parse_args().events
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "exowatch.toml").write_text('[crawl]\ncontact = "bench"\n')
        filling = get_context("spawn").Process(target=prepare, args=(Path(folder), events))
        filling.start()
        filling.join()
        desk = opened(Path(folder))
        measure(desk)
        desk.store.close()


if __name__ == "__main__":
    main()
