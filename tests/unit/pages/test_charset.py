"""Text comes out right whatever header, meta and bytes say of each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exowatch.pages.charset import codec_named, page_text, without_controls

SAMPLES = {
    "cp1251": "Сыворотку наносит медсестра, и кожа становится спокойнее уже на другой день.",
    "koi8-r": "Сыворотку наносит медсестра, и кожа становится спокойнее уже на другой день.",
    "cp932": "美容液は看護師が塗ります。肌は翌日には落ち着きます。",
    "euc_jp": "美容液は看護師が塗ります。肌は翌日には落ち着きます。",
    "cp949": "간호사가 세럼을 바릅니다. 다음 날이면 피부가 편안해집니다.",
    "gb18030": "护士在治疗之后为您涂上精华，第二天皮肤就会安定下来，我们这里的人都知道。",
    "big5hkscs": "護士在治療之後為您塗上精華，第二天皮膚就會安定下來，我們這裡的人都知道。",
    "cp1253": "Η νοσοκόμα απλώνει τον ορό και το δέρμα ηρεμεί την επόμενη μέρα.",
    "cp1256": "تضع الممرضة المصل على البشرة فتهدأ في اليوم التالي.",
    "cp1252": "L'infirmière étale le sérum, la peau s'apaise dès le lendemain, déclare-t-elle.",
    "cp1250": "Pielęgniarka nakłada serum, a skóra już następnego dnia łagodnieje.",
    "cp1254": "Hemşire serumu sürer, cilt ertesi gün yatışır ve ışıltı kazanır.",
}


@pytest.mark.parametrize("charset", SAMPLES)
def test_unlabelled_bytes_are_read_by_a_guess(charset: str) -> None:
    body = f"<p>{SAMPLES[charset]}</p>".encode(charset)
    assert SAMPLES[charset] in page_text(body, "text/html")[0]


@pytest.mark.parametrize("charset", SAMPLES)
def test_bytes_labelled_utf_8_that_are_not_are_read_by_a_guess(charset: str) -> None:
    body = f"<meta charset=utf-8><p>{SAMPLES[charset]}</p>".encode(charset)
    assert SAMPLES[charset] in page_text(body, "text/html; charset=UTF-8")[0]


@pytest.mark.parametrize("charset", SAMPLES)
def test_a_true_label_in_header_or_meta_is_believed(charset: str) -> None:
    text = f"<p>{SAMPLES[charset]}</p>"
    assert page_text(text.encode(charset), f"text/html; charset={charset}")[0] == text
    with_meta = f'<head><meta http-equiv="Content-Type" content="text/html; charset={charset}">{text}'
    assert page_text(with_meta.encode(charset), "text/html")[0] == with_meta


def test_a_byte_order_mark_beats_every_label() -> None:
    assert page_text(b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=koi8-r") == ("café", "utf-8")
    assert page_text("Haut".encode("utf-16"), None) == ("Haut", "utf-16-le")


def test_utf_8_served_under_a_single_byte_label_is_still_utf_8() -> None:
    assert page_text("façade “ruhig”".encode(), "text/html; charset=iso-8859-1") == ("façade “ruhig”", "utf-8")


def test_a_page_cut_within_a_letter_stays_utf_8() -> None:
    text, charset = page_text("кожа спокойна".encode()[:-1], None)
    assert charset == "utf-8"
    assert text == "кожа спокойн\ufffd"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("gb2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("'utf8'", "utf-8"),
        ("utf-7", None),
        ("base64", None),
        ("no-such-charset", None),
        ("", None),
        (None, None),
    ],
)
def test_labels_mean_what_browsers_mean_by_them(label: str | None, codec: str | None) -> None:
    assert codec_named(label) == codec


def test_control_characters_go_and_a_vertical_tab_becomes_a_space() -> None:
    assert without_controls("exo\x00some\x0bserum\x1f\n") == b"exosome serum\n"


@given(st.binary(max_size=600), st.none() | st.text(max_size=40))
def test_any_bytes_under_any_header_give_text_that_can_be_encoded(body: bytes, header: str | None) -> None:
    text, charset = page_text(body, header and f"text/html; charset={header}")
    assert charset
    text.encode("utf-8")
