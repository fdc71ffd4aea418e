"""The articles among the five real documents are read as what they are. Runs where they lie beside the project."""

from pathlib import Path

import pytest

from exowatch.extract.studies import study_from_page
from exowatch.knowledge.load import load_knowledge
from exowatch.pages.page import read_page

SEEDS = Path(__file__).parents[5] / "shared" / "seeds"


def seed(name):
    path = SEEDS / f"{name}.html"
    if not path.exists():
        pytest.skip("the material beside the project is not here")
    knowledge = load_knowledge()
    page = read_page(
        path.read_bytes(),
        url=f"https://a.example/{name}",
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=knowledge.fitness,
    )
    return study_from_page(page, knowledge.studies)


def test_two_regimens_in_63_people_are_a_controlled_study():
    study = seed("seed-0")
    assert study is not None
    assert (study.design, study.subjects, study.participants, study.groups) == ("controlled", "human", 63, (31, 32))
    assert (study.material, study.direction) == ("exosome", "positive")
    assert study.product is not None
    assert "Hanheal" in study.product
    assert "PDRN" in study.combination
    assert {"GAIS", "DLQI", "Likert"} <= set(study.outcomes)
    assert study.level == "3"


def test_the_overview_is_a_review():
    study = seed("seed-1")
    assert study is not None
    assert (study.design, study.language, study.participants) == ("review", "ru", None)


@pytest.mark.parametrize("name", ["seed-2", "seed-3", "seed-4"])
def test_clinic_pages_are_no_studies(name):
    assert seed(name) is None
