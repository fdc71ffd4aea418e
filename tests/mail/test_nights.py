"""Letters of a scheduler that dies in the middle of jobs, beside a mail server that fails: each window once."""

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from exowatch.schedule.shift import do_due, first_time, settle_killed
from exowatch.sections import DigestSection, Recipient, Smtp
from exowatch.store.job_runs import job_history
from exowatch.store.migrate import ready_store
from exowatch.store.tables import digests, outbox
from tests.mail.servers import HOST, Post, mail_server
from tests.unit.schedule.nights import Killed, make_nights

PEOPLE = ("mary", "sean", "orla")


def letters_to(people, port):
    smtp = Smtp(host=HOST, port=port, security="none", sender="watch@example.org", timeout=5)
    return DigestSection(
        smtp=smtp, recipients=[Recipient(id=one, mail=f"{one}@mail.example", operator=one == "orla") for one in people]
    )


@pytest.fixture
def nights(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "exowatch.db")
    post = Post()
    with mail_server(post):
        made = make_nights(
            tmp_path, datetime(2026, 11, 24, 2, tzinfo=UTC), letters=letters_to(PEOPLE, post.port), sources=["one"]
        )
        made.post = post
        first_time(made.shift)
        yield made
    ready_store(made.shift.store.url, 30).close()


def test_what_a_server_did_not_take_is_sent_by_a_job_of_its_own(nights):
    nights.post.at_rcpt["sean@mail.example"] = ["451 later"]
    nights.now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    (digest,) = (one for one in do_due(nights.shift) if one.job == "digest")
    assert digest.state == "done"
    assert "2 sent, 1 waiting" in digest.detail
    assert [one.job for one in do_due(nights.shift)] == []
    nights.tick(hours=1)
    (send,) = (one for one in do_due(nights.shift) if one.job == "send")
    assert (send.state, send.detail) == ("done", "1 sent")
    assert set(nights.post.counts.values()) == {1}


def test_a_weekly_note_that_is_begun_again_after_midnight_is_sent_once(nights):
    nights.now, nights.dying = datetime(2026, 11, 30, 8, tzinfo=UTC), 0
    note = nights.shift.tasks["note"]

    def dies(shift):
        note(shift)
        nights.tick(hours=10)
        raise Killed

    nights.shift.tasks["note"] = dies
    with pytest.raises(Killed):
        do_due(nights.shift, lambda job: job == "note")
    nights.shift.tasks["note"] = note
    settle_killed(nights.shift)
    (again,) = do_due(nights.shift, lambda job: job == "note")
    assert (again.state, again.detail) == ("done", "0 sent")
    assert nights.post.counts == {"orla@mail.example": 1}


def test_ten_days_of_kills_and_a_failing_server_send_each_window_once(nights):
    rng, start = nights.rng, nights.now
    nights.dying = 0.2
    while nights.now < start + timedelta(days=10):
        if rng.random() < 0.05:
            nights.post.at_rcpt.setdefault(f"{rng.choice(PEOPLE)}@mail.example", []).append("451 later")
        try:
            do_due(nights.shift)
        except Killed:
            settle_killed(nights.shift)
        nights.tick(minutes=rng.randrange(20, 120))
    nights.dying = 0
    nights.post.at_rcpt.clear()
    for _ in range(3):
        nights.tick(hours=12)
        do_due(nights.shift)
    with nights.shift.store.reading() as db:
        rows = db.execute(select(outbox).order_by(outbox.c.id)).all()
        letters = {row.id: row for row in db.execute(select(digests))}
        jobs = job_history(db, limit=1000)
    assert {row.state for row in rows} == {"sent"}
    sent = Counter(f"{row.recipient}@mail.example" for row in rows)
    assert nights.post.counts == sent
    assert len(set(nights.post.taken)) == len(nights.post.taken)
    for one in PEOPLE:
        windows = [letters[row.digest_id] for row in rows if row.recipient == one and row.digest_id]
        assert len(windows) >= 9
        for before, after in pairwise(windows):
            assert after.previous_id == before.id
    assert any(run.tries > 1 for run in jobs)
    assert len({(run.job, run.due_at) for run in jobs}) == len(jobs)
