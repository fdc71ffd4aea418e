"""What compose puts where, in which order, and what it leaves out."""

from __future__ import annotations

import pytest

from exowatch.digest.compose import Rows, compose
from exowatch.digest.sheet import lay_out
from exowatch.model.changes import Subscription
from tests.unit.digest.letters import DAY1, DAY2, EVENING, change, coverage, flag, letter


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
    digest = compose(Rows(flags=[flag(severity="low")]), letter(wanted=Subscription(threshold="low")))
    assert len(digest.flags) == 1
    assert digest.counts["below_threshold"] == 0


def test_supported_claims_are_no_news():
    digest = compose(Rows(flags=[flag(verdict="supported")]), letter())
    assert digest.flags == ()
    assert digest.counts["medium"] == 0


def test_the_baseline_queue_is_the_gravest_then_oldest_undecided_as_many_as_asked_for():
    rows = Rows(
        flags=[
            flag(id=1, change="baseline", severity="high", raised_at=DAY2, url="https://a.example/1"),
            flag(id=2, change="baseline", severity="high", raised_at=DAY1, url="https://a.example/2"),
            flag(id=3, change="baseline", severity="critical", raised_at=DAY2, url="https://a.example/3"),
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


def test_what_was_most_likely_read_rightly_comes_first_in_the_baseline_queue():
    rows = Rows(
        flags=[
            flag(id=n, change="baseline", severity=severity, certainty=certainty, url=f"https://a.example/{n}")
            for n, severity, certainty in (
                (1, "critical", 0.4),
                (2, "critical", 0.8),
                (3, "high", 0.99),
                (4, "critical", 0.97),
                (5, "high", None),
            )
        ]
    )
    assert ids(compose(rows, letter()).baseline) == [4, 3, 5, 2, 1]


def test_a_stale_review_waits_again():
    rows = Rows(flags=[flag(change="baseline", severity="high", review="right", wording="stale")])
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


def test_news_that_was_withdrawn_and_raised_again_in_one_window_is_told_as_news():
    rows = Rows(
        flags=[
            flag(id=1, lineage_id=5, state="withdrawn"),
            flag(id=2, lineage_id=5, change="reassessed", severity="high"),
            flag(id=3, lineage_id=6, change="reassessed"),
            flag(id=4, lineage_id=7, state="withdrawn"),
            flag(id=5, lineage_id=7, change="reassessed", state="withdrawn"),
        ]
    )
    digest = compose(rows, letter())
    assert [(row["id"], row["change"]) for row in digest.flags] == [(2, "new")]
    assert digest.counts["high"] == 1
    assert ids(digest.reassessed) == [3, 5]


def test_news_that_was_settled_before_the_letter_is_counted():
    rows = Rows(
        flags=[
            flag(id=1, lineage_id=1),
            flag(id=2, lineage_id=2, review="right", action="act"),
            flag(id=3, lineage_id=3, review="wrong", state="closed"),
            flag(id=4, lineage_id=4, state="withdrawn"),
            flag(id=5, lineage_id=5, verdict="supported"),
            flag(id=6, lineage_id=6, change="baseline", review="right", action="act"),
        ]
    )
    digest = compose(rows, letter())
    assert ids(digest.flags) == [1]
    assert (digest.counts["decided_before"], digest.counts["withdrawn"]) == (2, 2)
    held = lay_out(digest).held_back
    assert "2 new or stronger flags that a person had decided on before this letter." in held
    assert "2 new or stronger flags withdrawn before this letter: evidence supports them." in held


def test_a_grave_flag_that_was_judged_anew_is_to_be_decided():
    rows = Rows(
        flags=[
            flag(id=1, change="reassessed", severity="critical"),
            flag(id=2, change="reassessed", severity="high", state="withdrawn"),
            flag(id=3, change="reassessed", severity="high", review="right"),
            flag(id=4, change="reassessed", severity="medium"),
        ]
    )
    assert "To decide: 1 critical or high flag." in lay_out(compose(rows, letter())).needs


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
    digest = compose(rows, letter(wanted=Subscription(jurisdictions=("IE",))))
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
    digest = compose(rows, letter(wanted=Subscription(jurisdictions=("IE",))))
    assert ids(digest.flags) == [1]
    assert [row["source"] for row in digest.changes] == ["harbour-skin"]
    assert {row["source"] for row in digest.coverage} == {"harbour-skin", "annals"}
    assert [row["jurisdiction"] for row in digest.statements] == [None, "IE"]


def inventory(*numbers, **given):
    return [
        flag(id=number, change="baseline", severity="high", url=f"https://a.example/{number}", **given)
        for number in numbers
    ]


def test_each_letter_goes_on_with_the_inventory_where_the_one_before_ended():
    rows = Rows(flags=inventory(1, 2, 3))
    first = compose(rows, letter(baseline_per_day=2))
    second = compose(rows, letter(baseline_per_day=2, shown=first.shown))
    assert (ids(first.baseline), ids(second.baseline)) == ([1, 2], [3])


def test_what_nobody_decided_comes_again_once_all_of_the_inventory_was_shown():
    rows = Rows(flags=inventory(1, 2))
    assert ids(compose(rows, letter(shown=(1, 2))).baseline) == [1, 2]


def test_an_entry_of_the_inventory_is_a_page_with_all_of_its_flags():
    page = {"url": "https://a.example/one"}
    rows = Rows(flags=[flag(id=n, change="baseline", severity="critical", **page) for n in range(1, 8)])
    digest = compose(rows, letter(baseline_per_day=1))
    assert (len(digest.baseline), digest.baseline_count) == (7, 1)


def test_the_inventory_counts_down_to_nought_as_people_decide():
    rows = Rows(flags=[*inventory(1, review="right"), *inventory(2, review="wrong")])
    digest = compose(rows, letter())
    assert (digest.baseline, digest.baseline_count) == ((), 0)


def test_the_same_text_on_several_sites_is_told_once_with_the_others_beside_it():
    rows = Rows(
        flags=[
            flag(id=1, source="a", group_id=5, claim_key="k"),
            flag(id=2, source="b", group_id=5, claim_key="k"),
            flag(id=3, source="b", group_id=6, claim_key="k"),
        ]
    )
    told = compose(rows, letter()).flags
    assert ids(told) == [1, 3]
    assert [one["source"] for one in told[0]["also"]] == ["b"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Subscription(), [1, 2, 3]),
        (Subscription(jurisdictions=("GB", "US")), [2, 3]),
        (Subscription(kinds=("disease",)), [2]),
        (Subscription(languages=("de",)), [3]),
        (Subscription(threshold="high"), []),
    ],
)
def test_a_reader_is_told_what_was_asked_for(wanted, expected):
    rows = Rows(
        flags=[
            flag(id=1, jurisdiction="IE"),
            flag(id=2, jurisdiction="GB", kinds=["disease"], lineage_id=2),
            flag(id=3, jurisdiction="US", language="de", lineage_id=3),
        ]
    )
    assert sorted(ids(compose(rows, letter(wanted=wanted)).flags)) == expected


def test_equal_wishes_have_one_digest_whatever_their_order():
    one, other = Subscription(jurisdictions=("IE", "GB")), Subscription(jurisdictions=("GB", "IE"))
    assert one.digest == other.digest != Subscription(jurisdictions=("IE",)).digest


def test_what_a_visitor_sees_and_a_trader_says_outright_comes_before_the_rest_of_its_severity():
    rows = Rows(
        flags=[
            flag(id=1, visible="no"),
            flag(id=2, stance="hedged", lineage_id=2),
            flag(id=3, lineage_id=3),
            flag(id=4, verdict="contradicted", lineage_id=4),
        ]
    )
    assert ids(compose(rows, letter()).flags)[:2] == [4, 3]


@pytest.mark.parametrize(
    ("places", "readers"),
    [(["IE"], ["IE", None]), (["US", "IE"], ["IE", "US", None]), ([], ["IE", "US", "GB", None])],
)
def test_a_step_in_a_case_is_told_to_whom_it_concerns_and_to_all_where_nobody_knows(places, readers):
    due = {"case": 1, "trader": "Quay Ltd", "status": "contacted", "words": "due", "source": None, "url": None}
    rows = Rows(cases=[due | {"jurisdictions": places}], coverage=[coverage()])
    wishes = {None: Subscription(), **{one: Subscription(jurisdictions=(one,)) for one in ("IE", "US", "GB")}}
    told = {name for name, wanted in wishes.items() if compose(rows, letter(wanted=wanted)).cases}
    assert told == set(readers)


def test_a_change_after_a_decision_is_told_with_the_decision():
    decision = {"reading": "right", "action": "act", "by": "A. Reader", "at": DAY1, "flag": 3}
    rows = Rows(changes=[change(kind="gone", after=None, decided=decision), change(kind="weaker", id=8)])
    digest = compose(rows, letter())
    assert [row["kind"] for row in digest.decided] == ["gone"]
    assert [row["kind"] for row in digest.changes] == ["weaker"]


def test_sites_that_keep_us_out_are_counted_by_what_keeps_us_out():
    out = {"source": "harbour-skin", "result": "UNFIT", "code": "challenge", "at": EVENING}
    rows = Rows(
        coverage=[coverage()], outcomes=[out | {"url": "https://a.example/1"}, out | {"url": "https://a.example/2"}]
    )
    assert [(one["code"], one["pages"]) for one in compose(rows, letter()).refusing] == [("challenge", 2)]


def test_the_last_thirty_days_are_counted_with_days_without_any():
    rows = Rows(days=[{"raised_at": DAY2, "severity": "high"}, {"raised_at": DAY1, "severity": "low"}])
    days = compose(rows, letter()).days
    assert (len(days), days[-1]["high"], days[-2]["low"], days[0]["high"]) == (30, 1, 1, 0)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "Pacific/Kiritimati"])
def test_the_chart_ends_with_the_day_of_the_letter_on_the_readers_clock(zone):
    late = EVENING.replace(hour=23)
    rows = Rows(days=[{"raised_at": late.isoformat(), "severity": "high"}, {"raised_at": late, "severity": "low"}])
    days = compose(rows, letter(until=late, zone=zone)).days
    assert days[-1]["day"] == ("2026-11-24" if zone == "UTC" else "2026-11-25")
    assert (days[-1]["high"], days[-1]["low"]) == (1, 1)


def test_news_is_counted_by_jurisdiction_gravest_first():
    rows = Rows(flags=[flag(id=1, jurisdiction="IE"), flag(id=2, jurisdiction="GB", severity="critical", lineage_id=2)])
    assert [one["jurisdiction"] for one in compose(rows, letter()).places] == ["GB", "IE"]


def test_what_moved_in_a_case_is_told_there_alone_and_before_what_was_there_when_we_began():
    moved = change(
        id=5, kind="weaker", lineage_id=9, decided={"flag": 7, "reading": "right", "action": "act", "at": DAY1}
    )
    other = moved | {"id": 6, "lineage_id": 10, "decided": moved["decided"] | {"flag": 8}}
    line = {
        "case": 1,
        "trader": "Quay",
        "status": "contacted",
        "flag": 7,
        "before": "It cures.",
        "after": "It may cure.",
    }
    inventory = flag(id=3, change="baseline", severity="high")
    digest = compose(Rows(changes=[moved, other], cases=[line], flags=[inventory], coverage=[coverage()]), letter())
    sheet = lay_out(digest)
    assert [part.title for part in sheet.parts][:3] == [
        "Your cases",
        "Moved since a decision",
        "Already there when we began",
    ]
    yours, decided = sheet.parts[:2]
    assert [piece.mark for piece in yours.moves[0].after if piece.mark] == ["added"]
    assert ["flag 8" in move.words for move in decided.moves] == [True]
    assert "2 whose words moved after a decision" in sheet.needs
