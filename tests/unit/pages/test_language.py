"""The page's language, and a block's where it surely differs."""

from __future__ import annotations

import sys

import pytest

from exowatch.pages.language import language_code, page_language
from tests.unit.pages.conftest import Read, block_with

SAID = {
    "en": "The nurse puts the serum on after needling and the skin is calm on the next day.",
    "de": "Das Serum kommt nach der Behandlung auf die Stirn, und die Haut ist am nächsten Tag nicht mehr rot.",
    "fr": "L'infirmière pose le sérum après la séance, et la peau est calme dès le lendemain pour vous.",
    "es": "La enfermera pone el suero después de la sesión y la piel se calma al día siguiente para la mayoría.",
    "pt": "A enfermeira aplica o soro depois da sessão e a pele fica calma no dia seguinte, como se vê.",
    "it": "L'infermiera mette il siero dopo la seduta e la pelle si calma il giorno dopo, come si dice.",
    "pl": "Pielęgniarka nakłada serum po zabiegu i skóra jest spokojna na drugi dzień, co jest dla nas ważne.",
    "tr": "Hemşire serumu işlemden sonra sürer ve cilt ertesi gün daha sakin olur, bu bizim için çok önemli.",
    "hr": "Medicinska sestra nanosi serum poslije tretmana i koža je već sljedeći dan mirna, što je za nas najbolje.",
    "sr": "Medicinska sestra nanosi serum posle tretmana i koža je već sledeći dan mirna, jer je to za telo najbolje.",
    "ru": "Медсестра наносит сыворотку после процедуры, и кожа на другой день выглядит спокойной, как мы и говорили.",
    "uk": "Медсестра наносить сироватку після процедури, і шкіра наступного дня є спокійною, як ми й казали.",
    "ar": "تضع الممرضة المصل بعد الجلسة وتهدأ البشرة في اليوم التالي كما قلنا لكم من قبل.",
    "ko": "간호사가 시술 뒤에 세럼을 바르고, 다음 날이면 피부가 편안해진다고 우리는 말합니다.",
    "ja": "看護師が施術のあとに美容液を塗り、翌日には肌が落ち着くと私たちは話しています。",
    "zh": "护士在治疗之后涂上精华，第二天皮肤就会安定下来，我们这里的人都这样说。",
    "el": "Η νοσοκόμα απλώνει τον ορό μετά τη συνεδρία και το δέρμα ηρεμεί την επόμενη μέρα.",
}


@pytest.mark.parametrize("code", SAID)
def test_every_language_is_told_without_a_declaration(code: str) -> None:
    assert page_language([SAID[code]], None) == code


@pytest.mark.parametrize("code", SAID)
def test_a_true_declaration_holds(code: str) -> None:
    assert page_language([SAID[code]], code) == code


@pytest.mark.parametrize(
    ("declared", "code"),
    [("en", "de"), ("en", "ru"), ("en", "ja"), ("ru", "en"), ("zh", "ja"), ("en", "pl"), ("de", "tr")],
)
def test_where_declaration_and_text_disagree_the_text_wins(declared: str, code: str) -> None:
    assert page_language([SAID[code]], declared) == code


def test_a_declared_language_without_word_lists_is_kept() -> None:
    assert (
        page_language(
            ["Sairaanhoitaja levittää seerumin hoidon jälkeen, ja iho on seuraavana päivänä rauhallinen."], "fi"
        )
        == "fi"
    )
    assert page_language([SAID["sr"]], "bs") == "bs"


def test_too_little_text_says_nothing() -> None:
    assert page_language(["OK"], None) is None
    assert page_language(["OK"], "de") == "de"
    assert page_language([], None) is None


def test_tags_of_many_forms_give_a_code() -> None:
    assert [language_code(tag) for tag in ("en-IE", "ru_RU", " UK ", "zh-Hant-TW", "jp", "english", "", None)] == [
        "en", "ru", "uk", "zh", "ja", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        "<html lang=de>",
        "<meta http-equiv=content-language content='de-AT'>",
        "<meta property=og:locale content=de_DE>",
    ],
)
def test_the_declaration_is_found_in_its_usual_places(read: Read, head: str) -> None:
    assert read(f"{head}<p>Serum</p>").language == "de"


def test_a_paragraph_in_another_script_has_its_own_language(read: Read) -> None:
    page = read(f"<html lang=ru><p>{SAID['ru']}</p><p>{SAID['en']}</p><p>Serum ASCE+ 5 ml</p>")
    assert [block.language for block in page.blocks] == [None, "en", None]
    assert page.language == "ru"
    other = read(f"<html lang=en><p>{SAID['en']}</p><p>{SAID['ko']}</p>")
    assert block_with(other, "세럼").language == "ko"


def test_a_lang_attribute_is_believed_only_where_the_words_agree(read: Read) -> None:
    page = read(f"<html lang=en><p>{SAID['en']}</p><div lang=de><p>{SAID['de']}</p></div><p lang=fr>{SAID['en']}</p>")
    assert [block.language for block in page.blocks] == [None, "de", None]


def test_a_declared_page_does_not_load_the_language_model(read: Read) -> None:
    before = "py3langid" in sys.modules
    read(f"<html lang=en><p>{SAID['en']}</p>")
    assert ("py3langid" in sys.modules) == before
