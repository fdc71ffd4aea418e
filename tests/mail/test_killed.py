import subprocess
import sys

import pytest

from bench.mail import Installation, trial
from exowatch.delivery.send import send_due, send_waiting
from exowatch.errors import BusyError
from exowatch.store import read_outbox, write_outbox
from exowatch.store.lock import hold_jobs
from tests.mail.servers import Post, mail_server


def test_a_row_that_a_dead_sender_left_is_told_and_never_sent_again_by_itself(office):
    with mail_server() as post:
        here = office(post.port, ["ann", "bea"])
        with here.desk.store.reading() as db:
            assert read_outbox.last_letters(db) == {}
        here.later(hours=-1)
        down = office(1, ["ann", "bea"])
        send_due(down.desk)  # nobody is there: both wait
        with here.desk.store.reading() as db:
            first, _ = read_outbox.parcels_in(db, ["waiting"])
        with here.desk.store.writing() as db:
            assert write_outbox.claim(db, first, "one", here.now)
            assert not write_outbox.claim(db, first, "two", here.now)
        here.later(hours=2)
        assert send_due(here.desk).words == "1 sent, 1 unclear"
        assert send_due(here.desk).words == "0 sent"
    assert list(post.counts) == ["bea@mail.example"]
    assert [line.partition(" (")[0] for line in here.issues()] == ["delivery-unclear: delivery 1"]


def test_whoever_sends_is_alone(office):
    here = office(1, ["ann"])
    with hold_jobs(here.desk.config, ["outbox"]), pytest.raises(BusyError):
        send_due(here.desk)
    assert here.rows() == []


def test_two_senders_at_once_send_once(tmp_path):
    with mail_server(Post(slow=0.02)) as post:
        here = Installation(tmp_path, 20, post.port, "sqlite:///exowatch.db")
        both = [here.start("digest", "--send") for _ in range(2)]
        ended = sorted(process.wait() for process in both if process.communicate())
    assert ended in ([0, 0], [0, 75])
    assert set(post.counts.values()) == {1}
    assert len(post.counts) == 20


def test_a_killed_sender_repeats_nothing_and_loses_nothing(tmp_path):
    seen = trial(tmp_path, 30, 1, 20261127, "sqlite:///exowatch.db", {1: "451 not now", 20: "take-and-drop"})
    assert seen.wrong == []
    assert seen.killed == 1


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_ten_kills_among_five_hundred_letters_and_a_server_that_fails_and_hangs(tmp_path, seed):
    failing = {1: "451 not now", 100: "take-and-drop", 250: "hang", 499: "drop"}
    seen = trial(tmp_path, 500, 10, seed, "sqlite:///exowatch.db", failing)
    assert seen.wrong == []
    assert seen.killed == 10


def test_a_sender_that_is_asked_to_end_leaves_nothing_unclear(tmp_path):
    with mail_server(Post(slow=0.05)) as post:
        here = Installation(tmp_path, 12, post.port, "sqlite:///exowatch.db")
        process = here.start("digest", "--send")
        while post.handed < 3:
            assert process.poll() is None
        process.terminate()
        out, _ = process.communicate()
        assert " sent, " in out
        assert " waiting" in out
        assert "unclear" not in out
        with here.desk() as desk:
            assert send_waiting(desk).well
    assert set(post.counts.values()) == {1}
    assert len(post.counts) == 12


def test_sending_is_not_loaded_to_read_a_letter():
    code = "import exowatch.cli.letters, sys; print([name for name in ('smtplib', 'apprise') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
