"""One digest in the forms people and programs read: text, HTML, Markdown, JSON, PDF."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from exowatch.digest.data import as_json
from exowatch.digest.markdown import as_markdown_lines
from exowatch.digest.pdf import as_pdf
from exowatch.digest.sheet import lay_out, shortfall
from exowatch.digest.text import as_lines, summary_lines
from exowatch.model.changes import Digest

FORMATS = ("html", "text", "json", "pdf", "md")
SUFFIXES = {"html": ".html", "text": ".txt", "json": ".json", "pdf": ".pdf", "md": ".md"}

__all__ = ["FORMATS", "SUFFIXES", "as_html", "as_json", "as_markdown", "as_summary", "as_text", "render"]


def render(digest: Digest, form: str) -> bytes:
    """``digest`` in one of FORMATS, ready to write to a file (UTF-8; PDF as it is).

    Raises SetupError where a PDF is wanted and WeasyPrint cannot be used; ValueError for another form.
    """
    if form == "pdf":
        return as_pdf(as_html(digest))
    makers = {"html": as_html, "text": as_text, "json": as_json, "md": as_markdown}
    if form not in makers:
        raise ValueError(f"a digest has no form {form!r}; it has {', '.join(FORMATS)}")
    return makers[form](digest).encode("utf-8")


def as_text(digest: Digest) -> str:
    """``digest`` as plain text, no line wider than 80 columns."""
    return "\n".join(as_lines(lay_out(digest))) + "\n"


def as_markdown(digest: Digest) -> str:
    """``digest`` as Markdown, all text of strangers escaped."""
    return "\n".join(as_markdown_lines(lay_out(digest))) + "\n"


def as_summary(digest: Digest) -> str:
    """``digest`` in one screen, for a terminal."""
    return "\n".join(summary_lines(lay_out(digest))) + "\n"


def as_html(digest: Digest) -> str:
    """``digest`` as one HTML document that asks for nothing else: no script, no image, no outside style."""
    return _templates().get_template("digest.html.j2").render(sheet=lay_out(digest), shortfall=shortfall).lstrip()


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("exowatch.digest"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
