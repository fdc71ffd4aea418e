"""Provisions in a letter: those that may be printed beside their flag, and where none may, that in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from exowatch.assess.law import line_of, nothing_printed, printable, silence
from exowatch.knowledge.regulation import Law
from exowatch.model.law import Engaged

#: Beside one flag; the desk has all.
_MOST = 3


def law_lines(found: Sequence[Engaged], now: datetime) -> tuple[str, ...]:
    """Lines beside one flag: what it may engage in each jurisdiction, with the page of the text."""
    lines = [line_of(one) for one in printable(found, now.date())]
    more = len(lines) - _MOST
    return (*lines[:_MOST], *([f"and {more} more; `exowatch flags --format json` lists them"] if more > 0 else ()))


def law_notes(flags: Sequence[Sequence[Engaged]], law: Law, now: datetime, reader: str | None) -> tuple[str, ...]:
    """One line a jurisdiction in which these flags meet provisions: that none may be printed, where so, and which of
    its regulators have said nothing. ``reader``: of this jurisdiction alone."""
    met: dict[str, dict[str, Engaged]] = {}
    for found in flags:
        for one in found:
            if reader in (None, one.jurisdiction):
                met.setdefault(one.jurisdiction, {})[one.rule.id] = one
    notes = []
    for place in sorted(met):
        some = tuple(met[place].values())
        none = [] if printable(some, now.date()) else [nothing_printed(some, place).removeprefix(f"{place}: ")]
        told = [*none, *silence(law, place)]
        notes += [f"{place}: {'. '.join(told)}."] if told else []
    return tuple(notes)
