"""What people decide: was a flag read rightly, what follows, and the steps of a trader's case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

ReadingJudged = Literal["right", "wrong"]
Action = Literal["act", "no-action", "refer", "undecided"]
Because = Literal[
    "not-a-claim",
    "not-exosome",
    "wrong-stance",
    "wrong-trader",
    "substantiated",
    "outside-jurisdiction",
    "trivial",
    "already-handled",
    "duplicate",
    "needs-second-reader",
]
CaseStatus = Literal["open", "contacted", "replied", "complied", "partly", "referred", "closed"]

READINGS: tuple[ReadingJudged, ...] = get_args(ReadingJudged)
ACTIONS: tuple[Action, ...] = get_args(Action)
REASONS: tuple[Because, ...] = get_args(Because)
STATUSES: tuple[CaseStatus, ...] = get_args(CaseStatus)
#: Days before a deadline in which a letter tells of it.
SOON = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's judgement of a flag: whether the page says what was read out of it, apart from what follows."""

    reading: ReadingJudged
    action: Action
    because: Because | None
    note: str
    by: str

    @property
    def closes(self) -> bool:
        """Nothing more is to be done about the flag until somebody decides otherwise."""
        return self.reading == "wrong" or self.action == "no-action"


@dataclass(frozen=True, slots=True)
class Step:
    """What is written down about a case."""

    status: CaseStatus | None = None
    deadline: date | None = None
    words: str | None = None
