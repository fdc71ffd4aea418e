"""Rows for people and for programs: tables on a terminal, JSON, JSON lines or CSV for anything else."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from exowatch.unseen import blanked, cell, spelt

Row = Mapping[str, Any]
NOTICE = "Machine reading of a public page; not a finding against anyone."
_NOT_ASCII = re.compile("[^\x00-\x7e]")

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    default="table",
    show_default=True,
    help="How rows are printed.",
)


def print_rows(rows: Sequence[Row], form: str, columns: Sequence[str], *, empty: str = "nothing found") -> None:
    """Print ``rows``; ``columns`` are the ones a table shows (all go to the other forms)."""
    if form == "json":
        click.echo(as_json(rows))
    elif form == "jsonl":
        for row in rows:
            click.echo(as_json_line(row))
    elif form == "csv":
        click.echo(as_csv(rows, list(rows[0]) if rows else list(columns)), nl=False)
    elif not rows:
        click.echo(empty)
    else:
        _table(rows, columns)
        click.echo(f"\n{len(rows)} row{'' if len(rows) == 1 else 's'}. {NOTICE}")


def as_json(value: Any) -> str:
    """Valid JSON whatever the text of a page holds (lone surrogates are escaped)."""
    return _escaped(json.dumps(_finite(value), ensure_ascii=False, indent=2, default=_told))


def as_json_line(value: Any) -> str:
    """The same on one line."""
    return _escaped(json.dumps(_finite(value), ensure_ascii=False, default=_told))


def _escaped(text: str) -> str:
    """JSON may spell any letter as a number: what the output cannot hold, or a terminal may obey, is spelt so."""
    plain_letters = (sys.stdout.encoding or "utf-8").lower().replace("-", "") == "utf8"
    return spelt(text) if plain_letters else _NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _finite(value: Any) -> Any:
    """JSON knows no infinity: such numbers are told as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, (list, tuple)) else value


def _told(value: Any) -> str:
    return value.hex() if isinstance(value, (bytes, memoryview)) else str(value)


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """CSV with a header; lists are joined, cells that a spreadsheet would run are made text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(column) for column in columns])
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return out.getvalue()


def plain(value: Any) -> str:
    """One line of safe text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(one.get("name", one) if isinstance(one, Mapping) else one) for one in value)
    if isinstance(value, Mapping):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, (bytes, memoryview)):
        value = value.hex()
    return blanked(str(value))


def _cell(value: Any) -> str:
    text = plain(value)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return text if number else cell(text)


def _table(rows: Sequence[Row], columns: Sequence[str]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = None if sys.stdout.isatty() else max(shutil.get_terminal_size((120, 40)).columns, 120)
    console = Console(width=width, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        head = Text(plain(column.replace("_", " ")))  # a name may come from an analyst's SQL, and is no markup
        table.add_column(head, overflow="fold", ratio=3 if column in _WIDE else None)
    for row in rows:
        table.add_row(*(Text(plain(row.get(column)), style=_style(column, row)) for column in columns))
    console.print(table)


_WIDE = ("quote", "title", "before", "after", "message", "url")


def _style(column: str, row: Row) -> str:
    if column != "severity":
        return ""
    return {"critical": "bold red", "high": "red", "medium": "yellow"}.get(str(row.get("severity")), "")


class Progress:
    """A line that moves on a terminal for work of more than a moment; silent where output is piped."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self._what, self._total, self._done = what, total, 0
        self._shown = sys.stderr.isatty()

    def step(self, note: str = "") -> None:
        """One more done."""
        self._done += 1
        if self._shown:
            of = f"/{self._total}" if self._total else ""
            line = f"{self._what}: {self._done}{of} {plain(note)}"
            columns = shutil.get_terminal_size().columns - 1
            click.echo(f"\r{line[:columns]:<{columns}}", nl=False, err=True)

    def end(self) -> None:
        """Leave the line as it is."""
        if self._shown and self._done:
            click.echo("", err=True)
