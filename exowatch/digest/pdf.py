"""A letter as a tagged PDF (PDF/UA-1) with numbered pages, by WeasyPrint, which is loaded only when asked for."""

from __future__ import annotations

import importlib
from typing import Any

from exowatch.errors import SetupError

REMEDY = "pip install exowatch[pdf]  (WeasyPrint also needs the system library pango)"


def as_pdf(html: str) -> bytes:
    """The printed form of ``html``. Nothing is fetched while it is made. SetupError without WeasyPrint or pango."""
    made = _weasyprint()
    # pictures lie in the document itself (data:); nothing else is asked for, and that it was is an error
    within = made.urls.URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    document = made.HTML(string=html, url_fetcher=within)
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
