"""Commands of root in the folder of another user leave nothing that shuts that user out."""

import os
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from exowatch.cli import command
from exowatch.config import Config, Database
from exowatch.errors import ConfigError
from exowatch.owners import below, give_back
from exowatch.store.lock import hold_lock
from exowatch.store.migrate import ready_store

SOMEBODY = 65534
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files that another user cannot write")


@pytest.fixture
def folder(monkeypatch):
    with tempfile.TemporaryDirectory() as name:
        place = Path(name).resolve()
        monkeypatch.chdir(place)
        (place / "exowatch.toml").write_text('[monitor]\nmetrics_file = "exowatch.prom"\n')
        os.chown(place, SOMEBODY, SOMEBODY)
        yield place


def roots(folder):
    return sorted(path.name for path in folder.rglob("*") if path.lstat().st_uid == 0)


def test_what_a_command_of_root_makes_belongs_to_the_owner_of_the_folder(folder):
    store = ready_store(f"sqlite:///{folder}/exowatch.db")
    store.close()
    for name in ("exowatch.db.lock", "exowatch.db.crawl.lock", "exowatch.prom", "signing.pem"):
        (folder / name).touch()
    (folder / "archive" / "manifests").mkdir(parents=True)
    (folder / "archive" / "manifests" / "000001-2026-11-01.jsonl").touch()
    CliRunner().invoke(command, ["status"])
    assert roots(folder) == ["exowatch.toml"], "what a person wrote stays theirs"


def test_a_command_that_fails_gives_back_as_well(folder):
    (folder / "exowatch.db.lock").touch()
    assert CliRunner().invoke(command, ["status"]).exception.exit_code == 2
    assert roots(folder) == ["exowatch.toml"]


def test_links_and_second_names_are_left_alone(folder):
    with tempfile.TemporaryDirectory() as elsewhere:
        other = Path(elsewhere) / "shadow"
        other.touch()
        (folder / "link").symlink_to(other)
        os.link(other, folder / "second")
        give_back(below(folder))
        assert other.stat().st_uid == 0


def test_a_lock_of_anothers_is_told_with_its_owner(folder):
    lock = folder / "exowatch.db.lock"
    lock.touch(0o644)
    child = os.fork()
    if not child:
        code = 1
        try:
            os.setgroups([])
            os.setgid(SOMEBODY)
            os.setuid(SOMEBODY)
            url = f"sqlite:///{folder}/exowatch.db"
            told = pytest.raises(ConfigError, match=r"belongs to root.*as root, `chown \S+ .*lock")
            with told, hold_lock(Config(database=Database(url=url))):
                pass
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
