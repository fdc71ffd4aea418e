"""Decisions about several flags at once: all are written, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from exowatch.cases.deciding import OF_ONE_SITE, Decided
from exowatch.errors import SetupError
from exowatch.model.decisions import Decision
from exowatch.store.session import Store
from exowatch.store.write_reviews import Reviewed, same_words_elsewhere, write_decision


@dataclass(frozen=True, slots=True)
class Written:
    """What was decided, and what was left alone."""

    decided: tuple[tuple[Reviewed, Decision], ...]
    left: tuple[int, ...] = ()
    """Flags on the same words elsewhere that somebody had decided on before."""


def review_all(store: Store, wanted: Sequence[Decided], now: datetime, *, group: bool = False) -> Written:
    """Write every decision in one transaction; ``group``: also about the same words in the same group of sites.

    SetupError for a flag that there is none of (with its line, where a file named it), and for a reason that holds of
    one site alone where a whole group is meant. Nothing is written then.
    """
    done, left = list[tuple[Reviewed, Decision]](), list[int]()
    with store.writing() as db:
        named = {one.flag_id for one in wanted}
        for one in wanted:
            try:
                done.append((write_decision(db, one.flag_id, one.decision, now), one.decision))
            except LookupError:
                raise SetupError(
                    f"there is no flag {one.flag_id}",
                    file=one.file,
                    line=one.line,
                    remedy="`exowatch flags` shows them; nothing was written",
                ) from None
            if group:
                _only_of_words(one.decision)
                free, decided = same_words_elsewhere(db, [one.flag_id])
                left += decided
                for other in free:
                    if other not in named:
                        named.add(other)
                        done.append((write_decision(db, other, one.decision, now), one.decision))
    return Written(tuple(done), tuple(sorted(set(left) - named)))


def _only_of_words(made: Decision) -> None:
    if made.because in OF_ONE_SITE:
        raise SetupError(
            f"{made.because} says something of one site, not of the words",
            key="--group",
            remedy="decide on each flag by itself",
        )
