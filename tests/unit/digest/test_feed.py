"""The Atom feed of letters."""

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from exowatch.digest.compose import Rows, compose
from exowatch.digest.feed import MOST, as_feed
from exowatch.digest.wording import NOTICE
from tests.unit.digest.letters import busy, flag, letter, quiet


def test_the_newest_letter_comes_first_and_a_reader_takes_the_feed():
    told = feedparser.parse(as_feed([(1, quiet()), (2, busy())]))
    assert not told.bozo
    assert [entry.id for entry in told.entries] == ["urn:exowatch:exowatch:letter:2", "urn:exowatch:exowatch:letter:1"]
    assert NOTICE in told.entries[0].content[0].value


def test_a_feed_holds_no_more_than_the_newest_letters():
    assert len(feedparser.parse(as_feed([(n, quiet()) for n in range(MOST + 5)])).entries) == MOST


def test_no_letter_makes_an_empty_feed():
    assert feedparser.parse(as_feed([])).entries == []


@given(st.text(max_size=60))
def test_whatever_stands_on_a_page_is_text_in_a_feed(words):
    rows = Rows(flags=[flag(quote=words, context=words, trader=words, page_title=words)])
    made = as_feed([(1, compose(rows, letter()))])
    assert b"<script" not in made
    assert not feedparser.parse(made).bozo
