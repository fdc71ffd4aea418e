from exowatch.cli.unread import nobody_answers, why_unread
from exowatch.crawl import CrawlSummary, Unread


def ended(unread, counts, failed=None):
    return CrawlSummary(1, counts, tuple(unread if failed is None else failed), unread=unread)


def test_the_commonest_cause_of_a_source_is_told_with_how_often_and_what_helps():
    told = why_unread(ended({"quay": {"http-403": Unread(3), "timeout": Unread(1)}}, {"FAILED": 4}))
    assert told["quay"].startswith("3 of 4 pages not read: HTTP 403; it keeps us out")


def test_a_cause_without_words_of_ours_is_told_in_those_of_the_exchange():
    told = why_unread(ended({"quay": {"refused": Unread(1, "the server refuses connections")}}, {"FAILED": 1}))
    assert told["quay"].startswith("1 page not read: the server refuses connections;")


def test_where_no_site_answers_our_network_is_asked_about():
    away = {"quay": {"dns": Unread(1)}, "pier": {"timeout": Unread(2)}}
    assert len(list(nobody_answers(ended(away, {"FAILED": 3})))) == 1
    assert list(nobody_answers(ended(away, {"FAILED": 3, "READ": 1}))) == []
    assert list(nobody_answers(ended({"quay": {"dns": Unread(1)}}, {"FAILED": 1}))) == []


def test_a_source_that_was_read_whole_is_not_told_of_for_a_page_that_is_gone():
    assert why_unread(ended({"quay": {"gone": Unread(1)}}, {"READ": 9, "UNFIT": 1}, failed=())) == {}
