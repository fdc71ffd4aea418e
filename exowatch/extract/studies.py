"""One study's article page → the study: identifiers, design, people, groups, outcomes, results, references."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from exowatch.extract.article import article_of, dois_in, first
from exowatch.extract.study import study_from_text
from exowatch.knowledge.studies import StudyRules
from exowatch.model.findings import Study
from exowatch.model.pages import Block, Page
from exowatch.model.titles import TELLS

#: By so many of its first letters an abstract is known again in the text.
_BEGINS = 80
_REFERENCES = re.compile(
    r"^(references|bibliography|список литературы|література|referencias|literatur|参考文献)", re.I
)
_CITE = re.compile(r"^(how to cite|for citation|для цитирования|як цитувати)", re.I)


def study_from_page(page: Page, rules: StudyRules) -> Study | None:
    """The study of an article page; None where the page is no article (an issue, a list, an about page).

    A notice ("Retraction: …") is no study that was retracted: it says so of the article that it names.
    """
    article = article_of(page)
    if article is None:
        return None
    body = [block for block in page.blocks if block.zone not in ("nav", "notice", "footer", "title")]
    text = "\n".join(
        block.text for block in body if not _in_section(block, _REFERENCES) and not _in_section(block, _CITE)
    )
    if article.abstract and article.abstract[:_BEGINS] not in " ".join(text.split()):
        text = f"{article.abstract}\n{text}"
    language = first(page, "citation_language", "dc.language") or page.language
    study = study_from_text(text, article.title, language, rules, doi=article.doi)
    own: dict[str, object] = {
        "journal": first(page, "citation_journal_title", "dc.source"),
        "published_on": page.published_on,
        "references": _references(body, article.doi),
        "key": f"doi:{article.doi}" if article.doi else f"url:{page.url}",
        "identifiers": tuple(f"doi:{article.doi}" for _ in [0] if article.doi),
    }
    if article.notice:
        own |= {
            "retracted": False,
            "relations": (TELLS[article.notice],),
            "notices": tuple((target, article.notice) for target in article.targets),
        }
    return replace(study, **own)  # type: ignore[arg-type]  # names and kinds are those of Study


def _in_section(block: Block, pattern: re.Pattern[str]) -> bool:
    return any(pattern.match(heading.strip()) for heading in block.heading_path)


def _references(body: Iterable[Block], own: str | None) -> tuple[str, ...]:
    found = (doi for block in body if _in_section(block, _REFERENCES) for doi in dois_in(block.text))
    return tuple(dict.fromkeys(doi for doi in found if doi and doi != own))
