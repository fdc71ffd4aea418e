"""Kinds of real changes: claims added, strengthened, weakened, reworded, moved, removed, returned."""

from __future__ import annotations

from dataclasses import replace

from bench.series.site import Answer, Sheet, Site, first_site, words
from bench.series.story import EVENT, LENGTH, Maker, Story, Truth, change

STRENGTHS = ("hedge", "disease", "graver", "number", "guarantee", "approval")
_FACE = "/face"


def put(site: Site, text: str, path: str = _FACE, place: int | None = None) -> Site:
    """The site with a paragraph more."""
    parts = list(site.sheets[path].parts)
    parts.insert(len(parts) if place is None else place, text)
    return site.with_sheet(path, parts=tuple(parts))


def drop(site: Site, text: str, path: str = _FACE) -> Site:
    """The site with that paragraph less."""
    parts = [part for part in site.sheets[path].parts if part != text]
    assert len(parts) < len(site.sheets[path].parts), text
    return site.with_sheet(path, parts=tuple(parts))


def swap(site: Site, old: str, new: str, path: str = _FACE) -> Site:
    """The site with one paragraph in other words."""
    assert old in site.sheets[path].parts, old
    return site.with_sheet(path, parts=tuple(new if part == old else part for part in site.sheets[path].parts))


def _added(kind: str, number: int, **more: str) -> Maker:
    def made(language: str) -> Story:
        site, text = first_site(language), words(language)["fresh"][number]
        sheet = site.sheets["/face"]
        after = {
            "paragraph": lambda: put(site, text),
            "first-paragraph": lambda: put(site, text, place=0),
            "list-item": lambda: site.with_sheet(_FACE, points=(*sheet.points, text)),
            "table-cell": lambda: site.with_sheet(_FACE, cells=(text,)),
            "faq": lambda: site.with_sheet(_FACE, faq=((sheet.heading + "?", text),)),
            "description": lambda: site.with_sheet(_FACE, description=text),
            "open-graph": lambda: site.with_sheet(_FACE, og=text),
            "jsonld-service": lambda: site.with_sheet(_FACE, jsonld=(text,)),
            "jsonld-faq": lambda: site.with_sheet(_FACE, jsonld=(words(language)["face"]["claims"][0], text)),
            "alt": lambda: site.with_sheet(_FACE, alts=(text,)),
            "two-places": lambda: put(site, text).with_sheet(_FACE, description=text),
            "two-pages": lambda: put(put(site, text), text, "/hair"),
            "quiet-page": lambda: put(site, text, "/about"),
            "title": lambda: site.with_sheet(_FACE, title=text.rstrip(".。")),
            "inside-a-paragraph": lambda: swap(site, sheet.parts[1], f"{sheet.parts[1]} {text}"),
        }[kind]()
        return change(f"added-{kind}", language, site, after, ("new", text.rstrip(".。") if kind == "title" else text))

    return made


def _new_page(language: str) -> Story:
    site, told = first_site(language), words(language)
    one, other = told["fresh"][0], told["fresh"][4]
    sheet = Sheet("/joints", told["face"]["title"], told["face"]["heading"], (one, told["about"]["plain"][1], other))
    after = replace(site, sheets={**site.sheets, "/joints": sheet})
    return change("added-page", language, site, after, ("new", one), ("new", other))


def _many(language: str) -> Story:
    site, told = first_site(language), words(language)
    after, truths = site, []
    for number, path in enumerate(("/face", "/hair", "/", "/face")):
        after = put(after, told["fresh"][number], path)
        truths.append(("new", told["fresh"][number]))
    return change("added-many", language, site, after, *truths)


def _stronger(why: str, reverse: bool = False) -> Maker:
    def made(language: str) -> Story:
        before, after = words(language)["stronger"][why]
        if reverse:
            before, after = after, before
        site = put(first_site(language), before, place=2)
        what = "weaker" if reverse else "stronger"
        return change(f"{what}-{why}", language, site, swap(site, before, after), (what, after))

    return made


def _stronger_twice(language: str) -> Story:
    told = words(language)["stronger"]
    site = put(put(first_site(language), told["hedge"][0]), told["number"][0], "/hair")
    after = swap(swap(site, *told["hedge"]), *told["number"], "/hair")
    texts = (told["hedge"][1], told["number"][1])
    return change("stronger-two-pages", language, site, after, *(("stronger", text) for text in texts))


def _stronger_in(place: str) -> Maker:
    def made(language: str) -> Story:
        before, after = words(language)["stronger"]["disease"]

        def with_it(text: str) -> Site:
            site = first_site(language)
            if place == "description":
                return site.with_sheet(_FACE, description=text)
            if place == "jsonld":
                return site.with_sheet(_FACE, jsonld=(text,))
            return site.with_sheet(_FACE, alts=(text,))

        return change(f"stronger-in-{place}", language, with_it(before), with_it(after), ("stronger", after))

    return made


def _disclaimer_lost(language: str) -> Story:
    told = words(language)
    claim, disclaimer = told["fresh"][2], told["disclaimer"]
    site = put(put(first_site(language), claim), disclaimer)
    made = change("stronger-disclaimer-lost", language, site, drop(site, disclaimer), ("stronger", claim))
    return replace(made, may_be_gone=frozenset((disclaimer,)))


def _reworded(number: int) -> Maker:
    def made(language: str) -> Story:
        before, after = words(language)["reworded"][number]
        site = put(first_site(language), before, place=1)
        return change(f"reworded-{number + 1}", language, site, swap(site, before, after), ("reworded", after))

    return made


def _reworded_all(language: str) -> Story:
    told = words(language)["reworded"]
    site = put(put(first_site(language), told[0][0]), told[1][0], "/hair")
    after = swap(swap(site, *told[0]), *told[1], "/hair")
    return change("reworded-two-pages", language, site, after, *(("reworded", one[1]) for one in told))


def _moved(kind: str) -> Maker:
    def made(language: str) -> Story:
        told = words(language)
        text = told["face"]["claims"][2]
        site, what, after_text = first_site(language), "moved", text
        away = drop(site, text)
        if kind == "to-list":
            after = away.with_sheet(_FACE, points=(text,))
        elif kind == "to-faq":
            after = away.with_sheet(_FACE, faq=((told["face"]["heading"] + "?", text),))
        elif kind == "to-top":
            after = put(away, text, place=0)
        elif kind == "to-page":
            after = put(away, text, "/hair")
        elif kind == "to-description":
            after = away.with_sheet(_FACE, description=text)
        elif kind == "to-new-page":
            sheet = Sheet("/care", told["face"]["title"], told["face"]["heading"], (text, told["about"]["plain"][0]))
            after = replace(away, sheets={**away.sheets, "/care": sheet})
        else:
            before, after_text = told["reworded"][1]
            site = put(site, before)
            after = put(drop(site, before), after_text, "/hair")
        truths = [(what, after_text)] if kind in ("to-page", "to-new-page", "reworded") else []
        return change(f"moved-{kind}", language, site, after, *truths)

    return made


def _removed(kind: str) -> Maker:
    def made(language: str) -> Story:
        told = words(language)
        site, lost = first_site(language), [told["face"]["claims"][2]]
        if kind == "one":
            after = drop(site, lost[0])
        elif kind == "with-page":
            lost = list(told["hair"]["claims"])
            after = replace(site, bad={"/hair": Answer(b"<h1>410</h1>", 410)})
        elif kind == "page-404":
            lost = list(told["hair"]["claims"])
            after = replace(site, bad={"/hair": Answer(b"<h1>404 Not Found</h1>", 404)})
        elif kind == "from-description":
            lost = [told["fresh"][3]]
            site, after = site.with_sheet(_FACE, description=lost[0]), site
        else:
            lost = told["face"]["claims"][1:3]
            after = drop(drop(site, lost[0]), lost[1])
        story = change(f"removed-{kind}", language, site, after, *(("gone", text) for text in lost))
        with_page = kind in ("with-page", "page-404")
        return replace(
            story, may_be_gone=frozenset((told["hair"]["heading"], told["hair"]["title"])) if with_page else ()
        )

    return made


def _replaced(language: str) -> Story:
    told = words(language)
    old, new = told["hair"]["claims"][1], told["fresh"][1]
    site = first_site(language)
    return change("replaced", language, site, swap(site, old, new, "/hair"), ("gone", old), ("new", new))


def _returned(language: str) -> Story:
    told = words(language)
    text = told["face"]["claims"][2]
    site = first_site(language)
    away = drop(site, text)
    days = [site, site, away, away, away, site, site]
    return Story("returned", "change", language, days, (Truth("gone", 2, text), Truth("returned", 5, text)))


def _away_a_day(language: str) -> Story:
    site = first_site(language)
    away = drop(site, words(language)["face"]["claims"][2])
    return Story("away-a-day", "noise", language, [site, site, away, site, site, away, site])


def _two_edits(language: str) -> Story:
    told = words(language)
    before, after = told["reworded"][0]
    site = put(first_site(language), before)
    changed = put(swap(site, before, after), told["fresh"][5])
    return change("added-and-reworded", language, site, changed, ("reworded", after), ("new", told["fresh"][5]))


def _copied(kind: str) -> Maker:
    def made(language: str) -> Story:
        text = words(language)["face"]["claims"][0]
        site = first_site(language)
        after = {
            "page": lambda: put(site, text, "/hair"),
            "description": lambda: site.with_sheet(_FACE, description=text),
            "alt": lambda: site.with_sheet(_FACE, alts=(text,)),
            "jsonld": lambda: site.with_sheet(_FACE, jsonld=(text,)),
        }[kind]()
        return replace(change(f"copied-to-{kind}", language, site, after), family="noise")

    return made


def _alternating(language: str) -> Story:
    before, after = words(language)["stronger"]["hedge"]
    one = put(first_site(language), before)
    other = swap(one, before, after)
    days = [one if day % 2 == 0 else other for day in range(LENGTH)]
    return Story("flap-strength", "change", language, days, (Truth("stronger", 1, after),))


def _rotating(kind: str) -> Maker:
    """Three claims take turns in one banner: each is told when it is first seen, and never again."""

    def made(language: str) -> Story:
        told = words(language)
        site, turns = first_site(language), told["fresh"][:3]
        if kind == "banner":
            days = [site.with_sheet("/", banner=turns[day % 3]) for day in range(LENGTH + 2)]
        elif kind == "paragraph":
            days = [put(site, turns[day % 3]) for day in range(LENGTH + 2)]
        else:
            days = [site.with_sheet(_FACE, aside=(turns[day // 3 % 3],)) for day in range(LENGTH + 18)]
        step = 3 if kind == "slow-aside" else 1
        truths = [Truth("new", step * n, turns[n]) for n in (1, 2)]
        if step == 3:  # out of sight for days: it is told that the first one is back, and no more after that
            truths += [Truth("gone", 3, turns[0]), Truth("returned", 9, turns[0]), Truth("gone", 6, turns[1])]
        return Story(f"flap-{kind}", "change", language, days, tuple(truths))

    return made


def _late(language: str) -> Story:
    """A claim added on the very day on which its page is captured badly: it is news the day after."""
    told = words(language)
    site, text = first_site(language), told["fresh"][1]
    after = put(site, text)
    days = [site] * EVENT + [replace(after, bad={"/face": Answer(b"", 503)})] + [after] * (LENGTH - EVENT - 1)
    return Story("added-behind-503", "change", language, days, (Truth("new", EVENT + 1, text),))


CHANGES: tuple[Maker, ...] = (
    *(
        _added(kind, number % 6)
        for number, kind in enumerate(
            (
                *("paragraph", "first-paragraph", "list-item", "table-cell", "faq", "description", "open-graph"),
                *("jsonld-service", "jsonld-faq", "alt", "two-places", "two-pages", "quiet-page", "title"),
                "inside-a-paragraph",
            )
        )
    ),
    _new_page,
    _many,
    *(_stronger(why) for why in STRENGTHS),
    *(_stronger(why, reverse=True) for why in STRENGTHS),
    _stronger_twice,
    *(_stronger_in(place) for place in ("description", "jsonld", "alt")),
    _disclaimer_lost,
    _reworded(0),
    _reworded(1),
    _reworded_all,
    *(_moved(k) for k in ("to-list", "to-faq", "to-top", "to-page", "to-description", "to-new-page", "reworded")),
    *(_removed(kind) for kind in ("one", "two", "with-page", "page-404", "from-description")),
    _replaced,
    _returned,
    _away_a_day,
    _two_edits,
    *(_copied(kind) for kind in ("page", "description", "alt", "jsonld")),
    _alternating,
    *(_rotating(kind) for kind in ("banner", "paragraph", "slow-aside")),
    _late,
)
