"""Titles of notices and of what they are about."""

import pytest

from exowatch.model.titles import mark_of, named_in, notice_of, title_key

HAIR = "Vesicles for thinning hair in women"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Retraction: {}", "retracted"),
        ("Withdrawal: {}", "retracted"),
        ("Notice of Withdrawal: {}", "retracted"),
        ("Retraction Note to: {}", "retracted"),
        ("Retraction notice to “{}” [J Hair 3 (2021) 5]", "retracted"),
        ("Retraction: {}. J Hair 2021;3:1", "retracted"),
        ("Retraction: {} by A. Smith", "retracted"),
        ("Editorial Expression of Concern: {}", "concern"),
        ("Correction to: {}", "corrected"),
        ("Erratum to the article: {}", "corrected"),
        ("Reinstatement: {}", "reinstated"),
        ("Retraction of Retraction: {}", "reinstated"),
        ("Withdrawal of retraction notice: {}", "reinstated"),
        ("Removal of Expression of Concern: {}", "cleared"),
        ("Expression of concern lifted: {}", "cleared"),
    ],
)
def test_a_notice_says_what_of_whom(title, kind):
    told, rest = notice_of(title.format(HAIR))
    assert told == kind
    assert title_key(HAIR) in named_in(rest)


@pytest.mark.parametrize(
    "title",
    [
        "Retraction of the eyelid after surgery",
        "Withdrawal of opioids in men",
        "Withdrawal symptoms after steroids",
        "Correction of scars with vesicles",
        "Correction-factor methods for vesicle counts",
        "Removal of tattoos: a trial",
        "Concern: what patients fear",
        f"RETRACTED: {HAIR}",
    ],
)
def test_what_is_no_notice_is_none(title):
    assert notice_of(title) is None


@pytest.mark.parametrize(
    ("title", "mark"),
    [
        ("RETRACTED: {}", "retracted"),
        ("RETRACTED ARTICLE: {}", "retracted"),
        ("Withdrawn: {}", "retracted"),
        ("[Retracted] {}", "retracted"),
        ("{} (Withdrawn)", "retracted"),
        ("{} - RETRACTED", "retracted"),
        ("Temporary Removal: {}", "retracted"),
        ("REINSTATED: {}", "reinstated"),
    ],
)
def test_a_record_bears_its_mark_and_keeps_its_name(title, mark):
    assert mark_of(title.format(HAIR)) == mark
    assert title_key(title.format(HAIR)) == title_key(HAIR)


@pytest.mark.parametrize("title", ["Retracted lids in Graves disease", HAIR, f"Retraction: {HAIR}"])
def test_other_titles_bear_none(title):
    assert mark_of(title) is None


def test_a_name_is_of_the_letters_alone_and_too_short_a_title_names_nothing():
    assert title_key("Vesicles, for thinning  hair - in women.") == title_key(HAIR)
    assert title_key("Editorial") is None
