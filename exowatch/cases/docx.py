"""A draft letter as a Word document: plain styles, every letter of it editable, the same bytes for the same draft."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from exowatch.cases.draft import Draft, PageOf, Passage
from exowatch.cases.words import asked_for, closing, corrections, opening
from exowatch.digest.wording import NOTICE

#: The first day that a ZIP can tell: when the file was made is not part of the letter.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
#: What XML cannot hold and ``safe.plain`` leaves as it is.
_NO_LETTERS = re.compile("[\ufffe\uffff]")
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
_WIDTHS = (Cm(4), Cm(12))
_EAST = {"ja": "ja-JP", "ko": "ko-KR", "zh": "zh-CN"}


def as_docx(made: Draft) -> bytes:
    """The letter as the bytes of a ``.docx``."""
    letter: Any = Document()
    _prepare(letter, made)
    for style, text in opening(made):
        _say(letter, text, style)
    for page in made.pages:
        _page(letter, page)
    for style, text in (*asked_for(made), *corrections(made), *closing(made)):
        _say(letter, text, style)
    out = io.BytesIO()
    letter.save(out)
    return _same_bytes(out.getvalue())


def _prepare(letter: Any, made: Draft) -> None:
    core, at = letter.core_properties, datetime.combine(made.written_on, time())
    core.title, core.subject = f"Draft letter, case {made.case_id}", _fit(f"Statements on web pages of {made.trader}")
    core.author, core.last_modified_by, core.comments, core.keywords = "ExoWatch", "ExoWatch", NOTICE, ""
    core.created = core.modified = at
    core.language, core.revision = "en-GB", 1
    normal = letter.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    _language(normal.element.get_or_add_rPr(), "en")
    section = letter.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    mark = (" · SIMULATED" if made.simulated else "") + (" · the case is closed" if made.closed else "")
    _small(
        section.header.paragraphs[0], f"DRAFT · case {made.case_id}{mark} · to be read, changed and signed by a person"
    )
    footer = section.footer.paragraphs[0]
    _small(footer, f"{NOTICE}  Page ")
    _field(footer, "PAGE")
    _small(footer, " of ")
    _field(footer, "NUMPAGES")


def _say(letter: Any, text: str, style: str | None) -> None:
    letter.add_paragraph(_fit(text), style=style)


def _page(letter: Any, page: PageOf) -> None:
    letter.add_heading(_fit(page.title or page.url), level=2)
    letter.add_paragraph(_fit(page.url)).paragraph_format.keep_with_next = True
    for passage in page.passages:
        _passage(letter, passage)


def _passage(letter: Any, passage: Passage) -> None:
    said = letter.add_paragraph(style="Quote")
    said.alignment = WD_ALIGN_PARAGRAPH.LEFT
    said.paragraph_format.keep_with_next = True
    said.add_run(f"{passage.number}. ").bold = True
    run = said.add_run(_fit(f"“{passage.quote}”"))
    _language(run._r.get_or_add_rPr(), passage.language)
    if passage.language.partition("-")[0] in _RIGHT_TO_LEFT:
        said.alignment = None  # to the side where its language begins
        said._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind")
        run.font.rtl = True
    _table(letter, list(_lines(passage)))
    letter.add_paragraph().paragraph_format.space_after = Pt(0)


def _table(letter: Any, lines: Sequence[tuple[str, str]]) -> None:
    """Labels and words side by side, kept on one page where that is possible; the longest word breaks in its cell."""
    table = letter.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    for number, line in enumerate(lines, 1):
        for cell, width, text in zip(table.add_row().cells, _WIDTHS, line, strict=True):
            cell.width = width
            _small(cell.paragraphs[0], text)
            cell.paragraphs[0].paragraph_format.keep_with_next = number < len(lines)


def _lines(passage: Passage) -> Iterator[tuple[str, str]]:
    yield from passage.facts
    for line in passage.law:
        yield "Provision", line


def _small(paragraph: Any, text: str) -> None:
    paragraph.add_run(_fit(text)).font.size = Pt(9)


def _field(paragraph: Any, name: str) -> None:
    """A field that the word processor fills in: a page's number, their count."""
    for kind in ("begin", "", "separate", "1", "end"):
        run = paragraph.add_run(kind if kind == "1" else None)
        run.font.size = Pt(9)
        if kind == "1":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._r.append(part)


def _language(properties: Any, tag: str) -> None:
    """Which language a text is in, so that it is spelt and read aloud rightly."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        return
    element, short = OxmlElement("w:lang"), tag.partition("-")[0]
    element.set(qn("w:val"), "en-GB" if tag == "en" else tag)
    if short in _EAST:
        element.set(qn("w:eastAsia"), _EAST[short])
    if short in _RIGHT_TO_LEFT:
        element.set(qn("w:bidi"), tag)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element)


def _fit(text: str) -> str:
    return _NO_LETTERS.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def _same_bytes(body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():  # in the order that the format asks for
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            kept.writestr(entry, made.read(name))
    return out.getvalue()
