"""Reading without storing: ``extract``, and measuring it: ``evaluate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, get_args

import click

from exowatch.cli.here import clock_of, config_of
from exowatch.cli.output import Progress, as_json, as_json_line, plain
from exowatch.cli.types import LANGUAGE, PLACE
from exowatch.files import write_whole
from exowatch.model.sources import SourceKind


@click.command(short_help="Show what would be read out of a page.")
@click.argument("places", nargs=-1, required=True, metavar="FILE|URL|-…")
@click.option(
    "--kind",
    type=click.Choice(get_args(SourceKind)),
    default="clinic",
    show_default=True,
    help="Kind of source the page is read as.",
)
@click.option(
    "--jurisdiction", type=PLACE, default="US", show_default=True, help="Under whose rules claims are weighed."
)
@click.option("--url", default=None, help="Address of a page given as a file.")
@click.option("--language", type=LANGUAGE, default=None, help="Language of the page, where it is known.")
@click.option("--format", "form", type=click.Choice(["table", "json", "jsonl"]), default="table", show_default=True)
@click.pass_context
def extract(
    ctx: click.Context,
    places: tuple[str, ...],
    kind: SourceKind,
    jurisdiction: str,
    url: str | None,
    language: str | None,
    form: str,
) -> int:
    """Show what would be extracted from each page, without storing it."""
    from exowatch.cli.pages import Asked, extracted

    clock, _ = clock_of()
    asked = Asked(kind=kind, jurisdiction=jurisdiction, url=url, language=language)
    shapes = []
    failed = 0
    for place, shape, problem in extracted(config_of(ctx), places, asked, clock()):
        if shape is None:
            click.echo(f"exowatch: {place}: {problem}", err=True)
            failed += 1
        elif form == "jsonl":
            click.echo(as_json_line(shape))
        else:
            shapes.append((place, shape))
    if form == "json":
        click.echo(as_json(shapes[0][1] if len(places) == 1 and shapes else [shape for _, shape in shapes]))
    for place, shape in shapes if form == "table" else ():
        _print(place, shape)
    return 1 if failed else 0


def _print(place: str, shape: dict[str, Any]) -> None:
    page = shape["page"]
    click.echo(f"{place}: {plain(page['title'])} [{page['language']}, {page['kind']}, {page['attitude']}]")
    for claim in shape["claims"]:
        mark = f"FLAG {claim['severity']}" if claim["flag"] else "claim"
        click.echo(f"  {mark:<13} {claim['stance']:<10} {', '.join(claim['kinds'])}: {plain(claim['quote'])}")
        for reason in claim["reasons"] if claim["flag"] else ():
            click.echo(f"                {plain(reason['words'])}")
    for told in shape["statements"]:
        click.echo(f"  statement     {', '.join(told['agencies'])} {told['status']}: {plain(told['quote'])}")
    if shape["study"]:
        study = shape["study"]
        click.echo(f"  study         {study['doi']}: {study['design']}, {study['participants']} participants")


@click.command(short_help="Measure against a labelled folder.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--predictions", type=click.Path(path_type=Path), help="Write what was extracted, one JSON line a page.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--folds", type=click.IntRange(min=2), help="Cross-validate: weights learned from the other pages.")
@click.option("--with", "others", type=click.Path(path_type=Path), multiple=True, help="Learn from this folder too.")
def evaluate(folder: Path, predictions: Path | None, form: str, folds: int | None, others: tuple[Path, ...]) -> None:
    """Precision, recall and F1 against a labelled folder, in all, by language and by group."""
    from exowatch.evaluate import evaluate as measure
    from exowatch.evaluate import report_lines
    from exowatch.knowledge.load import load_knowledge

    clock, _ = clock_of()
    progress = Progress("reading pages")
    if folds:
        from exowatch.training import cross_validated

        report = cross_validated(folder, others, load_knowledge(None), folds)
    else:
        report = measure(folder, load_knowledge(None), as_of=clock())
    progress.end()
    if predictions:
        write_whole(predictions, "".join(as_json_line(row) + "\n" for row in report.predictions).encode())
    if form == "json":
        click.echo(as_json(report.as_dict()))
    else:
        sys.stdout.write("\n".join(report_lines(report)) + "\n")
