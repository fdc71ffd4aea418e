"""The landscape of a past day is of that day: what pages showed then, and how the watchlist described the sites."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from exowatch.intake import close_run
from exowatch.report import compose
from exowatch.store import write_runs
from exowatch.store.read_landscape import landscape_rows
from exowatch.store.read_rows import rows
from exowatch.store.shown_features import features_then
from exowatch.store.tables import page_features, runs
from tests.unit.intake.sites import DAY, make_site

HOME = "https://quay.example/"
GLOW = "Your skin glows after one session with our exosome serum."
FILE = (
    "id: quay\nname: {name}\nkind: clinic\njurisdiction: {place}\nframe: {frame}\nstart_urls: [https://quay.example/]\n"
)


@pytest.fixture
def site(database_url):
    made = make_site(database_url)
    yield made
    made.desk.store.close()


def visit(site, disclaimers, watchlist=None, said=GLOW):
    run = site.begin()
    if watchlist:
        with site.desk.store.writing() as db:
            write_runs.keep_watchlist(db, str(hash(str(watchlist))), watchlist, run.started_at)
            db.execute(update(runs).where(runs.c.id == run.id).values(watchlist=str(hash(str(watchlist)))))
    site.show(run, HOME, [said], length=site.number, disclaimers=disclaimers)
    close_run(site.desk, run, {"quay": "finished"})


def standing(site):
    with site.desk.store.reading() as db:
        return rows(db, "v_page_features")


def shown(site, days):
    with site.desk.store.reading() as db:
        return [row["text"] for row in features_then(db, DAY + timedelta(days=days, hours=1))]


def landscape(site, days=None, **chosen):
    moment = None if days is None else DAY + timedelta(days=days, hours=1)
    with site.desk.store.reading() as db:
        return compose(landscape_rows(db, chosen.get("frame"), chosen.get("jurisdiction"), moment))


def test_what_a_page_showed_is_kept_for_its_days(site):
    for told in (["Results vary."], ["Results vary.", "No medicine."], ["No medicine."], [], ["Results vary."]):
        visit(site, tuple(told))
    assert [sorted(shown(site, day)) for day in range(-1, 5)] == [
        [],
        ["Results vary."],
        ["No medicine.", "Results vary."],
        ["No medicine."],
        [],
        ["Results vary."],
    ]
    assert [row["text"] for row in standing(site)] == ["Results vary."]


def test_a_feature_that_moves_on_its_page_is_the_same_one(site):
    visit(site, ("No medicine.", "Results vary."))
    visit(site, ("Results vary.",))
    (row,) = standing(site)
    assert (row["css"], row["first_seen"]) == ("p:nth-of-type(0)", DAY.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert shown(site, 0) == ["No medicine.", "Results vary."]


def test_what_stood_there_before_times_were_kept_counts_as_having_stood(site):
    visit(site, ("Results vary.",))
    with site.desk.store.writing() as db:
        db.execute(update(page_features).values(first_seen=None))
    visit(site, ())
    assert (shown(site, 0), shown(site, 1)) == (["Results vary."], [])


def test_the_landscape_of_a_past_day_has_its_disclaimers_sites_and_frames(site):
    frames = "- id: towns\n  population: all\n- id: ports\n  population: some\n"
    first = {"quay.yml": FILE.format(name="Quay then", place="IE", frame="towns"), "frames.yml": frames}
    second = {"quay.yml": FILE.format(name="Quay now", place="GB", frame="ports"), "frames.yml": frames}
    visit(site, ("Results vary.",), first)
    visit(site, (), second, said="Skin looks younger after our exosome serum.")
    (then,) = landscape(site, 0).sites
    assert (then.name, then.country, then.frame, then.disclaimers) == ("Quay then", "IE", "towns", True)
    (later,) = landscape(site, 1).sites
    assert (later.name, later.country, later.frame, later.disclaimers) == ("Quay now", "GB", "ports", False)
    assert landscape(site, 0, frame="ports").sites == ()
    assert len(landscape(site, 0, frame="towns", jurisdiction="IE").sites) == 1
    assert [one.state for one in landscape(site, -1).sites] == ["not read"]


def test_a_site_that_the_watchlist_of_then_did_not_hold_is_not_counted(site):
    other = FILE.replace("id: quay", "id: pier").format(name="Pier", place="IE", frame="towns")
    visit(site, (), {"pier.yml": other})
    assert landscape(site, 0).sites == ()
    assert len(landscape(site).sites) == 1
