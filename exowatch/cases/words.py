"""The fixed words of a letter to a trader, as paragraphs with the style each is set in; [brackets] are for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from exowatch.cases.draft import Draft

Paragraph = tuple[str | None, str]
_BULLET = "List Bullet"
_STANDING = (
    "The statement below stood on {pages} open to the public. A program read the page, and a person of ours has looked "
    "at the statement. We take it to be yours, and to be about exosomes or treatments with them. This letter is no "
    "finding that you broke any rule. {law}"
)
_STANDING_MANY = (
    "The {count} statements below stood on {pages} open to the public. A program read the {read}, and a person of ours "
    "has looked at each statement. We take them to be yours, and to be about exosomes or treatments with them. This "
    "letter is no finding that you broke any rule. {law}"
)
_LAW = "Where a provision is named, the statement may engage it; whether it does has still to be verified."
_SIMULATED = (
    "SIMULATED: the pages below were made up, or met under a clock that was set by hand. They are nobody's statements: "
    "do not send this letter."
)
_CLOSED = "The case is closed: open it again before a letter goes out. Take this line out then."
_CORRECTING = (
    "If {which} is not yours, is quoted wrongly, or does not say what we take it to say, write to [contact] and "
    "name case {case}{number}. No form and no lawyer is needed. A person will look at it within [10 working "
    "days] and tell you what was decided and why; the decision is kept beside the statement. On request we send you "
    "the archived copy of the page, so that you can see what was there at the time named."
)


def warnings(made: Draft) -> Iterator[str]:
    """What stands over the letter, for whoever would send it."""
    if made.simulated:
        yield _SIMULATED
    if made.closed:
        yield _CLOSED


def opening(made: Draft) -> Iterator[Paragraph]:
    """From the head of the letter to the first statement."""
    yield from (("Intense Quote", words) for words in warnings(made))
    yield None, "[Name and address of the authority]"
    yield None, f"{made.trader}\n[Address]"
    yield None, f"{_day(made.written_on)}\nOur reference: case {made.case_id} [and yours]"
    one, one_page = made.count == 1, len(made.pages) == 1
    what = "A statement on your web page" if one else f"Statements on your web page{'' if one_page else 's'}"
    yield "Heading 1", f"{what}: request for the substantiation that you hold"
    yield None, "Dear Sir or Madam,"
    pages = "a page that is" if one_page else f"{len(made.pages)} pages that are"
    yield (
        None,
        _STANDING.format(pages=pages, law=_LAW)
        if one
        else _STANDING_MANY.format(count=made.count, pages=pages, read="page" if one_page else "pages", law=_LAW),
    )


def asked_for(made: Draft) -> Iterator[Paragraph]:
    """What we ask for, and by when."""
    due = date.fromisoformat(made.deadline) if made.deadline else None
    by = _day(due) if due and due > made.written_on else "[day]"  # a day that has passed cannot be asked for
    yield "Heading 1", "What we ask of you"
    yield None, f"Please send us, by {by}{'' if made.count == 1 else ', for each number'}:"
    yield (
        _BULLET,
        "the substantiation that you hold: the studies themselves, of the product that you use, given as you give it;",
    )
    yield (
        _BULLET,
        "the name, maker and origin of that product, and its authorisation or registration, where it has one;",
    )
    yield _BULLET, "or, where you hold none, what you will change, and on which day."
    which = "the statement" if made.count == 1 else "a statement"
    yield None, f"If {which} is no longer on your pages, please tell us since when. [What follows if no answer comes.]"


def corrections(made: Draft) -> Iterator[Paragraph]:
    """How an error of ours is corrected."""
    yield "Heading 1", "If we are wrong"
    number = "" if made.count == 1 else " and the number"
    which = "the statement" if made.count == 1 else "a statement"
    yield None, _CORRECTING.format(case=made.case_id, number=number, which=which)


def closing(made: Draft) -> Iterator[Paragraph]:
    """The end."""
    yield None, "Yours faithfully,\n\n[Name, office, signature]"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
