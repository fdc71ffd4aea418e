import subprocess
import sys
import textwrap

import pytest

from exowatch.config import Config, Database
from exowatch.errors import BusyError
from exowatch.store.lock import hold_lock
from tests.postgres import fresh_database


def config_for(url):
    return Config(database=Database(url=url))


def test_a_second_holder_in_this_process_is_refused(database_url):
    with hold_lock(config_for(database_url)), pytest.raises(BusyError), hold_lock(config_for(database_url)):
        pass


def test_the_lock_is_free_again_after_its_holder_left(database_url):
    for _ in range(2):
        with hold_lock(config_for(database_url)):
            pass


def test_the_kernel_frees_the_lock_when_its_holder_is_killed(database_url):
    holder = textwrap.dedent("""
        import sys, time
        from exowatch.config import Config, Database
        from exowatch.store.lock import hold_lock
        with hold_lock(Config(database=Database(url=sys.argv[1]))):
            print("held", flush=True)
            time.sleep(60)
    """)
    with subprocess.Popen([sys.executable, "-c", holder, database_url], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(BusyError), hold_lock(config_for(database_url)):
            pass
        child.kill()
        child.wait()
    for _ in range(100):  # a server notices a dead client after a moment
        try:
            with hold_lock(config_for(database_url)):
                return
        except BusyError:
            __import__("time").sleep(0.05)
    pytest.fail("the lock outlived its holder")


@pytest.fixture
def postgres_url(postgres_server, postgres_template):
    with fresh_database(postgres_server, template=postgres_template) as url:
        yield url


def test_machines_on_one_server_run_different_sources_together(postgres_url):
    config = config_for(postgres_url)
    with hold_lock(config, ["quay"]), hold_lock(config, ["pier"]):
        with pytest.raises(BusyError, match="'quay'"), hold_lock(config, ["quay"]):
            pass
        with pytest.raises(BusyError), hold_lock(config):
            pass
    with hold_lock(config), pytest.raises(BusyError), hold_lock(config, ["quay"]):
        pass


def test_only_a_source_that_nobody_runs_on_is_ours(postgres_url):
    config = config_for(postgres_url)
    with hold_lock(config, ["quay"]), hold_lock(config, ["pier"]) as mine:
        for source_id, free in (("quay", False), ("pier", True), ("dock", True)):
            with mine.ours(source_id) as ours:
                assert ours is free
        with pytest.raises(BusyError), hold_lock(config, ["pier"]):
            pass
        with hold_lock(config, ["dock"]):
            pass


def test_a_full_disk_does_not_break_the_lock(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(27, "File too large")

    monkeypatch.setattr("os.write", full)
    config = config_for(f"sqlite:///{tmp_path / 'exowatch.db'}")
    with hold_lock(config), pytest.raises(BusyError, match="process unknown"), hold_lock(config):
        pass
