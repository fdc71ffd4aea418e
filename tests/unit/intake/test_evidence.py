"""Studies that come, change or are withdrawn move the verdicts of claims they bear on, though the page stood still."""

from dataclasses import replace
from datetime import timedelta

import pytest

from exowatch.assess import asked_keys, assess
from exowatch.errors import SetupError
from exowatch.intake import close_run
from exowatch.intake.evidence import library_for
from exowatch.intake.rederive import rederive
from exowatch.model.findings import Condition, Intervention, Quote, Statement, Study
from exowatch.model.keys import wording_key
from exowatch.model.sources import Source
from exowatch.model.titles import title_key
from exowatch.store.held_evidence import candidates
from exowatch.store.reassessing import unassessed_so_far
from exowatch.store.study_identity import whole
from tests.unit.intake.sites import DAY, claim, make_site

HOME = "https://quay.example/"
HAIR = replace(
    claim("Our adipose exosome injections thicken hair."),
    conditions=(Condition("hair-loss", "hair loss", "cosmetic"),),
    intervention=Intervention("human", ("adipose",), "exosome", "injection"),
    language="en",
)
TRIAL = Study(
    key="doi:10.5555/hair",
    doi="10.5555/hair",
    identifiers=("doi:10.5555/hair",),
    title="Adipose exosome injections for hair loss",
    design="rct",
    subjects="human",
    participants=60,
    material="exosome",
    source="human",
    cells=("adipose stem cells",),
    route="injection",
    conditions=("hair loss",),
    direction="positive",
    level="2",
)


def filler(count, start=0):
    """Studies of something else, so that enough has been searched."""
    names = [f"doi:10.5555/f{start + n}" for n in range(count)]
    other = replace(TRIAL, doi=None, conditions=("atopic dermatitis",))
    return [replace(other, key=name, identifiers=(name,), title=f"Vesicles for eczema, {name}") for name in names]


class Shelf:
    """A clinic's site and two journals on one database."""

    def __init__(self, url):
        self.clinic = make_site(url)
        self.journals = []
        for name in ("annals", "letters"):
            journal = make_site(url)
            journal.source = Source(name, name, "journal", "EU", (f"https://{name}.example/",))
            journal.number = 100 * (len(self.journals) + 1)
            self.journals.append(journal)

    def claims_shown(self, *claims):
        """A visit to the clinic, its claims assessed with what is held then."""
        desk, source = self.clinic.desk, self.clinic.source
        run = self.clinic.begin()
        with desk.store.reading() as db:
            library = library_for(db, claims)
        made = {
            one.key: assess(
                one,
                source=source,
                kind="clinic",
                attitude="promotes",
                jurisdiction="IE",
                evidence=library.for_claim(one),
                knowledge=desk.knowledge,
                as_of=run.started_at,
                search=library.search,
            )
            for one in claims
        }
        self.clinic.show(run, HOME, list(claims), judge=lambda one, _: [made[one.key]])
        close_run(desk, run, {"quay": "finished"})

    def published(self, *studies, journal=0, url=None):
        site = self.journals[journal]
        run = site.begin()
        place = url or f"https://{site.source.id}.example/{site.number}"
        site.show(run, place, list(studies), attitude="neutral", length=site.number)
        close_run(site.desk, run, {site.source.id: "finished"})

    def verdict(self):
        (row,) = [row for row in self.clinic.rows("claims") if row["quote"] == HAIR.quote.text]
        return row["verdict"]

    def told(self):
        return [
            (row["cause"], row["why"]) for row in self.clinic.rows("changes", sort="id") if row["kind"] == "verdict"
        ]


@pytest.fixture
def shelf(database_url):
    made = Shelf(database_url)
    yield made
    for site in (made.clinic, *made.journals):
        site.desk.store.close()


def test_too_few_studies_leave_a_claim_unassessed(shelf):
    shelf.claims_shown(HAIR)
    shelf.published(*filler(3))
    assert shelf.verdict() == "unassessed"


def test_once_enough_is_searched_a_claim_without_evidence_is_unsupported(shelf):
    shelf.claims_shown(HAIR)
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    assert shelf.verdict() == "unsupported"
    ((cause, why),) = shelf.told()
    assert cause == "evidence"
    assert "enough has been searched" in why


def test_a_new_trial_and_its_retraction_move_the_verdict_and_say_why(shelf):
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    shelf.claims_shown(HAIR)
    assert shelf.verdict() == "unsupported"
    shelf.published(TRIAL, url="https://annals.example/trial")
    assert shelf.verdict() == "supported"
    shelf.published(
        replace(TRIAL, retracted=True, title="RETRACTED: " + TRIAL.title), url="https://annals.example/trial"
    )
    assert shelf.verdict() == "unsupported"
    whys = [why for _, why in shelf.told()]
    assert "evidence came: Adipose exosome injections for hair loss" in whys[0]
    assert "evidence retracted" in whys[1]


def test_a_supported_claims_flag_is_withdrawn_with_its_reason_and_raised_again_when_support_falls(shelf):
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    shelf.claims_shown(HAIR)
    shelf.published(TRIAL, url="https://annals.example/trial")
    (flag,) = shelf.clinic.rows("flags")
    assert flag["state"] == "withdrawn"
    shelf.published(replace(TRIAL, retracted=True), url="https://annals.example/trial")
    assert [row["change"] for row in shelf.clinic.rows("flags", sort="id")] == ["baseline", "reassessed"]


def test_the_same_study_met_through_two_sources_is_one(shelf):
    shelf.published(TRIAL)
    named = replace(
        TRIAL, key="pmid:77", doi=None, identifiers=("pmid:77", "doi:10.5555/hair"), registered="NCT09990001"
    )
    shelf.published(named, journal=1)
    with shelf.clinic.desk.store.reading() as db:
        found = candidates(db, ["condition:hair-loss"])
    assert [held.id for _, held in found] == ["doi:10.5555/hair"]
    assert {row["key"] for row in shelf.clinic.rows("studies")} == {"doi:10.5555/hair"}


def test_evidence_of_a_past_day_can_be_had_again(shelf):
    shelf.published(TRIAL, url="https://annals.example/trial")
    at = DAY + timedelta(days=shelf.journals[0].number - 1)
    shelf.published(replace(TRIAL, retracted=True), url="https://annals.example/trial")
    with shelf.clinic.desk.store.reading() as db:
        now, then = candidates(db, asked_keys(HAIR)), candidates(db, asked_keys(HAIR), at)
    assert [held.retracted for _, held in now] == [True]
    assert [held.retracted for _, held in then] == [False]


def test_claims_that_a_study_does_not_bear_on_are_not_touched(shelf):
    eczema = replace(claim("Exosomes may cure psoriasis."), language="en")
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    shelf.claims_shown(HAIR, eczema)
    shelf.published(TRIAL)
    assert [quote for _, quote, _ in shelf.clinic.changes() if "psoriasis" in (quote or "")] == []


def place_of_hair(shelf):
    return next(row["id"] for row in shelf.clinic.rows("claims") if row["quote"] == HAIR.quote.text)


def test_a_verdict_can_be_made_again_as_of_its_day(shelf):
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    shelf.published(TRIAL, url="https://annals.example/trial")
    shelf.claims_shown(HAIR)
    desk = shelf.clinic.desk
    (now,) = rederive(desk, place_of_hair(shelf), None)
    assert (now.stored.verdict, now.made.verdict, now.same) == ("supported", "supported", True)
    assert now.search.studies == 25
    shelf.published(replace(TRIAL, retracted=True), url="https://annals.example/trial")
    (after,) = rederive(desk, place_of_hair(shelf), None)
    assert (after.stored.verdict, after.same) == ("unsupported", True)


def test_a_claim_that_there_is_none_of_is_told(shelf):
    with pytest.raises(SetupError, match="no claim has the number 99"):
        rederive(shelf.clinic.desk, 99, None)


APPROVED = replace(
    claim("Our exosomes are HPRA approved."), kinds=("regulatory",), agencies=("HPRA",), status="approved"
)
DENIED = "There are no HPRA approved exosome products."


def test_a_regulators_words_deny_an_approval_and_their_going_is_told(shelf):
    shelf.claims_shown(APPROVED)
    regulator = shelf.journals[0]
    regulator.source = Source("hpra", "HPRA", "regulator", "IE", ("https://hpra.example/",))
    quote, what = Quote(0, 0, len(DENIED), DENIED), ("not_approved", "exosome products", "IE", "asserted")
    said = Statement(wording_key(DENIED), quote, ("HPRA",), *what)
    for told, verdict in (([said], "contradicted"), ([], "unassessed")):
        run = regulator.begin()
        regulator.show(run, "https://hpra.example/exosomes", told, attitude="neutral", length=regulator.number)
        close_run(regulator.desk, run, {"hpra": "finished"})
        (row,) = shelf.clinic.rows("claims")
        assert row["verdict"] == verdict
    assert [cause for cause, _ in shelf.told()] == ["evidence", "evidence"]


def test_a_position_that_goes_comes_or_is_worded_anew_is_news_of_the_regulator_but_at_baseline(shelf):
    regulator = shelf.journals[0]
    regulator.source = Source("hpra", "HPRA", "regulator", "IE", ("https://hpra.example/",))
    other = "None of the exosome products on the market is approved."
    what = ("not_approved", "exosome products", "IE", "asserted")
    said = {
        words: Statement(wording_key(words), Quote(0, 0, len(words), words), ("HPRA",), *what)
        for words in (DENIED, other)
    }
    for told in ([DENIED], [], [DENIED], [other], [other]):
        run = regulator.begin()
        shown = [said[words] for words in told]
        regulator.show(run, "https://hpra.example/exosomes", shown, attitude="neutral", length=regulator.number)
        close_run(regulator.desk, run, {"hpra": "finished"})
    found = [row for row in regulator.rows("changes", sort="id") if row["kind"] == "position"]
    assert [(row["before"], row["after"]) for row in found] == [(DENIED, None), (None, DENIED), (DENIED, other)]
    assert {(row["subject"], row["cause"]) for row in found} == {("statement", "page")}


def test_no_claim_waits_for_more_to_be_searched_once_enough_is_even_one_of_an_approval(shelf):
    shelf.claims_shown(HAIR, APPROVED)
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    desk = shelf.clinic.desk
    assert [row["verdict"] for row in shelf.clinic.rows("claims", sort="id")] == ["unsupported", "unassessed"]
    with desk.store.reading() as db:
        assert unassessed_so_far(db, desk.knowledge.support) == []


def test_two_records_of_one_answer_that_turn_out_to_be_one_study_become_one(shelf):
    answer = "https://annals.example/search?page=1"
    by_number = replace(TRIAL, key="pmid:77", doi=None, identifiers=("pmid:77",))
    shelf.published(TRIAL, by_number, url=answer)
    assert len(shelf.clinic.rows("studies")) == 2
    shelf.published(replace(TRIAL, identifiers=("doi:10.5555/hair", "pmid:77")), journal=1)
    assert {row["key"] for row in shelf.clinic.rows("studies")} == {"doi:10.5555/hair"}
    with shelf.clinic.desk.store.reading() as db:
        assert [held.id for _, held in candidates(db, ["condition:hair-loss"])] == ["doi:10.5555/hair"]


def test_a_study_that_one_of_its_sources_calls_retracted_is_retracted(shelf):
    shelf.published(TRIAL)
    shelf.published(replace(TRIAL, journal=None, retracted=True), journal=1)
    with shelf.clinic.desk.store.reading() as db:
        ((_, held),) = candidates(db, ["condition:hair-loss"])
    assert held.retracted


NOTICE = Study(
    key="doi:10.5555/hair-notice",
    doi="10.5555/hair-notice",
    identifiers=("doi:10.5555/hair-notice",),
    title="Retraction: Adipose exosome injections for hair loss",
    material="exosome",
    relations=("retracts",),
    notices=(("doi:10.5555/hair", "retracted"),),
)


def test_a_notice_met_elsewhere_retracts_the_study_that_it_names(shelf):
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    shelf.published(TRIAL, url="https://annals.example/trial")
    shelf.claims_shown(HAIR)
    assert shelf.verdict() in ("supported", "partly")
    shelf.published(NOTICE, journal=1)
    assert shelf.verdict() == "unsupported"
    assert "evidence retracted" in shelf.told()[-1][1]
    (row,) = [one for one in shelf.clinic.rows("studies") if one["doi"] == "10.5555/hair"]
    assert row["retracted"]


def test_a_study_that_comes_after_its_notice_is_retracted_from_the_first(shelf):
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    shelf.published(NOTICE, journal=1)
    shelf.claims_shown(HAIR)
    shelf.published(TRIAL, url="https://annals.example/trial")
    assert shelf.verdict() == "unsupported"


def notice(title, *notices, key="doi:10.5555/hair-notice", **more):
    return replace(NOTICE, key=key, doi=key[4:], identifiers=(key,), title=title, notices=notices, **more)


BY_TITLE = tuple((name, "retracted") for name in (title_key(TRIAL.title),))
REINSTATED = notice(
    "Reinstatement: " + TRIAL.title,
    ("doi:10.5555/hair", "reinstated"),
    key="doi:10.5555/again",
    relations=("reinstates",),
)


def marks(shelf, at=None):
    with shelf.clinic.desk.store.reading() as db:
        found = candidates(db, ["condition:hair-loss"], at)
    return [(one.retracted, one.concern) for _, one in found if one.id == TRIAL.key]


def stated_in_view(shelf):
    return [bool(row["retracted"]) for row in shelf.clinic.rows("studies") if row["doi"] == TRIAL.doi]


@pytest.mark.parametrize("notice_first", [False, True])
def test_a_notice_that_gives_only_a_title_marks_the_one_study_that_bears_it(shelf, notice_first):
    told = [TRIAL, notice("Withdrawal: " + TRIAL.title, *BY_TITLE)]
    for one in reversed(told) if notice_first else told:
        shelf.published(one, journal=int(one is not TRIAL))
    assert marks(shelf) == [(True, False)]
    assert stated_in_view(shelf) == [True]


@pytest.mark.parametrize("twin_first", [False, True])
def test_a_title_that_two_studies_bear_marks_neither(shelf, twin_first):
    twin = replace(TRIAL, key="doi:10.5555/twin", doi="10.5555/twin", identifiers=("doi:10.5555/twin",))
    by_title = notice("Retraction: " + TRIAL.title, *BY_TITLE)
    for one in (TRIAL, twin, by_title) if twin_first else (TRIAL, by_title, twin):
        shelf.published(one)
    assert marks(shelf) == [(False, False)]
    assert stated_in_view(shelf) == [False]


def test_a_reinstatement_takes_the_mark_away_and_the_days_between_keep_it(shelf):
    shelf.published(*filler(12))
    shelf.published(*filler(12, 20), journal=1)
    shelf.published(TRIAL, url="https://annals.example/trial")
    shelf.claims_shown(HAIR)
    shelf.published(NOTICE, journal=1)
    assert shelf.verdict() == "unsupported"
    between = DAY + timedelta(days=shelf.journals[1].number - 1)
    shelf.journals[1].number += 1
    shelf.published(REINSTATED, journal=1)
    assert shelf.verdict() == "supported"
    cause, why = shelf.told()[-1]
    assert cause == "evidence"
    assert "evidence reinstated: Adipose" in why
    assert (marks(shelf), marks(shelf, between)) == ([(False, False)], [(True, False)])
    assert stated_in_view(shelf) == [False]


def test_a_record_that_still_says_retracted_does_not_outlive_a_reinstatement(shelf):
    shelf.published(replace(TRIAL, retracted=True, relations=("retracted",)))
    shelf.published(REINSTATED, journal=1)
    assert marks(shelf) == [(False, False)]
    assert stated_in_view(shelf) == [False]


def test_what_was_retracted_again_after_its_reinstatement_is_retracted(shelf):
    shelf.published(TRIAL)
    shelf.published(replace(REINSTATED, published_on="2026-02-01"), journal=1)
    shelf.published(replace(NOTICE, published_on="2026-03"), journal=1)
    assert marks(shelf) == [(True, False)]


def test_an_older_notice_that_is_met_late_does_not_undo_the_reinstatement(shelf):
    shelf.published(TRIAL)
    shelf.published(replace(REINSTATED, published_on="2026-02-01"), journal=1)
    shelf.published(replace(NOTICE, published_on="2026-01-05"), journal=1)
    assert marks(shelf) == [(False, False)]


def test_a_notice_that_is_itself_withdrawn_marks_nothing_any_more(shelf):
    shelf.published(TRIAL)
    shelf.published(NOTICE, journal=1, url="https://letters.example/notice")
    assert marks(shelf) == [(True, False)]
    withdrawn = replace(NOTICE, title="WITHDRAWN: " + NOTICE.title, retracted=True, relations=(), notices=())
    shelf.published(withdrawn, journal=1, url="https://letters.example/notice")
    assert marks(shelf) == [(False, False)]
    assert stated_in_view(shelf) == [False]


def test_a_notice_on_a_notice_withdraws_it(shelf):
    shelf.published(TRIAL)
    shelf.published(NOTICE, journal=1)
    over = ("doi:10.5555/hair-notice", "retracted")
    shelf.published(notice("Withdrawal: the notice", over, key="doi:10.5555/over"), journal=1)
    assert marks(shelf) == [(False, False)]


def test_a_notice_on_a_notice_may_name_it_by_its_title(shelf):
    shelf.published(TRIAL)
    shelf.published(NOTICE, journal=1)
    over = (title_key(NOTICE.title), "retracted")
    shelf.published(notice("Withdrawal: " + NOTICE.title, over, key="doi:10.5555/over"), journal=1)
    assert marks(shelf) == [(False, False)]


def test_a_notice_that_is_known_by_another_number_first_can_still_be_withdrawn(shelf):
    shelf.published(TRIAL)
    by_number = replace(NOTICE, key="pmid:9", doi=None, identifiers=("pmid:9",))
    shelf.published(by_number, NOTICE, journal=1)
    shelf.published(replace(NOTICE, identifiers=("doi:10.5555/hair-notice", "pmid:9")), journal=1)
    over = ("doi:10.5555/hair-notice", "retracted")
    shelf.published(notice("Withdrawal: the notice", over, key="doi:10.5555/over"), journal=1)
    assert marks(shelf) == [(False, False)]


def test_a_notice_that_is_titled_as_its_article_bears_no_title_of_its_own(shelf):
    shelf.published(TRIAL)
    shelf.published(notice("[Retracted] " + TRIAL.title, *BY_TITLE), journal=1)
    assert marks(shelf) == [(True, False)]


def test_the_removal_of_a_concern_leaves_the_study_without_it(shelf):
    shelf.published(TRIAL)
    shelf.published(notice("Expression of concern", ("doi:10.5555/hair", "concern")), journal=1)
    assert marks(shelf) == [(False, True)]
    cleared = ("doi:10.5555/hair", "cleared")
    shelf.published(notice("Removal of expression of concern", cleared, key="doi:10.5555/clear"), journal=1)
    assert marks(shelf) == [(False, False)]


def test_a_correction_is_told_of_the_study_and_takes_nothing_from_it(shelf):
    shelf.published(TRIAL, url="https://annals.example/trial")
    shelf.published(replace(NOTICE, notices=(("doi:10.5555/hair", "corrected"),)), journal=1)
    with shelf.clinic.desk.store.reading() as db:
        study, _ = whole(db, TRIAL.key)
    assert (study.retracted, "corrected" in study.relations) == (False, True)


def test_a_notice_is_no_evidence_of_its_own(shelf):
    shelf.published(NOTICE, journal=1)
    with shelf.clinic.desk.store.reading() as db:
        assert candidates(db, asked_keys(HAIR)) == []


def test_a_trial_that_is_published_anew_is_evidence_though_it_names_the_first(shelf):
    anew = replace(TRIAL, key="doi:10.5555/anew", doi="10.5555/anew", identifiers=("doi:10.5555/anew",))
    shelf.published(replace(anew, notices=(("doi:10.5555/hair", "corrected"),)))
    with shelf.clinic.desk.store.reading() as db:
        assert len(candidates(db, asked_keys(HAIR))) == 1
