"""Long series: sites on which much happens day by day, real changes under noise and between bad captures."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from bench.series.captures import KINDS as BAD_KINDS
from bench.series.captures import with_bad
from bench.series.changes import drop, put, swap
from bench.series.noises import DAILY, SWITCHES, Step
from bench.series.site import PATHS, Site, first_site, words
from bench.series.story import EVENT, Story, Truth, What

LANGUAGES = ("en", "de", "fr", "es", "ru")
DAYS = 24
_TOPICS = ("/", "/face", "/hair")
#: How often a page sees a real change, and how often its capture is bad, on one day.
_CHANGES, _BAD, _ALL_BAD = 0.3, 0.1, 0.03
#: Days between two changes of one claim, and days that a claim is away before it returns.
_REST, _AWAY = 3, 6


@dataclass
class _World:
    """What stands where, and what may happen next."""

    site: Site
    chance: random.Random
    free: list[str]
    pairs: dict[str, tuple[What, str]]
    """Paragraph → what it may become: the kind of change, and the words after."""
    pages: dict[str, list[str]] = field(default_factory=dict)
    touched: dict[str, int] = field(default_factory=dict)
    away: list[tuple[int, str, str]] = field(default_factory=list)
    waiting: list[tuple[What, str, str]] = field(default_factory=list)
    """Changes that no fit capture of their page (last) has shown yet."""
    truths: list[Truth] = field(default_factory=list)
    had: set[str] = field(default_factory=set)
    """Wordings that claims had before."""


def mixed(language: str, seed: int) -> Story:
    """A series of many days."""
    world = _first(language, random.Random(f"{language} {seed}"))
    chance = world.chance
    daily = chance.sample(DAILY, 4)
    switches = [(step, chance.randrange(EVENT, DAYS)) for step in chance.sample(SWITCHES, 2)]
    days = []
    for day in range(DAYS):
        if day >= EVENT:
            for path in _TOPICS:
                if chance.random() < _CHANGES:
                    _change(world, path, day)
        shown = _noisy(world.site, day, daily, switches)
        bad = [] if day < EVENT else [path for path in PATHS if chance.random() < _BAD]
        bad = list(PATHS) if day >= EVENT and chance.random() < _ALL_BAD else bad
        for path in bad:
            kind = chance.choice([kind for kind in BAD_KINDS if path != "/" or kind != "redirect-home"])
            shown = replace(shown, bad={**shown.bad, **with_bad(shown, kind, path).bad})
        days.append(shown)
        _see(world, day, set(PATHS) - set(shown.bad))
    return Story(f"mixed-{seed}", "mixed", language, days, tuple(world.truths))


def _first(language: str, chance: random.Random) -> _World:
    told, site = words(language), first_site(language, chance.randrange(3))
    pairs: dict[str, tuple[What, str]] = {}
    for before, after in told["stronger"].values():
        pairs[before], pairs[after] = ("stronger", after), ("weaker", before)
    for before, after in told["reworded"]:
        pairs[before], pairs[after] = ("reworded", after), ("reworded", before)
    for before, _ in (*told["stronger"].values(), *told["reworded"]):
        site = put(site, before, chance.choice(_TOPICS), chance.randrange(3))
    free = [*told["fresh"], *told["more"]]
    chance.shuffle(free)
    pages = {path: [part for part in site.sheets[path].parts if _is_claim(part, language)] for path in _TOPICS}
    return _World(site, chance, free, pairs, pages)


def _is_claim(part: str, language: str) -> bool:
    told = words(language)
    return not any(part in told[topic]["plain"] for topic in ("home", "face", "hair"))


def _noisy(site: Site, day: int, daily: list[Step], switches: list[tuple[Step, int]]) -> Site:
    for step in daily:
        site = step(site, day)
    for step, since in switches:
        site = step(site, EVENT if day >= since else 0)
    return site


def _change(world: _World, path: str, day: int) -> None:
    """One real change of one page."""
    rested = [text for text in world.pages[path] if day - world.touched.get(text, -9) >= _REST]
    # words that flip to and fro are told once: each wording comes once
    turnable = [text for text in rested if text in world.pairs and world.pairs[text][1] not in world.had]
    back = [one for one in world.away if one[2] == path and day - one[0] >= _AWAY]
    ways = ["add"] * 4 + ["turn"] * 5 + ["remove"] * 2 + ["move"] + ["beside"] + ["return"] * 2
    way = world.chance.choice(ways)
    if way == "add" and world.free:
        _add(world, path, day)
    elif way == "turn" and turnable:
        text = world.chance.choice(turnable)
        what, after = world.pairs[text]
        world.site = swap(world.site, text, after, path)
        _now(world, path, text, after, day)
        world.had |= {text, after}
        world.waiting.append((what, after, path))
    elif way == "remove" and len(rested) > 2:
        text = world.chance.choice(rested)
        world.site = drop(world.site, text, path)
        _now(world, path, text, None, day)
        world.away.append((day, text, path))
        world.waiting.append(("gone", text, path))
    elif way == "move" and rested:
        text = world.chance.choice(rested)
        there = world.chance.choice([one for one in _TOPICS if one != path])
        world.site = put(drop(world.site, text, path), text, there, 1)
        _now(world, path, text, None, day)
        _now(world, there, None, text, day)
        world.waiting.append(("moved", text, there))
    elif way == "beside" and rested:  # the same words once more, where nobody sees them: no news
        sheet = world.site.sheets[path]
        world.site = world.site.with_sheet(path, alts=(*sheet.alts, world.chance.choice(rested)))
    elif way == "return" and back:
        one = back[0]
        world.away.remove(one)
        world.site = put(world.site, one[1], path)
        _now(world, path, None, one[1], day)
        world.waiting.append(("returned", one[1], path))


def _add(world: _World, path: str, day: int) -> None:
    text, sheet = world.free.pop(), world.site.sheets[path]
    place = world.chance.choice(("part", "part", "part", "point", "faq", "description", "jsonld", "alt", "cell"))
    if place == "part":
        world.site = put(world.site, text, path, world.chance.randrange(len(sheet.parts) + 1))
        _now(world, path, None, text, day)
    elif place == "point":
        world.site = world.site.with_sheet(path, points=(*sheet.points, text))
    elif place == "faq":
        world.site = world.site.with_sheet(path, faq=(*sheet.faq, (f"{sheet.heading}?", text)))
    elif place == "cell":
        world.site = world.site.with_sheet(path, cells=(*sheet.cells, text))
    elif place == "jsonld":
        world.site = world.site.with_sheet(path, jsonld=(*sheet.jsonld, text))
    elif place == "alt":
        world.site = world.site.with_sheet(path, alts=(*sheet.alts, text))
    else:
        place = "description" if not sheet.description else "og"
        if getattr(sheet, place):
            world.free.append(text)
            return
        world.site = world.site.with_sheet(path, **{place: text})
    world.waiting.append(("new", text, path))


def _now(world: _World, path: str, before: str | None, after: str | None, day: int) -> None:
    if before is not None:
        world.pages[path].remove(before)
    if after is not None:
        world.pages[path].append(after)
        world.touched[after] = day


def _see(world: _World, day: int, fit: set[str]) -> None:
    """What the fit captures of the day show for the first time is true from this day on."""
    for one in list(world.waiting):
        what, text, path = one
        if path in fit:
            world.truths.append(Truth(what, day, text))
            world.waiting.remove(one)
