from exowatch.changes.suspicion import agree, claims_missing

HELD = {"a", "b", "c", "d", "e"}
TEXT = "\n".join(f"thisisline{number}ofthepage" for number in range(8))


def test_a_page_that_keeps_hardly_any_claim_is_doubted():
    assert claims_missing(HELD, {"a"}, TEXT, TEXT) == "4 of 5 claims are missing, and none came in their place"
    assert claims_missing(HELD, {"a", "b", "c"}, TEXT, TEXT) is None


def test_claims_that_came_in_their_place_are_believed():
    assert claims_missing(HELD, {"new"}, TEXT, "") is None


def test_the_only_claim_of_a_page_may_go_where_its_text_stays():
    assert claims_missing({"a"}, set(), TEXT, TEXT) is None
    assert "0 of 8 lines" in (claims_missing({"a"}, set(), TEXT, "pleaselogin") or "")


def test_a_page_that_held_no_claim_cannot_miss_one():
    assert claims_missing(set(), set(), TEXT, "") is None


def test_looks_agree_though_a_counter_grew():
    assert agree("en:4", "en:5")
    assert not agree("en:4", "de:4")
    assert not agree("en:4", "en:9")
    assert not agree(None, "en:4")
