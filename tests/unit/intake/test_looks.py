"""Two looks at one page are laid beside each other; pages of sites on no watchlist are settled after a kill too."""

import dataclasses
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from exowatch.archive.exchange import Exchange
from exowatch.archive.write import WarcWriter
from exowatch.errors import SetupError
from exowatch.intake import begin_run, check_case, close_run, note_look, settle_leftovers, take_in
from exowatch.model.captures import Beside
from exowatch.model.keys import wording_key
from exowatch.model.sources import Source
from exowatch.securing import Wanted, assigned
from exowatch.watchlist import load_watchlist
from tests.unit.importing.conftest import desk_in, imports  # noqa: F401 - fixtures
from tests.unit.importing.foreign_files import HOME, MORE, SAYS, page

AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
CHROMIUM = "Chromium/156"


class Visit:
    """A run of a kind over one source, and its archive file."""

    def __init__(self, taken, kind, source=None):
        self.desk, self.taken = taken.desk, taken
        self.source = source or load_watchlist(self.desk.config.watchlist.dir).named(["quay"])[0]
        self.run = begin_run(self.desk, kind, [self.source])
        self.desk.archive_dir.mkdir(parents=True, exist_ok=True)
        self.writer = WarcWriter(self.desk.archive_dir, self.run, self.desk.clock)

    def put(self, *sentences, url=HOME, **more):
        told = dict(
            source_id=self.source.id, url=url, request_url=url, method="GET", status=200, reason="OK",
            request_headers=(("User-Agent", "ExoWatch/0.1"),), response_headers=(("Content-Type", "text/html"),),
            body=page(*sentences), fetched_at=AT, ip="192.0.2.7",
        )  # fmt: skip
        return self.writer.put_exchange(Exchange(**told | more))

    def look(self, sent, seen, *, from_browser, status=200, **more):
        """Crawler and browser have got these sentences; what the two looks come to, and the row."""
        first = self.put(*sent, page=not from_browser)
        second = self.put(*seen, browser=CHROMIUM, beside=first.id, page=from_browser, status=status)
        read, other = (second, first) if from_browser else (first, second)
        outcome = take_in(self.desk, read, self.source, self.run)
        beside = Beside(other, pictures=1, **more)
        found = note_look(self.desk, read, self.source, self.run, beside, outcome)
        self.close()
        rows = self.taken.sql("SELECT read_from, browser_lacks, crawler_lacks, unread FROM looks ORDER BY id")
        return found, rows[-1]

    def close(self):
        self.writer.close()
        close_run(self.desk, self.run, {self.source.id: "finished"})


def test_what_a_browser_does_not_show_of_the_page_that_was_read_is_kept(imports):  # noqa: F811
    found, row = Visit(imports, "crawl").look([SAYS, MORE], [SAYS], from_browser=False)
    assert (found.browser_lacks, found.crawler_lacks, found.unread) == ((MORE,), (), ())
    assert row == ("crawler", json.dumps([wording_key(MORE)]), "[]", "[]")


def test_what_scripts_put_on_the_page_that_was_read_is_kept(imports):  # noqa: F811
    found, row = Visit(imports, "crawl").look([SAYS], [SAYS, MORE], from_browser=True)
    assert (found.browser_lacks, found.crawler_lacks) == ((), (MORE,))
    assert row == ("browser", "[]", json.dumps([wording_key(MORE)]), "[]")
    assert imports.sql("SELECT rendered, user_agent FROM captures") == [(1, "ExoWatch/0.1")]


@pytest.mark.parametrize(("from_browser", "code"), [(False, "browser-shows-more"), (True, "browser-hides")])
def test_claims_that_the_other_look_alone_holds_are_told_to_the_operator(imports, from_browser, code):  # noqa: F811
    looks = ([SAYS, MORE], [SAYS]) if from_browser else ([SAYS], [SAYS, MORE])
    found, _ = Visit(imports, "crawl").look(*looks, from_browser=from_browser)
    assert found.unread == (MORE,)
    ((told, message),) = imports.sql("SELECT code, message FROM issues")
    assert told == code
    assert MORE in message


def test_what_was_told_to_the_operator_is_not_told_every_day(imports):  # noqa: F811
    for seen in ([SAYS, MORE], [SAYS, MORE], [SAYS]):
        Visit(imports, "crawl").look([SAYS], seen, from_browser=False)
    assert [code for (code,) in imports.sql("SELECT code FROM issues")] == ["browser-shows-more"]
    assert [unread for (unread,) in imports.sql("SELECT unread FROM looks")] == [json.dumps([MORE])] * 2 + ["[]"]


def test_two_looks_that_agree_tell_nothing(imports):  # noqa: F811
    found, row = Visit(imports, "crawl").look([SAYS, MORE], [MORE, SAYS], from_browser=False)
    assert (found.browser_lacks, found.crawler_lacks, found.unread) == ((), (), ())
    assert row == ("crawler", "[]", "[]", "[]")
    assert imports.sql("SELECT code FROM issues") == []


def test_a_look_that_is_not_fit_is_compared_with_nothing(imports):  # noqa: F811
    found, row = Visit(imports, "crawl").look([SAYS, MORE], [SAYS], from_browser=False, status=503)
    assert (found.browser_lacks, found.unread) == ((), ())
    assert row == ("crawler", "[]", "[]", "[]")


def test_a_secured_page_has_a_row_of_its_own_though_it_says_what_it_said(imports):  # noqa: F811
    first = Visit(imports, "crawl")
    take_in(first.desk, first.put(SAYS), first.source, first.run)
    first.close()
    Visit(imports, "capture").look([SAYS], [SAYS], from_browser=False, secured=True)
    rows = imports.sql("SELECT run_id, content_digest FROM captures")
    assert len({run for run, _ in rows}) == 2
    assert len({digest for _, digest in rows}) == 1
    assert imports.sql("SELECT code FROM outcomes ORDER BY rowid") == [("ok",), ("same-body",)]


class Lock:
    """A run lock whose holder may touch everything."""

    @contextmanager
    def ours(self, source_id):
        yield True


def test_a_killed_capture_of_a_site_on_no_watchlist_is_taken_in_by_the_next_run(imports):  # noqa: F811
    ((stranger, _),) = assigned([], ["https://stranger.example/"], Wanted(), date(2026, 11, 24)).items()
    killed = Visit(imports, "capture", stranger)
    killed.put(SAYS, url="https://stranger.example/")
    killed.writer.close()
    assert settle_leftovers(killed.desk, Lock()) == 1
    assert imports.sql("SELECT quote FROM claims") != []
    assert imports.sql("SELECT verdict, baseline FROM run_sources") == [("complete", 0)]


def test_a_source_is_read_back_from_the_database_as_it_was_written(imports):  # noqa: F811
    from exowatch.store.read_sources import source_of

    source = Source("pier", "Pier", "clinic", "GB", ("https://pier.example/",), tags=("a", "b"), audience=("IE",))
    source = dataclasses.replace(source, render=True, reason="test", added_on=date(2026, 11, 1))
    begin_run(imports.desk, "capture", [source])
    with imports.desk.store.reading() as db:
        assert source_of(db, "pier") == dataclasses.replace(source, max_depth=4)
        assert source_of(db, "nobody") is None


def test_pages_are_secured_for_a_case_that_is_there(imports):  # noqa: F811
    check_case(imports.desk, None)
    with pytest.raises(SetupError, match="no case 9"):
        check_case(imports.desk, 9)


def test_an_import_of_our_own_archive_keeps_what_a_browser_made_as_that(imports, desk_in, tmp_path):  # noqa: F811
    Visit(imports, "crawl").look([SAYS], [SAYS, MORE], from_browser=True)
    (archive,) = imports.desk.archive_dir.glob("*.warc.gz")
    other = desk_in(tmp_path / "there")
    other.take(archive, source=None)
    assert other.sql("SELECT rendered, ip, user_agent FROM captures") == [(1, "192.0.2.7", None)]
    assert MORE in {row[1] for row in other.claims()}


def test_a_clock_that_was_once_ahead_does_not_make_what_comes_later_old(imports):  # noqa: F811
    ahead = Visit(imports, "crawl")
    take_in(ahead.desk, ahead.put(SAYS, fetched_at=ahead.desk.clock() + timedelta(days=300)), ahead.source, ahead.run)
    ahead.close()
    now = Visit(imports, "crawl")
    take_in(now.desk, now.put(SAYS, MORE, fetched_at=now.desk.clock()), now.source, now.run)
    now.close()
    assert imports.sql("SELECT COUNT(*) FROM claims WHERE quote LIKE '%" + MORE[:20].replace("'", "''") + "%'") != [
        (0,)
    ]
    assert imports.sql("SELECT code FROM outcomes ORDER BY rowid") == [("ok",), ("ok",)]
