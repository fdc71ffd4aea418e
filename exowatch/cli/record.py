"""The record itself: verifying the archive, upgrading the database."""

from __future__ import annotations

import click

from exowatch.cli.here import config_of, store_of
from exowatch.cli.output import Progress, as_json, plain


@click.command(short_help="Hold the archive against its digests.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def verify(ctx: click.Context, form: str) -> int:
    """Hold every archived record against its digest, and every row against its record. Exit 3 where one differs."""
    from exowatch.archive.verify import verify as verify_archive
    from exowatch.store.read_archived import Rows

    config = config_of(ctx)
    rows = Rows(store_of(config))
    progress = Progress("verifying")
    report = verify_archive(config.archive.dir, rows, on_step=progress.step)
    torn = rows.torn()
    progress.end()
    found = [{"file": d.file, "offset": d.offset, "problem": plain(d.problem)} for d in report.damage]
    found += [{"file": "the database", "offset": None, "problem": problem} for problem in torn]
    if form == "json":
        told = {"captures": report.captures, "files": report.files, "members": report.members}
        click.echo(as_json(told | {"damage": found}))
    else:
        for one in found:
            at = "" if one["offset"] is None else f"@{one['offset']}"
            click.echo(f"DAMAGED {plain(one['file'])}{at}: {one['problem']}")
        state = "all whole" if not found else f"{len(found)} damaged"
        click.echo(f"{report.captures} captures, {report.members} records in {report.files} files: {state}")
    return 3 if found else 0


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
