"""Kinds of change and noise that were written after the matching was tuned, and that it was never tuned to.

What they show is worth more than what the other kinds show. A kind that is tuned to belongs in another module.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bench.series.changes import drop, put, swap
from bench.series.noises import Step, noisy
from bench.series.site import Answer, Sheet, Site, first_site, words
from bench.series.story import EVENT, LENGTH, Maker, Story, Truth, bad, change, noise

_FACE = "/face"
_EVERYWHERE = ("/", "/face", "/hair")


def _parts(site: Site, turn: Callable[[str, int], str]) -> Site:
    for path in _EVERYWHERE:
        told = site.sheets[path].parts
        site = site.with_sheet(path, parts=tuple(turn(part, n) for n, part in enumerate(told)))
    return site


def _once(turn: Callable[[str, int], str]) -> Step:
    """Noise that sets in on the day of the event and stays."""
    return lambda site, day: site if day < EVENT else _parts(site, turn)


def _each_day(markup: Callable[[int], str]) -> Step:
    def made(site: Site, day: int) -> Site:
        for path in _EVERYWHERE:
            site = site.with_sheet(path, tail=markup(day))
        return site

    return made


def _shy(text: str, _: int) -> str:
    return re.sub(r"(\w{4})(\w{4})", "\\1\u00ad\\2", text)


def _first_capital(text: str, _: int) -> str:
    first, gap, rest = text.partition(" ")
    return first.upper() + gap + rest


def _head(markup: str) -> Step:
    def made(site: Site, day: int) -> Site:
        for path in _EVERYWHERE:
            site = site.with_sheet(path, markup=markup.format(day=day))
        return site

    return made


def _slots(site: Site, day: int) -> Site:
    texts = {"en": "Only {n} places left", "de": "Nur noch {n} Plätze", "fr": "Plus que {n} places"}
    told = texts.get(site.language, "{n}").format(n=9 - day)
    return site.with_sheet("/", banner=told).with_sheet(_FACE, aside=(f"4.{day} ★★★★★ ({310 + day})",))


def _menu_with_exosomes(site: Site, day: int) -> Site:
    names = list(site.look.menu)
    if day >= EVENT:
        names[1], names[2] = words(site.language)["face"]["heading"], words(site.language)["hair"]["heading"]
    return site.with_look(menu=tuple(names))


def _teasers(site: Site, day: int) -> Site:
    """Each page shows headings of two others, in turn."""
    told = [words(site.language)[topic]["heading"] for topic in ("home", "face", "hair", "about")]
    for n, path in enumerate(_EVERYWHERE):
        site = site.with_sheet(path, related=(told[(day + n) % 4], told[(day + n + 1) % 4]))
    return site


def _quiet_page(site: Site, day: int) -> Site:
    """A page about the house comes, and goes again."""
    if not EVENT <= day < 5:
        return site
    told = words(site.language)
    sheet = Sheet("/team", told["about"]["title"], told["about"]["heading"], tuple(told["about"]["plain"][:3]))
    return replace(site, sheets={**site.sheets, "/team": sheet})


def _halves(site: Site, day: int) -> Site:
    """Two sentences of the house are told in one paragraph, and the claims stand in other blocks."""
    if day < EVENT:
        return site
    for path in _EVERYWHERE:
        parts = site.sheets[path].parts
        pairs = [" ".join(parts[n : n + 2]) for n in range(0, len(parts), 2)]
        site = site.with_sheet(path, parts=tuple(pairs))
    return site


def _two_looks(site: Site, day: int) -> Site:
    """Two versions by lot: other template, other order, other words of the house."""
    if day % 2 == 0:
        return site
    site = _parts(site.with_look(template=1), lambda text, n: text)
    for path in _EVERYWHERE:
        site = site.with_sheet(path, parts=site.sheets[path].parts[::-1], banner=words(site.language)["banners"][1])
    return site


_NOISE: dict[str, Step] = {
    "soft-hyphens": _once(_shy),
    "zero-width": _once(lambda text, _: text.replace(" ", " \u200b", 2)),
    "ticks": _once(lambda text, _: f"✓ {text}"),
    "numbered": _once(lambda text, n: f"{n + 1}. {text}"),
    "no-full-stop": _once(lambda text, _: text.rstrip(".。")),
    "exclaimed": _once(lambda text, _: text.rstrip(".。") + "!"),
    "trade-marks": _once(lambda text, _: re.sub(r"([Ee][xk][oz]o[sz]\w*)", "\\1™", text, count=1)),
    "first-word-in-capitals": _once(_first_capital),
    "emoji": _once(lambda text, _: f"✨ {text} ✨"),
    "quoted": _once(lambda text, _: f"“{text}”"),
    "chat": _each_day(lambda day: f"<div class='chat-widget'><p>Hi! {day + 3} agents online.</p></div>"),
    "weather": _each_day(lambda day: f"<div class='weather'>{12 + day} °C</div>"),
    "pixel": _each_day(lambda day: f"<img src='/p.gif?{day}' alt=''><noscript><img src='/q.gif?{day}'></noscript>"),
    "hashed-classes": _each_day(lambda day: f"<style>.c{day}x{{color:red}}</style><div class='c{day}x'></div>"),
    "preloads": _head("<link rel=preload href='/f{day}.woff2'><meta name='build' content='{day}'>"),
    "generator": _head(
        "<meta name='generator' content='Press 6.{day}'><meta property='og:updated_time' content='{day}'>"
    ),
    "places-left": _slots,
    "menu-with-exosomes": _menu_with_exosomes,
    "teasers": _teasers,
    "quiet-page": _quiet_page,
    "two-by-two": _halves,
    "two-looks": _two_looks,
}


def _noise(kind: str, step: Step) -> Maker:
    return lambda language: noise(f"held-{kind}", language, first_site(language), step)


def _with_noise(maker: Maker) -> Maker:
    return lambda language: noisy(maker(language))


def _zone(kind: str) -> Maker:
    """A claim put into corners of a page."""

    def made(language: str) -> Story:
        text = words(language)["fresh"][1]
        site = first_site(language)
        corners = {
            "heading": f"<section><h2>{text}</h2></section>",
            "caption": f"<figure><img src='/a.jpg'><figcaption>{text}</figcaption></figure>",
            "footer": f"<footer><p>{text}</p></footer>",
            "details": f"<details><summary>+</summary><div>{text}</div></details>",
            "link": f"<p><a href='/face'>{text}</a></p>",
            "definition": f"<dl><dt>?</dt><dd>{text}</dd></dl>",
            "quote": f"<blockquote><p>{text}</p></blockquote>",
            "noscript": f"<noscript><p>{text}</p></noscript>",
            "accordion": f"<div class='accordion' hidden><p>{text}</p></div>",
            "button": f"<div role='region' class='cta'><span>{text}</span><button>OK</button></div>",
        }
        after = site.with_sheet(_FACE, tail=corners[kind])
        return change(f"held-added-{kind}", language, site, after, ("new", text))

    return made


def _redesigned(kind: str) -> Maker:
    """A real change on the day of a redesign."""

    def made(language: str) -> Story:
        told = words(language)
        site = put(put(first_site(language), told["stronger"]["hedge"][0]), told["reworded"][0][0], "/hair")
        if kind == "added":
            after, truths = put(site, told["fresh"][5]), [("new", told["fresh"][5])]
        elif kind == "stronger":
            pair = told["stronger"]["hedge"]
            after, truths = swap(site, *pair), [("stronger", pair[1])]
        elif kind == "removed":
            lost = told["face"]["claims"][1]
            after, truths = drop(site, lost), [("gone", lost)]
        else:
            pair = told["reworded"][0]
            after, truths = swap(site, *pair, "/hair"), [("reworded", pair[1])]
        after = after.with_look(template=2, inline="span", footer=f"{site.name} 2027")
        return change(f"held-redesign-and-{kind}", language, site, after, *truths)

    return made


def _everywhere(what: str) -> Maker:
    """A line that stands on every page takes other words on all of them, or on one."""

    def made(language: str) -> Story:
        told = words(language)
        pair = told["reworded"][1] if what == "reworded" else told["stronger"]["number"]
        before = first_site(language)
        for path in _EVERYWHERE:
            before = put(before, pair[0], path)
        after = before
        for path in _EVERYWHERE[:1] if what == "stronger-on-one" else _EVERYWHERE:
            after = swap(after, *pair, path)
        kind = "reworded" if what == "reworded" else "stronger"
        return change(f"held-everywhere-{what}", language, before, after, (kind, pair[1]))

    return made


def _twice_in_a_row(language: str) -> Story:
    """Two real changes of one claim on days that follow."""
    told = words(language)
    hedged, plain = told["stronger"]["hedge"]
    site = put(first_site(language), hedged)
    middle = swap(site, hedged, plain)
    last = put(drop(middle, plain), plain, "/hair")
    days = [site, site, middle, last, last, last, last]
    return Story("held-stronger-then-moved", "change", language, days, (Truth("stronger", 2, plain),))


def _page_rewritten(language: str) -> Story:
    """All claims of a page give way to others."""
    told = words(language)
    site = first_site(language)
    after = site.with_sheet("/hair", parts=(*told["hair"]["plain"], told["fresh"][0], told["fresh"][5]))
    lost = [("gone", text) for text in told["hair"]["claims"]]
    return change(
        "held-page-rewritten", language, site, after, *lost, ("new", told["fresh"][0]), ("new", told["fresh"][5])
    )


def _address_changed(language: str) -> Story:
    """A page is there under another address, with the same words; the old one is not."""
    site = first_site(language)
    other = replace(site.sheets["/hair"], path="/hair-2027")
    after = replace(
        site, sheets={**site.sheets, "/hair-2027": other}, bad={"/hair": Answer(b"<h1>Not Found</h1>", 404)}
    )
    days = [site] * EVENT + [after] * (LENGTH - EVENT)
    moved = tuple(Truth("moved", EVENT, text) for text in words(language)["hair"]["claims"])
    return Story("held-address-changed", "change", language, days, moved)


_WALLS = {
    "members": "<title>Members</title><h1>Members only</h1><p>Enter the code that you were sent by post.</p>",
    "queue": "<title>Queue</title><h1>You are in line</h1><p>Your place: 4711. Do not close the window.</p>",
    "region": "<title>Sorry</title><h1>Not in your country</h1><p>This content is not shown where you are.</p>",
    "newsletter": "<title>News</title><h1>Stay in touch</h1><p>Leave your address to go on.</p><form><input></form>",
    "upgrade": "<title>Old browser</title><p>Your browser is too old for this page. Choose another one.</p>",
    "php": "<br /><b>Fatal error</b>: Uncaught Error: Call to undefined function get_header() in /var/www/index.php",
    "default": "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>If you see this page, it works.</p>",
    "gone-home": "",
}


def _short(site: Site) -> Site:
    """Pages of hardly more than a claim."""
    for path in _EVERYWHERE:
        site = site.with_sheet(path, parts=site.sheets[path].parts[:3])
    return site


def _wall(kind: str, short: bool) -> Maker:
    """A page that nobody knows for what it is stands in place of the real one, for two days."""

    def made(language: str) -> Story:
        site = _short(first_site(language)) if short else first_site(language)
        text = _WALLS[kind].encode() or site.answers()["/"].body
        walled = replace(site, bad={"/face": Answer(text)})
        name = f"held-wall-{kind}{'-short' if short else ''}"
        return bad(name, language, site, {2: walled, 3: walled})

    return made


HELD_OUT: tuple[Maker, ...] = (
    *(_wall(kind, short) for kind in _WALLS for short in (False, True)),
    *(_noise(kind, step) for kind, step in _NOISE.items()),
    *(
        _zone(kind)
        for kind in (
            "heading",
            "caption",
            "footer",
            "details",
            "link",
            "definition",
            "quote",
            "noscript",
            "accordion",
            "button",
        )
    ),
    *(_redesigned(kind) for kind in ("added", "stronger", "removed", "reworded")),
    *(_everywhere(what) for what in ("reworded", "stronger", "stronger-on-one")),
    _twice_in_a_row,
    _page_rewritten,
    _address_changed,
    *(_with_noise(_redesigned(kind)) for kind in ("added", "stronger", "removed", "reworded")),
)
