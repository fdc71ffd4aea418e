"""Who was looked at, and how many: people, animals or cells; those who began, not those screened or who finished."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from exowatch.extract.study.parts import Parts
from exowatch.knowledge.studies import StudyRules

Subjects = Literal["human", "animal", "in_vitro"]
#: People beyond doubt: patients may be dogs.
_PERSONS = re.compile(
    r"\b(?:wom[ae]n|m[ae]n|adults?|volunteers?|participants?|people|persons?|children|girls|boys)\b", re.IGNORECASE
)
#: Tissue of an animal that was not alive any more.
_BENCH = re.compile(
    r"\bFranz\b|slaughterhouse|abattoir|ex[\s-]vivo (?:skin|model|penetration|permeation)", re.IGNORECASE
)
#: Products that were bought and looked into: nobody was given any.
_CONTENTS = re.compile(
    r"\b(?:products?|vials?|lots?|brands?|ampoules?)\b[^.]{0,120}\b(?:analysed|analyzed|tested|measured|audit\w*|ordered|bought|"
    r"characteri[sz]ed|assayed)\b|\b(?:ordered|bought|purchased|tested|analysed|analyzed|"
    r"audit of) (?:[\w-]+ ){0,3}(?:products|vials|brands|"
    r"lots)\b",
    re.IGNORECASE,
)
_CELLS_ALONE = re.compile(r"\b(?:cells|cultures?|explants?)\b", re.IGNORECASE)
_SOMEBODY = r"(?:woman|man|girl|boy|lady|teenager)"
_ONE = re.compile(
    r"\b(?:an?|one) (?:\w+ )?\d{1,2}[\s-]year[\s-]old|^(?:an?|one|this|our) patient\b|"
    rf"^(?:an?|one) (?:[\w-]+ ){{0,4}}{_SOMEBODY}\b|"
    rf"\b(?:an?|one) (?:[\w-]+ ){{0,3}}{_SOMEBODY} (?:of|aged|in (?:her|his)|was|came|had|presented|with|whose|who)\b",
    re.IGNORECASE,
)
#: How far the noun may stand from its number.
_NEAR = 60
#: Between a number and its noun: "forty otherwise healthy women".
_BETWEEN = re.compile(r"^(?:[\s-]+[\w’'-]+){0,5}?[\s-]+$")
#: Places, not people: "at eleven intensive care units in China adults …".
_PLACES = re.compile(
    r"\b(?:units?|hospitals?|cent(?:re|er)s?|clinics?|sites|wards?|departments?|cities|countries|practices|spas?|towns|"
    r"universities|villages|schools)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\d (?:to|and) $|\d\s?[-–]\s?$")
UNITS = re.compile(
    r"^[\s-]*(?:%|m|cm2|years?|months?|weeks?|days?|hours?|min|ml|mg|kg|nm|mm|cm|°|sessions?|times|injections?|knees?|"
    r"halves|lesions?|faces|eyes|follicles|wounds?|scars?|ulcers?|centres?|centers?|hospitals?|clinics?|trials?|"
    r"studies|"
    r"billion|million|yıl|hafta|ay|gün|seans|주|개월|일|세|회|年|月|週|日|歳|岁|次|回)(?!\w)",
    re.IGNORECASE,
)
#: "fifty-four were allocated": those who are counted stand before.
_BEGAN = re.compile(
    r"\s+(?:(?:of (?:them|these|whom)|were|was|have been|had been|could be|agreed to be|then|finally) )+"
    r"(?:randomi|allocat|assign|enrol|recruit|includ|allot|divid)",
    re.IGNORECASE,
)
_ENTERED = re.compile(
    r"\s+(?:of (?:them|these|whom) )?(?:entered|agreed|consented|took part|joined|fulfilled|met (?:the |all |"
    r"our )?(?:\w+ )?criteria|were eligible and|began|started)\b|"
    r"\s+(?:went|were put|were assigned) (?:in)?to the (?:trial|study)",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"(?:knees|eyes|lesions|scars|wounds|ulcers|faces|sites)\b[^.;]*$", re.IGNORECASE)
#: "33 and 35 of them"
_PAIR = re.compile(
    r"\b(\d{1,3}) and (\d{1,3}) of them\b|\b(?:had|treated|saw) (\d{1,3}) and (\d{1,3}) (?:people|patients|women|men)"
)
#: "of 51 women screened, thirty-four with melasma agreed to take part": those of them who began.
_SCREENED = re.compile(
    r"\b(?:of|from|among) (?:the )?[\w-]+ (?:[\w-]+ ){0,3}?(?:screened|assessed|approached|invited|seen|examined|"
    r"contacted)\b[^.;]*",
    re.IGNORECASE,
)
_BEGUN = re.compile(
    r"[^.;]{0,140}?\b(?:agreed|took part|entered|began|were (?:eligible|enrolled|randomi[sz]ed|included|allocated|"
    r"recruited|treated|dosed)|underwent|consented|joined)\b",
    re.IGNORECASE,
)
#: "and randomized 162 with grade 2 disease": those who are counted stand behind, or are understood.
_WE_TOOK = re.compile(
    r"\b(?:randomi[sz]ed|enrolled|recruited) (\d{1,4}|[a-z]+(?:-[a-z]+)?) (?=with\b|to\b|who\b|of whom|\(|,|"
    r"(?:\w+ ){0,3}(?:patients|women|men|adults|people|participants))",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\bsample(?: size)?(?: of|:| is| was| will be)? (?:is |was |of )?([\w-]+)", re.IGNORECASE)
#: "about 700 people would have to be studied"
_WOULD = re.compile(r"^[^.;]{0,40}?\b(?:would|should|must|needed?|have to|required)\b", re.IGNORECASE)
#: What some of them did is told of them directly: "six women menstruated", not "women whose periods had stopped".
_RELATIVE = re.compile(r"\b(?:who|whose|that|whom|with|aged|in whom)\b", re.IGNORECASE)
#: Some of them, looked at more closely.
_SAMPLED = re.compile(
    r"\b(?:biops\w+|re-?sampled|subset|sub-?sample\w*|subgroup|discovery|samples? (?:from|of))\b", re.IGNORECASE
)
_PARENTHESIS = re.compile(r"\(\s?$")
#: So near behind its number stands the place that it counts.
_AT = 30
#: How likely the sum of the arms is that of all who began.
_SUMMED = 4.0
#: And that of those who were chosen of all who were screened.
_CHOSEN = 5.5
_N = re.compile(r"\bn\s*=\s*(\d{1,5})", re.IGNORECASE)
#: What happened to some of them.
_PART = re.compile(
    r"\b(?:in each (?:group|arm)|died|withdrew|moved away|became|left|dropped|reported|developed|swelled|"
    r"needed|improved|responded|said|named|"
    r"returned|showed|healed|relapsed|complained|noted|preferred)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of people as a sentence gives it."""

    number: int
    sentence: str
    section: str
    start: int


def subjects_of(parts: Parts, rules: StudyRules) -> Subjects | None:
    """Those who were treated or looked at. People weigh most: mixed laboratory and human work is human."""
    done, title = parts.done, parts.title
    animals, cells = rules.count("animals", done), rules.count("cells", done)
    if animals and _BENCH.search(done):
        return "in_vitro"
    if of_contents(parts, rules):
        return "in_vitro"
    if animals >= 2 and not _PERSONS.search(done):  # "patients", all dogs
        return "animal"
    counted = list(counted_people(parts, rules, ("title", "aim", "methods", "results")))
    people = rules.count("people", done)
    of_animals = animals and (rules.said("animals", title) or animals >= people or _counted(parts, rules, "animals"))
    if of_animals and not (counted and people > animals and not _animals_are_patients(counted, rules)):
        return "animal"
    if one_of(parts) and not animals:
        return "human"
    if counted or people >= 3 or (people and not cells):
        return "in_vitro" if cells > people and not _treated(counted, rules) else "human"
    if cells or (not people and _CELLS_ALONE.search(done)):
        return "in_vitro"
    return "human" if people else None


def of_contents(parts: Parts, rules: StudyRules) -> bool:
    """Products were looked into, and given to nobody."""
    nobody = not any(counted_people(parts, rules, ("title", "aim", "methods", "results")))
    looked = bool(_CONTENTS.search(parts.done))
    return nobody and looked and not rules.said("given", parts.text("methods", "results"))


def one_of(parts: Parts) -> bool:
    """A single person is told of: "a 61-year-old teacher", "a man in his fifties"."""
    return any(
        _ONE.search(one.text) for one in parts.told if one.section in ("background", "aim", "methods", "results")
    )


def _animals_are_patients(counted: Sequence[Counted], rules: StudyRules) -> bool:
    return any(rules.said("animals", one.sentence) for one in counted)


def _treated(counted: Sequence[Counted], rules: StudyRules) -> bool:
    """The people are more than donors of cells or blood."""
    return any(
        rules.said("enrolled-count", one.sentence)
        and not re.search(r"\b(?:donors?|biops|samples?|cells|from)\b", one.sentence, re.I)
        for one in counted
    )


def _counted(parts: Parts, rules: StudyRules, noun: str) -> bool:
    text = parts.text("aim", "methods", "results") + " " + parts.title
    return any(True for _ in numbers_before(text, noun, rules))


def numbers_before(text: str, noun: str, rules: StudyRules) -> Iterator[tuple[int, int]]:
    """(place, number) of each number that counts the nouns of this cue."""
    nouns, numbers = rules.spans(noun, text), rules.numerals.find(text)
    for place, (start, end, value) in enumerate(numbers):
        after = text[end : end + _NEAR]
        if UNITS.match(after) or _RANGE.search(text[max(0, start - 12) : start]):
            continue
        if (
            noun == "people"
            and (_BEGAN.match(after) or _ENTERED.match(after))
            and not _OTHERS.search(text[max(0, start - 40) : start])
        ):
            yield start, value
            continue
        counted = next((span.start for span in nouns if span.start >= start), None)
        if counted is None or counted < end or counted - end >= _NEAR:
            continue
        gap = text[end:counted]
        follows = place + 1 < len(numbers) and numbers[place + 1].start < counted
        if (
            (not gap.strip() or _BETWEEN.match(gap))
            and not follows
            and not UNITS.match(gap)
            and not _PLACES.search(gap)
        ):
            yield start, value


def counted_people(parts: Parts, rules: StudyRules, sections: Sequence[str]) -> Iterator[Counted]:
    """Every number of people in these sections ("title" too), in order."""
    told = [("title", parts.title)] if "title" in sections else []
    told += [(one.section, one.text) for one in parts.told if one.section in sections]
    for section, text in told:
        for start, number in numbers_before(text, "people", rules):
            yield Counted(number, text, section, start)


def participants_of(parts: Parts, rules: StudyRules, groups: Sequence[int], *, planned: bool) -> int | None:
    """People enrolled or randomised (in a protocol: planned); None where it is not said."""
    size = _SIZE.search(parts.text()) if planned else None
    if size and (stated := rules.numerals.value(size[1])):
        return stated
    everywhere = ("title", "background", "aim", "methods", "results", "conclusion", "notes")
    counted = [one for one in counted_people(parts, rules, everywhere) if one.section != "background" or planned]
    ranked = [(_rank(one, rules, groups, planned=planned), -place, one.number) for place, one in enumerate(counted)]
    chosen = _chosen(parts.done, rules)
    if chosen:
        ranked.append((_CHOSEN, 0, chosen))
    taken = _WE_TOOK.search(parts.done)
    if taken and (number := rules.numerals.value(taken[1])):
        ranked.append((_CHOSEN, 0, number))
    if len(groups) > 1:
        ranked.append((_SUMMED, -len(counted), sum(groups)))
    ranked = [one for one in ranked if one[0] > 0]
    if ranked:
        best = max(ranked)[2]
        return (
            sum(groups)
            if len(groups) > 1 and best in groups and sum(groups) not in {one[2] for one in ranked}
            else best
        )
    if len(groups) > 1:
        return sum(groups)
    pair = _PAIR.search(parts.done)
    if pair:
        return sum(int(number) for number in pair.groups() if number)
    if counted:
        return counted[0].number
    alone = [int(match[1]) for match in _N.finditer(parts.done)]
    return max(alone) if alone else groups[0] if groups else None


def _chosen(text: str, rules: StudyRules) -> int | None:
    """Those who began of all who were screened: the second number of such a sentence."""
    for match in _SCREENED.finditer(text):
        for number in rules.numerals.find(match[0])[1:]:
            placed = _PLACES.search(match[0][number.end : number.end + _AT].split(",")[0])
            if not placed and _BEGUN.match(match[0], number.end) and not UNITS.match(match[0][number.end :]):
                return number.value
    return None


def pooled(parts: Parts, rules: StudyRules) -> int | None:
    """All people of the studies under review: the largest number of people that is told."""
    told = counted_people(parts, rules, ("title", "aim", "methods", "results", "background", "conclusion"))
    counted = [one for one in told if not _WOULD.search(one.sentence[one.start :])]
    stated = [int(number) for number in _N.findall(parts.text())]
    return max((one.number for one in counted), default=max(stated, default=None))


def _rank(one: Counted, rules: StudyRules, groups: Sequence[int], *, planned: bool) -> float:
    """How likely the number is that of all who began; nought: it is not."""
    clause = _clause(one)
    rank = {"title": 2.0, "aim": 3.0, "methods": 3.0, "results": 1.5, "conclusion": 0.5, "notes": 0.1}.get(
        one.section, 1.0
    )
    if rules.said("enrolled-count", clause):
        rank += 2.0
    if rules.said("random", clause):
        rank += 1.5
    if len(groups) > 1 and one.number == sum(groups):
        rank += 3.0
    if len(groups) > 1 and one.number in groups and one.number != sum(groups):
        rank -= 2.5
    if not planned and rules.said("excluded-count", clause):
        rank -= 3.0
    part = _PART.search(clause)
    if part and not _RELATIVE.search(clause[: part.start()]) and not rules.said("enrolled-count", clause):
        rank -= 2.0
    if (
        one.section == "results"
        and _PARENTHESIS.search(one.sentence[: one.start])
        and not rules.said("enrolled-count", clause)
    ):
        rank -= 2.0  # "cough (7 patients)"
    if _SAMPLED.search(clause):
        rank -= 3.0
    if not planned and _WOULD.search(one.sentence[one.start :]):
        rank -= 3.0
    if rules.said("finished-count", clause):
        rank -= 1.0
    return rank if one.number > 0 else 0.0


def _clause(one: Counted) -> str:
    """The stretch of the sentence in which the number stands."""
    text, start = one.sentence, one.start
    left = max(text.rfind(mark, 0, start) for mark in (";", ":", "(", ", ")) + 1
    ends = [place for mark in (";", ", ", ":", ". ", ")", " and ") if (place := text.find(mark, start)) >= 0]
    return text[left : min(ends, default=len(text))]
