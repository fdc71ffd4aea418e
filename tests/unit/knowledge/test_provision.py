import pytest

from exowatch.knowledge.provision import is_official, section_of
from exowatch.model.law import Expects
from exowatch.model.pages import Block, Fitness, Page


def page(*lines, zone="body"):
    blocks = tuple(Block(place, "paragraph", zone, line) for place, line in enumerate(lines))
    return Page("https://law.example/", "text/html", None, "en", blocks, Fitness("ok"), "")


def section(lines, anchor, *terms, **more):
    found = section_of(page(*lines, **more), Expects("https://law.example/", (anchor,), terms))
    return found and found.text


ACT = (
    "Article 9",
    "Fees are due.",
    "Article 90",
    "No remedy is guaranteed.",
    "Article 90a",
    "Fines.",
    "Article 91",
    "End.",
)


def test_a_provision_reaches_from_its_heading_to_the_next():
    assert section(ACT, "Article 90", "guaranteed") == "article 90\nno remedy is guaranteed."


@pytest.mark.parametrize("anchor", ["Article 9", "Article 90a", "Article 91", "Article 900", "Section 90"])
def test_words_under_another_heading_are_not_its_own(anchor):
    assert section(ACT, anchor, "guaranteed") is None


def test_every_key_word_has_to_stand_there():
    assert section(ACT, "Article 90", "guaranteed", "side effects") is None


def test_a_table_of_contents_is_passed_over():
    assert section(("Article 90", "Article 91", *ACT), "Article 90", "guaranteed") is not None


@pytest.mark.parametrize(
    ("lines", "anchor", "term"),
    [
        (("279.—(1) A person may not publish an advertisement.", "280. More"), "279.", "advertisement"),
        (("§ 3 Irreführende Werbung", "Unzulässig ist sie.", "§ 3a"), "§ 3", "unzulässig"),
        (("Стаття 21. Реклама", "лікувальні властивості", "Стаття 22"), "Стаття 21", "лікувальні"),
        (("ANNEX I", "able to cure", "ANNEX II", "more"), "ANNEX I", "CURE"),
        (("Artículo\u00a04.", "cualquier país"), "Artículo 4", "cualquier país"),
        (("11.1  Claims", "human subjects", "11.2 Terms"), "11.1", "human subjects"),
    ],
)
def test_headings_are_found_as_laws_write_them(lines, anchor, term):
    assert section(lines, anchor, term)


def test_rule_eleven_is_not_rule_eleven_point_one():
    assert section(("11.1 Claims on human subjects",), "11", "human subjects") is None


def test_menus_and_notices_are_no_text_of_law():
    assert section(ACT, "Article 90", "guaranteed", zone="nav") is None


def test_how_it_is_set_is_no_change_of_its_text():
    one = section(("Article 90", "No remedy  is GUARANTEED."), "Article 90", "guaranteed")
    assert one == section(("ARTICLE 90", "No remedy is guaranteed."), "Article 90", "guaranteed")


@pytest.mark.parametrize(
    ("url", "official"),
    [
        ("https://www.gazette.example/act", True),
        ("https://gazette.example/act", True),
        ("https://gazette.example.mirror.example/act", False),
        ("https://notgazette.example/act", False),
        ("https://mirror.example/gazette.example/act", False),
        ("https://gazette.example@mirror.example/act", False),
    ],
)
def test_only_official_hosts_count(url, official):
    assert is_official(url, ("gazette.example",)) is official
