"""A letter as a tagged PDF (PDF/UA-1) with numbered pages, by WeasyPrint, which is loaded only when asked for."""

from __future__ import annotations

import importlib
from typing import Any, NoReturn

from exowatch.errors import SetupError

REMEDY = "pip install exowatch[pdf]  (WeasyPrint also needs the system library pango)"


def as_pdf(html: str) -> bytes:
    """The printed form of ``html``. Nothing is fetched while it is made. SetupError without WeasyPrint or pango."""
    document = _weasyprint().HTML(string=html, url_fetcher=_refuse)
    written: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return written


def available() -> bool:
    """Can a PDF be made here?"""
    try:
        _weasyprint()
    except SetupError:
        return False
    return True


def _weasyprint() -> Any:
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise SetupError(f"a PDF cannot be made: {error}", key="digest --format pdf", remedy=REMEDY) from error


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"a digest asks for nothing from outside: {url}")
