"""A person's judgement of flags: ``review``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exowatch.cli.here import clock_of, config_of, store_of
from exowatch.cli.output import plain
from exowatch.cli.types import NUMBER
from exowatch.cli.whom import by_option, who
from exowatch.model.decisions import ACTIONS, READINGS, REASONS

if TYPE_CHECKING:
    from exowatch.cases.reviewing import Written
    from exowatch.store.write_reviews import Reviewed

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_MOST = 20


@click.command(short_help="Decide about flags: read rightly or not, and what follows.")
@click.argument("flags", nargs=-1, type=NUMBER, metavar="FLAG…")
@click.option("--reading", type=click.Choice(READINGS), help="Was the page read rightly?")
@click.option("--action", type=click.Choice(ACTIONS), help="What follows.")
@click.option("--because", type=click.Choice(REASONS), help="Why.")
@click.option("--note", help="In your own words.")
@click.option("--group", is_flag=True, help="Also where the very same words stand on other sites, undecided so far.")
@click.option("--from", "file", type=_FILE, metavar="FILE.csv", help="Decisions of a file: flag, reading, action …")
@by_option
@click.pass_context
def review(
    ctx: click.Context,
    flags: tuple[int, ...],
    reading: str | None,
    action: str | None,
    because: str | None,
    note: str | None,
    group: bool,
    file: Path | None,
    by: str | None,
) -> None:
    """Write down a person's judgement of FLAG (its number in `exowatch flags`): was it read rightly, and what follows.

    A decision is never edited: another one follows it, and the newest holds. It is about the words that were flagged,
    and shows as stale once the page says others. What was read wrongly, and what needs no action, leaves the queues.
    All flags named are decided, or none (docs/cases.md).
    """
    from exowatch.cases.deciding import Decided, decision, decisions_in
    from exowatch.cases.reviewing import review_all

    name = who(by)
    if file is not None:
        if flags or any((reading, action, because, note)):
            raise click.UsageError("--from brings flags and decisions: name none beside it")
        wanted = decisions_in(file, name)
    else:
        if not flags:
            raise click.UsageError("which flag? `exowatch flags --review undecided` has their numbers")
        asked = (
            (f"--reading {'|'.join(READINGS)}", reading),
            (f"--action {'|'.join(ACTIONS)}", action),
            ('--note "in your own words"', note),
        )
        if missing := [told for told, value in asked if not value]:
            raise click.UsageError(f"still to be said: {' '.join(missing)}")
        made = decision(reading, action, because, note, name)
        wanted = [Decided(flag, made) for flag in dict.fromkeys(flags)]
    written = review_all(store_of(config_of(ctx)), wanted, clock_of()[0](), group=group)
    _tell(written)


def _tell(written: Written) -> None:
    for one, made in written.decided[:_MOST]:
        flag = one.flag
        if one.review_id is None:
            click.echo(f"flag {flag['id']}: decided just so already; nothing was written")
            continue
        because = f", {made.because}" if made.because else ""
        click.echo(f"flag {flag['id']}: read {_READ[made.reading]}, {made.action}{because}; by {plain(made.by)}")
        click.echo(f"  “{_short(plain(flag['quote']))}”\n  {plain(flag['source'])} · {plain(flag['url'])}")
        for line in _state(one):
            click.echo(f"  {line}")
    if len(written.decided) > _MOST:
        click.echo(f"… and {len(written.decided) - _MOST} more")
    if written.left:
        told = _listed(written.left)
        click.echo(f"the same words elsewhere were decided before and are left as they are: flag {told}", err=True)
    for line in _next(written):
        click.echo(line)


_NOW = {
    "closed": "closed: it leaves the queues",
    "open": "open again",
    "withdrawn": "withdrawn: evidence supports these words by now",
}
_READ = {"right": "rightly", "wrong": "wrongly"}


def _state(one: Reviewed) -> list[str]:
    before, told = one.flag["state"], list[str]()
    if before == "withdrawn":
        told.append(f"it was withdrawn before, and stays so: {plain(one.flag.get('state_why')) or 'no reason is kept'}")
    elif one.state != before:
        told.append(_NOW[one.state])
    if one.before:
        last = one.before
        told.append(f"follows the decision of {plain(last['by'])}: read {last['reading']}, {last['action']}")
    if one.flag["live"] == "no":
        told.append(f"these words no longer stand there; last seen {one.flag['last_seen']}")
    return told


def _next(written: Written) -> list[str]:
    act = [one.flag for one, made in written.decided if made.action == "act" and one.flag["case_id"] is None]
    rules = ("not-a-claim", "not-exosome", "wrong-stance")
    wrong = [one.flag["id"] for one, made in written.decided if made.because in rules]
    told = list[str]()
    if act:
        told.append(
            f"next: exowatch case open {_numbers([flag['id'] for flag in act if flag['source'] == act[0]['source']])}"
        )
    if wrong:
        told.append(f"next: exowatch knowledge propose {wrong[0]}")
    return told


def _numbers(ids: Sequence[int]) -> str:
    return " ".join(map(str, ids[:_MOST]))


def _listed(ids: Sequence[int]) -> str:
    more = f" and {len(ids) - _MOST} more" if len(ids) > _MOST else ""
    return ", ".join(map(str, ids[:_MOST])) + more


def _short(text: str, limit: int = 200) -> str:
    return text if len(text) <= limit else f"{text[:limit]} … ({len(text):,} characters)"
