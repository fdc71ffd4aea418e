"""The units that we ship, begun and ended by systemd itself: a manager of its own, in a mount namespace of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.sites import clinic
from tests.e2e.test_schedule import LETTERS
from tests.e2e.watch import make_watch
from tests.e2e.web import served
from tests.house.test_deploy import FOLDER, PROGRAM, UNITS
from tests.mail.servers import HOST, mail_server

SYSTEMD = Path("/lib/systemd/systemd")

#: Begins a manager on an empty /run, does the steps, and ends it. Nothing of the machine's own systemd is touched.
MANAGER = """
set -u
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/xdg/systemd/user
chmod 700 /run/xdg
# what the first process of a machine makes there, and is put over what a unit may not see
mkdir /run/systemd/inaccessible
( cd /run/systemd/inaccessible && mkdir dir && touch reg sock && mkfifo fifo && mknod chr c 0 0 && mknod blk b 0 0 \
    && chmod 000 * )
cp -r "$UNITS"/. /run/xdg/systemd/user/
export XDG_RUNTIME_DIR=/run/xdg XDG_CACHE_HOME="$HOLD/cache" XDG_CONFIG_HOME="$HOLD/config"
"$SYSTEMD" --user >"$HOLD/manager.log" 2>&1 &
manager=$!
trap 'kill -KILL $manager 2>/dev/null' EXIT
for _ in $(seq 600); do systemctl --user is-system-running >/dev/null 2>&1 && break; sleep 0.1; done
"""
END = """
systemctl --user exit
wait $manager
"""
SHUT_IN = """
[Service]
User=
Group=
Environment=XDG_CACHE_HOME={cache} PYTHONPATH={code} PYTHONDONTWRITEBYTECODE=1
ReadWritePaths={cache}
BindPaths={hold}
ProtectHome=tmpfs
BindReadOnlyPaths={python} {code} {venv}
"""


@pytest.fixture
def systemd(tmp_path):
    """Runs a script in which ``systemctl --user`` speaks to a manager that knows our units; what it prints."""
    if os.geteuid() or not SYSTEMD.exists() or shutil.which("unshare") is None:
        pytest.skip("needs root, systemd and unshare")
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mount namespaces here")
    units, cache, code = tmp_path / "units", tmp_path / "cache", Path(__file__).parents[2]
    program = tmp_path / "exowatch"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m exowatch "$@"\n')
    program.chmod(0o755)
    cache.mkdir()
    more = SHUT_IN.format(cache=cache, code=code, hold=tmp_path, python=sys.base_prefix, venv=sys.prefix)
    for unit in UNITS:
        where = units / unit.name
        where.parent.mkdir(exist_ok=True)
        where.write_text(unit.read_text().replace(PROGRAM, str(program)).replace(FOLDER, str(tmp_path / "watch")))
        if unit.suffix == ".service":
            (units / f"{unit.name}.d").mkdir()
            (units / f"{unit.name}.d" / "test.conf").write_text(more)

    def run(steps: str) -> str:
        env = os.environ | {"UNITS": str(units), "HOLD": str(tmp_path), "SYSTEMD": str(SYSTEMD)}
        script = MANAGER + steps + END
        done = subprocess.run(
            ["unshare", "-m", "bash", "-c", script], env=env, capture_output=True, text=True, check=False, timeout=900
        )
        assert done.returncode == 0, done.stdout + done.stderr + (tmp_path / "manager.log").read_text()
        return done.stdout

    return run


@pytest.mark.long
def test_the_scheduler_is_started_reloaded_and_stopped_by_systemd(tmp_path, systemd):
    place = tmp_path / "watch"
    place.mkdir()
    with served({"one": clinic(2), "two": clinic(2)}) as web:
        watch = make_watch(place, web, {"one": {}, "two": {}}, readers=1)
        later = place / "watchlist" / "two.yml"
        later.rename(tmp_path / "two.yml")
        told = systemd("""
            state() { "$HOLD/exowatch" sql "SELECT state FROM job_runs WHERE job = '$1'" --format jsonl 2>/dev/null; }
            cd "$HOLD/watch"
            systemctl --user start exowatch-schedule || exit 1
            for _ in $(seq 200); do state crawl:one | grep -q done && break; sleep 1; done
            cp "$HOLD/two.yml" watchlist/two.yml
            systemctl --user reload exowatch-schedule
            for _ in $(seq 200); do state crawl:two | grep -q done && break; sleep 1; done
            systemctl --user is-active exowatch-schedule
            systemctl --user stop exowatch-schedule
            systemctl --user show -p ActiveState,Result,ExecMainStatus exowatch-schedule
        """)
        log = (tmp_path / "manager.log").read_text()
        assert "active\n" in told, told + log
        assert {"ActiveState=inactive", "Result=success", "ExecMainStatus=0"} <= set(told.splitlines()), told + log
        jobs = watch.sql("SELECT job, state, detail FROM job_runs WHERE job LIKE 'crawl:%' ORDER BY id")
        assert jobs == [
            {"job": f"crawl:{name}", "state": "done", "detail": "complete: 3 read"} for name in ("one", "two")
        ]
        assert watch.sql("SELECT state FROM job_runs WHERE job = 'schedule'") == [{"state": "done"}]


@pytest.mark.long
def test_what_timers_begin_does_its_work_shut_in_as_it_is(tmp_path, systemd):
    place = tmp_path / "watch"
    place.mkdir()
    with served({"one": clinic(2)}) as web, mail_server() as post:
        make_watch(place, web, {"one": {}}, readers=1)
        with (place / "exowatch.toml").open("a") as file:
            file.write(LETTERS.format(host=HOST, port=post.port))
        told = systemd("""
            for job in crawl digest retry verify; do
                systemctl --user start exowatch-$job.service
                systemctl --user show -p Id,Result,ExecMainStatus exowatch-$job.service
                systemctl --user start exowatch-$job.timer
            done
            systemctl --user list-timers --no-legend --no-pager
        """)
    log = (tmp_path / "manager.log").read_text()
    assert told.count("Result=success") == 4, told + log
    assert told.count("ExecMainStatus=0") == 4, told + log
    assert all(told.count(f"exowatch-{job}.timer") == 1 for job in ("crawl", "digest", "retry", "verify")), told
    assert post.counts == {"mary@mail.example": 1}
