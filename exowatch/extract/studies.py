"""One study's article page → the study: identifiers, design, people, groups, outcomes, results, references."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from exowatch.extract.sentences import sentences
from exowatch.knowledge.studies import Design, StudyRules
from exowatch.model.findings import Result, Study
from exowatch.model.pages import Block, Page

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_PEOPLE = r"(?:patients|participants|subjects|volunteers|women|men|people|пациент\w*|пацієнт\w*)"
_COUNT = re.compile(rf"(?<![\d.,–-])(\d{{1,4}})\s+(?:\w+\s){{0,3}}?{_PEOPLE}", re.IGNORECASE)
_GROUPS = re.compile(
    r"groups?\s*[:(]?\s*(\d{1,4})\s.{3,80}?\band\s(\d{1,4})\s|\bn\s?=\s?(\d{1,4}).{1,80}?\bn\s?=\s?(\d{1,4})",
    re.IGNORECASE,
)
_P = re.compile(r"\bp\s*([<>=≤])\s*(0?[.,]\d+)", re.IGNORECASE)
_INTERVAL = re.compile(r"95\s?%\s?CI[:\s]*\[?\(?(-?\d[\d.]*\s?(?:to|[-–,])\s?-?\d[\d.]*)", re.IGNORECASE)
_RANDOM = re.compile(r"randomi[sz]ed|randomly|рандомизирован", re.IGNORECASE)
_NOT_RANDOM = re.compile(r"(?:non-?|not\s)randomi[sz]ed", re.IGNORECASE)
_PRODUCT = re.compile(r"\b([A-Z][A-Za-z]{3,}\+?)(?=(?:-derived)? exosom)|exosom\w+[^.()]{0,40}\(([A-Z][\w+]+)")
_NO_PRODUCT = frozenset(
    {"Exosomes", "Mesenchymal", "Exosomal", "Human", "Adipose", "Stem", "These", "Plant", "Topical"}
)
_REFERENCES = re.compile(
    r"^(references|bibliography|список литературы|література|referencias|literatur|参考文献)", re.I
)
_CITE = re.compile(r"^(how to cite|for citation|для цитирования|як цитувати)", re.I)
_TRIAL = re.compile(r"\b(NCT\d{8}|ISRCTN\d{8}|EUCTR\S+|ChiCTR\S+)\b")


def study_from_page(page: Page, rules: StudyRules) -> Study | None:
    """The study of an article page; None where the page is no article (an issue, a list, an about page)."""
    title = _first(page, "citation_title", "dc.title") or page.title
    doi = _doi(_first(page, "citation_doi", "dc.identifier.doi") or "")
    if not title or not (doi or "citation_title" in page.meta):
        return None
    body = [block for block in page.blocks if block.zone not in ("nav", "notice", "footer", "title")]
    text = "\n".join(
        block.text for block in body if not _in_section(block, _REFERENCES) and not _in_section(block, _CITE)
    )
    study = study_from_text(text, title, _first(page, "citation_language") or page.language, rules, doi=doi)
    references = _references(body, doi)
    own: dict[str, object] = {
        "journal": _first(page, "citation_journal_title", "dc.source"),
        "published_on": _first(page, "dc.date.issued", "citation_date", "citation_publication_date"),
        "references": references,
        "key": f"doi:{doi}" if doi else f"url:{page.url}",
        "identifiers": tuple(f"doi:{doi}" for _ in [0] if doi),
    }
    return _with(study, own)


def study_from_text(text: str, title: str, language: str | None, rules: StudyRules, *, doi: str | None = None) -> Study:
    """The study that a title and an abstract or article tell of. Unknown fields stay empty."""
    design = rules.design_in(title) or rules.design_in(text)
    randomised = False if _NOT_RANDOM.search(text) else True if _RANDOM.search(f"{title} {text}") else None
    if design and design.id == "rct" and randomised is False:
        design = next((d for d, _ in rules.designs if d.id == "comparative"), design)
    subjects = _subjects(design, text)
    groups = _groups(text)
    return Study(
        key=f"doi:{doi}" if doi else "text",
        title=" ".join(title.split()),
        doi=doi,
        language=language,
        design=design.id if design else None,
        randomised=randomised,
        subjects=subjects,  # type: ignore[arg-type]  # one of three constants
        participants=_participants(text, groups) if subjects == "human" else None,
        groups=groups,
        product=_product(text),
        combination=tuple(c for c in rules.combinations if re.search(rf"\b{re.escape(c)}", text, re.IGNORECASE)),
        outcomes=tuple(i for i in rules.instruments if re.search(rf"\b{re.escape(i)}\b", text, re.IGNORECASE)),
        results=tuple(_results(text)),
        registered=next(iter(_TRIAL.findall(text)), None),
        retracted=title.lower().startswith(("retracted", "retraction")),
        level=(design.level or None) if design else None,
        level_reason=design.reason if design else "",
    )


def _first(page: Page, *names: str) -> str | None:
    return next((value.strip() for name in names for value in page.meta.get(name, ()) if value.strip()), None)


def _doi(text: str) -> str | None:
    found = _DOI.search(text)
    return found[0].rstrip(".,;)]").lower() if found else None


def _in_section(block: Block, pattern: re.Pattern[str]) -> bool:
    return any(pattern.match(heading.strip()) for heading in block.heading_path)


def _references(body: Iterable[Block], own: str | None) -> tuple[str, ...]:
    found = (_doi(text) for block in body if _in_section(block, _REFERENCES) for text in _DOI.findall(block.text))
    return tuple(dict.fromkeys(doi for doi in found if doi and doi != own))


def _subjects(design: Design | None, text: str) -> str | None:
    if design and design.id in ("animal", "in_vitro"):
        return "animal" if design.id == "animal" else "in_vitro"
    return "human" if re.search(_PEOPLE, text, re.IGNORECASE) else None


def _participants(text: str, groups: tuple[int, ...]) -> int | None:
    counts = [int(match[1]) for match in _COUNT.finditer(text)]
    if groups and sum(groups) in counts:
        return sum(groups)
    return counts[0] if counts else sum(groups) or None


def _groups(text: str) -> tuple[int, ...]:
    found = _GROUPS.search(text)
    return tuple(int(number) for number in found.groups() if number) if found else ()


def _product(text: str) -> str | None:
    names = [name for match in _PRODUCT.finditer(text) for name in match.groups() if name and name not in _NO_PRODUCT]
    return max(set(names), key=names.count) if names else None


def _results(text: str) -> Iterable[Result]:
    for line in text.splitlines():
        for start, end in sentences(line):
            sentence = line[start:end]
            p, interval = _P.search(sentence), _INTERVAL.search(sentence)
            if p or interval:
                yield Result(sentence, f"{p[1]}{p[2]}" if p else None, interval[1] if interval else None)


def _with(study: Study, values: dict[str, object]) -> Study:
    return replace(study, **values)  # type: ignore[arg-type]  # names and kinds are those of Study
