from dataclasses import replace
from datetime import timedelta

import feedparser

from exowatch.delivery.send import send_due
from exowatch.digest.write import keep
from exowatch.store.read_digest import Covers
from tests.unit.digest.letters import quiet


def test_the_feed_holds_the_newest_letters_of_the_installation_itself(office, tmp_path):
    here = office(1, [], feed=tmp_path / "feeds" / "letters.xml")
    days = [here.now - timedelta(days=back) for back in range(32, 0, -1)]
    with here.desk.store.writing() as db:
        for day in days:
            keep(db, replace(quiet(), until=day, jurisdiction=None, jurisdictions=()), Covers(run=1))
    assert send_due(here.desk).well
    read = feedparser.parse((tmp_path / "feeds" / "letters.xml").read_bytes())
    assert len({entry.id for entry in read.entries}) == 30
    assert [entry.updated[:10] for entry in read.entries] == [f"{day:%Y-%m-%d}" for day in [*days, here.now][:2:-1]]
    assert all("not a finding against anyone" in entry.content[0].value for entry in read.entries)


def test_sending_twice_adds_nothing(office, tmp_path):
    here = office(1, [], feed=tmp_path / "letters.xml")
    send_due(here.desk)
    before = (tmp_path / "letters.xml").read_bytes()
    send_due(here.desk)
    assert (tmp_path / "letters.xml").read_bytes() == before


def test_a_feed_that_cannot_be_written_is_told_and_keeps_no_letter_back(office, tmp_path):
    (tmp_path / "file").write_text("no folder")
    told = send_due(office(1, [], feed=tmp_path / "file" / "letters.xml").desk)
    assert [name for name, _ in told.not_ready] == ["the feed"]
