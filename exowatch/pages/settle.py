"""What only a closed list, a closed dialog or the whole page can tell: menus by their links, notices by their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from exowatch.knowledge.fitness import FitnessRules, notice_places
from exowatch.model.pages import Block, Locator, Zone
from exowatch.pages.drafts import Draft, Region

#: A list of this many links and hardly another word is a menu; in the page's header two are enough.
_MENU_LINKS, _HEADER_LINKS = 4, 2
_LONGEST_ENTRY = 60
_LINKED_SHARE = 0.9
_LONGEST_NOTICE = 4000
_MOST_BUTTONS = 5
_SETTLED = ("nav", "notice")


def settle(drafts: Sequence[Draft], regions: Iterable[Region], rules: FitnessRules) -> None:
    """Gives drafts of link lists the zone nav, and of consent notices the zone notice; in place."""
    likely, surely = notice_places([draft.text for draft in drafts], rules)
    for region in regions:
        within = drafts[region.first : region.end]
        if region.is_list:
            if _is_menu(region, within):
                _set_zone(within, "nav")
        elif _is_notice(region, within, likely):
            _set_zone(within, "notice")
    for place in sorted(surely):
        if not drafts[place].level:
            _set_zone(drafts[place : place + 1 + _buttons_after(drafts, place)], "notice")


def as_blocks(drafts: Iterable[Draft], elsewhere: Mapping[int, str], first: int = 0) -> list[Block]:
    """The drafts as blocks whose indexes start at ``first``; ``elsewhere``: languages of drafts by their place."""
    return [
        Block(
            index,
            draft.kind,
            draft.zone,
            draft.text,
            elsewhere.get(index - first),
            draft.hidden,
            draft.level,
            draft.heading_path,
            None if draft.question is None else draft.question + first,
            Locator(draft.css, draft.attr, draft.json_path, draft.pdf_page),
        )
        for index, draft in enumerate(drafts, first)
    ]


def _is_menu(region: Region, within: Sequence[Draft]) -> bool:
    if region.in_content:
        return False
    enough = region.items >= (_HEADER_LINKS if region.in_header else _MENU_LINKS)
    linked = region.chars > 0 and region.link_chars >= _LINKED_SHARE * region.chars
    return enough and linked and all(len(draft.text) <= _LONGEST_ENTRY and not draft.level for draft in within)


def _is_notice(region: Region, within: Sequence[Draft], likely: set[int]) -> bool:
    """A dialog or a box that is named after cookies, and whose words agree."""
    if any(draft.level == 1 for draft in within) or sum(len(draft.text) for draft in within) > _LONGEST_NOTICE:
        return False
    return any(place in likely for place in range(region.first, region.end))


def _buttons_after(drafts: Sequence[Draft], place: int) -> int:
    after = drafts[place + 1 : place + 1 + _MOST_BUTTONS]
    return next((count for count, draft in enumerate(after) if draft.kind != "button"), len(after))


def _set_zone(drafts: Iterable[Draft], zone: Zone) -> None:
    for draft in drafts:
        if draft.zone not in _SETTLED:
            draft.zone = zone
            draft.heading_path, draft.question = (), None
