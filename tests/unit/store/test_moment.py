"""A look at one moment: what is written meanwhile is not in it, and nothing of before it comes later."""

from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from sqlalchemy import select

from exowatch.errors import StoreBusyError
from exowatch.model.readings import Issue
from exowatch.store import session
from exowatch.store.covers import Covers, kept_covers, newest
from exowatch.store.migrate import ready_store
from exowatch.store.read_digest import letter_rows
from exowatch.store.tables import issues
from exowatch.store.write_runs import write_issues

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def store(database_url):
    made = ready_store(database_url)
    yield made
    made.close()


def write(db, word: str) -> None:
    write_issues(db, [Issue(word, "store", word)], None, AT)


def told(store, after: Covers) -> tuple[list[str], Covers]:
    with store.moment() as db:
        top = newest(db)
        return [row["code"] for row in letter_rows(db, after, top)["issues"]], top


def test_what_is_written_while_one_looks_is_in_the_next_look_alone(store):
    with store.moment() as db:
        top = newest(db)
        with store.writing() as other:
            write(other, "late")
        assert letter_rows(db, Covers())["issues"] == []
        assert newest(db) == top
    assert told(store, top)[0] == ["late"]


def test_a_window_ends_where_it_is_said_to_end(store):
    for word in ("one", "two"):
        with store.writing() as db:
            write(db, word)
    with store.reading() as db:
        assert [row["code"] for row in letter_rows(db, Covers(), Covers(issue=1))["issues"]] == ["one"]


def test_a_writer_that_ends_after_a_later_one_loses_nothing(store):
    """It was given its number first. On SQLite the later one waits for it; on PostgreSQL both go on together."""
    begun, end = Event(), Event()

    def slow() -> None:
        with store.writing() as db:
            write(db, "slow")
            begun.set()
            end.wait(10)

    def quick() -> None:
        with store.writing() as db:
            write(db, "quick")

    writers = [Thread(target=slow), Thread(target=quick)]
    writers[0].start()
    begun.wait(10)
    writers[1].start()
    if not store.is_sqlite:
        writers[1].join(10)
    looks: list[tuple[list[str], Covers]] = []
    looker = Thread(target=lambda: looks.append(told(store, Covers())))
    looker.start()
    looker.join(0.3)
    end.set()
    for one in (*writers, looker):
        one.join(10)
    first, top = looks[0]
    assert sorted(first + told(store, top)[0]) == ["quick", "slow"]


def test_a_writer_that_never_ends_keeps_nobody_waiting_for_ever(store, monkeypatch):
    if store.is_sqlite:
        pytest.skip("a look waits for no writer there")
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.2)
    with store.writing() as db:
        write(db, "stuck")
        with pytest.raises(StoreBusyError), store.moment():
            pass
    with store.moment() as db:
        assert db.scalars(select(issues.c.code)).all() == ["stuck"]


def test_a_letter_of_an_older_version_tells_late_runs_by_when_they_ended(store):
    from exowatch.model.sources import Run
    from exowatch.store.write_runs import finish_run, write_run

    with store.writing() as db:
        for fence, hour in ((1, 5), (2, 9), (3, None), (4, 6)):
            write_run(db, Run(f"run-{fence}", "crawl", (), AT, fence), [], {})
            if hour is not None:
                finish_run(db, f"run-{fence}", AT.replace(hour=hour))
    with store.reading() as db:
        old = kept_covers(db, {"run": 4, "flag": 7}, AT.replace(hour=7))
        assert (old.run, old.flag, old.going, old.unsettled) == (4, 7, (2, 3), ())
        assert kept_covers(db, {"run": 4, "going": [3]}, AT.replace(hour=7)).going == (3,)
