"""Claims of pages like the first documents assessed, and of those themselves where they lie beside the project."""

from datetime import UTC, datetime

import pytest

from exowatch.assess import asked_keys, assess, evidence_of, index_keys
from exowatch.extract.study import study_from_text
from exowatch.knowledge.load import load_knowledge
from exowatch.model.readings import Search
from exowatch.model.sources import Source
from exowatch.pages.page import read_page
from exowatch.reading import reading_of

KNOWLEDGE = load_knowledge()
NOW = datetime(2026, 11, 26, tzinfo=UTC)
SEARCH = Search(40, ("europepmc", "journal"), "2026-11-25")
ABSTRACT = (
    "The aim was to see what Hanheal exosomes do to the skin, alone and with polynucleotides (PDRN). Methods. "
    "Sixty-three patients took part in two groups: 31 were given injections of exosomes of mesenchymal stem cells "
    "(Hanheal) and 32 exosomes with PDRN. Results. Skin elasticity and density improved in both groups (p<0.001)."
)
INJECTED = "<h1>Exosome injections</h1><p>Our intradermal exosome injections improve skin elasticity.</p>"
AUTOLOGOUS = (
    "<h1>Exosomes of your own blood</h1><p>Autologous exosomes are scientifically proven to be effective and renew "
    "human tissue.</p>"
)


def page_of(body, kind="clinic"):
    source = Source("a", "a", kind, "IE", ("https://a.example/",))
    page = read_page(
        body,
        url="https://a.example/",
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=KNOWLEDGE.fitness,
    )
    return source, reading_of(page, source, "c", KNOWLEDGE)


def judged(body, words, studies):
    """What is made of the claim with these words, by those of the studies that its keys find."""
    source, reading = page_of(f"<html lang=en><body>{body}</body></html>".encode() if isinstance(body, str) else body)
    claim = next(one for one in reading.claims if words in one.quote.text)
    held = [evidence_of(study) for study in studies]
    asked = set(asked_keys(claim))
    return assess(
        claim,
        source=source,
        kind=reading.kind,
        attitude=reading.attitude,
        jurisdiction="IE",
        evidence=[one for one in held if asked & set(index_keys(one, KNOWLEDGE))],
        knowledge=KNOWLEDGE,
        as_of=NOW,
        search=SEARCH,
    )


@pytest.fixture
def of_hanheal():
    return study_from_text(ABSTRACT, "Hanheal exosomes and ageing skin", "en", KNOWLEDGE.studies)


@pytest.fixture
def first_article():
    from tests.e2e.conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("the material beside the project is not here")
    _, reading = page_of((SHARED / "seeds/seed-0.html").read_bytes(), "journal")
    return reading.studies[0]


@pytest.mark.parametrize("study", ["of_hanheal", "first_article"])
def test_a_study_without_untreated_people_is_partial_evidence_with_its_limits(study, request):
    told = judged(INJECTED, "improve skin elasticity", [request.getfixturevalue(study)])
    (bears,) = told.bearings
    assert (told.verdict, bears.verdict, bears.mismatches) == ("partly", "partly", ())
    assert told.flag
    for limit in ("63 participants", "no untreated control", "Hanheal", "PDRN"):
        assert limit in bears.words


def test_proof_that_a_page_asserts_is_unsupported_with_its_search(of_hanheal):
    told = judged(AUTOLOGOUS, "scientifically proven", [of_hanheal])
    assert told.verdict in ("unsupported", "contradicted")
    assert "40 studies from 2 sources" in " ".join(reason.words for reason in told.reasons)
    (bears,) = told.bearings
    assert "the claim says more (“scientifically proven”)" in bears.words
    assert "63 participants" in bears.words


def test_the_autologous_seeds_proof_is_unsupported_and_says_why_the_study_does_not_reach(first_article):
    from tests.e2e.conftest import SHARED

    body = (SHARED / "seeds/seed-2.html").read_bytes()
    told = judged(body, "scientifically proven to be effective", [first_article])
    assert told.verdict in ("unsupported", "contradicted")
    assert told.flag
    assert [one.evidence_id for one in told.bearings] == [first_article.key]
    # the same sentence calls it safe as well as proven
    assert "it does not tell of harm" in told.bearings[0].words
    assert "63 participants" in told.bearings[0].words
