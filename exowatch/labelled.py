"""A labelled folder (``docs/evaluating.md``): its pages and labels, each row checked before anything is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, model_validator

from exowatch.errors import SetupError
from exowatch.knowledge.load import load_knowledge
from exowatch.model.findings import ClaimKind, Stance, Status
from exowatch.model.pages import Page
from exowatch.model.readings import Severity
from exowatch.model.sources import SourceKind
from exowatch.pages.page import read_page

_KINDS: dict[str, SourceKind] = {"journal": "journal", "regulator": "regulator"}
Row = dict[str, Any]
#: A name of files inside the folder, and none outside.
Slug = Annotated[str, Field(pattern=r"^\w[\w.-]*$")]


class _PageRow(BaseModel):
    slug: Slug
    url: str
    language: str
    title: str | None = None
    group: str = ""
    jurisdiction: str | None = None


class _LabelRow(BaseModel):
    text: Annotated[str, Field(min_length=1)]
    claim: bool
    kinds: list[ClaimKind] | None = None
    stance: Stance | None = None
    agencies: list[str] | None = None
    status: Status | None = None
    flag: bool | None = None
    severity: Severity | None = None

    @model_validator(mode="after")
    def _told(self) -> _LabelRow:
        if self.claim and (not self.kinds or self.stance is None or self.flag is None):
            raise ValueError("a claim needs kinds, stance and flag")
        if self.flag and self.severity is None:
            raise ValueError("a flag needs a severity")
        return self


class StudyRow(BaseModel):
    """One line of ``studies.jsonl``."""

    slug: str
    language: str
    title: str
    text: str
    labels: Row
    participants_also: tuple[int, ...] = ()
    """Other numbers of people that count as right: those analysed after some had left."""


class PairRow(BaseModel):
    """One line of ``pairs.jsonl``."""

    id: str
    claim: dict[str, str]
    """text, heading, page_subject, jurisdiction, language."""
    study: str
    verdict: str
    mismatch: tuple[str, ...]


def rows_of(path: Path, shape: type[BaseModel]) -> list[Row]:
    """The rows of a file of JSON lines, each of that shape. SetupError with the line for the first that is not."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"cannot be read: {error}", file=str(path), remedy="see docs/evaluating.md") from None
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            shape.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"])) or None
            problem = first["msg"].removeprefix("Value error, ")
            raise SetupError(
                problem, file=str(path), line=number, key=key, remedy="docs/evaluating.md says what a line holds"
            ) from None
        except (ValueError, RecursionError) as error:
            raise SetupError(f"not JSON: {error}", file=str(path), line=number, remedy="one object a line") from None
        rows.append(row)
    return rows


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page of a labelled folder, as the program sees it."""

    row: Row
    page: Page
    labels: list[Row]

    @property
    def slug(self) -> str:
        return str(self.row["slug"])

    @property
    def group(self) -> str:
        return str(self.row.get("group", ""))

    @property
    def kind(self) -> SourceKind:
        """Journals and regulators are what the watchlist says; all others are given as plain clinics."""
        return _KINDS.get(self.group, "clinic")

    @property
    def jurisdiction(self) -> str:
        return (self.row.get("jurisdiction") or "US")[:2].upper()

    def labels_of(self, sentences: Sequence[str]) -> list[Row | None]:
        """For each sentence the label of the unit it belongs to; None where it belongs to none.

        That is the unit it is most alike: a heading of two words lies in many sentences and is none of them.
        """
        bags = [bag(label["text"]) for label in self.labels]
        found: list[Row | None] = []
        for sentence in sentences:
            words = bag(sentence)
            alike = [len(words & one) / (len(words | one) or 1) for one in bags]
            best = max(range(len(bags)), key=alike.__getitem__, default=None)
            # a sentence may be a part of its unit, or hold it, where the reader cuts otherwise than the labels do
            held = 0.0 if best is None else len(words & bags[best]) / (min(len(words), len(bags[best])) or 1)
            found.append(self.labels[best] if best is not None and held > 0.6 else None)
        return found


def labelled_pages(folder: Path) -> Iterator[LabelledPage]:
    """Every page of a labelled folder (interface.md). SetupError where the folder is none."""
    knowledge = load_knowledge()
    rows = rows_of(folder / "pages.jsonl", _PageRow)
    if not rows:
        raise SetupError("no pages are named in it", file=str(folder / "pages.jsonl"), remedy="see docs/evaluating.md")
    if len({row["slug"] for row in rows}) < len(rows):
        raise SetupError("a slug stands twice", file=str(folder / "pages.jsonl"), remedy="one line a page")
    for row in rows:
        html = folder / "pages" / f"{row['slug']}.html"
        path = html if html.exists() else html.with_suffix(".txt")
        try:
            body = path.read_bytes()
        except OSError as error:
            raise SetupError(
                f"cannot be read: {error}", file=str(path), remedy="put every page of pages.jsonl there"
            ) from None
        body = body if path == html else _as_html(body.decode("utf-8", "replace"), row)
        page = read_page(
            body,
            url=row["url"],
            content_type="text/html; charset=utf-8",
            status=200,
            truncated=None,
            fitness=knowledge.fitness,
        )
        yield LabelledPage(row, page, rows_of(folder / "labels" / f"{row['slug']}.jsonl", _LabelRow))


def _as_html(text: str, page: Row) -> bytes:
    """A labelled text holds one unit a line: short lines that end in no full stop are its headings."""
    told = []
    for line in filter(None, map(str.strip, text.splitlines())):
        heading = len(line) <= 90 and (
            line.endswith(("?", "？", "؟", ":")) or not line.endswith((".", "!", "。", "！", "…"))
        )
        tag = "h2" if heading else "p"
        told.append(f"<{tag}>{escape(line)}</{tag}>")
    head = f'<html lang="{page["language"]}"><head><title>{escape(page.get("title") or "")}</title></head>'
    return f"{head}<body><main>{''.join(told)}</main></body></html>".encode()


def bag(text: str) -> set[str]:
    """The words of a text, or its letters in pairs where it writes no spaces."""
    words = re.findall(r"\w+", text.lower())
    joined = "".join(words)
    if re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", joined):
        return {joined[i : i + 2] for i in range(len(joined) - 1)} or {joined}
    return set(words)
