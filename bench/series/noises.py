"""Kinds of noise: pages that differ from day to day while nothing that they claim does."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from bench.series.site import OTHER_ENCODING, Site, first_site, words
from bench.series.story import EVENT, Maker, Story, noise

Step = Callable[[Site, int], Site]
"""What a day makes of a site."""

_EVERYWHERE = ("/", "/face", "/hair")


def _all(site: Site, **facts: object) -> Site:
    for path in _EVERYWHERE:
        site = site.with_sheet(path, **facts)
    return site


def _lines(name: str) -> Step:
    def made(site: Site, day: int) -> Site:
        told = words(site.language)[name]
        shown = told[day // 2 % 2] if isinstance(told, list) else told.format(n=17 + 131 * day, d=_date(day), m=day * 5)
        return _all(site, lines=(shown,))

    return made


def _date(day: int) -> str:
    return f"{10 + day}.11.2026"


def _banner(site: Site, day: int) -> Site:
    return site.with_sheet("/", banner=words(site.language)["banners"][day % 3])


def _testimonials(site: Site, day: int) -> Site:
    told = words(site.language)["testimonials"]
    return _all(site, aside=(told[day % 4], told[(day + 1) % 4]))


def _related(site: Site, day: int) -> Site:
    told = words(site.language)["related"]
    return _all(site, related=(told[day % 4], told[(day + 2) % 4]))


def _menu(site: Site, day: int) -> Site:
    names = list(site.look.menu)
    if day >= EVENT:
        names[3] = words(site.language)["related"][day % 4]
    return site.with_look(menu=tuple(names))


def _footer(site: Site, day: int) -> Site:
    return site.with_look(footer=f"{site.look.footer} · © {2020 + day} · v{day}.{day * 7}")


def _cookies(site: Site, day: int) -> Site:
    return _all(site, notice=words(site.language)["cookies"] if day % 2 else "")


def _reordered(site: Site, day: int) -> Site:
    for path in _EVERYWHERE:
        parts = list(site.sheets[path].parts)
        random.Random(day).shuffle(parts)
        site = site.with_sheet(path, parts=tuple(parts))
    return site


def _reversed_parts(site: Site, day: int) -> Site:
    for path in _EVERYWHERE:
        parts = site.sheets[path].parts
        site = site.with_sheet(path, parts=parts if day < EVENT else parts[::-1])
    return site


def _redesign(site: Site, day: int) -> Site:
    return site.with_look(template=0 if day < EVENT else 1 if day < 4 else 2)


def _encoding(site: Site, day: int) -> Site:
    other = OTHER_ENCODING.get(site.language, "windows-1252")
    return site if day < EVENT else site.with_look(encoding=other)


def _typography(how: str) -> Step:
    return lambda site, day: site if day < EVENT else site.with_look(typography=how if day % 2 == 0 else "plain")


def _inline(tag: str) -> Step:
    return lambda site, day: site if day < EVENT else site.with_look(inline=tag)


def _token(site: Site, day: int) -> Site:
    value = random.Random(day).randbytes(16).hex()
    return _all(site, markup=f'<meta name="csrf-token" content="{value}"><script>var s="{value}";</script>')


def _scripts(site: Site, day: int) -> Site:
    body = f"window.ab={day};window.dataLayer=[{{'page':'exosomes','v':{day}}}];"
    return _all(site, tail=f"<script src='/a.js?v={day}'></script><script>{body}</script><!-- built {day} -->")


def _form(site: Site, day: int) -> Site:
    value = random.Random(day).randbytes(8).hex()
    return _all(
        site, tail=f'<form action="/book"><input type="hidden" name="sid" value="{value}"><input name="q"></form>'
    )


def _plain_edit(site: Site, day: int) -> Site:
    """A sentence about the house, not about a product, is put into the page, and another one the day after."""
    told = words(site.language)["about"]["plain"]
    for path in _EVERYWHERE:
        parts = site.sheets[path].parts
        site = site.with_sheet(path, parts=parts if day < EVENT else (*parts[:2], told[day % 5], *parts[2:]))
    return site


def _plain_removed(site: Site, day: int) -> Site:
    for path, topic in (("/", "home"), ("/face", "face"), ("/hair", "hair")):
        gone = words(site.language)[topic]["plain"][day % 3]
        if day >= EVENT:
            site = site.with_sheet(path, parts=tuple(part for part in site.sheets[path].parts if part != gone))
    return site


def _furniture_language(site: Site, day: int) -> Site:
    """Menu and footer in another language, the text as it was."""
    other = words("de" if site.language != "de" else "en")
    return site if day < EVENT else site.with_look(menu=tuple(other["menu"]), footer=f"{site.name} · {other['city']}")


def _comments(site: Site, day: int) -> Site:
    told = words(site.language)["comment"]
    return _all(site, aside=tuple(told.format(n=n) for n in range(day, day + 3)))


def _renamed(site: Site, day: int) -> Site:
    """The name in the titles changes its order and mark."""
    for path, sheet in site.sheets.items():
        name, _, house = sheet.title.partition(" | ")
        site = site.with_sheet(path, title=sheet.title if day < EVENT else f"{house} – {name}")
    return site


def _case(site: Site, day: int) -> Site:
    """Headings in capitals."""
    for path, sheet in site.sheets.items():
        site = site.with_sheet(path, heading=sheet.heading if day < EVENT else sheet.heading.upper())
    return site


def _to_list(site: Site, day: int) -> Site:
    """Paragraphs become items of a list."""
    for path in _EVERYWHERE:
        parts = site.sheets[path].parts
        site = site.with_sheet(path, parts=parts if day < EVENT else (), points=() if day < EVENT else parts)
    return site


def _one_block(site: Site, day: int) -> Site:
    """Paragraphs become one paragraph."""
    gap = "" if site.language == "ja" else " "
    for path in _EVERYWHERE:
        parts = site.sheets[path].parts
        site = site.with_sheet(path, parts=parts if day < EVENT else (gap.join(parts),))
    return site


def _images(site: Site, day: int) -> Site:
    told = words(site.language)["related"]
    return _all(site, alts=(told[day % 4], f"IMG_{day:04}"))


def _everything(site: Site, day: int) -> Site:
    for step in (_testimonials, _related, _token, _footer, _cookies, _banner, _lines("viewed")):
        site = step(site, day)
    return site


def _nothing(site: Site, day: int) -> Site:
    return site


_KINDS: dict[str, Step] = {
    "nothing": _nothing,
    "date": _lines("updated"),
    "counter": _lines("viewed"),
    "price": _lines("price"),
    "hours": _lines("hours"),
    "next-slot": _lines("next_slot"),
    "banner": _banner,
    "testimonials": _testimonials,
    "related": _related,
    "comments": _comments,
    "menu": _menu,
    "footer": _footer,
    "cookie-note": _cookies,
    "shuffled-daily": _reordered,
    "turned-round": _reversed_parts,
    "redesign": _redesign,
    "encoding": _encoding,
    "curly": _typography("curly"),
    "nbsp": _typography("nbsp"),
    "entities": _typography("entities"),
    "line-breaks": _typography("wide"),
    "decomposed": _typography("decomposed"),
    "bold": _inline("strong"),
    "links": _inline("a"),
    "token": _token,
    "scripts": _scripts,
    "form": _form,
    "plain-added": _plain_edit,
    "plain-removed": _plain_removed,
    "furniture-language": _furniture_language,
    "titles-turned": _renamed,
    "headings-in-capitals": _case,
    "paragraphs-to-list": _to_list,
    "paragraphs-to-one": _one_block,
    "images": _images,
    "everything": _everything,
}


#: Noise of every day, and noise that sets in one day and stays.
DAILY: list[Step] = [
    *(_lines("updated"), _lines("viewed"), _lines("price"), _lines("next_slot"), _banner, _related, _footer),
    *(_cookies, _token, _scripts, _form, _images, _reordered, _comments),
]
SWITCHES: list[Step] = [
    *(_redesign, _encoding, _typography("curly"), _typography("nbsp"), _typography("wide"), _inline("strong")),
    *(_furniture_language, _renamed, _case, _to_list, _menu, _plain_edit),
]


def _maker(kind: str, step: Step) -> Maker:
    def made(language: str) -> Story:
        return noise(f"noise-{kind}", language, first_site(language), step)

    return made


def noisy(story: Story) -> Story:
    """The same story, with noise on every day."""
    days = [_everything(site, day) if not site.bad else site for day, site in enumerate(story.days)]
    return replace(story, kind=f"{story.kind}-noisy", days=days)


NOISES: tuple[Maker, ...] = tuple(_maker(kind, step) for kind, step in _KINDS.items())
