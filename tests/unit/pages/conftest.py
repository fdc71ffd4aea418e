"""The shipped fitness rules, a reader of HTML, and a page to try many things on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exowatch.knowledge.fitness import FitnessRules, load_fitness
from exowatch.model.pages import Block, Page
from exowatch.pages.page import read_page

URL = "https://linden.example/care/exosomes/"
Read = Callable[..., Page]


@pytest.fixture(scope="session")
def rules() -> FitnessRules:
    return load_fitness()


@pytest.fixture(scope="session")
def read(rules: FitnessRules) -> Read:
    """Reads HTML (text or bytes) as a whole page served with status 200."""

    def reading(
        body: str | bytes,
        *,
        content_type: str | None = "text/html; charset=utf-8",
        status: int = 200,
        truncated: str | None = None,
        url: str = URL,
    ) -> Page:
        sent = body.encode("utf-8") if isinstance(body, str) else body
        return read_page(sent, url=url, content_type=content_type, status=status, truncated=truncated, fitness=rules)

    return reading


def body_blocks(page: Page) -> list[Block]:
    """Blocks of the page proper, without title and description."""
    return [block for block in page.blocks if block.zone not in ("title", "description")]


def texts(page: Page, *zones: str) -> list[str]:
    """Texts of the blocks in these zones (all, where none is named)."""
    return [block.text for block in page.blocks if not zones or block.zone in zones]


def block_with(page: Page, words: str) -> Block:
    """The only block that holds these words."""
    (found,) = [block for block in page.blocks if words in block.text]
    return found
