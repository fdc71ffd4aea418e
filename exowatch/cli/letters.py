"""The daily letter."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from exowatch.cli.here import desk_of


@click.command()
@click.option("--jurisdiction", help="Only what concerns this one (IE, GB, US …).")
@click.option("--since", help="A letter about all from this day or time on; it is not kept as a letter.")
@click.option("--format", "form", type=click.Choice(["text", "html", "json", "pdf"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the screen.")
@click.pass_context
def digest(ctx: click.Context, jurisdiction: str | None, since: str | None, form: str, output: Path | None) -> None:
    """The letter of everything since the last one: new flags, what changed, what was watched."""
    from exowatch.digest.render import render
    from exowatch.digest.write import write_digest

    place = jurisdiction.upper() if jurisdiction else None
    written = write_digest(desk_of(ctx), jurisdiction="GB" if place == "UK" else place, since=since)
    if not written.fresh:
        click.echo("exowatch: nothing was settled since the last letter; this is that letter again", err=True)
    body = render(written.digest, form)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(body)
        click.echo(f"written to {output}", err=True)
    else:
        sys.stdout.buffer.write(body)
