"""Getting started: ``init``, ``demo`` and ``doctor``."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from exowatch.errors import SetupError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
def init(folder: Path) -> None:
    """Write a commented exowatch.toml and a starter watchlist of real regulators and journals into DIR."""
    written = _copy(resources.files("exowatch.starter"), folder)
    click.echo(f"Written to {folder.resolve()}:")
    for path in written:
        click.echo(f"  {path.relative_to(folder)}")
    click.echo(
        "\nNext: set `contact` in exowatch.toml (site owners should be able to reach you), look through watchlist/,\n"
        "then run `exowatch doctor` and `exowatch crawl`."
    )


def _copy(here: Traversable, folder: Path) -> list[Path]:
    """Copy the starter files; nothing that is there already is overwritten."""
    written = []
    for entry in sorted(here.iterdir(), key=lambda one: one.name):
        target = folder / entry.name
        if entry.is_dir() and entry.name != "__pycache__":
            written += _copy(entry, target)
        elif entry.name.endswith((".toml", ".yml", ".txt")):
            if target.exists():
                raise SetupError("is there already", file=str(target), remedy="choose an empty folder, or move it away")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(entry.read_bytes())
            written.append(target)
    return written


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("exowatch-demo"), metavar="[DIR]")
def demo(folder: Path) -> int:
    """Show the whole thing with no Internet: a made-up web on loopback, crawled on two days, and the letter."""
    from exowatch.demo.tour import run_demo

    return run_demo(folder, click.echo)


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> int:
    """Say what is missing or wrong on this machine, and how to mend it."""
    from exowatch.cli.checks import examine

    bad = 0
    for finding in examine(ctx):
        mark = {"ok": "ok     ", "note": "note   ", "wrong": "WRONG  "}[finding.level]
        click.echo(f"{mark} {finding.what}")
        if finding.remedy:
            click.echo(f"         {finding.remedy}")
        bad += finding.level == "wrong"
    return 2 if bad else 0
