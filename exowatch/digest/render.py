"""One digest in the forms people and programs read: text, HTML, Markdown, JSON, PDF."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from exowatch.digest.chart import chart_words, drawn
from exowatch.digest.data import as_json, as_json_bytes
from exowatch.digest.fitting import fitted
from exowatch.digest.markdown import as_markdown_lines
from exowatch.digest.pdf import as_pdf
from exowatch.digest.sheet import Sheet, lay_out
from exowatch.digest.text import as_lines, summary_lines
from exowatch.digest.watched import shortfall
from exowatch.model.changes import Digest

FORMATS = ("html", "text", "json", "pdf", "md")
_COMMAND = re.compile(r"`(exowatch [^`<>]{1,80})`")
SUFFIXES = {"html": ".html", "text": ".txt", "json": ".json", "pdf": ".pdf", "md": ".md"}

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Mail",
    "as_html",
    "as_json",
    "as_mail",
    "as_markdown",
    "as_summary",
    "as_text",
    "render",
]


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter as a mail holds it."""

    html: str
    text: str
    pictures: tuple[tuple[str, bytes], ...]
    """Name that the HTML calls each by (``cid:``), and its PNG."""


def render(digest: Digest, form: str, zone: str = "UTC") -> bytes:
    """``digest`` in one of FORMATS, ready to write to a file (UTF-8; PDF as it is). Days and times are those of
    ``zone``, but in JSON.

    Raises SetupError where a PDF is wanted and WeasyPrint cannot be used; ValueError for another form.
    """
    if form == "pdf":
        return as_pdf(as_html(digest, zone))
    if form == "json":
        return as_json_bytes(digest)
    makers = {"html": as_html, "text": as_text, "md": as_markdown}
    if form not in makers:
        raise ValueError(f"a digest has no form {form!r}; it has {', '.join(FORMATS)}")
    return makers[form](digest, zone).encode("utf-8")


def as_text(digest: Digest, zone: str = "UTC") -> str:
    """``digest`` as plain text, no line wider than 80 columns."""
    return "\n".join(as_lines(lay_out(digest, zone))) + "\n"


def as_markdown(digest: Digest, zone: str = "UTC") -> str:
    """``digest`` as Markdown, all text of strangers escaped."""
    return "\n".join(as_markdown_lines(lay_out(digest, zone))) + "\n"


def as_summary(digest: Digest) -> str:
    """``digest`` in one screen, for a terminal."""
    return "\n".join(summary_lines(lay_out(digest))) + "\n"


def as_html(digest: Digest, zone: str = "UTC") -> str:
    """``digest`` as one HTML document that asks for nothing else: no script, no outside style; its chart is within."""
    sheet = lay_out(digest, zone)
    chart = f"data:image/png;base64,{base64.b64encode(drawn(sheet.days)).decode()}" if sheet.days else ""
    return _html(sheet, chart)


def as_mail(digest: Digest, zone: str = "UTC") -> Mail:
    """``digest`` for a mail: HTML that no service cuts, its pictures, and the whole as text; times are in ``zone``."""
    sheet = lay_out(digest, zone)
    pictures = (("days@exowatch", drawn(sheet.days)),) if sheet.days else ()
    chart = "cid:days@exowatch" if pictures else ""
    return Mail(fitted(sheet, lambda some: _html(some, chart)), "\n".join(as_lines(sheet)) + "\n", pictures)


def _html(sheet: Sheet, chart: str) -> str:
    made = _templates().get_template("digest.html.j2")
    words = chart_words(sheet.days) if chart else ""
    return made.render(sheet=sheet, shortfall=shortfall, chart=chart, chart_words=words).lstrip()


def commands(text: str) -> Markup:
    """The text for HTML, its commands in back-ticks as code."""
    return Markup(_COMMAND.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("exowatch.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["commands"] = commands
    return made
