"""What operators copy: crontab lines and systemd units say what this program understands, and shut it in."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from exowatch.cadence import trigger_of
from exowatch.cli import command

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
UNITS = [*SERVICES, *sorted(DEPLOY.glob("*.timer"))]
PROGRAM, FOLDER = "/srv/exowatch/.venv/bin/exowatch", "/srv/my-watch"
#: systemd's own measure, from 0 (shut in) to 10; what talks to the Internet does not come below 1.
EXPOSED = 2.0


def cron_lines():
    lines = (DEPLOY / "crontab.example").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line[:1].isdigit() or line[:1] == "*"]


def understood(words):
    """Raises where the command line does not know these words."""
    found = command.get_command(click.Context(command), words[0])
    assert found is not None
    found.make_context(words[0], list(words[1:]))


@pytest.mark.parametrize("line", cron_lines())
def test_each_line_for_cron_is_one_that_cron_and_we_understand(line):
    fields = line.split(None, 5)
    trigger_of(" ".join(fields[:5]))
    assert "%" not in fields[5], "to cron a percent sign ends the command"
    (words,) = re.findall(r'"\$EXOWATCH" ([^>]*) 2>', fields[5])
    understood(words.split())
    assert subprocess.run(["/bin/sh", "-n", "-c", fields[5]], check=False).returncode == 0


CAUSE = r"why: \c it\n %s went 'wrong'"


def mailed(line, folder, code):
    """What cron would mail of a line whose command says ``CAUSE`` and ends with ``code``."""
    program, watch = folder / "exowatch", folder / "watch"
    program.write_text(f"#!/bin/sh\ncat <<'E' >&2\n{CAUSE}\nE\nexit {code}\n")
    program.chmod(0o755)
    watch.mkdir(exist_ok=True)
    names = {"WATCH": str(watch), "EXOWATCH": str(program), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["/bin/sh", "-c", line.split(None, 5)[5]], env=names, capture_output=True, text=True, check=False
    )
    assert list(watch.iterdir()) == [], "on a full disk nothing could be kept there"
    return done.stdout + done.stderr


@pytest.mark.parametrize("line", [line for line in cron_lines() if "--week" not in line])
def test_cron_mails_the_cause_where_something_went_wrong_and_nothing_else(line, tmp_path):
    silent = {0, 1, 75} if "--retry" in line else {0} if "status" in line else {0, 75}
    for code in (0, 1, 2, 3, 75):
        assert mailed(line, tmp_path, code) == ("" if code in silent else f"exit {code}: {CAUSE}\n")


def test_cron_always_mails_the_weekly_note(tmp_path):
    (line,) = [line for line in cron_lines() if "--week" in line]
    assert {mailed(line, tmp_path, code) for code in (0, 1, 2)} == {f"{CAUSE}\n"}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_each_service_begins_what_we_understand(unit):
    (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
    words = line.split()
    assert words[0] == PROGRAM
    understood(words[1:])


def test_the_services_log_json_where_the_command_has_a_log():
    for unit in SERVICES:
        (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)
        assert line.endswith(" --log json") or unit.name == "exowatch-status.service", unit.name


def test_each_service_but_the_scheduler_has_its_timer():
    begun = {unit.stem for unit in SERVICES} - {"exowatch-schedule"}
    assert {unit.stem for unit in UNITS if unit.suffix == ".timer"} == begun
    assert "exowatch-status" in begun


def test_the_services_are_shut_in_alike():
    parts = {unit.read_text().split("# Where it may write")[1].split("[Install]")[0].strip() for unit in SERVICES}
    assert len(parts) == 1


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The units with a program that is there, since systemd looks for it."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    folder = tmp_path_factory.mktemp("units")
    for unit in UNITS:
        (folder / unit.name).write_text(unit.read_text().replace(PROGRAM, "/bin/true").replace(FOLDER, str(folder)))
    return folder


def analyze(*words):
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


def test_systemd_finds_nothing_wrong_with_the_units(installed):
    done = analyze("verify", *(str(installed / unit.name) for unit in UNITS))
    if "Failed to" in done.stderr and "bus" in done.stderr:
        pytest.skip(f"systemd-analyze does not work here: {done.stderr}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_systemd_finds_the_services_well_shut_in(installed, unit):
    done = analyze("security", "--offline=true", str(installed / unit.name))
    told = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    if told is None:
        pytest.skip(f"systemd-analyze does not measure here: {done.stderr}")
    assert float(told[1]) <= EXPOSED
