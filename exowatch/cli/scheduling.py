"""The scheduler: ``schedule``."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from exowatch.cli.here import clock_of, config_of, store_of
from exowatch.cli.output import format_option, plain, print_rows
from exowatch.cli.saying import say
from exowatch.errors import NoRoomError, SetupError

if TYPE_CHECKING:
    from exowatch.clock import Clock
    from exowatch.config import Config
    from exowatch.schedule.standing import Standing
    from exowatch.schedule.told import LogForm

_COLUMNS = ("job", "begins", "due_at")


@click.command(short_help="Do every job when it is due: crawls, letters, verification.")
@click.option("--plan", "planned", is_flag=True, help="Print what would be done when, and end.")
@click.option("--days", type=click.FloatRange(0, 366), default=7, show_default=True, help="With --plan: so far ahead.")
@click.option("--once", is_flag=True, help="Do what is due now, and end; exit 1 where a job failed.")
@click.option(
    "--patience",
    type=click.FloatRange(0, 86400),
    default=60,
    show_default=True,
    help="Seconds that a job may go on once the scheduler is asked to end (SIGTERM); then a crawl ends as partial.",
)
@click.option("--log", "form_of_log", type=click.Choice(["text", "json"]), default="text", show_default=True)
@format_option
@click.pass_context
def schedule(
    ctx: click.Context, planned: bool, days: float, once: bool, patience: float, form_of_log: LogForm, form: str
) -> int:
    """Stay, and do every job when it is due: each source by its cadence, letters, verification, the weekly note.

    What was missed while nothing ran is made up once, unless it is later than [schedule] misfire_hours. The watchlist
    is read again when a file of it moves, or on SIGHUP. One scheduler at a time works on a database: a second one ends
    with 75. docs/schedule.md says when what is due.
    """
    from exowatch.schedule.standing import Standing
    from exowatch.schedule.told import begin_log

    named = ctx.find_root().obj
    config = config_of(ctx)
    clock, simulated = clock_of()
    begin_log(form_of_log)
    if planned:
        print_rows(_planned(config, clock, days), form, _COLUMNS, empty="nothing will be due")
        return 0
    standing = Standing(Path(named) if named else None, clock, simulated)
    if once:
        return _once(standing)
    if simulated:
        raise SetupError(
            "the clock stands still", key="EXOWATCH_NOW", remedy="unset it; or use `exowatch schedule --once`"
        )
    return _stay(standing, patience)


def _planned(config: Config, clock: Clock, days: float) -> list[dict[str, Any]]:
    """One row a job and time; the hour as the walls of [schedule] timezone show it, and in UTC. Makes no database."""
    from exowatch.schedule.plan import forecast
    from exowatch.schedule.shift import facts_of, first_facts
    from exowatch.schedule.standing import shift_of
    from exowatch.store.migrate import no_file_at, refuse_new_beside
    from exowatch.watchlist import load_watchlist

    now = clock()
    refuse_new_beside(config.archive.dir, config.database.url)
    if no_file_at(config.database.url):
        facts = first_facts(config, load_watchlist(config.watchlist.dir), now)
    else:
        facts = facts_of(shift_of(config, store_of(config), clock, simulated=False))
    zone = ZoneInfo(config.schedule.timezone)
    return [
        {
            "job": one.job,
            "begins": f"{one.begin_at.astimezone(zone):%a %Y-%m-%d %H:%M %Z}",
            "begin_at": f"{one.begin_at:%Y-%m-%dT%H:%M:%SZ}",
            "due_at": f"{one.due_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for one in forecast(facts, now, now + timedelta(days=days))
    ]


def _once(standing: Standing) -> int:
    from exowatch.schedule.shift import do_due, first_time, settle_killed

    first_time(standing.shift)
    settle_killed(standing.shift)
    done = do_due(standing.shift)
    for one in done:
        click.echo(f"{one.job}: {one.state}: {plain(one.detail)}")
    if not done:
        click.echo("Nothing is due. `exowatch schedule --plan` shows what will be.")
    return 0 if all(one.state == "done" for one in done) else 1


def _stay(standing: Standing, patience: float) -> int:
    from exowatch.schedule.asked import signals
    from exowatch.schedule.serve import serve

    with signals() as asked:
        try:
            whole = serve(standing, asked, patience)
        except NoRoomError as error:  # a service is started again until there is room; 2 would end it for good
            say(f"exowatch: {error}")
            return 1
    if not whole:
        os._exit(1)  # the thread that was left behind would keep us
    return 0
