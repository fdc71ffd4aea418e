"""What compose puts where, in which order, and what it leaves out."""

from __future__ import annotations

from exowatch.digest.compose import Rows, compose
from tests.unit.digest.letters import DAY1, DAY2, change, coverage, flag, letter


def ids(rows) -> list[int]:
    return [row["id"] for row in rows]


def test_news_comes_gravest_first_then_new_before_stronger_before_returned_then_by_source():
    rows = Rows(
        flags=[
            flag(id=1, severity="high", change="returned"),
            flag(id=2, severity="medium"),
            flag(id=3, severity="high", source="b"),
            flag(id=4, severity="high", source="a"),
            flag(id=5, severity="critical", change="stronger"),
        ]
    )
    assert ids(compose(rows, letter()).flags) == [5, 4, 3, 1, 2]


def test_flags_below_the_threshold_are_counted_and_not_told():
    digest = compose(Rows(flags=[flag(id=1, severity="low"), flag(id=2, severity="high")]), letter())
    assert ids(digest.flags) == [2]
    assert digest.counts["below_threshold"] == 1
    assert digest.counts["low"] == 1
    assert digest.counts["high"] == 1


def test_a_low_threshold_tells_everything():
    digest = compose(Rows(flags=[flag(severity="low")]), letter(threshold="low"))
    assert len(digest.flags) == 1
    assert digest.counts["below_threshold"] == 0


def test_supported_claims_are_no_news():
    digest = compose(Rows(flags=[flag(verdict="supported")]), letter())
    assert digest.flags == ()
    assert digest.counts["medium"] == 0


def test_the_baseline_queue_is_the_gravest_then_oldest_undecided_as_many_as_asked_for():
    rows = Rows(
        flags=[
            flag(id=1, change="baseline", severity="high", raised_at=DAY2),
            flag(id=2, change="baseline", severity="high", raised_at=DAY1),
            flag(id=3, change="baseline", severity="critical", raised_at=DAY2),
            flag(id=4, change="baseline", severity="critical", review={"reading": "right"}),
            flag(id=5, change="baseline", severity="critical", review="wrong"),
            flag(id=6, change="baseline", severity="low"),
        ]
    )
    digest = compose(rows, letter(baseline_per_day=2))
    assert ids(digest.baseline) == [3, 2]
    assert digest.baseline_count == 3
    assert digest.counts["baseline_below_threshold"] == 1
    assert digest.flags == ()


def test_a_stale_review_waits_again():
    rows = Rows(flags=[flag(change="baseline", review={"reading": "stale"})])
    assert compose(rows, letter()).baseline_count == 1


def test_a_change_told_by_a_flag_gives_it_the_earlier_wording_and_is_not_told_twice():
    rows = Rows(
        flags=[flag(change="stronger", lineage_id=9)],
        changes=[change(kind="stronger", lineage_id=9, before="It may help."), change(kind="gone", lineage_id=8)],
    )
    digest = compose(rows, letter())
    assert digest.flags[0]["before"] == "It may help."
    assert [row["kind"] for row in digest.changes] == ["gone"]


def test_a_change_without_a_lineage_is_known_by_its_source_and_wording():
    told = change(kind="new", before=None, after=flag()["quote"])
    assert compose(Rows(flags=[flag()], changes=[told]), letter()).changes == ()


def test_changes_come_gone_first():
    rows = Rows(changes=[change(kind="reworded"), change(kind="moved"), change(kind="weaker"), change(kind="gone")])
    kinds = [row["kind"] for row in compose(rows, letter()).changes]
    assert kinds == ["gone", "weaker", "moved", "reworded"]


def test_reassessed_flags_stand_apart_and_a_withdrawn_one_is_kept():
    rows = Rows(
        flags=[
            flag(id=1, change="reassessed", verdict="supported", severity=None),
            flag(id=2, change="reassessed", severity="low"),
            flag(id=3, change="reassessed", severity="high"),
        ]
    )
    digest = compose(rows, letter())
    assert ids(digest.reassessed) == [3, 1]
    assert digest.flags == ()


def test_a_letter_holds_what_moved_at_sources_that_address_its_jurisdiction_from_elsewhere():
    rows = Rows(
        changes=[change(source="mesa"), change(source="far")],
        coverage=[
            coverage(source="mesa", jurisdiction="US", audience=["US", "IE"]),
            coverage(source="far", jurisdiction="US", audience=[]),
        ],
        unconfirmed=[{"source": "mesa"}, {"source": "far"}],
        statements=[{"source": "mesa", "jurisdiction": "US", "audience": ["US", "IE"]}, {"jurisdiction": "US"}],
    )
    digest = compose(rows, letter(jurisdiction="IE"))
    told = (digest.changes, digest.coverage, digest.unconfirmed, digest.statements)
    assert [[row["source"] for row in part] for part in told] == [["mesa"]] * 4


def test_a_letter_for_one_jurisdiction_holds_its_flags_and_what_concerns_everybody():
    rows = Rows(
        flags=[flag(id=1, jurisdiction="IE"), flag(id=2, jurisdiction="US", source="mesa")],
        changes=[change(source="harbour-skin"), change(source="mesa")],
        coverage=[
            coverage(),
            coverage(source="mesa", jurisdiction="US"),
            coverage(source="annals", kind="journal", jurisdiction="GB"),
        ],
        statements=[{"jurisdiction": "US"}, {"jurisdiction": None}, {"jurisdiction": "IE"}],
    )
    digest = compose(rows, letter(jurisdiction="IE"))
    assert ids(digest.flags) == [1]
    assert [row["source"] for row in digest.changes] == ["harbour-skin"]
    assert {row["source"] for row in digest.coverage} == {"harbour-skin", "annals"}
    assert [row["jurisdiction"] for row in digest.statements] == [None, "IE"]
