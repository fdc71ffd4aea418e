"""An article page by what its head states; a notice marks the article that it names, and not itself."""

import pytest

from exowatch.extract.studies import study_from_page
from exowatch.knowledge.load import load_knowledge
from exowatch.model.titles import title_key
from exowatch.pages.page import read_page

ABSTRACT = (
    "Forty women were randomised to a serum with vesicles or to its base. After twelve weeks wrinkle depth had fallen "
    "by 12 % with the serum and by 3 % with the base (p=0.01). Hydration rose in both. Stinging was noted by two women "
    "in each group. The serum helped for as long as it was used, and nobody withdrew from the trial before its end."
)


def study(head, body="<p>The article.</p>"):
    knowledge = load_knowledge()
    page = read_page(
        f"<html lang=ko><head><title>A page</title>{head}</head><body>{body}</body></html>".encode(),
        url="https://journal.example/article/view/7",
        content_type="text/html; charset=utf-8",
        status=200,
        truncated=None,
        fitness=knowledge.fitness,
    )
    return study_from_page(page, knowledge.studies)


def meta(**values):
    return "".join(f'<meta name="{name.replace("__", ".")}" content="{value}">' for name, value in values.items())


def test_a_notice_marks_the_article_that_it_names_and_not_itself():
    told = study(
        meta(citation_title="Retraction: Vesicles for hair", citation_doi="10.1000/notice"),
        '<p>This article has been retracted. <a href="https://doi.org/10.1000/first">The article</a></p>',
    )
    assert told.notices == (("doi:10.1000/first", "retracted"),)
    assert told.relations == ("retracts",)
    assert not told.retracted


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Expression of Concern: Vesicles for hair", "concern"),
        ("Correction to: Vesicles for hair", "corrected"),
        ("Retraction note to Vesicles for hair", "retracted"),
    ],
)
def test_every_kind_of_notice_is_known_by_its_title(title, kind):
    told = study(meta(citation_title=title, dc__relation="https://doi.org/10.1000/first"))
    assert told.notices == (("doi:10.1000/first", kind),)


def test_a_retracted_article_is_itself_retracted():
    told = study(meta(citation_title="RETRACTED: Vesicles for hair", citation_doi="10.1000/first"))
    assert told.retracted
    assert told.notices == ()


def test_a_correction_of_sight_is_no_notice():
    told = study(meta(citation_title="Correction of scars with vesicles", citation_doi="10.1000/x"))
    assert told.relations == ()


def test_a_notice_that_names_two_articles_marks_none():
    told = study(
        meta(citation_title="Retraction: Vesicles", citation_doi="10.1000/notice"),
        "<p>See 10.1000/first and 10.1000/second.</p>",
    )
    assert told.notices == ()


def test_a_notice_that_gives_no_number_names_its_article_by_title():
    told = study(meta(citation_title="Withdrawal: Vesicles for thinning hair", citation_doi="10.1000/notice"))
    assert told.notices == ((title_key("Vesicles for thinning hair"), "retracted"),)
    assert not told.retracted


def test_a_reinstated_article_is_retracted_no_more():
    told = study(meta(citation_title="REINSTATED: Vesicles for hair", citation_doi="10.1000/first"))
    assert (told.retracted, told.relations) == (False, ("reinstated",))


def test_retraction_of_a_tissue_is_none_of_a_paper():
    told = study(meta(citation_title="Gingival retraction with a gel", citation_doi="10.1000/gum"))
    assert not told.retracted


def test_dublin_core_alone_names_an_article():
    told = study(meta(**{"DC__Title": "Vesicles for hair", "DC__Identifier": "10.1000/dc"}))
    assert told.identifiers == ("doi:10.1000/dc",)


def test_an_abstract_in_the_head_alone_is_read():
    told = study(meta(citation_title="A serum for wrinkles", citation_doi="10.1000/a", citation_abstract=ABSTRACT))
    assert (told.design, told.participants, told.direction) == ("rct", 40, "positive")


def test_an_abstract_is_read_once():
    told = study(
        meta(citation_title="A serum for wrinkles", citation_doi="10.1000/a", citation_abstract=ABSTRACT),
        f"<p>{ABSTRACT}</p>",
    )
    assert len(told.results) == len({one.quote for one in told.results})


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026/02/09", "2026-02-09"),
        ("2026", "2026"),
        ("9 Feb 2026", "2026-02-09"),
        ("February 9, 2026", "2026-02-09"),
        ("February 2026", "2026-02"),
        ("2026/02/30", None),
        ("soon", None),
    ],
)
def test_days_are_kept_as_iso(written, day):
    assert study(meta(citation_title="A serum", citation_date=written)).published_on == day
