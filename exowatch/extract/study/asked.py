"""What a study asked: whether it is safe, two things at once, or whether it is no worse than a treatment in use."""

from __future__ import annotations

import re

from exowatch.extract.study.parts import Parts

_SAFETY_ALONE = re.compile(
    r"\b(?:concerned with|about|question(?: asked)? was|endpoint was|end point was|outcome was|endpoints were|"
    r"aim was|designed (?:to test|for)|"
    r"primary (?:end ?point|outcome)s? (?:was|were)) (?:\w+ ){0,3}?(?:safety|tolerab\w+|toxicity|dose-limiting|"
    r"(?:rate|incidence|number|occurrence|frequency) of (?:\w+ )?(?:dose-limiting|adverse|serious|toxic\w*)|"
    r"adverse|side effects|"
    r"feasibility)\b|\bprimary (?:end ?point|outcome) of (?:safety|tolerability)\b|\bsafety and nothing else\b|"
    r"\b(?:efficacy|effect|effectiveness) was not (?:an|the|"
    r"a)?\s?(?:end ?point|objective|aim|question|asked|"
    r"assessed|studied|measured|looked)",
    re.IGNORECASE,
)
_NONE_HARMED = re.compile(
    r"\b(?:none (?:happened|occurred|was seen)|no (?:dose-limiting|serious|severe|grade 3|treatment-related|"
    r"adverse|toxicit\w+|reaction|sensiti)\w*|"
    r"not reached|well tolerated|tolerated|safe|stayed in range|uneventful|without (?:incident|harm|adverse|serious))",
    re.IGNORECASE,
)
_TWO_ASKED = re.compile(
    r"\bco-?primar\w+|\b(?:two|both|dual|three) (?:\w+ )?(?:primary )?(?:endpoints|end points|outcomes|questions|"
    r"things|aims|measures|virtues|"
    r"promises|claims)\b|\bof equal rank\b|\bone of the two\b",
    re.IGNORECASE,
)
#: Whether what is no worse was shown to be so.
NI_MET = re.compile(
    r"\b(?:within|above|below|inside|exclud\w+|did not cross|not cross\w*|clear of) (?:\w+ ){0,4}?(?:margin|limit)|"
    r"\b(?:margin|limit)\b[^.]{0,60}\b(?:met|satisfied|respected|excluded|not crossed|not reached)|"
    r"\b(?:non-?inferior\w*|equivalen\w+)\b[^.]{0,40}\b(?:was|were|is|could be|has been)?\s?(?:shown|met|"
    r"established|demonstrated|confirmed|"
    r"concluded|proven|declared|achieved)|\b(?:was|were|is|proved|proves) (?:statistically )?(?:non-?inferior|"
    r"not inferior|equivalent)",
    re.IGNORECASE,
)
NI_MISSED = re.compile(
    r"\bnon-?inferior\w*[^.]{0,40}\b(?:not|could not|failed|missed)|\b(?:not|failed|missed|"
    r"could not)\b[^.]{0,40}\bnon-?inferior|"
    r"\b(?:cross\w+|exceed\w+|beyond|outside) (?:\w+ ){0,4}?(?:margin|limit)(?<!not cross)",
    re.IGNORECASE,
)


def safety_asked(parts: Parts) -> bool:
    """Safety was the only question: what is harmless then has what was looked for."""
    told = parts.text("aim", "methods", "background", "results")
    return bool(_SAFETY_ALONE.search(told)) and bool(_NONE_HARMED.search(parts.text()))


def two_asked(parts: Parts) -> bool:
    """Two outcomes of equal rank were to decide."""
    return bool(_TWO_ASKED.search(parts.text()))
