"""Cases on the command line: opened, added to, noted, brought to another status, listed and shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from exowatch.cli.here import clock_of, config_of, store_of
from exowatch.cli.output import NOTICE, as_json, format_option, plain, print_rows
from exowatch.cli.types import NUMBER
from exowatch.cli.whom import by_option, who
from exowatch.model.decisions import STATUSES, Step

if TYPE_CHECKING:
    from exowatch.cases.handling import Handled
    from exowatch.store.session import Store

_DAY = click.DateTime(["%Y-%m-%d"])
Row = dict[str, Any]


@click.group(short_help="Flags of one trader under one number.")
def case() -> None:
    """Cases: flags of one trader under one number, with deadlines, notes and replies (docs/cases.md)."""


@case.command("open")
@click.argument("flags", nargs=-1, required=True, type=NUMBER, metavar="FLAG…")
@click.option("--trader", help="The firm, where the watchlist states none.")
@click.option("--deadline", type=_DAY, metavar="DAY", help="By when an answer is due (2026-12-10).")
@click.option("--note", "words", help="A first note.")
@by_option
def open_(
    flags: tuple[int, ...], trader: str | None, deadline: datetime | None, words: str | None, by: str | None
) -> None:
    """Open a case of FLAGs, which all belong to one trader.

    \b
    Example:
      exowatch case open 17 21 --deadline 2026-12-10
    """
    from exowatch.cases.deciding import name_of, written
    from exowatch.cases.handling import open_case

    firm = None if trader is None else name_of(trader)
    step = Step(deadline=_day(deadline), words=None if words is None else written(words, "the note"))
    done = open_case(_store(), flags, firm, step, who(by), clock_of()[0]())
    click.echo(f"case {done.case_id} opened: {plain(done.trader)}, {_flags(done)}")
    _notes(done)
    click.echo(f"next: exowatch letter {done.case_id} -o case-{done.case_id}.docx")


@case.command()
@click.argument("number", type=NUMBER, metavar="CASE")
@click.argument("flags", nargs=-1, required=True, type=NUMBER, metavar="FLAG…")
@by_option
def add(number: int, flags: tuple[int, ...], by: str | None) -> None:
    """Put more FLAGs of the same trader under CASE.

    \b
    Example:
      exowatch case add 3 24
    """
    from exowatch.cases.handling import add_flags

    done = add_flags(_store(), number, flags, who(by), clock_of()[0]())
    click.echo(f"case {number}: {_flags(done)} added")
    _notes(done)


@case.command()
@click.argument("number", type=NUMBER, metavar="CASE")
@click.argument("text")
@click.option("--reply", is_flag=True, help="It is what the trader answered.")
@click.option("--flag", "flags", multiple=True, type=NUMBER, help="About this flag; may be given again.")
@by_option
def note(number: int, text: str, reply: bool, flags: tuple[int, ...], by: str | None) -> None:
    """Write TEXT down about CASE: a note, or the trader's reply, about the case or about some of its flags.

    \b
    Example:
      exowatch case note 3 "they sent two studies" --reply --flag 17
    """
    from exowatch.cases.deciding import written
    from exowatch.cases.handling import note as write_down

    words = written(text, "the reply" if reply else "the note")
    done = write_down(_store(), number, words, flags, who(by), clock_of()[0](), reply=reply)
    about = f" to {_flags(done)}" if flags else ""
    click.echo(f"case {number}: {'reply' if reply else 'note'}{about} written down")
    if reply:
        click.echo(f"next: exowatch case status {number} replied")


@case.command()
@click.argument("number", type=NUMBER, metavar="CASE")
@click.argument("status", type=click.Choice(STATUSES))
@click.option("--deadline", type=_DAY, metavar="DAY", help="By when an answer is due from now on.")
@click.option("--note", "words", help="Why, or what was sent and how.")
@by_option
def status(number: int, status: str, deadline: datetime | None, words: str | None, by: str | None) -> None:
    """Bring CASE to another status. `contacted` says that your letter went out: from that day on the daily letter
    tells whether each claim is gone, weaker, reworded or back again.

    \b
    Example:
      exowatch case status 3 contacted --deadline 2026-12-10
    """
    from exowatch.cases.deciding import written
    from exowatch.cases.handling import bring_to

    step = Step(status, _day(deadline), None if words is None else written(words, "the note"))  # type: ignore[arg-type]
    done = bring_to(_store(), number, step, who(by), clock_of()[0]())
    if done.notes:
        _notes(done)
    else:
        click.echo(f"case {number}: {status}{f', an answer is due by {step.deadline}' if step.deadline else ''}")


@case.command("list")
@click.option("--status", type=click.Choice(STATUSES), help="Of this status alone.")
@click.option("--trader", help="Part of the trader's name.")
@format_option
def list_(status: str | None, trader: str | None, form: str) -> None:
    """The cases, those with the nearest deadline first.

    \b
    Example:
      exowatch case list --status contacted
    """
    from exowatch.store.read_cases import case_rows, days_left

    store, now = _store(), _today()
    with store.reading() as db:
        found = [row | {"days_left": days_left(row, now)} for row in case_rows(db, status, trader)]
    columns = ("id", "trader", "status", "flags", "deadline_on", "days_left", "letter_at", "reply_at")
    print_rows(found, form, columns, empty="no case yet: `exowatch case open FLAG…`")


@case.command()
@click.argument("number", type=NUMBER, metavar="CASE")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def show(number: int, form: str) -> None:
    """Everything about CASE: its flags, whether their words still stand, the trader's replies beside them, every step.

    \b
    Example:
      exowatch case show 3
    """
    from exowatch.cases.showing import shown

    told = shown(_store(), number, _today())
    if form == "json":
        click.echo(as_json(told))
        return
    for line in _case_lines(told):
        click.echo(line)


def _case_lines(told: Row) -> Iterator[str]:
    left = told["days_left"]
    due = f", an answer is due by {told['deadline_on']} ({_days(left)})" if left is not None else ""
    yield f"case {told['id']}: {plain(told['trader'])}, {told['status']}{due}"
    yield f"opened {told['opened_at']} by {plain(told['opened_by'])}; letter: {told['letter_at'] or 'none sent yet'}"
    yield ""
    for one in told["claims"]:
        yield from _claim_lines(one)
    for one in told["replies"]:
        yield f"they replied ({one['at']}): {plain(one['words'])}"
    yield "steps:"
    for step in told["steps"]:
        yield f"  {step['at']}  {_step(step)}"
    yield f"\n{NOTICE}"


def _claim_lines(one: Row) -> Iterator[str]:
    review = f"read {one['review']}, {one['action']}" if one["review"] else "nobody decided yet"
    yield f"flag {one['flag']} ({one['severity']}; {review})"
    yield f"  “{plain(one['quote'])}”"
    yield f"  {plain(one['url'])}"
    yield f"  first seen {one['first_seen']}, last seen {one['last_seen']}; {_LIVE.get(one['live'], one['live'])}"
    if one["moved"]:
        now = f": {plain(one['words_now'])}" if one["words_now"] else ""
        yield f"  since the letter: {one['moved']} ({one['moved_at']}){now}"
    for reply in one["replies"]:
        yield f"  they replied ({reply['at']}): {plain(reply['words'])}"


_LIVE = {"yes": "it stands there", "no": "it no longer stands there", "unknown": "whether it still stands is not known"}


def _step(step: Row) -> str:
    number = step["flag_id"]
    facts = {
        "opened": "opened",
        "flag": f"flag {number} added",
        "status": step["status"],
        "letter": "letter sent: contacted",
        "deadline": "deadline",
        "note": f"note on flag {number}" if number else "note",
        "reply": f"reply to flag {number}" if number else "reply",
    }
    due = f", due by {step['deadline_on']}" if step["deadline_on"] else ""
    words = f": {plain(step['words'])}" if step["words"] else ""
    return f"{facts.get(step['kind'], step['kind'])}{due} (by {plain(step['by'])}){words}"


def _days(left: int) -> str:
    days = f"{abs(left)} day{'' if abs(left) == 1 else 's'}"
    return f"{days} overdue" if left < 0 else "today" if left == 0 else f"{days} left"


def _flags(done: Handled) -> str:
    told = ", ".join(map(str, done.added)) or "none"
    return f"flag{'' if len(done.added) == 1 else 's'} {told}"


def _notes(done: Handled) -> None:
    for told in done.notes:
        click.echo(f"note: {told}", err=True)


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _today() -> datetime:
    """Now, as the clock where deadlines are kept shows it."""
    return clock_of()[0]().astimezone(ZoneInfo(config_of(click.get_current_context()).schedule.timezone))


def _store() -> Store:
    return store_of(config_of(click.get_current_context()))
