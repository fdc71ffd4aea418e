"""The rules of the house that a tool can check."""

import ast
import re
from pathlib import Path

import pytest

from exowatch.cli import COMMANDS, command
from exowatch.config import LATER, Config
from exowatch.store.migrate import HEAD
from exowatch.store.tables import metadata
from exowatch.store.views import VIEWS
from exowatch.watchlist import _SourceFile

ROOT = Path(__file__).parents[2]
OURS = [path for room in ("exowatch", "spiders", "pipelines") for path in sorted((ROOT / room).rglob("*.py"))]
WRITTEN = [path for path in OURS if "migrations/versions" not in path.as_posix()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_no_function_is_longer_than_60_lines(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno > 60] == []


def test_no_room_is_called_after_a_technique():
    names = {path.stem for path in OURS} | {path.parent.name for path in OURS}
    assert not names & {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services"}


def test_every_table_and_column_says_what_it_holds():
    silent = [table.name for table in metadata.tables.values() if not table.comment]
    silent += [f"{t.name}.{c.name}" for t in metadata.tables.values() for c in t.columns if not c.comment]
    assert silent == []


def test_the_newest_migration_is_the_one_the_program_needs():
    files = sorted((ROOT / "exowatch/store/migrations/versions").glob("m*.py"))
    assert f'revision = "{HEAD}"' in files[-1].read_text()


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_is_documented(name):
    assert f"`{name}`" in (ROOT / "docs/database.md").read_text()


def test_every_configuration_key_is_documented():
    text = (ROOT / "docs/configuration.md").read_text()
    sections = {n: f.annotation for n, f in Config.model_fields.items() if n not in ("unused", "file")}
    keys = [f"`[{section}] {key}`" for section, kind in sections.items() for key in kind.model_fields]
    assert [key for key in keys if key not in text] == []
    assert all(f"`[{section}]`" in text for section in LATER)


def test_every_watchlist_key_is_documented():
    text = (ROOT / "docs/watchlist.md").read_text()
    assert [key for key in _SourceFile.model_fields if f"`{key}`" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(name):
    import click

    found = command.get_command(click.Context(command), name)
    assert found is not None
    assert found.help
    assert re.search(rf"exowatch {name}\b", (ROOT / "README.md").read_text())


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_every_page_of_the_documentation_is_linked_from_the_readme(path):
    assert f"](docs/{path.name})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_starter_files_show_the_defaults():
    from exowatch.config import load_config

    shown = load_config(ROOT / "exowatch/starter/exowatch.toml", {}).model_dump(exclude={"file"})
    assert shown == load_config(ROOT / "exowatch/starter/exowatch.toml", {}).model_dump(exclude={"file"})
    bare = Config().model_dump(exclude={"file"})
    for section in ("crawl", "reading", "limits", "schedule"):
        assert shown[section] == bare[section]


def test_the_starter_watchlist_is_valid_and_holds_both_journals():
    from exowatch.watchlist import load_watchlist

    found = load_watchlist(ROOT / "exowatch/starter/watchlist")
    names = {source.name for source in found.sources}
    assert {"Achievements of Clinical and Experimental Medicine", "Innovative Medicine of Kuban"} <= names
    assert {source.kind for source in found.sources} == {"regulator", "journal"}
