"""That a page was looked at twice is kept once a run and page, on both databases."""

import pytest

from exowatch.model.captures import Beside, Capture, WarcPlace
from exowatch.store import write_looks
from exowatch.store.read_rows import rows
from exowatch.store.sealed_rows import fresh_rows
from tests.unit.intake.sites import DAY, make_site

HOME = "https://quay.example/"


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def look(site, run, *, rendered=True, crawler_lacks=(), browser_lacks=(), **more):
    capture = Capture("c", "quay", run.id, HOME, HOME, DAY, 200, "p", WarcPlace("a.warc.gz", 9), rendered=rendered)
    other = Capture("d", "quay", run.id, HOME, HOME, DAY, 200, "p", WarcPlace("a.warc.gz", 2), rendered=not rendered)
    with site.desk.store.writing() as db:
        write_looks.write_look(
            db,
            run_id=run.id,
            capture=capture,
            beside=Beside(other, 2, **more),
            holds=None,
            browser_lacks=browser_lacks,
            crawler_lacks=crawler_lacks,
            unread=["Exosomes cure all."],
        )


def test_the_newest_look_says_who_alone_shows_a_wording(site):
    look(site, site.begin(), browser_lacks=["a"], rendered=False)
    look(site, site.begin(), crawler_lacks=["b"])
    with site.desk.store.reading() as db:
        found = write_looks.newest_looks(db, [("quay", HOME), ("quay", f"{HOME}other"), ("pier", HOME)])
        assert len(write_looks.looks_at(db, "quay", HOME)) == 2
        assert [view["read_from"] for view in rows(db, "v_looks")] == ["crawler", "browser"]
    assert list(found) == [("quay", HOME)]
    row = found["quay", HOME]
    assert [write_looks.shown_by(row, key) for key in ("a", "b")] == [None, "browser"]
    assert write_looks.shown_by(None, "a") is None
    assert (row["read_from"], row["secured"], row["unread"]) == ("browser", False, ["Exosomes cure all."])
    assert write_looks.place_of(row) == WarcPlace("a.warc.gz", 9)


def test_a_look_is_kept_once_and_sealed_as_it_is(site):
    run = site.begin()
    look(site, run, secured=True, lacking="no browser")
    look(site, run, secured=False)
    with site.desk.store.reading() as db:
        ((row,), (digests, until, gaps)) = write_looks.looks_at(db, "quay", HOME), fresh_rows(db, "looks", 0, ())
        assert write_looks.looks_of_case(db, 3) == []
    assert (row["secured"], row["lacking"]) == (True, "no browser")
    assert (len(digests), until, gaps) == (1, 1, ())
