"""Collecting: ``crawl``, ``import`` and ``reread``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exowatch.browser import find_browser
from exowatch.cli.here import clock_of, config_of, tell_metrics
from exowatch.cli.output import Progress, plain
from exowatch.cli.saying import log_option, say
from exowatch.cli.unread import nobody_answers, why_unread
from exowatch.config import Config
from exowatch.crawl import CrawlSummary
from exowatch.model.sources import Source
from exowatch.visiting import due
from exowatch.watchlist import load_watchlist, reservations

if TYPE_CHECKING:
    from exowatch.seal.run import Unsealed

#: Over this share of failed sources, or after so many bad visits running, a failure is persistent.
PERSISTENT_SHARE = 0.2
PERSISTENT_VISITS = 3
#: Lines about what could not be imported.
MOST_TOLD = 50


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE…]")
@click.option("--all", "everything", is_flag=True, help="All sources, due or not.")
@click.option(
    "--fail-on",
    type=click.Choice(["any", "persistent"]),
    default="any",
    show_default=True,
    help="When to exit with 1: any source failed, or one failed three visits running or over 20 % failed.",
)
@log_option
@click.pass_context
def crawl(ctx: click.Context, sources: tuple[str, ...], everything: bool, fail_on: str) -> int:
    """Collect the named sources (default: all that are due)."""
    config = config_of(ctx)
    watchlist = load_watchlist(config.watchlist.dir)
    wanted = watchlist.named(sources) if sources else watchlist.active if everything else _due(config, watchlist.active)
    if not wanted:
        signed = _seal_the_day(config)
        click.echo("No source is due. `exowatch crawl --all` visits all of them.")
        return 0 if signed else 1
    for words in reservations(wanted, find_browser(config.crawl.browser).why):
        say(f"note: {words}")
    from exowatch.schedule.by_hand import crawl_by_hand

    progress = Progress(f"crawling {len(wanted)} source{'' if len(wanted) == 1 else 's'}")
    clock, _ = clock_of()
    summary = crawl_by_hand(config, [source.id for source in wanted], clock, lambda event: _step(progress, event))
    progress.end()
    _tell(config, wanted, summary)
    tell_metrics(config)
    if not summary.signed:
        click.echo("What was read is kept, and not signed: mend what is told above.")
        click.echo("The next run signs it, or now `exowatch record seal`.")
    elif fail_on == "persistent" and summary.exit_code == 1:
        return 1 if _persistent(config, wanted, summary) else 0
    return summary.exit_code


def _seal_the_day(config: Config) -> bool:
    """A day without captures has its manifest too; nothing to sign before there is a database. False: not signed."""
    from exowatch.errors import BusyError, WrongStoreError
    from exowatch.seal.run import seal_run
    from exowatch.store.lock import hold_lock
    from exowatch.store.migrate import existing_store

    clock, simulated = clock_of()
    try:
        store = existing_store(config.database.url, config.database.busy_seconds)
        with hold_lock(config):
            unsealed = seal_run(config, store, clock, simulated)
    except (BusyError, WrongStoreError):
        return True  # the run that is going seals at its end
    return _tell_unsealed(unsealed)


def _tell_unsealed(unsealed: Unsealed | None) -> bool:
    """Say what the record of a run lacks. False: it is not signed."""
    if unsealed:
        say(f"exowatch: {plain(unsealed.words)}")
    return unsealed is None or unsealed.signed


def _due(config: Config, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    from exowatch.store.migrate import ready_store
    from exowatch.store.read_visits import recent_visits

    clock, _ = clock_of()
    with ready_store(config.database.url, archive=config.archive.dir).reading() as db:
        visits = recent_visits(db)
    return due(sources, visits, config.schedule, clock())


def _step(progress: Progress, event: dict[str, Any]) -> None:
    if event.get("event") == "page":
        progress.step(f"{event['result'].lower()} {event['url']}")


def _tell(config: Config, wanted: tuple[Source, ...], summary: CrawlSummary) -> None:
    from exowatch.store.migrate import ready_store
    from exowatch.store.read_visits import visit_summary

    with ready_store(config.database.url).reading() as db:
        told = visit_summary(db, summary.run_id) if summary.run_id else None
    counts = ", ".join(f"{count} {result.lower()}" for result, count in sorted(summary.counts.items())) or "none"
    click.echo(f"{len(wanted)} source{'' if len(wanted) == 1 else 's'} visited; pages: {counts}.")
    for line in nobody_answers(summary):
        click.echo(line)
    if told is None:
        return
    causes = why_unread(summary)
    for row in told.sources:
        if row["verdict"] != "complete":
            click.echo(f"  {row['source']}: {row['verdict'] or 'not closed'}: {plain(row['why'])}")
            if why := causes.get(row["source"]):
                click.echo(f"      {why}")
    flags = ", ".join(f"{count} {name}" for name, count in told.flags.items()) or "none"
    changes = ", ".join(f"{count} {name}" for name, count in told.changes.items()) or "none"
    click.echo(f"Flags raised: {flags}. Changes: {changes}.")
    if told.issues:
        click.echo(f"{told.issues} issue(s) for the operator; the table `issues` has them, and the digest counts them")
    click.echo("Next: `exowatch digest`, `exowatch flags`.")


def _persistent(config: Config, wanted: tuple[Source, ...], summary: CrawlSummary) -> bool:
    from exowatch.store.migrate import ready_store
    from exowatch.store.read_visits import bad_visits_running

    if len(summary.failed) > len(wanted) * PERSISTENT_SHARE:
        return True
    with ready_store(config.database.url).reading() as db:
        return any(bad_visits_running(db, source) >= PERSISTENT_VISITS for source in summary.failed)


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="PATH…")
@click.option("--source", "source_id", help="Id of the source; not needed where the records name it, as ours do.")
@click.option("--url", help="The page's address (HTML, PDF and text files).")
@click.option("--fetched-at", help="When it was fetched, ISO 8601; UTC where no zone is told (such files).")
@click.option("--by", help="Who fetched it.")
@click.pass_context
def import_(
    ctx: click.Context,
    paths: tuple[Path, ...],
    source_id: str | None,
    url: str | None,
    fetched_at: str | None,
    by: str | None,
) -> int:
    """Take in pages that were captured elsewhere, on the same path as a crawl.

    WARC, WACZ and ARC files of any program, or folders of them, with --source; without it where our own program wrote
    them. HTML, PDF and text files one a call, with --source, --url and --fetched-at. What was taken in before is passed
    over. Exit 1 where something could not be read: it is named, and the rest is taken in.
    """
    from exowatch.cli.here import desk_of
    from exowatch.importing import Given, import_files

    progress = Progress("importing")
    given = Given(source_id, url, fetched_at, by)
    result = import_files(desk_of(ctx), paths, given, on_step=progress.step)
    progress.end()
    signed = _tell_unsealed(result.unsealed)
    counts = ", ".join(f"{count} {name.lower()}" for name, count in sorted(result.counts.items()))
    runs = f"; run {', '.join(result.run_ids)}" if result.run_ids else ""
    into = f" into {', '.join(result.source_ids)}" if result.source_ids else ""
    click.echo(f"Imported{into}: {counts or 'nothing new'}{runs}.")
    if result.known:
        click.echo(f"  {result.known} known before")
    for what, count in sorted(result.passed_over.items()):
        if count:
            click.echo(f"  {count} passed over: {what}")
    for place, why in result.refused[:MOST_TOLD]:
        say(f"  not imported: {plain(place)}: {plain(why)}")
    if len(result.refused) > MOST_TOLD:
        say(f"  not imported: {len(result.refused) - MOST_TOLD} more")
    return 1 if result.refused or not signed else 0


@click.command()
@click.option("--since", help="Only pages read from this day or time on.")
@click.option("--all", "everything", is_flag=True, help="Every live page (the default).")
@click.option("--max-time", type=float, default=0, help="Stop after so many seconds; the next call goes on.")
@click.pass_context
def reread(ctx: click.Context, since: str | None, everything: bool, max_time: float) -> int:
    """Read the newest fit capture of every live page again with today's rules; announces nothing as news."""
    from exowatch.cli.here import desk_of
    from exowatch.rereading import reread_pages

    if since and everything:
        raise click.UsageError("--since and --all exclude each other")
    desk = desk_of(ctx)
    progress = Progress("rereading")
    result = reread_pages(desk, since=since, max_time=max_time, on_step=progress.step)
    progress.end()
    signed = _tell_unsealed(result.unsealed)
    rest = f"; {result.left} pages left for the next call" if result.left else ""
    click.echo(f"{result.pages} pages read again, {result.differences} findings differ{rest}.")
    return 0 if signed else 1
