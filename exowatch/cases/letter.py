"""A case's draft letter as a file. Nothing is sent and nothing recorded: a person says when a letter went out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from exowatch.cases.docx import as_docx
from exowatch.cases.draft import Draft, draft
from exowatch.cases.handling import case_of
from exowatch.errors import OutputError
from exowatch.files import write_whole
from exowatch.knowledge.regulation import Law
from exowatch.store.read_cases import case_flags
from exowatch.store.read_engaged import engaged_in
from exowatch.store.read_visits import simulated_of
from exowatch.store.session import Store


def write_letter(
    store: Store, law: Law, case_id: int, file: Path, now: datetime, *, simulated: bool, again: bool = False
) -> Draft:
    """Write the draft of a case to ``file``; what was written. ``simulated``: the clock is set by hand now; where it
    was when a flag of the case was raised, the draft says so too.

    SetupError as of ``draft``. OutputError where something stands there already, unless ``again``: it may hold a
    person's changes.
    """
    if file.exists() and not again:
        raise OutputError(
            "stands there already and may hold your changes", file=str(file), remedy="another name, or --again"
        )
    with store.reading() as db:
        case = case_of(db, case_id)
        flags = case_flags(db, case_id)
        found = engaged_in(db, "flags", flags, law, now)
        simulated = simulated or bool(simulated_of(db, [row["run_id"] for row in flags]))
    met = {row["id"]: some for row, some in zip(flags, found, strict=True)}
    made = draft(case, flags, met, now, simulated)
    write_whole(file, as_docx(made))
    return made
