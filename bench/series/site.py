"""A made-up clinic's site as it stands on one day, and its pages as bytes."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "de", "fr", "es", "ru", "tr", "ja")
PATHS = ("/", "/face", "/hair", "/about")
#: Encodings that sites of a language are found in, beside UTF-8.
OTHER_ENCODING = {"ru": "windows-1251", "ja": "shift_jis", "tr": "iso-8859-9"}


@cache
def words(language: str) -> dict[str, Any]:
    """The sentences of a language."""
    text = (Path(__file__).parent / "words" / f"{language}.yml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: what it says, and the furniture around it."""

    path: str
    title: str
    heading: str
    parts: tuple[str, ...]
    """Paragraphs, in order."""
    description: str = ""
    og: str = ""
    jsonld: tuple[str, ...] = ()
    """Answers of an FAQPage, or with one: the description of a product."""
    alts: tuple[str, ...] = ()
    hidden: str = ""
    faq: tuple[tuple[str, str], ...] = ()
    cells: tuple[str, ...] = ()
    """Rows of a table."""
    points: tuple[str, ...] = ()
    """Items of a list."""
    # furniture
    banner: str = ""
    aside: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """Small lines under the text: dates, counters, prices."""
    notice: str = ""
    markup: str = ""
    """Raw markup at the end of the head: tokens, scripts."""
    tail: str = ""
    """Raw markup at the end of the body."""


@dataclass(frozen=True, slots=True)
class Look:
    """How pages are put into bytes."""

    template: int = 0
    encoding: str = "utf-8"
    declared: bool = True
    menu: tuple[str, ...] = ()
    footer: str = ""
    typography: str = "plain"
    """plain, curly (quotes, dashes), nbsp, entities, wide (double spaces and line breaks)."""
    inline: str = ""
    """A tag put around the second word of every paragraph: strong, span, a."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answers to one address."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    truncated: str | None = None
    led_to: str | None = None
    """Path of the page that a redirect led to; None: none did."""
    no_answer: bool = False
    """True: the fetch failed, and there is no capture."""


@dataclass(frozen=True, slots=True)
class Site:
    """All that stands on a site on one day."""

    language: str
    name: str
    sheets: dict[str, Sheet]
    look: Look
    bad: dict[str, Answer] = field(default_factory=dict)
    """Path → the answer given in place of its page, for this day alone."""

    def with_sheet(self, path: str, **facts: Any) -> Site:
        return replace(self, sheets={**self.sheets, path: replace(self.sheets[path], **facts)})

    def with_look(self, **facts: Any) -> Site:
        return replace(self, look=replace(self.look, **facts))

    def answers(self) -> dict[str, Answer]:
        """Path → answer."""
        found = {path: self._page(sheet) for path, sheet in self.sheets.items()}
        return {**found, **self.bad}

    def _page(self, sheet: Sheet) -> Answer:
        text = page(sheet, self)
        encoding = self.look.encoding
        told = f"text/html; charset={encoding}" if self.look.declared else "text/html"
        return Answer(text.encode(encoding, "xmlcharrefreplace"), content_type=told)


def first_site(language: str, number: int = 0) -> Site:
    """The site as it stands before anything happens."""
    told = words(language)
    name = told["clinics"][number % 3]
    topics = {"/": told["home"], "/face": told["face"], "/hair": told["hair"], "/about": told["about"]}
    sheets = {}
    for path, topic in topics.items():
        claims, plain = topic.get("claims", []), topic["plain"]
        mixed = [part for pair in zip(claims, plain, strict=False) for part in pair]
        rest = claims[len(plain) :] + plain[len(claims) :]
        sheets[path] = Sheet(path, f"{topic.get('title', name)} | {name}", topic["heading"], (*mixed, *rest))
    return Site(language, name, sheets, Look(menu=tuple(told["menu"]), footer=f"{name}, {told['city']}"))


def _typed(text: str, how: str) -> str:
    if how == "curly":
        return text.replace("'", "’").replace(" - ", " – ").replace('"', "”").replace("-", "‑")
    if how == "nbsp":
        words_of = text.split(" ")
        return "\u00a0".join([" ".join(words_of[:2]), " ".join(words_of[2:])]) if len(words_of) > 3 else text
    if how == "wide":
        return text.replace(" ", "  \n   ", 2)
    if how == "decomposed":
        import unicodedata

        return unicodedata.normalize("NFD", text)
    return text


def _inline(text: str, look: Look) -> str:
    told = html.escape(_typed(text, look.typography), quote=False)
    if look.typography == "entities":
        told = "".join(f"&#{ord(letter)};" if letter.isalpha() and not letter.isascii() else letter for letter in told)
    if look.inline and " " in told.strip():
        first, _, rest = told.partition(" ")
        second, gap, last = rest.partition(" ")
        return f"{first} <{look.inline}>{second}</{look.inline}>{gap}{last}"
    return told


def page(sheet: Sheet, site: Site) -> str:
    """The page as markup."""
    look = site.look
    head = [f"<title>{html.escape(sheet.title)}</title>"]
    if look.declared and look.template != 2:
        head.append(f'<meta charset="{look.encoding}">')
    if sheet.description:
        head.append(f'<meta name="description" content="{html.escape(sheet.description)}">')
    if sheet.og:
        head.append(f'<meta property="og:description" content="{html.escape(sheet.og)}">')
    if sheet.jsonld:
        head.append(f'<script type="application/ld+json">{json.dumps(_jsonld(sheet), ensure_ascii=False)}</script>')
    head.append(sheet.markup)
    body = _TEMPLATES[look.template](sheet, site, _main(sheet, look))
    whole = f"<head>{''.join(head)}</head>\n<body>{body}{sheet.tail}</body>"
    return f'<!doctype html>\n<html lang="{site.language}">\n{whole}\n</html>\n'


def _jsonld(sheet: Sheet) -> dict[str, Any]:
    if len(sheet.jsonld) == 1:
        return {
            "@context": "https://schema.org",
            "@type": "Service",
            "name": sheet.heading,
            "description": sheet.jsonld[0],
        }
    asked = [
        {"@type": "Question", "name": sheet.heading, "acceptedAnswer": {"@type": "Answer", "text": told}}
        for told in sheet.jsonld
    ]
    return {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": asked}


def _main(sheet: Sheet, look: Look) -> str:
    wrap = ("<p>{}</p>", "<div class='txt'><span>{}</span></div>", "<p class='lead'>{}</p>\n")[look.template % 3]
    told = [f"<h1>{html.escape(sheet.heading)}</h1>"]
    told += [wrap.format(_inline(part, look)) for part in sheet.parts]
    if sheet.points:
        told.append("<ul>" + "".join(f"<li>{_inline(one, look)}</li>" for one in sheet.points) + "</ul>")
    if sheet.cells:
        told.append("<table>" + "".join(f"<tr><td>{_inline(one, look)}</td></tr>" for one in sheet.cells) + "</table>")
    for asked, answered in sheet.faq:
        told.append(f"<details><summary>{html.escape(asked)}</summary><p>{_inline(answered, look)}</p></details>")
    told += [f'<img src="/i/{n}.jpg" alt="{html.escape(alt)}">' for n, alt in enumerate(sheet.alts)]
    if sheet.hidden:
        told.append(f'<div style="display:none"><p>{html.escape(sheet.hidden)}</p></div>')
    told += [f"<p><small>{html.escape(line)}</small></p>" for line in sheet.lines]
    return "\n".join(told)


def _menu(site: Site) -> str:
    links = zip(PATHS, site.look.menu, strict=False)
    return "".join(f'<li><a href="{path}">{html.escape(name)}</a></li>' for path, name in links)


def _aside(sheet: Sheet) -> str:
    told = "".join(f"<blockquote>{html.escape(one)}</blockquote>" for one in sheet.aside)
    related = "".join(f'<li><a href="/news/{n}">{html.escape(one)}</a></li>' for n, one in enumerate(sheet.related))
    return told + (f'<aside class="related"><ul>{related}</ul></aside>' if related else "")


def _notice(sheet: Sheet) -> str:
    return f'<div id="cookie-banner" role="dialog">{html.escape(sheet.notice)}</div>' if sheet.notice else ""


def _banner(sheet: Sheet) -> str:
    return f'<div class="banner"><p>{html.escape(sheet.banner)}</p></div>' if sheet.banner else ""


def _plain(sheet: Sheet, site: Site, main: str) -> str:
    return (
        f"{_notice(sheet)}<header><nav><ul>{_menu(site)}</ul></nav></header>{_banner(sheet)}"
        f"<main>{main}</main>{_aside(sheet)}<footer>{html.escape(site.look.footer)}</footer>"
    )


def _boxed(sheet: Sheet, site: Site, main: str) -> str:
    return (
        f"<div id='page' class='grid'><div class='top'><a href='/'>{html.escape(site.name)}</a>"
        f"<div class='nav' role='navigation'><ul>{_menu(site)}</ul></div></div>{_banner(sheet)}"
        f"<section class='content'><article>{main}</article></section>{_aside(sheet)}"
        f"<div class='footer'><p>{html.escape(site.look.footer)}</p></div></div>{_notice(sheet)}"
    )


def _old(sheet: Sheet, site: Site, main: str) -> str:
    return (
        f"<table width='100%'><tr><td><ul class='menu'>{_menu(site)}</ul></td></tr></table>"
        f"{_banner(sheet)}<div id='wrapper'><div id='main-content'>{main}</div>{_aside(sheet)}</div>"
        f"<div id='footer'>{html.escape(site.look.footer)}</div>{_notice(sheet)}"
    )


_TEMPLATES = (_plain, _boxed, _old)
