"""The record itself: verifying the archive, upgrading the database."""

from __future__ import annotations

import click

from exowatch.cli.here import config_of, store_of
from exowatch.cli.output import Progress, as_json


@click.command(short_help="Hold the archive against its digests.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def verify(ctx: click.Context, form: str) -> int:
    """Read every archived capture and hold it against its digest. Exit 3 where one is damaged or missing."""
    from exowatch.archive.verify import verify as verify_archive
    from exowatch.store.read_state import archived_places

    config = config_of(ctx)
    with store_of(config).reading() as db:
        places = archived_places(db)
    progress = Progress("verifying", len(places))
    report = verify_archive(config.archive.dir, places, on_step=progress.step)
    progress.end()
    if form == "json":
        told = {"captures": report.captures, "files": report.files, "members": report.members}
        damage = [{"file": d.file, "offset": d.offset, "problem": d.problem} for d in report.damage]
        click.echo(as_json(told | {"damage": damage}))
    else:
        for damage_found in report.damage:
            at = "" if damage_found.offset is None else f"@{damage_found.offset}"
            click.echo(f"DAMAGED {damage_found.file}{at}: {damage_found.problem}")
        state = "all whole" if not report.damage else f"{len(report.damage)} damaged"
        click.echo(f"{report.captures} captures, {report.members} records in {report.files} files: {state}")
    return 3 if report.damage else 0


@click.group()
def db() -> None:
    """The database: bring it up to this version."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring the tables up to this program's version; safe to run again. Back the database up first.

    \b
    Example:
      exowatch db upgrade
    """
    from exowatch.store.migrate import HEAD, no_file_at, revision_of
    from exowatch.store.migrate import upgrade as upgrade_store
    from exowatch.store.session import Store

    config = config_of(ctx)
    new = no_file_at(config.database.url)
    store = Store(config.database.url, busy_seconds=config.database.busy_seconds)
    before = revision_of(store)
    upgrade_store(store)
    click.echo(f"database: {'made' if new else before or 'empty'} → {HEAD}")
