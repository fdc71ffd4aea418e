"""One case as it is shown: flags with what became of them, replies beside the flags that they answer, every step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from exowatch.cases.handling import case_of
from exowatch.store.read_cases import case_steps, told_case
from exowatch.store.session import Store


def shown(store: Store, case_id: int, now: datetime) -> dict[str, Any]:
    """The case of this number as ``store.read_cases`` tells it, flags that were read wrongly and its steps included.

    SetupError where there is none.
    """
    with store.reading() as db:
        row = case_of(db, case_id)
        told = told_case(db, row, now)
        steps = case_steps(db, case_id)
    return row | {name: told[name] for name in ("days_left", "claims", "replies")} | {"steps": steps}
