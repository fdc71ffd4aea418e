"""How the watch is: ``status``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from exowatch.cli.here import clock_of, config_of, store_of
from exowatch.cli.output import as_json, plain
from exowatch.errors import WrongStoreError


@click.command(short_help="Whether the watch is well; exit 0 well, 1 attention, 2 stale.")
@click.option("--week", is_flag=True, help="The weekly note: noisy, silent and broken sources.")
@click.option("--brief", is_flag=True, help="Only what is not well; nothing where all is (a line for cron).")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "prometheus"]), default="table", show_default=True
)
@click.pass_context
def status(ctx: click.Context, week: bool, brief: bool, form: str) -> int:
    """Last crawl, sources, letters and their delivery, jobs, disk, verification, issues.

    Exit 0: well. 1: something wants attention; it is named, with what to do. 2: no letter in 26 hours. With --week 1
    where no source was visited in the week.
    """
    from exowatch.health.state import health_of

    config, (clock, _) = config_of(ctx), clock_of()
    try:
        store = store_of(config)
    except WrongStoreError as error:
        if form == "json":  # 2 is also the code of stale: who asks in JSON is told which it is
            said, _, remedy = str(error).partition("\n  remedy: ")
            line = {"what": "database", "level": "unusable", "words": said, "remedy": remedy}
            click.echo(as_json({"at": iso(clock()), "exit": error.exit_code, "lines": [line], "sources": {}}))
        raise
    if brief and (week or form != "table"):
        raise click.UsageError("--brief is for a screen or a mail: neither --week nor --format goes with it")
    if week:
        from exowatch.health.note import weekly_note

        note = weekly_note(config, store, clock())
        if form == "json":
            click.echo(as_json(asdict(note) | {"at": iso(note.at), "subject": note.subject}))
        else:
            click.echo(plain_lines(note.text), nl=False)
        return 0 if note.visited else 1
    health = health_of(config, store, clock())
    if form == "prometheus":
        from exowatch.health.metrics import metrics_of

        click.echo(metrics_of(health).decode(), nl=False)
    elif form == "json":
        lines = [
            {"what": one.what, "level": one.level, "words": one.words, "remedy": one.remedy} for one in health.lines
        ]
        click.echo(
            as_json({"at": iso(health.at), "exit": health.exit_code, "lines": lines, "sources": dict(health.sources)})
        )
    else:
        for one in health.lines:
            if brief and one.level == "well":
                continue
            mark = "" if one.level == "well" else f"{one.level.upper()}: "
            click.echo(f"{one.what:<9} {mark}{plain(one.words)}")
            if one.remedy:
                click.echo(f"{'':<9}   {plain(one.remedy)}")
    return health.exit_code


def iso(at: datetime) -> str:
    """A time for programs, UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def plain_lines(text: str) -> str:
    """Each line made plain: names come from strangers' watchlists."""
    return "".join(f"{' ' * (len(line) - len(line.lstrip()))}{plain(line.strip())}\n" for line in text.splitlines())
