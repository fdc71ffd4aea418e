"""The paper form, and what is said where it cannot be made."""

from __future__ import annotations

import importlib
import io
import shutil
import subprocess
from dataclasses import replace

import pytest

from exowatch.digest import pdf
from exowatch.digest.compose import Rows, compose
from exowatch.digest.render import render
from exowatch.errors import SetupError
from tests.unit.digest.letters import busy, change, flag, letter, quiet


def _fonts(language: str) -> bool:
    found = shutil.which("fc-list")
    return bool(found and subprocess.run([found, f":lang={language}"], capture_output=True, check=True).stdout)


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


def test_lines_of_a_list_fill_the_page_and_leave_none_half_empty():
    pytest.importorskip("weasyprint", exc_type=ImportError)
    from pypdf import PdfReader

    moved = [change(id=n, kind="weaker", lineage_id=n, url=f"https://quay.example/{n}") for n in range(7)]
    paper = PdfReader(io.BytesIO(render(compose(Rows(changes=moved), letter()), "pdf")))
    assert "https://quay.example/0" in paper.pages[0].extract_text()


def test_a_picture_within_the_letter_is_printed_and_one_from_outside_is_never_fetched():
    pytest.importorskip("weasyprint", exc_type=ImportError)
    from pypdf import PdfReader

    days = ({"day": "2026-11-24", "critical": 1, "high": 0, "medium": 2, "low": 0},)
    paper = PdfReader(io.BytesIO(render(replace(busy(), days=days), "pdf")))
    assert any(page.images for page in paper.pages)
    refused = importlib.import_module("weasyprint").urls.FatalURLFetchingError
    with pytest.raises(refused, match="http"):
        pdf.as_pdf('<p><img alt="" src="http://127.0.0.1:9/x.png">')


@pytest.mark.skipif(not _fonts("ja") or not _fonts("ko") or not _fonts("zh"), reason="no fonts of these scripts here")
def test_letters_of_many_scripts_stay_text_on_paper():
    pytest.importorskip("weasyprint", exc_type=ImportError)
    from pypdf import PdfReader

    words = (
        "毛髪が再生します",
        "엑소좀은 탈모를 치료합니다",
        "外泌体治愈脱发",
        "Экзосомы лечат облысение",
        "Kıl dökülmesi",
    )
    flags = [
        flag(id=n, quote=word, context=word, lineage_id=n, url=f"https://a.example/{n}") for n, word in enumerate(words)
    ]
    paper = PdfReader(io.BytesIO(render(compose(Rows(flags=flags), letter()), "pdf")))
    told = "".join(page.extract_text() for page in paper.pages).replace("\n", "")
    assert [word for word in words if word.replace(" ", "") not in told.replace(" ", "")] == []
