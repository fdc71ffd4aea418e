"""Cases as people handle them: opened, added to, noted, brought to another status; each all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from exowatch.errors import SetupError
from exowatch.model.decisions import Step
from exowatch.store import read_cases, write_cases
from exowatch.store.session import Books, Store
from exowatch.store.write_reviews import newest_review

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Handled:
    """What was done to a case, and what a person should know of it."""

    case_id: int
    trader: str
    added: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Whose:
    """The firm behind a source: equal by its number in a register, else by its name."""

    number: str | None
    name: str | None
    source: str

    def same(self, other: _Whose) -> bool:
        if self.source == other.source:
            return True
        if self.number and other.number:
            return self.number == other.number
        return bool(self.name and other.name and _folded(self.name) == _folded(other.name))

    @property
    def words(self) -> str:
        return self.name or f"no trader is stated for {self.source}"


def open_case(store: Store, flag_ids: Sequence[int], trader: str | None, step: Step, by: str, now: datetime) -> Handled:
    """A new case of these flags. SetupError where they belong to several traders, or one to a case already."""
    _in_time(step.deadline, now)
    wanted = tuple(dict.fromkeys(flag_ids))
    with store.writing() as db:
        found = _free_flags(db, wanted, None)
        _not_another(found, trader)
        firms = [_whose(row, trader) for row in found]
        _one_firm(found, firms)
        name = trader or next((one.name for one in firms if one.name), None) or found[0]["name"]
        case_id = write_cases.open_case(db, name, by, now, step)
        write_cases.put_under(db, case_id, wanted, by, now)
    return Handled(case_id, name, wanted, _told(found))


def add_flags(store: Store, case_id: int, flag_ids: Sequence[int], by: str, now: datetime) -> Handled:
    """More flags for a case. SetupError for those of another trader, or of another case, or where it is closed."""
    with store.writing() as db:
        case = _open_one(db, case_id)
        held = {row["id"] for row in read_cases.case_flags(db, case_id)}
        wanted = tuple(one for one in dict.fromkeys(flag_ids) if one not in held)
        if not wanted:
            return Handled(case_id, case["trader"], (), ("all of them belong to it already",))
        found = _free_flags(db, wanted, case_id)
        both = write_cases.trader_facts(db, (*sorted(held), *wanted))
        named = {row["source"] for row in both if row["id"] in held}  # opened with a name of its own, perhaps
        firms = [_whose(row, case["trader"] if row["source"] in named else None) for row in both]
        _one_firm(both, firms)
        write_cases.put_under(db, case_id, wanted, by, now)
    return Handled(case_id, case["trader"], wanted, _told(found))


def note(
    store: Store, case_id: int, words: str, flag_ids: Sequence[int], by: str, now: datetime, *, reply: bool
) -> Handled:
    """A note or a reply of the trader, about the case or about some of its flags. SetupError for flags of others."""
    wanted = tuple(dict.fromkeys(flag_ids))
    with store.writing() as db:
        case = case_of(db, case_id)
        held = {row["id"] for row in read_cases.case_flags(db, case_id)}
        if strangers := [one for one in wanted if one not in held]:
            raise SetupError(
                f"flag {_listed(strangers)} does not belong to case {case_id}", remedy=f"`exowatch case show {case_id}`"
            )
        write_cases.write_note(db, case_id, words, wanted, by, now, reply=reply)
    return Handled(case_id, case["trader"], wanted)


def bring_to(store: Store, case_id: int, step: Step, by: str, now: datetime) -> Handled:
    """Another status, another deadline, or both. SetupError for a closed case that is not opened first."""
    _in_time(step.deadline, now)
    with store.writing() as db:
        case = case_of(db, case_id)
        if case["status"] == "closed" and step.status not in ("open", "closed"):
            raise _closed(case_id)
        same = step.status == case["status"] and step.status != "contacted"
        if same and step.deadline is None and not step.words:
            return Handled(case_id, case["trader"], (), (f"it is {step.status} already: nothing was written",))
        write_cases.write_step(db, case_id, step, by, now)
    return Handled(case_id, case["trader"])


def case_of(db: Books, case_id: int) -> Row:
    """The case. SetupError where there is none of this number."""
    found = read_cases.case_row(db, case_id)
    if found is None:
        raise SetupError(f"there is no case {case_id}", remedy="`exowatch case list` shows them")
    return found


def _open_one(db: Books, case_id: int) -> Row:
    case = case_of(db, case_id)
    if case["status"] == "closed":
        raise _closed(case_id)
    return case


def _closed(case_id: int) -> SetupError:
    return SetupError(f"case {case_id} is closed", remedy=f"`exowatch case status {case_id} open` opens it again")


def _in_time(deadline: date | None, now: datetime) -> None:
    if deadline is not None and deadline < now.date():
        raise SetupError(f"the deadline {deadline} is past: today is {now.date()} (UTC)", remedy="a later day")


def _free_flags(db: Books, wanted: Sequence[int], case_id: int | None) -> list[Row]:
    """Facts of these flags. SetupError for one that is none, was read wrongly, or belongs to another case."""
    found = write_cases.trader_facts(db, wanted)
    if missing := sorted(set(wanted) - {row["id"] for row in found}):
        raise SetupError(f"there is no flag {_listed(missing)}", remedy="`exowatch flags` shows them")
    if taken := [row for row in found if row["case_id"] not in (None, case_id)]:
        told = ", ".join(f"flag {row['id']} belongs to case {row['case_id']}" for row in taken)
        raise SetupError(told, remedy="a flag belongs to one case; leave it out, or work on in that case")
    for row in found:
        decided = newest_review(db, row["id"])
        if decided and decided["reading"] == "wrong":
            told = f"flag {row['id']} was read wrongly ({decided['because'] or 'no reason given'}, {decided['by']})"
            raise SetupError(told, remedy=f"leave it out; or `exowatch review {row['id']} --reading right …` first")
    return found


def _whose(row: Row, stated: str | None) -> _Whose:
    return _Whose(row["trader_registration_no"], row["trader"] or stated, row["source"])


def _not_another(found: Sequence[Row], stated: str | None) -> None:
    """SetupError where the watchlist states another firm than the one that is given by hand."""
    other = next((row["trader"] for row in found if stated and row["trader"] not in (None, stated)), None)
    if other:
        raise SetupError(
            f"the watchlist states another trader: {other}",
            remedy="leave --trader out; or mend `trader:` in the watchlist's file, crawl, and open the case then",
        )


def _one_firm(found: Sequence[Row], firms: Sequence[_Whose]) -> None:
    """SetupError where the flags are not all of one trader, with who is whose."""
    if all(one.same(firms[0]) for one in firms):
        return
    told = "; ".join(f"flag {row['id']}: {one.words}" for row, one in zip(found, firms, strict=True))
    raise SetupError(
        f"a case is about one trader, and these are of several: {told}",
        remedy="a case for each; or state the same `trader:` in their files of the watchlist and crawl",
    )


def _told(found: Sequence[Row]) -> tuple[str, ...]:
    return tuple(f"flag {row['id']} is {row['state']}" for row in found if row["state"] != "open")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
