"""The five real documents the project began with, crawled as five sources. Runs where they lie beside the project."""

import pytest

from tests.e2e.watch import make_watch
from tests.e2e.web import html, served

KINDS = {"seed-0": "journal", "seed-1": "journal", "seed-2": "clinic", "seed-3": "clinic", "seed-4": "clinic"}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    from tests.e2e.conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("the material beside the project is not here")
    pages = {name: {"/": html((SHARED / "seeds" / f"{name}.html").read_text(encoding="utf-8"))} for name in KINDS}
    with served(pages) as web:
        watch = make_watch(
            tmp_path_factory.mktemp("seeds"), web, {name: {"kind": kind} for name, kind in KINDS.items()}, readers=1
        )
        watch.run("crawl", "--all")
        before = len(watch.sql("SELECT id FROM claims")), len(watch.rows("flags"))
        del web.asked[:]
        watch.run("crawl", "--all")
        after = len(watch.sql("SELECT id FROM claims")), len(watch.rows("flags"))
        yield watch, web, before, after


def test_the_first_article_is_a_comparative_study_of_63_people(crawled):
    (study,) = crawled[0].rows("studies", "--source", "seed-0")
    assert study["doi"] == "10.11603/1811-2471.2025.v.i4.15586"
    assert (study["participants"], study["groups"], study["design"]) == (63, [31, 32], "controlled")
    assert study["randomised"] is None
    assert any(result["p"] == "<0.001" for result in study["results"])
    assert {"GAIS", "DLQI"} <= set(study["outcomes"])
    assert any("likert" in outcome.lower() for outcome in study["outcomes"])
    assert "Hanheal" in (study["product"] or "")
    assert "PDRN" in " ".join(study["combination"])


def test_the_russian_article_is_a_review_with_its_references(crawled):
    (study,) = crawled[0].rows("studies", "--source", "seed-1")
    assert study["doi"] == "10.35401/2541-9897-2025-10-4-121-128"
    assert (study["design"], study["language"]) == ("review", "ru")
    assert len(study["references"]) >= 60


def test_journals_are_never_flagged(crawled):
    assert crawled[0].rows("flags", "--source", "seed-0", "--source", "seed-1") == []


def test_the_autologous_page_is_flagged_for_proof_and_safety_and_its_limits_are_statements(crawled):
    quotes = " ".join(row["quote"] for row in crawled[0].rows("flags", "--source", "seed-2"))
    assert "scientifically proven to be effective" in quotes
    assert "safe and non-toxic" in quotes
    told = " ".join(row["quote"] for row in crawled[0].rows("statements", "--source", "seed-2"))
    for words in ("only be used for cosmetic purposes", "not be injected", "medical certifications", "autologous"):
        assert words in told


def test_the_hedged_page_gives_serious_hedged_claims_and_a_flagged_safety_comparison(crawled):
    claims = crawled[0].rows("claims", "--source", "seed-3")
    grave = [c for c in claims if {"alzheimer", "parkinson"} & {x["id"] for x in c["conditions"]}]
    assert grave
    assert {c["stance"] for c in grave} == {"hedged"}
    assert {x["tier"] for c in grave for x in c["conditions"] if x["id"] in ("alzheimer", "parkinson")} == {"serious"}
    flagged = [row["quote"] for row in crawled[0].rows("flags", "--source", "seed-3")]
    assert any("a safer, cell-free, and biologically compatible option" in quote for quote in flagged)


def test_the_doctor_who_declines_is_not_flagged_at_all(crawled):
    watch = crawled[0]
    assert watch.rows("flags", "--source", "seed-4") == []
    (page,) = watch.sql("SELECT attitude FROM v_pages WHERE source = 'seed-4' AND last_fit_at IS NOT NULL")
    assert page["attitude"] == "criticises"
    told = watch.rows("statements", "--source", "seed-4", "--status", "not_approved")
    assert any({"FDA", "EMA", "HPRA"} <= set(row["agencies"]) for row in told)


def test_the_same_web_again_gives_nothing_new(crawled):
    _, web, before, after = crawled
    assert before == after
    pages = [asked for asked in web.asked if asked[1] == "/"]
    assert len(pages) == len(KINDS)
    assert all(status == 304 for _, _, status in pages)


def test_every_quote_stands_in_its_archived_bytes(crawled):
    watch = crawled[0]
    assert "all whole" in watch.run("verify").stdout
