"""One study's article page → the study: identifiers, design, people, groups, outcomes, results, references."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from exowatch.extract.study import study_from_text
from exowatch.knowledge.studies import StudyRules
from exowatch.model.findings import Study
from exowatch.model.pages import Block, Page

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_REFERENCES = re.compile(
    r"^(references|bibliography|список литературы|література|referencias|literatur|参考文献)", re.I
)
_CITE = re.compile(r"^(how to cite|for citation|для цитирования|як цитувати)", re.I)


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


def _with(study: Study, values: dict[str, object]) -> Study:
    return replace(study, **values)  # type: ignore[arg-type]  # names and kinds are those of Study
