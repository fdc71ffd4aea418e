"""A text in its clauses, and what a conclusion comes to: its first sentence that says anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from exowatch.extract.study.sign import sign_of
from exowatch.knowledge.studies import StudyRules

Closing = Literal["positive", "negative", "null", "mixed"]
CLAUSE = re.compile(r";(?![^()]*\))|(?<=[a-z)%]),? (?:but|whereas|while|although)\b|: ")
#: What others should do or found says nothing of what came of this study.
_CALLED_FOR = re.compile(
    r"\b(?:(?:is|are|be|still) (?:needed|required|warranted|awaited)|should (?:be (?:studied|confirmed|tested)|await|"
    r"follow))\b",
    re.IGNORECASE,
)
#: What may have misled, said at the end, is a limit and no result.
_CAVEAT = re.compile(
    r"\b(?:confound\w*|undetected|allocat\w+|randomi[sz]\w+|selection|regression to the mean|natural course|"
    r"spontaneous\w*|"
    r"by itself|recall|bias\w*|small (?:sample|number)|single[\s-]cent\w+|retrospective)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\W*(?:but|however|yet|nevertheless|nonetheless|still|on the other hand|conversely)\b", re.IGNORECASE
)


def closing_of(sentences: Sequence[str], rules: StudyRules) -> Closing | None:
    """What the conclusion comes to: its first sentence that says anything, and mixed where that one grants and denies.

    A later sentence counts where it turns against the first ("However, …").
    """
    first: Closing | None = None
    for text in sentences:
        told = [one for one in CLAUSE.split(text) if not (_CALLED_FOR.search(one) or _CAVEAT.search(one))]
        signs = {sign for clause in told if (sign := sign_of(clause, rules))}
        if not signs:
            continue
        here: Closing = "mixed" if {"positive", "null"} <= signs else "negative" if "negative" in signs else signs.pop()
        if first is None:
            first = here
        elif here != first and _AGAINST.match(text):
            return "mixed"
    return first
