"""Kinds of bad captures: what the server answers in place of the page, and what must not be believed."""

from __future__ import annotations

import html
from dataclasses import replace

from bench.series.site import Answer, Site, first_site, words
from bench.series.story import EVENT, Maker, Story, bad


def _html(text: str, status: int = 200) -> Answer:
    return Answer(text.encode(), status)


def _challenge(site: Site, path: str) -> Answer:
    guard = "<script src=/cdn-cgi/challenge-platform/x></script>"
    return _html(f"<title>Just a moment...</title><h1>Checking your browser</h1>{guard}", 403)


def _challenge_ok(site: Site, path: str) -> Answer:
    return replace(_challenge(site, path), status=200)


def _soft_404(site: Site, path: str) -> Answer:
    title, text = words(site.language)["notfound"]
    return _html(f"<title>{title} | {site.name}</title><h1>{title}</h1><p>{text}</p>")


def _login(site: Site, path: str) -> Answer:
    title, text = words(site.language)["login"]
    fields = "<input type=email name=user><input type=password name=pass><button>OK</button>"
    form = f"<form method=post action=/login>{fields}</form>"
    return _html(f"<title>{title} | {site.name}</title><h1>{title}</h1><p>{text}</p>{form}")


def _cookie_wall(site: Site, path: str) -> Answer:
    told = words(site.language)["cookies"]
    return _html(
        f"<title>{site.name}</title><div id='cookie-consent' role='dialog'><p>{told}</p><button>OK</button></div>"
    )


def _shell(site: Site, path: str) -> Answer:
    return _html(f"<title>{site.name}</title><div id='root'></div><script src='/static/js/main.4f.js'></script>")


def _empty(site: Site, path: str) -> Answer:
    return Answer(b"")


def _truncated(site: Site, path: str) -> Answer:
    whole = site.answers()[path]
    return replace(whole, body=whole.body[: len(whole.body) * 2 // 5], truncated="disconnect")


def _cut_quietly(site: Site, path: str) -> Answer:
    """Cut short with no mark that it was: the end of the page is missing."""
    whole = site.answers()[path]
    return replace(whole, body=whole.body[: len(whole.body) * 2 // 5])


def _server_error(site: Site, path: str) -> Answer:
    return _html("<h1>502 Bad Gateway</h1><hr>nginx", 502)


def _unavailable(site: Site, path: str) -> Answer:
    return _html("<h1>Service Temporarily Unavailable</h1>", 503)


def _too_many(site: Site, path: str) -> Answer:
    return _html("<h1>Too Many Requests</h1>", 429)


def _forbidden(site: Site, path: str) -> Answer:
    return _html("<h1>Forbidden</h1>", 403)


def _error_ok(site: Site, path: str) -> Answer:
    """A program's error, answered with 200."""
    return _html("<h1>Error establishing a database connection</h1>")


def _maintenance(site: Site, path: str) -> Answer:
    return _html(f"<title>{site.name}</title><h1>Under maintenance</h1><p>We will be back soon.</p>")


def _not_there(site: Site, path: str) -> Answer:
    return _html("<h1>Not Found</h1>", 404)


def _no_answer(site: Site, path: str) -> Answer:
    return Answer(b"", no_answer=True)


def _elsewhere(site: Site, path: str) -> Answer:
    return Answer(b"", led_to="/")


def _to_login(site: Site, path: str) -> Answer:
    return replace(_login(site, path), led_to="/login")


def _other_language(site: Site, path: str) -> Answer:
    return first_site("de" if site.language != "de" else "en").answers()[path]


def _template_only(site: Site, path: str) -> Answer:
    """Head, menu and footer, with an empty middle."""
    return site.with_sheet(path, parts=(), points=(), cells=(), faq=(), alts=(), aside=()).answers()[path]


def _parked(site: Site, path: str) -> Answer:
    told = html.escape(site.name.lower().replace(" ", "") + ".example")
    return _html(f"<title>{told}</title><h1>{told}</h1><p>This domain is for sale. Buy now.</p><p>Related searches</p>")


KINDS = {
    "challenge-403": _challenge,
    "challenge-200": _challenge_ok,
    "soft-404": _soft_404,
    "login-wall": _login,
    "cookie-wall": _cookie_wall,
    "shell": _shell,
    "empty": _empty,
    "truncated": _truncated,
    "cut-quietly": _cut_quietly,
    "502": _server_error,
    "503": _unavailable,
    "429": _too_many,
    "403": _forbidden,
    "error-200": _error_ok,
    "maintenance": _maintenance,
    "no-answer": _no_answer,
    "redirect-home": _elsewhere,
    "redirect-login": _to_login,
    "other-language": _other_language,
    "template-only": _template_only,
    "parked": _parked,
    "404-a-day": _not_there,
}


def with_bad(site: Site, kind: str, *paths: str) -> Site:
    """The site as it is captured badly today."""
    return replace(site, bad={path: KINDS[kind](site, path) for path in paths})


def _maker(kind: str, spread: str) -> Maker:
    def made(language: str) -> Story:
        site = first_site(language)
        paths = ("/face",) if spread == "page" else tuple(site.sheets)
        if kind == "redirect-home":
            paths = tuple(path for path in paths if path != "/")
        # that a page is not there, or elsewhere, is a change once two runs say so
        once = spread == "site" or kind in ("redirect-home", "404-a-day")
        days = range(EVENT, EVENT + (1 if once else 2))
        return bad(f"bad-{kind}-{spread}", language, site, {day: with_bad(site, kind, *paths) for day in days})

    return made


BAD: tuple[Maker, ...] = tuple(_maker(kind, spread) for kind in KINDS for spread in ("page", "site"))
