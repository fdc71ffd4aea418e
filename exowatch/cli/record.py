"""The record itself: verifying the archive, upgrading the database."""

from __future__ import annotations

import click

from exowatch.cli.here import config_of
from exowatch.cli.output import Progress, as_json, plain


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def verify(ctx: click.Context, form: str) -> int:
    """Hold every archived record against its digest, and every row against its record. Exit 3 where one differs."""
    from exowatch.archive.verify import verify as verify_archive
    from exowatch.store.migrate import ready_store
    from exowatch.store.read_archived import Rows

    config = config_of(ctx)
    rows = Rows(ready_store(config.database.url))
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
    """The database."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring the tables up to this program's version; safe to run again."""
    from exowatch.store.migrate import HEAD, revision_of
    from exowatch.store.migrate import upgrade as upgrade_store
    from exowatch.store.session import Store

    store = Store(config_of(ctx).database.url)
    before = revision_of(store)
    upgrade_store(store)
    click.echo(f"database: {before or 'empty'} → {HEAD}")
