import pytest

from exowatch.model.addresses import page_of, tidy
from exowatch.model.captures import KnownUrl
from exowatch.model.sources import Source
from spiders.frontier import PATTERN_QUOTA, Frontier

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
        ("/экзосомы?q=é", "https://quay.example/%D1%8D%D0%BA%D0%B7%D0%BE%D1%81%D0%BE%D0%BC%D1%8B?q=%C3%A9"),
        ("/%d1%8d b", "https://quay.example/%D1%8D%20b"),
        ("/%7Equay/%41%2fb?q=%e9%41", "https://quay.example/~quay/A%2Fb?q=%E9A"),
        ("HTTPS://Quay.Example:443/a/./b/../c/..", "https://quay.example/a/"),
        ("https://quay.example/../../a", "https://quay.example/a"),
        ("/%2e%2e/a/%2E", "https://quay.example/a/"),
        ("/a..b/.c", "https://quay.example/a..b/.c"),
        ("/a;jsessionid=0A1B?x=1", "https://quay.example/a?x=1"),
        ("/a?sid=0123456789abcdef0123&x=1&PHPSESSID=ab", "https://quay.example/a?x=1"),
        ("/shop/(S(lit3py55t21z5v55vlm25s55))/a.aspx?yclid=1", "https://quay.example/shop/a.aspx"),
        ("/(lit3py55t21z5v55vlm25s55)/a.aspx?cfid=7&cftoken=0123-89ab", "https://quay.example/a.aspx"),
        ("/exosomes_(mesenchymal)/a?sessions=3", "https://quay.example/exosomes_(mesenchymal)/a?sessions=3"),
        ("/a?sid=12&s=exosome", "https://quay.example/a?sid=12&s=exosome"),
        ("https://quay.example:443/a", "https://quay.example/a"),
        ("http://quay.example:8080/a", "http://quay.example:8080/a"),
        ("http://клиника.example/", "http://xn--80apagcdp.example/"),
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
    assert made.too_deep() == [HOME + "treatments/deep"]


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


def test_a_site_as_large_as_its_budget_still_reads_new_links():
    made = frontier(max_pages=8)
    made.start(HOME)
    made.know(KnownUrl(f"{HOME}old/{n}", 1) for n in range(20))
    window = [made.pop(idle=False) for _ in range(10)]
    assert [url for url, _ in filter(None, window)] == [HOME, *(f"{HOME}old/{n}" for n in range(5))]
    made.add(HOME + "contact", depth=1)
    made.add(HOME + "exosomes", depth=1)
    assert made.pop(idle=False) == (HOME + "exosomes", 1)


def test_unseen_links_do_not_crowd_out_known_pages():
    made = frontier(max_pages=12)
    made.know(KnownUrl(f"{HOME}old/{n}", 1) for n in range(20))
    for n in range(20):
        made.add(f"{HOME}exosomes-{n}", depth=1)
    asked = [made.pop()[0] for _ in range(12)]
    assert [url for url in asked if "/old/" in url] == [f"{HOME}old/{n}" for n in range(9)]
    assert made.unread() == 11
    assert len(made.rest()) == 17


def test_known_pages_get_what_links_leave_once_none_can_come():
    made = frontier(max_pages=8)
    made.know(KnownUrl(f"{HOME}old/{n}", 1) for n in range(8))
    assert [made.pop(idle=False) is not None for _ in range(8)] == [True] * 6 + [False] * 2
    assert made.pop(idle=True) == (HOME + "old/6", 1)


def test_a_known_page_keeps_its_depth_and_a_waiting_link_takes_the_shortest_way():
    made = frontier(max_depth=4)
    made.know([KnownUrl(HOME + "old", 3)])
    made.add(HOME + "old", depth=1)
    made.add(HOME + "new", depth=3)
    made.add(HOME + "new", depth=2)
    assert sorted([made.pop(), made.pop()]) == [(HOME + "new", 2), (HOME + "old", 3)]
    assert made.pop() is None
    assert made.depths() == {HOME + "old": 3, HOME + "new": 2}


def test_a_page_whose_depth_nobody_knows_waits_for_a_link_and_opens_nothing_without_one():
    made = frontier(max_depth=4)
    made.start(HOME)
    made.know([KnownUrl(HOME + "linked"), KnownUrl(HOME + "orphan")])
    assert (made.pop(idle=False), made.pop(idle=False)) == ((HOME, 0), None)
    made.add(HOME + "linked", depth=1)
    assert [made.pop(), made.pop()] == [(HOME + "linked", 1), (HOME + "orphan", 4)]
    assert made.depths() == {HOME: 0, HOME + "linked": 1}


def test_known_pages_that_the_watchlist_keeps_out_now_are_told_but_not_where_a_start_page_leads():
    made = frontier(deny=("/old/",))
    made.start(HOME)
    made.know([KnownUrl(url, 1) for url in (HOME + "old/1", HOME + "old/2", "https://other.example/")])
    assert order(made) == [HOME]
    assert made.claim(HOME + "old/2", 0)
    assert {url: why.code for url, why in made.closed().items()} == {
        HOME + "old/1": "denied",
        "https://other.example/": "off-site",
    }


def test_what_a_redirect_led_to_is_not_asked_again():
    made = frontier()
    made.start(HOME)
    made.start(HOME + "en")
    made.know([KnownUrl(HOME + "a", 2), KnownUrl(HOME + "b")])
    made.add(HOME + "c", depth=1)
    assert [made.claim(HOME + path, 1) for path in ("en", "a", "b", "c", "c")] == [True] * 4 + [False]
    assert order(made) == [HOME]
    assert (made.depth_of(HOME + "a", 1), made.depth_of(HOME + "b", 1), made.unread(), made.rest()) == (2, 1, 0, [])


def test_a_known_page_is_asked_for_as_links_are_written_now_and_once():
    made = frontier()
    made.know(
        [KnownUrl(HOME + "%c3%a9", 1), KnownUrl(HOME + "%C3%A9", 1), KnownUrl(HOME + "%7Ea"), KnownUrl(HOME + "~a")]
    )
    assert order(made) == [HOME + "%C3%A9", HOME + "~a"]
    assert made.respelt == {HOME + "%c3%a9": HOME + "%C3%A9", HOME + "%7Ea": HOME + "~a"}


def test_links_beyond_the_quota_are_remembered_as_having_been_there():
    made = frontier(max_pages=1)
    for number in range(PATTERN_QUOTA + 2):
        made.add(f"{HOME}p/{number}", depth=1)
    assert made.too_many() == [f"{HOME}p/{PATTERN_QUOTA}", f"{HOME}p/{PATTERN_QUOTA + 1}"]


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("https://quay.example/?PHPSESSID=0a1b&page#top", "https://quay.example/?page"),
        ("https://quay.example/na%c3%afve;jsessionid=0A1B?utm_source=x", "https://quay.example/na%c3%afve"),
        ("https://quay.example/a?", "https://quay.example/a?"),
    ],
)
def test_a_page_is_named_by_its_address_as_written_without_the_visit(asked, page):
    assert page_of(asked) == page
