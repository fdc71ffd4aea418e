"""Reports on the whole watch: ``report landscape``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from exowatch.cli.here import desk_of
from exowatch.cli.types import PLACE
from exowatch.files import write_whole

_WRITES = "landscape.csv (a line a site), counts.csv (a line a value) and landscape.html (charts)"


@click.group(short_help="Tables and charts of the whole watch.")
def report() -> None:
    """Tables and charts of the whole watch."""


@report.command(short_help="Who claims what, counted.")
@click.option("--frame", help="Only sites drawn from this frame (watchlist/frames.yml).")
@click.option("--jurisdiction", type=PLACE, help="Only sites that sit there.")
@click.option("--as-of", "as_of", help="As it stood on this day or at this time.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "html", "json"]), default=None, help="Print this one to the screen."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), help=f"Folder for {_WRITES}.")
@click.pass_context
def landscape(
    ctx: click.Context,
    frame: str | None,
    jurisdiction: str | None,
    as_of: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Country, declared source, route, indication, price, evidence offered, regulatory representation and framing."""
    from exowatch.query import utc_text
    from exowatch.report import as_csv, as_html, as_json, compose, counts_csv
    from exowatch.store.read_landscape import landscape_rows

    desk = desk_of(ctx, making=False)
    moment: datetime | None = datetime.fromisoformat(utc_text(as_of)) if as_of else None
    with desk.store.reading() as db:
        told = compose(landscape_rows(db, frame, jurisdiction, moment))
    page = as_html(told, at=desk.clock(), as_of=moment, simulated=desk.simulated)
    if output is None:
        form = form or "csv"
        click.echo(
            as_csv(told) if form == "csv" else as_json(told, as_of=moment) if form == "json" else page, nl=form != "csv"
        )
        return
    output.mkdir(parents=True, exist_ok=True)
    files = {"landscape.csv": as_csv(told), "counts.csv": counts_csv(told)}
    files |= {"landscape.html": page, "landscape.json": as_json(told, as_of=moment)}
    for name, text in files.items():
        if form is None or name.endswith(form):
            write_whole(output / name, text.encode("utf-8"))
            click.echo(f"written to {output / name}")
