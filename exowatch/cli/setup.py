"""Getting started: ``init``, ``demo`` and ``doctor``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from exowatch.errors import OutputError, SetupError
from exowatch.files import write_whole


@click.command(short_help="Write a configuration and a starter watchlist.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
def init(folder: Path) -> None:
    """Write a commented exowatch.toml and a starter watchlist of real regulators and journals into DIR.

    DIR is made where it is missing (default: here); nothing that is there already is overwritten.
    """
    wanted = _wanted(resources.files("exowatch.starter"), folder)
    for target in wanted:
        if target.exists():
            raise SetupError("is there already", file=str(target), remedy="choose an empty folder, or move it away")
    _write(wanted)
    click.echo(f"Written to {folder.resolve()}:")
    for path in wanted:
        click.echo(f"  {path.relative_to(folder)}")
    there = "" if folder == Path() else f"`cd {shlex.quote(str(folder))}`, "
    click.echo(
        f"\nNext: {there}set `contact` in exowatch.toml (site owners should be able to reach you),\n"
        "look through watchlist/, then run `exowatch doctor` and `exowatch crawl`."
    )


def _write(wanted: Mapping[Path, Traversable]) -> None:
    """All files or none: half of them would keep the next try from writing the others. OutputError."""
    written = list[Path]()
    try:
        for target, entry in wanted.items():
            write_whole(target, entry.read_bytes(), folder_too=True)
            written.append(target)
    except OutputError:
        for target in written:
            target.unlink(missing_ok=True)
        raise


def _wanted(here: Traversable, folder: Path) -> dict[Path, Traversable]:
    """Where each starter file goes."""
    wanted: dict[Path, Traversable] = {}
    for entry in sorted(here.iterdir(), key=lambda one: one.name):
        target = folder / entry.name
        if entry.is_dir() and entry.name != "__pycache__":
            wanted |= _wanted(entry, target)
        elif entry.name.endswith((".toml", ".yml", ".txt")):
            wanted[target] = entry
    return wanted


@click.command(short_help="Show it all on a made-up web, with no Internet.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("exowatch-demo"), metavar="[DIR]")
def demo(folder: Path) -> int:
    """Show the whole thing with no Internet: a made-up web on loopback, crawled on two days, and the letter.

    Everything goes into DIR (default: exowatch-demo); a folder with other things in it is left alone.
    """
    from exowatch.demo.tour import run_demo

    return run_demo(folder, click.echo)


@click.command(short_help="Say what is missing or wrong here.")
@click.option("--mail", is_flag=True, help="Ask the mail server too, and log in; nothing is sent.")
@click.pass_context
def doctor(ctx: click.Context, mail: bool) -> int:
    """Say what is missing or wrong on this machine, and how to mend it."""
    from exowatch.cli.checks import examine

    bad = 0
    for finding in examine(ctx, mail):
        mark = {"ok": "ok     ", "note": "note   ", "wrong": "WRONG  "}[finding.level]
        click.echo(f"{mark} {finding.what}")
        if finding.remedy:
            click.echo(f"         {finding.remedy}")
        bad += finding.level == "wrong"
    return 2 if bad else 0
