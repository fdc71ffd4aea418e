"""The daily letter."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from exowatch.cli.here import desk_of
from exowatch.cli.types import PLACE
from exowatch.errors import OutputError
from exowatch.files import write_whole


@click.command(short_help="The letter of all since the last one.")
@click.option("--jurisdiction", type=PLACE, help="Only what concerns this one (IE, GB, US …).")
@click.option("--since", help="A letter about all from this day or time on; it is not kept as a letter.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json", "pdf", "md"]), default="text", show_default=True
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
@click.option("--save", is_flag=True, help="Write it as HTML, text and JSON into the folder [digest] dir.")
@click.pass_context
def digest(
    ctx: click.Context, jurisdiction: str | None, since: str | None, form: str, output: Path | None, save: bool
) -> None:
    """The letter of everything since the last one: new flags, what changed, what was watched."""
    from exowatch.digest.render import render
    from exowatch.digest.write import write_digest, write_files

    desk = desk_of(ctx, making=False)
    own = desk.config.digest.jurisdictions
    place = jurisdiction or (own[0] if len(own) == 1 else None)
    written = write_digest(desk, jurisdiction=place, since=since)
    if not written.fresh:
        click.echo("exowatch: nothing was settled since the last letter; this is that letter again", err=True)
    if save:
        for path in write_files(written.digest, desk.config.digest.dir, ("html", "text", "json")):
            click.echo(f"written to {path}")
        return
    body = render(written.digest, form)
    if output is not None:
        write_whole(output, body)
        click.echo(f"written to {output}", err=True)
    else:
        if form == "pdf" and sys.stdout.isatty():
            raise OutputError("a PDF is nothing for a terminal", remedy="name a file: -o letter.pdf")
        sys.stdout.buffer.write(body)
