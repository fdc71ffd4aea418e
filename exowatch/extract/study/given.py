"""What was given, where it came from, how it went in, and against what: from what was done, the title before all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exowatch.extract.study.parts import Parts
from exowatch.extract.study.people import Subjects
from exowatch.knowledge.studies import StudyRules

_CELL = (
    r"(?:(?:mesenchymal |adipose |adult |cord |pluripotent )*(?:stem|stromal|progenitor)[\s-]cells?|MSCs?|ADSCs?|ASCs?|"
    r"BMSCs?)"
)
_MADE = (
    r"(?:[\s-]*(?:derived|conditioned|secreted))?[\s-]*(?:exosom\w*|(?:small |extracellular )*vesicles?|EVs?|secretome|"
    r"(?:conditioned |culture )*medi(?:um|a)|supernatant|gel|products)"
)
_OF = (
    r"(?:exosom\w*|vesicles?|EVs?|secretome|medi(?:um|a)|supernatant|products|factors)(?: \w+){0,3}? "
    r"(?:of|from|by|derived from|secreted by)(?: \w+){0,4}? "
)
#: Cells that are named as the origin of something else were not given themselves.
_ORIGIN = re.compile(rf"{_CELL}{_MADE}|{_OF}{_CELL}", re.IGNORECASE)
_CELLS = (
    (
        "umbilical cord mesenchymal stem cells",
        r"umbilical|cord (?:stem|MSC|mesench|exosom|vesic|EV)|wharton|제대(?!혈)|臍帯|脐带|göbek kordon",
    ),
    ("Wharton's jelly mesenchymal stem cells", r"wharton"),
    ("cord blood stem cells", r"cord blood|제대혈|臍帯血"),
    ("adipose stem cells", r"adipose|fat[\s-](?:tissue|derived|stem)|lipoaspirate|지방|脂肪|yağ doku"),
    ("bone marrow mesenchymal stem cells", r"(?:bone[\s-])?marrow|골수|骨髄|kemik iliği"),
    ("placental cells", r"placent|태반|胎盤"),
    ("amniotic cells", r"amnio|amnion"),
    ("fibroblasts", r"fibroblast|foreskin"),
    ("dental pulp stem cells", r"dental pulp|歯髄"),
    ("platelets", r"platelet|PRP|혈소판"),
    ("induced pluripotent stem cells", r"iPSC|pluripotent"),
    ("mesenchymal stem cells", r"mesenchymal|MSC|stem cell|stromal cell|줄기세포|幹細胞|干细胞|kök hücre"),
)
_EXOSOME = re.compile(r"exosom|vesicle|\bEVs?\b", re.IGNORECASE)
_HAD = re.compile(
    r"\b(?:inhal\w+|used|swallow\w+|drank|dripped|sniff\w+|chose|had|got|wore|self-administered|dosed|massaged|incubated|exposed|added|"
    r"cultured with)\b",
    re.IGNORECASE,
)
#: Taken from people and not given to them.
_TAKEN = re.compile(
    r"\b(?:isolated|extracted|purified|obtained|collected|measured|quantified|sequenced) (?:\w+ ){0,3}?(?:from|"
    r"in) (?:the )?(?:\w+ ){0,2}?"
    r"(?:plasma|serum|saliva|urine|tears?|blood|cerebrospinal)",
    re.IGNORECASE,
)
#: Neither skin nor needle: gum, ear, eye.
_CAVITY = re.compile(
    r"\b(?:gums?|gingiva\w*|periodont\w*|ear canal|otitis|ear drops|eye drops|dry eye|cornea\w*)\b", re.IGNORECASE
)
#: The autologous part was what it was compared or mixed with.
_OWN_OTHER = re.compile(
    r"(?<!from )(?<!of )\b(?:autologous|own) (?:PRP|platelet\w*|plasma|serum)\b(?![\w\s-]{0,20}(?:exosom|"
    r"vesicle|derived))",
    re.IGNORECASE,
)
#: The one with most skin penetration speaks for several.
_ROUTES = ("injection", "topical_after_procedure", "topical", "other")


@dataclass(frozen=True, slots=True)
class Given:
    """The intervention of a study."""

    material: str | None
    source: str | None
    cells: tuple[str, ...]
    route: str | None


def given_of(parts: Parts, rules: StudyRules, subjects: Subjects | None, design: str | None) -> Given:
    """What was given to whom; ``none`` where vesicles were measured or studied and nothing was given."""
    overview = design in ("review", "systematic-review", "meta-analysis")
    done = f"{parts.done} {parts.text()}" if overview or len(parts.done) < 200 else parts.done
    if _nothing_given(parts, rules, design):
        return Given("none", "none", (), "none")
    material = material_in(parts.title, done, rules)
    source, cells = _source(parts, done, rules, subjects, material, overview=overview), _cells(f"{parts.title} {done}")
    if not cells and source in ("plant", "animal"):
        cells = tuple(sorted(tissues_in(f"{parts.title} {done}")))
    return Given(material, source, cells, _route(parts, done, rules, subjects, overview=overview))


def _nothing_given(parts: Parts, rules: StudyRules, design: str | None) -> bool:
    everything = parts.everything
    if re.search(r"\bRNA exosome|\bEXOSC\d|exosome complex", everything):
        return True
    if design in ("review", "systematic-review", "meta-analysis"):
        return rules.said("marker-only", parts.title) and not rules.said("given", everything)
    marks = rules.count("marker-only", everything)
    about = rules.said("marker-only", parts.title) or marks > 1
    return about and not handed(parts, rules) and (design != "in-vitro" or marks > 1)


def handed(parts: Parts, rules: StudyRules) -> bool:
    """Something was given, and it was the product: "nothing but routine care was given" tells of none."""
    told = (parts.title, *parts.of("aim", "methods", "results"))
    return any(
        (rules.said("given", one) or _HAD.search(one)) and rules.times("material", one) and not _TAKEN.search(one)
        for one in told
    )


def material_in(title: str, done: str, rules: StudyRules) -> str | None:
    """What is given, by what the texts name most, the title before all. None where nothing is named."""
    counts: dict[str, float] = {}
    for weight, text in ((3.0, title), (1.0, done)):
        plain = _ORIGIN.sub(_without_cells, text)
        for value, times in rules.times("material", plain).items():
            counts[value] = counts.get(value, 0.0) + weight * min(times, 4)
    if not counts:
        return None
    if "exosome" in counts and rules.said("unpurified", done):
        return "conditioned_medium"
    if "exosome" in counts:  # what it was compared with
        counts.pop("other", None)
    special = [
        name for name in ("conditioned_medium", "secretome") if counts.get(name, 0) >= counts.get("exosome", 0) * 0.75
    ]
    if special and "exosome" in counts:
        return max(special, key=lambda name: counts[name])
    if counts.get("stem_cells", 0.0) and "exosome" in counts and counts["stem_cells"] < counts["exosome"] * 1.2:
        del counts["stem_cells"]
    if counts.get("polynucleotide", 0.0) and "exosome" in counts and _EXOSOME.search(title):
        del counts["polynucleotide"]
    if counts.get("prp", 0.0) and counts.get("exosome", 0.0) >= 3.0:
        del counts["prp"]
    return max(counts, key=lambda name: (counts[name], name == "exosome"))


def _without_cells(match: re.Match[str]) -> str:
    return re.sub(_CELL, " ", match[0], flags=re.IGNORECASE)


def _source(
    parts: Parts, done: str, rules: StudyRules, subjects: Subjects | None, material: str | None, *, overview: bool
) -> str:
    if material == "exosome":
        done = _OWN_OTHER.sub(" ", done)
    found = {name.value: place for place, name in reversed(rules.named("source", f"{parts.title}. {done}"))}
    if ("autologous" in found or material == "prp") and not re.search(r"allogen|donor", done, re.IGNORECASE):
        return "autologous"
    titled = [name.value for _, name in rules.named("source", parts.title)]
    if overview and not titled:
        return "unstated"
    beside = _named_beside(f"{parts.title}. {done}", rules)
    if len(beside) == 1 and "autologous" not in found:
        return next(iter(beside))
    if "plant" in titled and "human" not in titled:
        return "plant"
    if "human" in titled or ("human" in found and "plant" not in titled and "animal" not in titled):
        explicit = re.search(
            r"\bhuman\b|umbilical|cord|wharton|placent|insan|인간|ヒト|人", f"{parts.title} {done}", re.I
        )
        if subjects == "animal" and not explicit:
            return "animal" if "animal" in found else "unstated"
        if overview and not titled:
            return "unstated"
        return "human"
    for value in ("plant", "animal"):
        if value in titled or value in found:
            return value
    return "unstated"


def _named_beside(text: str, rules: StudyRules) -> set[str]:
    """Sources that stand right before what was given: "ginseng root vesicles", "adipose stem cell exosomes"."""
    given = [
        span
        for key, name in rules.names["material"]
        if name.value == "exosome"
        for span in rules.terms.find(text).get(key, ())
    ]
    found = set[str]()
    for span in given:
        before = re.split(r"[.;,:()]|\b(?:or|and|with|on|in|by|against)\b", text[max(0, span.start - 45) : span.start])[
            -1
        ]
        found |= {name.value for _, name in rules.named("source", before)}
    return found


def _cells(text: str) -> tuple[str, ...]:
    for name, pattern in _CELLS:
        if re.search(pattern, text, re.IGNORECASE):
            return ("Wharton's jelly mesenchymal stem cells",) if re.search("wharton", text, re.I) else (name,)
    return ()


def _route(parts: Parts, done: str, rules: StudyRules, subjects: Subjects | None, *, overview: bool) -> str:
    if subjects == "in_vitro":
        return "none"
    titled, counts = {name.value for _, name in rules.named("route", parts.title)}, rules.times("route", done)
    if "other" in titled or (_CAVITY.search(parts.title) and "injection" not in counts):
        return "other"
    if overview:
        named = titled or set(counts)
        return next(iter(named)) if len(named) == 1 else "unstated"
    if "intravenous" in titled or (
        "intravenous" in counts and "injection" not in titled and counts["intravenous"] >= counts.get("injection", 0)
    ):
        return "intravenous"
    for route in _ROUTES:
        if route in (titled or counts):
            if route == "topical" and "topical_after_procedure" in counts and "injection" not in titled:
                return "topical_after_procedure"
            if route == "other" and {"injection", "topical"} & counts.keys() and "other" not in titled:
                continue
            return route
    return next(iter(counts), "unstated")


#: Tissues that tell one human source from another; words as in a study's cells and in claims.
_TISSUES = (
    ("cord", r"umbilical|\bcord\b|wharton|제대|臍帯|脐带|göbek|kordon|пуповин"),
    ("adipose", r"adipose|\bfat\b|fat-derived|lipo|지방|脂肪|yağ|жиров"),
    ("marrow", r"marrow|골수|骨髄|骨髓|kemik iliği|костн"),
    ("placenta", r"placent|태반|胎盤|плацент"),
    ("amnion", r"amnio|amnion"),
    ("foreskin", r"foreskin|fibroblast"),
    ("dental", r"dental|periodontal ligament"),
    ("platelets", r"platelet|\bPRP\b|혈소판|plasma"),
    ("centella", r"centella|\bcica\b|병풀"),
    ("rose", r"\brose|\brosa\b|damascena|장미"),
    ("ginseng", r"ginseng|panax|인삼"),
    ("salmon", r"salmon|연어"),
    ("milk", r"milk|colostrum"),
)


def materials_in(text: str, rules: StudyRules) -> set[str]:
    """All that a short text says is given; cells that are only where something comes from are left out."""
    named = set(rules.times("material", _ORIGIN.sub(_without_cells, text)))
    return named - {"other"} if len(named) > 1 else named


def tissues_in(text: str) -> set[str]:
    """Tissues or species that the text names as a source."""
    return {name for name, pattern in _TISSUES if re.search(pattern, text, re.IGNORECASE)}


def source_in(text: str, rules: StudyRules) -> str | None:
    """The class of source that a short text states. None where it states none."""
    found = [name.value for _, name in rules.named("source", text)]
    for value in ("autologous", "plant", "animal", "human"):
        if value in found:
            return value
    return None
