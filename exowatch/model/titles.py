"""What a title says of its own record ("RETRACTED: …"), and that of a notice of another ("Retraction: …").

The words are those of COPE, ICMJE, NISO (CREC) and of the large publishers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from exowatch.model.keys import letters

#: Marks that a notice may set, and what takes each away again.
LIFTS = {"retracted": "reinstated", "concern": "cleared"}
#: What a notice is called as a relation of its own record.
TELLS = {
    "retracted": "retracts",
    "concern": "doubts",
    "corrected": "corrects",
    "reinstated": "reinstates",
    "cleared": "clears",
}
#: A title of fewer letters is borne by too many; of a longer one no more is looked at.
_LETTERS, _LONGEST = 12, 600
#: Where the mark behind a title begins at most.
_TAIL = 60

_CONCERN = r"(?:editorial )?(?:expression|note|notice) of (?:editorial )?concern|editorial concern"
_RETRACTION = (
    r"(?:(?:statement|notice|note) of (?:partial )?(?:retraction|withdrawal)|"
    r"(?:partial |editorial )?(?:retraction|withdrawal)(?: note| notice| statement)?)"
)
_UNDOING = (
    r"(?:retraction|withdrawal|removal|revocation|reversal|rescission|rescinding|lifting|cancellation|resolution)"
)
_OVER = r"(?:removed|lifted|withdrawn|resolved|revoked|rescinded|cancelled|retracted)"
_KINDS = (
    ("cleared", rf"{_UNDOING} of (?:the |an )?(?:{_CONCERN})|(?:{_CONCERN}) {_OVER}"),
    (
        "reinstated",
        rf"(?:notice of )?(?:reinstatement|reinstating)(?: note| notice| statement)?|"
        rf"{_UNDOING} of (?:the |a )?{_RETRACTION}|{_RETRACTION} {_OVER}",
    ),
    ("concern", _CONCERN),
    ("retracted", _RETRACTION),
    ("corrected", r"(?:author |publisher |editorial )?correction|corrigend(?:um|a)|errat(?:um|a)|addendum"),
)
#: A notice names what it is about after a colon, a dash, a quotation mark, or "to".
_NOTICE = re.compile(
    r"^\W*(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS)
    + r")(?:(?: to| for| of| on| regarding)?\s?(?::|\s[-–—]\s|(?=[\"“”‘«])|$)|\s?\bto\b(?::|\s))\s*"
    r"(?:the article\b:?\s*)?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_WITHDRAWN = (
    r"(?:retracted|withdrawn|removed|temporary removal|temporarily removed)(?: (?:article|paper|manuscript|preprint))?"
)
_BACK = r"reinstated(?: article| paper)?"
_BEFORE = re.compile(
    rf"^\s*(?:[\[(【]\s*(?:(?P<retracted>{_WITHDRAWN})|(?P<reinstated>{_BACK}))\s*[\])】]\s*:?|"
    rf"(?:(?P<retracted_>{_WITHDRAWN})|(?P<reinstated_>{_BACK}))\s*(?::|\s[-–—]\s))\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\s*(?:[\[(【]\s*(?:(?P<retracted>{_WITHDRAWN})|(?P<reinstated>{_BACK}))\s*[\])】]|"
    r"\s[-–—]\s(?P<retracted_>RETRACTED|WITHDRAWN))\W*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“«‘]\s*([^\"“”«»]{12,}?)\s*[.,]?[\"”»’](?=\W|$)")
#: After these the notice tells where, by whom or when the article came out.
_ENDS = re.compile(r"\.\s|;\s|\s[\[(]|,?\sby\s(?=[A-Z])|,?\s\bdoi\b|,?\shttps?:|\s[-–—]\s")


def mark_of(title: str) -> str | None:
    """``retracted`` where the title says so of its own record, ``reinstated`` where it says that it is so no more."""
    found = _BEFORE.match(title) or _AFTER.search(title[-_TAIL:])
    return found.lastgroup.rstrip("_") if found and found.lastgroup else None


def notice_of(title: str) -> tuple[str, str] | None:
    """Of a notice's title: retracted, concern, corrected, reinstated or cleared, and the words that name its article.

    None where the title is of no notice. "RETRACTED: …" is the article itself, and "Retraction: …" is not.
    """
    found = _NOTICE.match(title[:_LONGEST])
    if found is None:
        return None
    kind = next(name for name, _ in _KINDS if found[name])
    return kind, found["rest"].strip()


def title_key(title: str) -> str | None:
    """The name of a record by its title alone, whatever marks it bears; None where too short to name one."""
    begun = _BEFORE.sub("", title)
    bare = begun[:-_TAIL] + _AFTER.sub("", begun[-_TAIL:])
    told = letters(bare)
    return f"title:{hashlib.sha256(told.encode()).hexdigest()}" if len(told) >= _LETTERS else None


def named_in(rest: str) -> tuple[str, ...]:
    """The names by title that the words of a notice may mean: all of them, what is quoted, what stands first."""
    return tuple(dict.fromkeys(key for part in _parts(rest) if (key := title_key(part))))


def _parts(rest: str) -> Iterator[str]:
    yield rest
    yield from _QUOTED.findall(rest)
    yield from (rest[: end.start()] for end in _ENDS.finditer(rest))
