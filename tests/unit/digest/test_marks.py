"""Claims marked in their paragraph, and words marked between two wordings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exowatch.digest.marks import QUOTE_LIMIT, Piece, in_context, word_changes


def test_the_claim_is_marked_inside_its_paragraph():
    assert in_context("First. It works.  Last.", "It  works.") == (
        Piece("First. "),
        Piece("It works.", "claim"),
        Piece(" Last."),
    )


def test_a_claim_that_its_paragraph_lacks_stands_alone():
    assert in_context("Something else.", "It works.") == (Piece("It works.", "claim"),)
    assert in_context(None, "It works.") == (Piece("It works.", "claim"),)


def test_a_long_paragraph_is_cut_around_the_claim():
    before, claim, after = in_context("left " * 500 + "It works." + " right" * 500, "It works.")
    assert before.text.startswith("… left")
    assert claim.text == "It works."
    assert after.text.endswith("right …")
    assert len(before.text) + len(after.text) < 600


def test_of_a_quote_that_is_too_long_the_part_that_tells_is_printed():
    filler = "and we are glad to welcome you in our rooms " * 30
    for claim in (f"{filler}while exosomes cure the gout.", f"{filler}exosomes cure the gout, {filler}."):
        (piece,) = in_context(None, claim, ("welcome", "exosomes", "cure", "gout"))
        assert "exosomes cure the gout" in piece.text[:120]
        assert piece.text.startswith("… ")
        assert piece.text.endswith(f"({len(claim):,} characters)")
    (piece,) = in_context(None, f"Exosomes cure the gout, {filler}.", ("Exosomes", "gout"))
    assert piece.text.startswith("Exosomes cure the gout")


def test_words_lost_and_gained_are_marked():
    before, after = word_changes("It may help with hair loss.", "It stops hair loss.")
    assert before == (Piece("It "), Piece("may help with", "removed"), Piece(" hair loss."))
    assert after == (Piece("It "), Piece("stops", "added"), Piece(" hair loss."))


def test_scripts_without_blanks_are_compared_letter_by_letter():
    before, after = word_changes("効果が期待できる", "効果がある")
    assert Piece("効果が") in before
    assert Piece("効果が") in after


@given(st.text(max_size=300), st.text(max_size=300))
def test_marked_pieces_together_are_the_wordings_themselves(before, after):
    from exowatch.digest.safe import plain

    left, right = word_changes(before, after)
    assert "".join(piece.text for piece in left) == plain(before)
    assert "".join(piece.text for piece in right) == plain(after)


def test_a_monstrous_quote_is_printed_in_part():
    (claim,) = in_context("", "x" * 10_000)
    assert len(claim.text) < QUOTE_LIMIT + 50
