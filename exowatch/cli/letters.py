"""The daily letter: written, or sent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exowatch.cli.here import config_of, desk_of, tell_metrics
from exowatch.cli.saying import log_option, say, tell_done
from exowatch.cli.types import PLACE
from exowatch.errors import BusyError, OutputError
from exowatch.files import need_folder, write_whole

if TYPE_CHECKING:
    from exowatch.intake import Desk


#: The job under whose lock letters are composed and kept, here and by the scheduler.
LETTERS = "digest"


@click.command(short_help="The letter of all since the last one.")
@click.option("--jurisdiction", type=PLACE, help="Only what concerns this one (IE, GB, US …).")
@click.option("--since", help="A letter about all from this day or time on; it is not kept as a letter.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json", "pdf", "md"]), default="text", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
@click.option("--save", is_flag=True, help="Write it as HTML, text and JSON into the folder [digest] dir.")
@click.option("--send", is_flag=True, help="Send each recipient of [digest] what is new since their last letter.")
@click.option("--dry-run", is_flag=True, help="With --send: show who would get what.")
@click.option("--retry", is_flag=True, help="Send what waits in the outbox; compose nothing.")
@click.option("--outbox", is_flag=True, help="Show what waits, and what waits for a decision.")
@click.option("--resend", metavar="N|RECIPIENT|STATE", help="Send again what may not have arrived, or was refused.")
@click.option("--drop", metavar="N|RECIPIENT|STATE", help="Leave such a delivery as it is, and speak of it no more.")
@log_option
@click.pass_context
def digest(
    ctx: click.Context,
    /,
    jurisdiction: str | None,
    since: str | None,
    form: str,
    output: Path | None,
    save: bool,
    **sending: Any,
) -> int | None:
    """The letter of everything since the last one: new flags, what changed, what was watched."""
    if any(sending.values()):
        if jurisdiction or since or output or save:
            raise click.UsageError("what is sent is what each recipient subscribes to: no other option goes with it")
        code = _send(desk_of(ctx, making=False), form, **sending)
        tell_metrics(config_of(ctx))
        return code
    _write(desk_of(ctx, making=False), jurisdiction, since, form, output, save)
    tell_metrics(config_of(ctx))
    return None


def _send(
    desk: Desk, form: str, *, send: bool, dry_run: bool, retry: bool, outbox: bool, resend: str | None, drop: str | None
) -> int:
    from exowatch.cli import sending

    if sum(map(bool, (send, retry, outbox, resend, drop))) != 1 or (dry_run and not send):
        raise click.UsageError("one of --send, --retry, --outbox, --resend and --drop; --dry-run goes with --send")
    if resend or drop:
        return sending.resend(desk, resend) if resend else sending.drop(desk, str(drop))
    if outbox or retry:
        return sending.outbox(desk, form) if outbox else sending.retry(desk)
    return sending.preview(desk) if dry_run else sending.send(desk)


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """Be the only one that keeps letters: two at once would tell the same window twice. BusyError."""
    from exowatch.store.lock import hold_jobs

    with hold_jobs(desk.config, [LETTERS]) as held:
        if not held:
            raise BusyError("another program is composing letters; try again when it has ended")
        yield


def _write(desk: Desk, jurisdiction: str | None, since: str | None, form: str, output: Path | None, save: bool) -> None:
    from exowatch.digest.render import render
    from exowatch.digest.write import write_digest, write_files

    if output is not None:
        need_folder(output)  # before a letter is kept that nobody gets to see
    with nullcontext() if since else _alone(desk):
        written = write_digest(desk, jurisdiction=jurisdiction, since=since)
    if not written.fresh:
        say("exowatch: nothing was settled since the last letter; this is that letter again")
    zone = desk.config.schedule.timezone
    if save:
        for path in write_files(written.digest, desk.config.digest.dir, ("html", "text", "json"), zone):
            click.echo(f"written to {path}")
            tell_done(LETTERS, f"written to {path}")
        return
    body = render(written.digest, form, zone)
    if output is not None:
        write_whole(output, body)
        say(f"written to {output}")
    else:
        if form == "pdf" and sys.stdout.isatty():
            raise OutputError("a PDF is nothing for a terminal", remedy="name a file: -o letter.pdf")
        sys.stdout.buffer.write(body)
