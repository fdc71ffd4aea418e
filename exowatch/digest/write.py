"""Composing the next letter from the database, keeping it, and writing its files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from exowatch.digest.compose import Letter, Rows, compose
from exowatch.digest.data import as_json
from exowatch.digest.law import law_lines, law_notes
from exowatch.digest.render import SUFFIXES, render
from exowatch.files import write_whole
from exowatch.intake import Desk
from exowatch.model.changes import Digest
from exowatch.query import utc_text
from exowatch.store import read_digest
from exowatch.store.interrupted import SETTLES, in_words, interrupted_runs
from exowatch.store.read_digest import Covers, Told
from exowatch.store.read_engaged import engaged_in


@dataclass(frozen=True, slots=True)
class Written:
    """A letter and whether it is a new one."""

    digest: Digest
    id: int | None
    """None: composed for days of the reader's own choice, and not kept."""
    fresh: bool


def write_digest(desk: Desk, *, jurisdiction: str | None = None, since: str | None = None) -> Written:
    """The letter of all that was settled since this reader's last one; kept, so that the next starts after it.

    Where nothing was settled since, the last letter is given again. With ``since`` (a day or time) a letter about
    that window is composed and not kept.
    """
    now = desk.clock()
    killed = interrupted_runs(desk.config, desk.store)
    with desk.store.reading() as db:
        last = read_digest.last_letter(db, jurisdiction)
        top = replace(read_digest.newest(db), interrupted=max((run.fence for run in killed), default=0))
        if since is None and last and last.covers == top:
            return Written(restored(last), last.id, fresh=False)
        after = read_digest.since_time(db, utc_text(since)) if since else last.covers if last else Covers()
        found = read_digest.letter_rows(db, after)
        met = engaged_in(db, "flags", found["flags"], desk.knowledge.law, now)
    found["flags"] = [row | {"law": law_lines(some, now)} for row, some in zip(found["flags"], met, strict=True)]
    found["issues"] += [{"code": "interrupted", "message": f"{in_words(run)}; {SETTLES}"} for run in killed]
    simulated = desk.simulated or any(row.get("simulated") for row in found["coverage"])
    start = datetime.fromisoformat(utc_text(since)) if since else last.until if last else None
    digest = compose(
        Rows(**found),
        Letter(
            until=now,
            since=start,
            jurisdiction=jurisdiction,
            simulated=simulated,
            knowledge=desk.knowledge.judging_digest,
            previous_id=last.id if last and not since else None,
            threshold=desk.config.digest.threshold,
            baseline_per_day=desk.config.digest.baseline_per_day,
        ),
    )
    told = {row["id"] for row in (*digest.flags, *digest.baseline, *digest.reassessed)}
    shown = [some for row, some in zip(found["flags"], met, strict=True) if row["id"] in told]
    digest = replace(digest, law=law_notes(shown, desk.knowledge.law, now, jurisdiction))
    if since:
        return Written(digest, None, fresh=True)
    with desk.store.writing() as db:
        number = read_digest.keep_letter(
            db,
            jurisdiction=jurisdiction,
            since=start,
            until=now,
            covers=top,
            previous_id=last.id if last else None,
            simulated=simulated,
            body=json.loads(as_json(digest)),
        )
    return Written(digest, number, fresh=True)


def write_files(digest: Digest, folder: Path, forms: Sequence[str]) -> list[Path]:
    """One file a form, named by the letter's day (and its jurisdiction); returns their paths. OutputError."""
    name = f"{digest.until:%Y-%m-%d}" + (f"-{digest.jurisdiction}" if digest.jurisdiction else "")
    paths = []
    for form in forms:
        path = folder / f"{name}{SUFFIXES[form]}"
        write_whole(path, render(digest, form))
        paths.append(path)
    return paths


def restored(told: Told) -> Digest:
    """A kept letter as it was composed."""
    body: dict[str, Any] = dict(told.body)
    body.pop("notice", None)
    for name in ("since", "until"):
        body[name] = datetime.fromisoformat(body[name]) if body[name] else None
    kept: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}
    return Digest(**kept)
