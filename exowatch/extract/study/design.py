"""What kind of study it was: by what was done, not by what its title calls it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from exowatch.extract.study.given import handed
from exowatch.extract.study.parts import Parts
from exowatch.extract.study.people import Subjects, numbers_before, one_of
from exowatch.knowledge.studies import StudyRules

#: So few, told of without statistics, are told of one by one.
_FEW = 5
_LACKING = re.compile(
    r"\b(?:no|without|lack(?:ed|ing|s)?|nor|neither|absence of|healthy|historical)(?: an?| any)?(?: \w+)?\s$",
    re.IGNORECASE,
)
_UNPOOLED = re.compile(
    r"\b(?:no|not|without|instead of|rather than|too \w+ for|precluded|prevented|ruled out|forbade|impossible|"
    r"could not)\b[^.;]*$",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\s*(?:was|were|is)?\s*(?:judged|deemed|considered|held)?\s*(?:to be )?(?:not|impossible|inappropriate|"
    r"unsuitable|unfeasible|ruled out|precluded)\b",
    re.IGNORECASE,
)
#: A second arm that came to nothing.
_UNFILLED = re.compile(
    r"\s*(?:\w+ ){0,3}?(?:was|were|had been|could) (?:\w+ ){0,3}?(?:planned|intended|foreseen|never|not|"
    r"abandoned|dropped|given up)\b",
    re.IGNORECASE,
)
_TAKEN_IN = re.compile(
    r"\b(?:randomi[sz]ed|allocated|allotted|enrolled|recruited|took part|were treated|had received|underwent)\b",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b([\w-]+) (?:\w+ ){0,2}?(?:studies|trials|reports|articles|papers|experiments)\b[^.;]{0,60}?"
    r"\b(?:included|kept|eligible|met|qualified|remained|identified|fulfilled)\b",
    re.IGNORECASE,
)
_STUDIES = re.compile(r"\b(?:studies|trials|reports|papers|articles|experiments)\b", re.IGNORECASE)
#: "the left temple … and the right one": both sides of the same people.
_BODY = (
    r"(?:side|half|cheek|temple|forearm|arm|eye|eyelid|knee|leg|hand|foot|ear|breast|patch|area|site|zone|field|region|"
    r"lesion|scar|wound|ulcer|plaque|defect|quadrant|segment|hemiface)"
)
_SIDES = re.compile(
    r"\beach (?:of whom )?(?:with|had|having|contributing|who had) (?:two|a pair of|paired|bilateral|"
    r"symmetrical)\b[^.]{1,60}"
    r"\b(?:defects|lesions|eyes|knees|sites|scars|sides|wounds|ulcers|keloids|plaques|"
    r"patches)\b.{1,220}?\b(?:the other|"
    r"its fellow|the opposite|the second)\b|"
    r"\b(?:right and left|left and right) (?:cheeks|sides|halves|temples|forearms|eyes|hands|arms|knees|ears)\b|"
    rf"\b(?:left|right)\b[^.;]{{1,140}}?\b(?:and|while|whereas|but|with|against|or)\b[^.;]{{0,60}}?\b(?:the |"
    rf"on the |its )(?:right|left)\b|"
    rf"\b(?:one|each|a single|first|upper|lower)\b (?:\w+ ){{0,2}}?{_BODY}\b[^.]{{1,160}}?\b(?:the other|"
    rf"another|the opposite|its fellow|the fellow|its partner|its pair|its twin|"
    rf"the second|its neighbour|the lower|the upper|the remaining)\b|\b(?:two|both|paired|twin|neighbouring|"
    rf"adjacent|matched|symmetrical) "
    rf"(?:\w+ )?{_BODY}s?\b[^.]{{0,60}}\b(?:in|of|on) (?:each|every|the same) (?:\w+ )?(?:person|patient|woman|"
    rf"man|participant|subject|volunteer|face|scalp|neck)",
    re.IGNORECASE,
)
#: "patted onto one canthus and … onto the other": one and the other of the same people, not of two groups of them.
_ONE_OTHER = re.compile(
    r"\b(?:one|a single|each) (?!group|arm|hospital|centre|center|clinic|cohort|patient|person|woman|man|"
    r"participant|study|trial|"
    r"of |year|month|week|day|session|case|investigator|surgeon|doctor|rater|author|in |had |was |"
    r"who )(\w+)\b[^.]{1,160}?"
    r"\b(?:the|its) (?:other|opposite|partner)\b(?! (?:group|arm|patients|women|men|half of the))|"
    r"\b(?:sides|halves|canthi|temples|cheeks|forearms|knees|hands|eyes|areas|"
    r"scars) of (?:the \w+, )?(?:belonging to )?[\w-]+ "
    r"(?:people|patients|women|men|adults|mothers|volunteers)\b",
    re.IGNORECASE,
)
#: Both eyes may have been treated alike.
_ONE_OF_TWO = re.compile(
    r"\b(?:the other|other (?:eye|side|half)|fellow|opposite|contralateral|one (?:eye|side|half)|random\w*|allocat\w*|"
    r"assigned|coin|decided)\b",
    re.IGNORECASE,
)
#: "A randomised comparison is in preparation": not this one.
_AHEAD = re.compile(
    r"\b(?:is|are) (?:in preparation|planned|under way|needed|required|warranted|awaited|"
    r"being (?:planned|prepared|written))\b",
    re.IGNORECASE,
)
_PAIRED = re.compile(
    r"\b([\w-]+) (?:eyes|sides|halves|hands|forearms|cheeks|sites|temples|ears|legs|arms of the body)\b", re.I
)
#: "risk ratio 1.19, 95% CI 0.88 to 1.61; 5 trials, 251 participants": as reviews print what they pooled.
_POOLED = re.compile(
    r"\b(?:ratio|difference|RR|OR|HR|MD|SMD)\b.{0,40}?\bCI\b.{0,60}?\b\d+ (?:trials|studies|RCTs), [\d,]+ "
    r"(?:participants|patients|people|women|men|adults|children)",
    re.IGNORECASE,
)
#: Databases of reports, not of papers.
_FILED = re.compile(
    r"\b(?:\w*vigilance|adverse[\s-]event|reports?|notifications?|safety|complaints?|insurance|claims|hospital)\b[\w\s-]{0,40}$",
    re.I,
)
#: Patients told of by their numbers.
_NUMBERED = re.compile(
    r"\b(?:patients?|cases?) (?:\d{1,2}|one|two|three)\b(?! (?:groups|arms|years|weeks|months))", re.IGNORECASE
)
#: "10, 30 and 90 µg"
_DOSES = re.compile(
    r"\d+(?:\.\d+)?(?:, ?\d+(?:\.\d+)?)*,? (?:and|or) \d+(?:\.\d+)?\s?(?:µg|μg|mg|ml|billion|million|particles|x ?10)",
    re.IGNORECASE,
)
_OTHER_ARM = re.compile(
    r"(?<!no )(?<!without )(?<!without a )\b(?:placebo|sham|vehicle|saline|untreated|controls?\b|standard|usual|"
    r"routine)"
    r"(?! (?:was|were|arm was|group was)? ?(?:considered|deemed|held|not|unacceptable|thought|ruled))",
    re.IGNORECASE,
)
_SEVERAL = 2
#: Words of markers from which a text is about them: a patient may be diagnosed in any.
_MARKS = 2
_PROTOCOL = re.compile(r"\bprotocol\b", re.IGNORECASE)
_STATISTICS = re.compile(r"\bp\s*[<>=]|\bCI\b", re.IGNORECASE)


def design_of(
    parts: Parts, rules: StudyRules, subjects: Subjects | None, participants: int | None, groups: Sequence[int] = ()
) -> str | None:
    """A design of knowledge/studies.yml (``levels``), or None where nothing tells."""
    overview = _overview(parts, rules)
    if overview:
        return overview
    if _protocol(parts, rules):
        return "protocol"
    if subjects == "animal":
        return "animal"
    if subjects == "in_vitro":
        return "in-vitro"
    if subjects == "human":
        return _human(parts, rules, participants, groups)
    # a text without anybody or anything that was looked at gives its author's view
    return "review" if parts.told and rules.said("review", parts.text()) else None


def _overview(parts: Parts, rules: StudyRules) -> str | None:
    title, methods = parts.title, parts.text("aim", "methods", "results") or parts.text()
    own = _own(parts, rules)
    if _POOLED.search(methods) and not own:
        return "meta-analysis"
    if _pooling(title, rules) or (_pooling(methods, rules) and not own):
        return "meta-analysis"
    if rules.said("systematic-review", title) or (not own and _searched(methods, rules)):
        return "systematic-review"
    everything = f"{title} {parts.text()}"
    if rules.said("cohort", title):
        return None
    if rules.said("review", title) or (rules.said("review", everything) and not _looked_at(parts, rules)):
        return "review"
    return None


def _pooling(text: str, rules: StudyRules) -> bool:
    """Results were pooled; "too unlike for a meta-analysis" says that they were not."""
    for span in rules.spans("meta-analysis", text):
        before, after = text[max(0, span.start - 60) : span.start], text[span.end : span.end + 40]
        if not _UNPOOLED.search(before) and not _NOT_DONE.match(after):
            return True
    return False


def _searched(methods: str, rules: StudyRules) -> bool:
    """Studies were searched for, or so many of them kept."""
    if any(
        not _FILED.search(methods[max(0, one.start - 60) : one.start])
        and not _UNPOOLED.search(methods[max(0, one.start - 60) : one.start])
        for one in rules.spans("systematic-review", methods)
    ):
        return True
    return any(rules.numerals.value(match[1]) for match in _KEPT.finditer(methods))


def _own(parts: Parts, rules: StudyRules) -> bool:
    """People were taken in by this study itself, not by the studies that it looks at."""
    return any(
        _TAKEN_IN.search(one) and not _STUDIES.search(one) for one in (*parts.of("methods"), *parts.of("results"))
    )


def _looked_at(parts: Parts, rules: StudyRules) -> bool:
    methods = parts.text("methods")
    return rules.said("enrolled-count", methods) or rules.said("cells", methods)


def _protocol(parts: Parts, rules: StudyRules) -> bool:
    """What will be done is told, and no result."""
    methods = parts.text("aim", "methods", "results", "notes") or parts.text()
    ahead = rules.count("will", parts.text())
    return bool(
        ahead >= 2
        or (_PROTOCOL.search(parts.title) and not _STATISTICS.search(parts.done))
        or (rules.said("protocol", parts.title) and rules.said("will", parts.text()))
        or (rules.said("protocol", f"{parts.title} {methods}") and (bool(ahead) or not parts.of("results")))
    )


def _human(parts: Parts, rules: StudyRules, participants: int | None, sizes: Sequence[int]) -> str:
    done = parts.done
    random = _random(parts, rules, sizes)
    alone = rules.said("no-comparison", done) and len(sizes) < 2 and not (random and _unblinded_alone(done, rules))
    doses = rules.said("dose-arms", done)
    groups = (_beside(_set_up(parts), rules) and not alone) or len(sizes) > 1 or doses
    compared = groups or _beside(done, rules, "controlled")
    few = participants is None or participants == 1
    if len(set(_NUMBERED.findall(parts.text()))) > _SEVERAL and not random and not groups:
        return "case-series"
    if participants == 1 or (few and (one_of(parts) or rules.said("case-report", done))):
        return "case-report"
    if _measured_only(parts, rules) or (rules.said("cohort", done) and not random):
        return "cohort"
    if len(_NUMBERED.findall(parts.text())) > 1 and not random and not groups:
        return "case-series"
    if _sides(parts, rules) and not alone:
        return "split-face"
    if rules.said("case-series", parts.title) and not random:
        return "case-series"
    if random and rules.said("crossover", done):
        return "rct"
    if random and compared and not alone:
        return "controlled" if _doses_alone(parts, rules) else "rct"
    if rules.said("case-series", done):
        return "case-series"
    if alone and not doses:
        return "before-after"
    tried = re.search(r"\btrial\b", done, re.IGNORECASE)
    if participants and participants <= _FEW and not groups and not tried and not _STATISTICS.search(done):
        return "case-series"
    if groups or (rules.said("not-random", done) and not alone):
        return "controlled"
    if random and not alone:
        return "rct"
    return "before-after"


def _unblinded_alone(done: str, rules: StudyRules) -> bool:
    """Nothing speaks for a single group but that it was open: a trial by lot may be open too."""
    return all("open" in done[span.start : span.end].lower() for span in rules.spans("no-comparison", done))


def _sides(parts: Parts, rules: StudyRules) -> bool:
    """Two treatments in the same people."""
    told = parts.text("aim", "methods", "results")
    return bool(
        rules.said("split", parts.done) or _twofold(parts, rules) or _SIDES.search(told) or _ONE_OTHER.search(told)
    )


def _twofold(parts: Parts, rules: StudyRules) -> bool:
    """Twice as many eyes or sides as people: each of them gave two."""
    text = parts.text("aim", "methods")
    if not _ONE_OF_TWO.search(text):
        return False
    people = {number for _, number in numbers_before(text, "people", rules)}
    pairs = {rules.numerals.value(match[1]) for match in _PAIRED.finditer(text)}
    return any(number and number % 2 == 0 and number // 2 in people for number in pairs)


def _beside(done: str, rules: StudyRules, cue: str = "concurrent-groups") -> bool:
    """Groups stand beside each other; "there was no control group" says that they do not."""
    return any(
        not _LACKING.search(done[max(0, span.start - 60) : span.start])
        and not _UNFILLED.match(done[span.end : span.end + 80])
        for span in rules.spans(cue, done)
    )


def _set_up(parts: Parts) -> str:
    """Where a second group is told of if there was one; results may name others' controls."""
    told = " ".join([parts.title, *parts.of("aim", "methods")])
    return told if len(parts.of("methods")) > 1 else parts.done


def _measured_only(parts: Parts, rules: StudyRules) -> bool:
    """Vesicles of the ill and the well were measured, and nothing was given."""
    told = parts.text("aim", "methods", "results")
    marked = rules.said("marker-only", parts.title) or rules.count("marker-only", told) >= _MARKS
    return marked and not handed(parts, rules)


def _random(parts: Parts, rules: StudyRules, sizes: Sequence[int]) -> bool:
    """By lot; a title alone that says so is not believed where nothing of it and no second group is told."""
    told = " ".join(one for one in parts.of("aim", "methods", "results") if not _AHEAD.search(one))
    denials = [parts.done[span.start : span.end].lower() for span in rules.spans("not-random", parts.done)]
    if any("random" in denial or "lot" in denial for denial in denials):
        return False
    if rules.said("random", told):  # "patient preference" is an outcome then
        return True
    if denials:
        return False
    return rules.said("random", parts.title) and (
        not told or len(sizes) > 1 or _beside(told, rules) or _beside(told, rules, "controlled")
    )


def _doses_alone(parts: Parts, rules: StudyRules) -> bool:
    """Arms that differ by dose, and nobody without the treatment."""
    done = parts.done
    return bool(rules.said("dose-arms", done) or _DOSES.search(done)) and not _OTHER_ARM.search(done)
