import pytest

from exowatch.model.sources import Source
from spiders.frontier import PATTERN_QUOTA, Frontier, tidy

HOME = "https://quay.example/"


def frontier(**facts):
    return Frontier(Source("quay", "Quay", facts.pop("kind", "clinic"), "IE", (HOME,), **facts))


def order(made):
    found = []
    while (one := made.pop()) is not None:
        found.append(one[0])
    return found


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("/a#part", "https://quay.example/a"),
        ("b?utm_source=x&id=3", "https://quay.example/b?id=3"),
        ("//other.example/x", "https://other.example/x"),
        ("mailto:a@quay.example", None),
        ("javascript:void(0)", None),
        ("/photo.JPG", None),
        ("/paper.pdf", "https://quay.example/paper.pdf"),
        ("http://[bad", None),
        ("http://[2001:db8::1]:8080/v6", "http://[2001:db8::1]:8080/v6"),
        ("/a?x=1;y=2", "https://quay.example/a?x=1;y=2"),
        ("/a?q=caf%E9&gclid=1", "https://quay.example/a?q=caf%E9"),
        ("/a?page", "https://quay.example/a?page"),
        ("/" + "x" * 2000, None),
    ],
)
def test_a_link_is_made_whole_or_left_aside(link, whole):
    assert tidy(HOME, link) == whole


def test_pages_about_exosomes_come_first_and_legal_pages_last():
    made = frontier()
    for path in ("privacy", "contact", "skin-treatments", "exosomes"):
        made.add(HOME + path, depth=1)
    assert [url.removeprefix(HOME) for url in order(made)] == ["exosomes", "skin-treatments", "contact", "privacy"]


def test_the_words_of_a_link_count_too():
    made = frontier()
    made.add(HOME + "p/1", depth=1)
    made.add(HOME + "p/2", "Экзосомы для лица", depth=1)
    assert order(made)[0].endswith("/2")


def test_each_url_is_asked_for_once_and_other_sites_never():
    made = frontier()
    for url in (HOME + "a", HOME + "a", "https://other.example/a", "https://www.quay.example/b"):
        made.add(url)
    assert len(order(made)) == 2


def test_allow_deny_and_depth_keep_pages_out():
    made = frontier(allow=("/treatments/",), deny=("/treatments/old",), max_depth=1)
    made.add(HOME + "treatments/a", depth=1)
    made.add(HOME + "treatments/old-a", depth=1)
    made.add(HOME + "about", depth=1)
    made.add(HOME + "treatments/deep", depth=2)
    assert order(made) == [HOME + "treatments/a"]
    assert made.too_deep == [HOME + "treatments/deep"]


def test_an_endless_calendar_is_cut_short():
    made = frontier(max_pages=10_000)
    for day in range(PATTERN_QUOTA * 2):
        made.add(f"{HOME}calendar?day={day}", depth=1)
    assert len(order(made)) == PATTERN_QUOTA


def test_a_journal_puts_its_articles_before_its_pages_about_itself():
    made = frontier(kind="journal")
    made.add(HOME + "about/board", depth=1)
    made.add(HOME + "article/view/12", depth=1)
    assert order(made)[0].endswith("/12")
