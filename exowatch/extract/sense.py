"""One sentence understood: what was found in it, and how negation, doubt and other people's words change it."""

from __future__ import annotations

import re
from typing import NamedTuple

from exowatch.extract.match import Hit, Matcher
from exowatch.knowledge.load import Knowledge
from exowatch.model.findings import Cue

#: Where a clause ends for negation and doubt.
_BREAK = re.compile(
    r"[;:—–]|,?\s(?:but|however|although|though|whereas|while|except|yet|aber|jedoch|sondern|pero|aunque|mais|cependant|"
    r"ma|però|tuttavia|ale|jednak|mas|porém|но|однако|хотя|але|проте|однак|ali|međutim|али|ama|fakat|ancak)\s|"
    r"しかし|ただし|하지만|그러나|지만|但是|但|然而|لكن",
    re.IGNORECASE,
)
#: Languages whose verb stands last: what denies stands behind what it denies.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Sense(NamedTuple):
    """A sentence with what was found in it."""

    text: str
    hits: tuple[Hit, ...]
    question: bool
    roles: frozenset[str]
    """Roles that any hit has: most questions are answered by looking here alone."""

    def of(self, *roles: str) -> list[Hit]:
        """Hits of these roles, in order."""
        return [hit for hit in self.hits if hit.rule.role in roles] if self.roles.intersection(roles) else []

    def clause(self, hit: Hit) -> tuple[int, int]:
        """The clause that a hit stands in."""
        start, end = 0, len(self.text)
        for match in _BREAK.finditer(self.text):
            if match.end() <= hit.start:
                start = match.end()
            elif match.start() >= hit.end:
                return start, match.start()
        return start, end

    def denied(self, hit: Hit) -> Hit | None:
        """The negation that reaches this hit within its clause, where nothing shows that it only looks like one."""
        start, end = self.clause(hit)
        spaceless = bool(_CJK.search(self.text))
        for cue in self.of("negation"):
            if cue.start < start or cue.end > end or any(_within(cue, p) for p in self.of("pseudo")):
                continue
            inside = hit.start <= cue.start and cue.end <= hit.end
            if spaceless or inside or cue.end <= hit.start or cue.start - hit.end < 25:
                return cue
        return None

    def hedged(self, hit: Hit) -> Hit | None:
        """The doubt that stands in the hit's clause."""
        start, end = self.clause(hit)
        return next((cue for cue in self.of("hedge") if cue.start >= start and cue.end <= end), None)

    def cue(self, hit: Hit) -> Cue:
        """The hit as the explanation shows it."""
        return Cue(hit.rule.id, self.text[hit.start : hit.end], hit.rule.role)


def _within(inner: Hit, outer: Hit) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


_MATCHERS: dict[str, Matcher] = {}


def matcher_for(knowledge: Knowledge) -> Matcher:
    """One matcher a set of rules: building it costs more than many sentences."""
    made = _MATCHERS.get(knowledge.reading_digest)
    if made is None:
        made = _MATCHERS[knowledge.reading_digest] = Matcher(knowledge.rules)
    return made


_SUBJECTS: dict[str, Matcher] = {}


def names_subject(text: str, knowledge: Knowledge) -> bool:
    """True where a text names exosomes: the one question that is asked of every block."""
    made = _SUBJECTS.get(knowledge.reading_digest)
    if made is None:
        subjects = [rule for rule in knowledge.rules if rule.role == "subject"]
        made = _SUBJECTS[knowledge.reading_digest] = Matcher(subjects)
    return bool(made.hits(text))


def sense_of(text: str, knowledge: Knowledge) -> Sense:
    """Everything that the rules find in a sentence."""
    hits = matcher_for(knowledge).hits(text)
    question = text.rstrip("\"'”’» ").endswith(("?", "？", "؟"))
    return Sense(text, tuple(hits), question, frozenset([hit.rule.role for hit in hits]))
