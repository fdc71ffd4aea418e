"""PDF text comes by page, in whole paragraphs; what is no PDF is said to be none."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from exowatch.errors import UnreadableError
from exowatch.knowledge.fitness import load_fitness
from exowatch.pages import pdf
from exowatch.pages.page import read_page
from tests.unit.pages.conftest import Read

RULES = load_fitness()


def made_pdf(*pages: list[str], title: str = "") -> bytes:
    """A PDF whose pages hold these lines of ASCII."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
        stream = f"BT /F1 11 Tf 60 760 Td {shown} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    objects.append(f"<< /Title ({title}) >>")
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    end = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + (tail + end).encode("ascii")


def encrypted(body: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(body)))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


LEAFLET = made_pdf(
    ["The serum is put on by a nurse who has been trained for the treat-", "ment in our rooms.", "Ask us."],
    ["Second page."],
    title="A leaflet",
)


def test_paragraphs_are_joined_and_broken_words_mended(read: Read) -> None:
    page = read(LEAFLET, content_type="application/pdf")
    assert page.fitness.code == "ok"
    assert (page.title, page.media_type, page.language) == ("A leaflet", "application/pdf", "en")
    assert [(b.zone, b.text, b.locator.pdf_page) for b in page.blocks] == [
        ("title", "A leaflet", None),
        ("pdf", "The serum is put on by a nurse who has been trained for the treatment in our rooms.", 1),
        ("pdf", "Ask us.", 1),
        ("pdf", "Second page.", 2),
    ]


def test_a_pdf_is_known_by_its_first_bytes_under_a_wrong_type(read: Read) -> None:
    assert read(LEAFLET, content_type="text/html").media_type == "application/pdf"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html><p>Sorry</p>", "none"),
        (b"", "none"),
        (b"%PDF-1.7 and nothing else", "damaged"),
        (LEAFLET[: len(LEAFLET) // 2], "damaged"),
        (encrypted(LEAFLET, "secret"), "password"),
    ],
)
def test_what_cannot_be_read_is_unreadable_with_the_reason(read: Read, body: bytes, why: str) -> None:
    page = read(body, content_type="application/pdf")
    assert page.fitness.code == "unreadable"
    assert why in page.fitness.why
    assert page.blocks == ()


def test_a_pdf_without_a_user_password_is_read(read: Read) -> None:
    assert len(read(encrypted(LEAFLET, ""), content_type="application/pdf").blocks) == 4


def test_a_scan_is_empty(read: Read) -> None:
    assert read(made_pdf([]), content_type="application/pdf").fitness.code == "empty"


def test_limits_end_the_reading_and_are_told(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    page = read(LEAFLET, content_type="application/pdf")
    assert page.fitness.fit
    assert "first 1 of 2" in page.fitness.why
    monkeypatch.setattr(pdf, "MOST_CHARS", 10)
    assert "first 1 of 2" in read(LEAFLET, content_type="application/pdf").fitness.why


def test_a_list_is_cut_at_its_bullets() -> None:
    assert list(pdf.pdf_paragraphs("We offer\n- serum\n- needling\nand rest\n\nEnd")) == [
        "We offer", "- serum", "- needling and rest", "End",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LEAFLET) - 1), st.binary(min_size=1, max_size=30))
def test_damage_anywhere_gives_a_page_and_never_an_error(place: int, noise: bytes) -> None:
    body = LEAFLET[:place] + noise + LEAFLET[place + len(noise) :]
    page = read_page(
        body, url="https://a.example/", content_type="application/pdf", status=200, truncated=None, fitness=RULES
    )
    assert page.fitness.code in ("ok", "empty", "unreadable")


def test_read_pdf_raises_its_own_error_only() -> None:
    with pytest.raises(UnreadableError):
        pdf.read_pdf(b"%PDF-")
