"""What the head of an article page states in Highwire or Dublin Core names, and whether it is a notice about
another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exowatch.model.pages import Page
from exowatch.model.titles import named_in, notice_of

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
_TITLE = ("citation_title", "dc.title")
_NUMBER = ("citation_doi", "dc.identifier.doi", "prism.doi", "bepress_citation_doi", "dc.identifier")
_ABSTRACT = ("citation_abstract", "dcterms.abstract", "dc.description.abstract", "dc.description")
#: From so many characters on a description is an abstract.
_ABSTRACT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Article:
    """An article by its own head; ``notice``: what it says of ``targets`` (see ``model.titles``)."""

    title: str
    doi: str | None
    abstract: str
    notice: str | None
    targets: tuple[str, ...]
    """The article that the notice is about, by its DOI; by its title where the page names no DOI, or several."""


def article_of(page: Page) -> Article | None:
    """What the head states; None where it names no article: an issue, a list, an about page."""
    title = first(page, *_TITLE) or page.title
    doi = next((found for name in _NUMBER for value in page.meta.get(name, ()) if (found := doi_in(value))), None)
    if not title or not (doi or "citation_title" in page.meta):
        return None
    told = notice_of(title)
    target = _target(page, doi) if told else None
    return Article(
        title=title,
        doi=doi,
        abstract=next(
            (one for name in _ABSTRACT for one in page.meta.get(name, ()) if len(one) >= _ABSTRACT_LENGTH), ""
        ),
        notice=told[0] if told else None,
        targets=(f"doi:{target}",) if target else named_in(told[1]) if told else (),
    )


def first(page: Page, *names: str) -> str | None:
    """The first of these meta values that holds anything."""
    return next((value.strip() for name in names for value in page.meta.get(name, ()) if value.strip()), None)


def doi_in(text: str) -> str | None:
    """The first DOI of a text, in lower case."""
    found = _DOI.search(text)
    return found[0].rstrip(".,;)]").lower() if found else None


def dois_in(text: str) -> list[str]:
    """Every DOI of a text, in lower case."""
    return [doi for found in _DOI.findall(text) if (doi := doi_in(found))]


def _target(page: Page, own: str | None) -> str | None:
    """The one other DOI that the head relates it to, else the one that its text names."""
    related = {doi_in(value) for name, values in page.meta.items() if "relation" in name for value in values}
    named = {doi for block in page.blocks for doi in dois_in(block.text)}
    linked = {doi_in(link.url) for link in page.links if "doi.org/" in link.url}
    for found in (related, named, linked):
        others = {doi for doi in found if doi and doi != own}
        if len(others) == 1:
            return others.pop()
    return None
