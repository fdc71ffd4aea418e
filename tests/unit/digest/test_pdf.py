"""The paper form, and what is said where it cannot be made."""

from __future__ import annotations

import importlib
import io

import pytest

from exowatch.digest import pdf
from exowatch.digest.render import render
from exowatch.errors import SetupError
from tests.unit.digest.letters import quiet


@pytest.mark.parametrize("missing", [ImportError("No module named 'weasyprint'"), OSError("cannot load pango")])
def test_a_missing_library_is_a_setup_error_with_its_remedy(monkeypatch, missing):
    def absent(name):
        raise missing

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(SetupError, match=r"exowatch\[pdf\]"):
        pdf.as_pdf("<p>x")
    assert not pdf.available()


def test_the_paper_form_is_tagged_and_its_pages_are_numbered():
    pytest.importorskip("weasyprint", exc_type=ImportError)
    from pypdf import PdfReader

    paper = PdfReader(io.BytesIO(render(quiet(), "pdf")))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    words = paper.pages[0].extract_text()
    assert "Page 1 of" in words
    assert "not a finding against anyone" in words
