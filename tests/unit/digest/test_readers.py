"""Readers who come, go, come back and change their wishes: what each is told, and nothing twice."""

from dataclasses import replace
from datetime import date

import pytest

from exowatch.cases import handling
from exowatch.config import Config
from exowatch.delivery.composing import kept_letter
from exowatch.delivery.contents import Contents
from exowatch.delivery.queue import queue_letters
from exowatch.digest.write import write_digest, write_files
from exowatch.intake import close_run
from exowatch.model.decisions import Step
from exowatch.sections import DigestSection, Recipient, Schedule, Smtp
from exowatch.store.read_outbox import Parcel, outbox_rows
from tests.unit.intake.sites import DAY, Site, judged, make_site

SMTP = Smtp(host="127.0.0.1", sender="watch@example.org")
SAID = [f"Exosomes always cure psoriasis of kind {name}." for name in ("a", "b", "c", "d", "e", "f", "g")]


def judged_at(place, *one):
    return [replace(made, jurisdiction=place) for made in judged(*one)]


class Desk:
    """A clinic in Ireland and one in the United States that say more each day, and whoever reads of it."""

    def __init__(self, url: str) -> None:
        self.irish = make_site(url)
        abroad = replace(self.irish.source, id="mesa", jurisdiction="US", start_urls=("https://mesa.example/",))
        self.american = Site(self.irish.desk, abroad, number=100)
        self.day, self.told = 0, dict[str, list[list[str]]]()

    def next_day(self, *people: Recipient) -> None:
        """Both say one thing more, and the letters of these readers are composed."""
        self.day += 1
        for site in (self.irish, self.american):
            said = [f"{words} {site.source.id}" for words in SAID[: self.day]]
            place, run = site.source.jurisdiction, site.begin()
            site.show(run, site.source.start_urls[0], said, judge=lambda *one, at=place: judged_at(at, *one))
            close_run(site.desk, run, {site.source.id: "finished"})
        config = Config(digest=DigestSection(recipients=people, smtp=SMTP))
        at = DAY.replace(day=self.day + 1)
        desk = replace(self.irish.desk, config=config, clock=lambda: at)
        assert not queue_letters(desk).not_ready
        assert not queue_letters(desk).groups, "a second time at once there is nothing to tell"
        with desk.store.reading() as db:
            rows = outbox_rows(db, all_of_them=True)[::-1]
        self.told = {}
        for row in rows:
            flags = kept_letter(desk, row["digest_id"]).flags
            told = [one for flag in flags for one in (flag, *flag.get("also", ()))]
            self.told.setdefault(row["recipient"], []).append(sorted({self._of(one) for one in told}))

    def _of(self, flag) -> str:
        return f"{flag['source']} {self.kinds[flag['id']]}"

    @property
    def kinds(self) -> dict[int, str]:
        return {row["id"]: row["quote"].split()[-2].rstrip(".") for row in self.irish.rows("flags")}


def reader(name: str, *places: str) -> Recipient:
    return Recipient(id=name, mail=f"{name}@mail.example", jurisdictions=places)


@pytest.fixture
def desk(database_url):
    made = Desk(database_url)
    yield made
    made.irish.desk.store.close()


def both(*kinds: str) -> list[str]:
    return sorted(f"{source} {kind}" for kind in kinds for source in ("quay", "mesa"))


def test_a_reader_who_comes_later_begins_where_the_newest_letter_ended(desk):
    ann, bea = reader("ann"), reader("bea")
    for people in ((ann,), (ann,), (ann, bea), (ann, bea)):
        desk.next_day(*people)
    assert desk.told["ann"] == [[], both("b"), both("c"), both("d")]
    assert desk.told["bea"] == [both("c"), both("d")]


def test_a_reader_who_was_away_and_comes_back_is_told_all_since(desk):
    ann, bea = reader("ann"), reader("bea")
    for people in ((ann, bea), (ann,), (ann,), (ann, bea)):
        desk.next_day(*people)
    assert desk.told["bea"] == [[], both("b", "c", "d")]
    assert desk.told["ann"] == [[], both("b"), both("c"), both("d")]


def test_who_changes_their_wishes_goes_on_where_they_were_by_the_new_ones(desk):
    for places in (("IE",), ("IE",), ("US", "IE"), ("US",)):
        desk.next_day(reader("ann", *places))
    assert desk.told["ann"] == [[], ["quay b"], both("c"), ["mesa d"]]


TOKYO = Schedule(timezone="Asia/Tokyo")


def test_the_day_of_a_letter_is_that_of_the_installations_clock(desk, tmp_path):
    """At 22:30 UTC it is the next morning in Tokyo; a deadline of that day is due today."""
    desk.next_day()
    handling.open_case(desk.irish.desk.store, (1,), None, Step(deadline=date(2026, 11, 9)), "Ann Byrne", DAY)
    at = DAY.replace(day=8, hour=22, minute=30)
    there = replace(desk.irish.desk, config=Config(schedule=TOKYO), clock=lambda: at)
    letter = write_digest(there).digest
    assert [row["words"] for row in letter.cases] == ["an answer is due 2026-11-09: today"]
    (file,) = write_files(letter, tmp_path, ["text"], "Asia/Tokyo")
    assert file.name == "2026-11-09.txt"
    said = file.read_text()
    assert "EXOWATCH DIGEST   9 November 2026" in said
    assert "to 2026-11-09 07:30 JST" in said


def test_files_of_a_mail_tell_the_same_day_as_the_mail(desk):
    at = DAY.replace(day=8, hour=22, minute=30)
    letter = replace(write_digest(replace(desk.irish.desk, clock=lambda: at)).digest, days=())
    contents = Contents(lambda number: letter, "UTC", simulated=False)
    parcel = Parcel(1, 1, "ann", "mail", "<1@x>", None, None, "waiting", 0, at, None, None)
    for zone, day in (("Asia/Tokyo", "9"), ("Europe/Dublin", "8"), ("America/New_York", "8")):
        to = Recipient(id="ann", mail="ann@mail.example", timezone=zone, attach=("md",))
        mail, (file,) = contents.mail(parcel, to)
        assert f"ExoWatch {day} Nov" in mail.subject
        assert file.name == f"exowatch-2026-11-0{day}.md"
        assert f"digest, {day} November 2026" in file.body.decode()


def test_the_letter_of_the_command_line_is_about_the_jurisdictions_of_the_configuration(desk):
    wanted = Config(digest=DigestSection(jurisdictions=("US", "GB")))
    for day in (1, 2):
        desk.next_day()
        there = replace(desk.irish.desk, config=wanted, clock=lambda day=day: DAY.replace(day=day + 1))
        letter = write_digest(there).digest
    assert (letter.jurisdictions, letter.jurisdiction) == (("US", "GB"), None)
    assert {row["source"] for row in letter.flags} == {"mesa"}
    assert letter.previous_id == 1
