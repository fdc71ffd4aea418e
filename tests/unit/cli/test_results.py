import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from exowatch.cli import COMMANDS, command
from exowatch.cli.output import as_json, as_json_line
from exowatch.cli.summaries import SUMMARIES

HELP = [sys.executable, "-m", "exowatch", "--help"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_results_that_find_no_room_are_told_without_a_traceback():
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(HELP, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("exowatch: the results cannot be written")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_error_that_cannot_be_told_keeps_its_exit_code():
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        assert subprocess.run([*HELP[:-1], "flagz"], stdout=full, stderr=full, check=False).returncode == 2


def test_a_reader_that_has_enough_is_no_failure():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(HELP, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


class Latin:
    encoding = "latin-1"


@pytest.mark.parametrize("out", [sys.stdout, Latin()])
def test_json_is_valid_whatever_the_terminal_can_write(out, monkeypatch):
    monkeypatch.setattr(sys, "stdout", out)
    row = {"quote": "кожа é 😀 \ud800 \u202e \x9b"}
    for told in (as_json(row), as_json_line(row)):
        assert json.loads(told) == row
        assert told.encode("latin-1" if isinstance(out, Latin) else "utf-8")
        assert not {"\u202e", "\x9b"} & set(told)


def run(*words):
    return CliRunner().invoke(command, [*words], prog_name="exowatch")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example(name):
    assert f"  exowatch {name}" in run(name, "--help").output


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_the_command_says_of_itself(name):
    asked = command.get_command(click.Context(command), name)
    assert SUMMARIES[name] == asked.get_short_help_str(limit=200)


def test_the_list_names_every_command_and_no_other():
    assert list(SUMMARIES) == list(COMMANDS)
    assert all(f"\n  {name} " in run("--help").output for name in COMMANDS)


def test_a_command_that_is_none_is_guessed_at():
    done = run("flagz")
    assert done.exit_code == 2
    assert "Did you mean 'flags'?" in done.output
    assert "Did you mean" not in run("zzz").output


def test_init_writes_all_or_nothing(tmp_path):
    (tmp_path / "watchlist").mkdir()
    (tmp_path / "watchlist" / "tga-news.yml").write_text("ours")
    done = run("init", str(tmp_path))
    assert "is there already" in str(done.exception)
    assert not (tmp_path / "exowatch.toml").exists()
