"""A capture that must not be believed is told by itself."""

from __future__ import annotations

import pytest

from tests.unit.pages.conftest import Read

LONG = "<p>The nurse puts the serum on after needling, and the skin is calm within a few days.</p>" * 30


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_a_challenge_is_told_whatever_its_status(read: Read, status: int) -> None:
    page = read("<title>Just a moment...</title><p>Checking your browser</p>", status=status)
    assert page.fitness.code == "challenge"
    assert "challenge-words" in page.fitness.why


def test_a_challenge_is_told_by_the_marks_of_its_maker(read: Read) -> None:
    page = read("<title>alder.example</title><p>…</p><script src='/cdn-cgi/challenge-platform/x.js'></script>")
    assert page.fitness.code == "challenge"


def test_a_form_with_a_captcha_on_a_full_page_is_fit(read: Read) -> None:
    assert read(f"<h1>Contact</h1>{LONG}<div class='g-recaptcha'>I'm not a robot</div>").fitness.fit


@pytest.mark.parametrize(
    ("status", "code"), [(404, "gone"), (410, "gone"), (500, "error"), (403, "error"), (301, "error")]
)
def test_statuses_speak_for_themselves(read: Read, status: int, code: str) -> None:
    page = read(LONG, status=status)
    assert (page.fitness.code, page.fitness.why) == (code, f"HTTP {status}")


@pytest.mark.parametrize(
    "words",
    [
        "Page not found", "Страница не найдена", "Сторінку не знайдено", "Sayfa bulunamadı", "Stranica nije pronađena",
        "Página no encontrada",
        "Página não encontrada", "Page introuvable", "Seite nicht gefunden", "Pagina non trovata",
        "Nie znaleziono strony", "الصفحة غير موجودة",
        "페이지를 찾을 수 없습니다", "ページが見つかりません",
        "页面不存在",
        "找不到頁面", "Η σελίδα δεν βρέθηκε",
    ],
)  # fmt: skip
def test_a_soft_404_is_told_in_every_language(read: Read, words: str) -> None:
    assert read(f"<h1>{words}</h1><p>Alder</p>").fitness.code == "soft-404"
    assert read(f"<title>{words} - Alder</title><p>Alder</p>").fitness.code == "soft-404"
    assert read(f"<h1>{words}</h1>{LONG}").fitness.fit


def test_a_cut_body_is_truncated(read: Read) -> None:
    page = read(LONG, truncated="length")
    assert (page.fitness.code, page.fitness.why) == ("truncated", "the body was cut (length)")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty"),
        ("<html><body></body></html>", "empty"),
        ("<div id=root></div><script src=/a.js></script>", "shell"),
        ("<app-root></app-root><script src=/a.js></script><p>Alder Rooms</p>", "shell"),
        (
            "<noscript>Please enable JavaScript.</noscript><div id=app></div><script>a()</script>",
            "shell",
        ),
        ("<p>Loading…</p><script>a()</script>", "shell"),
        (
            "<div id=cookie-wall><p>We use cookies. Accept to read on.</p></div><h1>Alder</h1>",
            "cookie-wall",
        ),
        ("<h1>Log in</h1><form><input name=u><input type=password></form>", "login-wall"),
        ("<p>This content is password protected.</p>", "login-wall"),
    ],
)
def test_pages_without_what_they_should_say_are_unfit(read: Read, body: str, code: str) -> None:
    assert read(body).fitness.code == code


@pytest.mark.parametrize(
    "body",
    [
        "<p>Exosomes calm skin.</p>",
        "<p>Exosomes calm skin within a week.</p><script>track()</script>",
        "<div id=cookie-banner>We use cookies.</div><h1>Serum</h1><p>The serum calms skin within a week or two.</p>",
        f"<h1>Members only?</h1>{LONG}",
        f"<div id=root>{LONG}</div><script src=/a.js></script>",
    ],
)
def test_short_and_ordinary_pages_are_fit(read: Read, body: str) -> None:
    assert read(body).fitness.fit
