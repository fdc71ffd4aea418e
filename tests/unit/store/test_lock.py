import subprocess
import sys
import textwrap

import pytest

from exowatch.config import Config, Database
from exowatch.errors import BusyError
from exowatch.store.lock import hold_lock


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
