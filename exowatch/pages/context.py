"""What the open elements around a run of text say of it: its zone, kind, whether it shows, which FAQ it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from exowatch.knowledge.fitness import FitnessRules, Gives, cues_of
from exowatch.model.pages import Zone
from exowatch.pages.tags import (
    BLOCKS,
    CONTENT,
    DIALOG_ROLES,
    HEADINGS,
    KINDS,
    NAV_ROLES,
    ROLE_KINDS,
    TELLING,
    TELLING_ATTRIBUTES,
    Kind,
)

_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_TOGGLES = {"collapse", "accordion", "toggle"}
_OUTSIDE_FAQ = ("nav", "footer", "notice")
#: Attributes that say nothing by themselves, unless their words are cues.
_QUIET = frozenset(("class", "id", "data-elementor-type", "href", "open"))
_QUIET_INLINE = _QUIET | {"lang", "xml:lang"}
_CUE_ATTRIBUTES = ("class", "id", "data-elementor-type")
#: With these alone, an element means the same wherever it stands in the same parent context.
_REPEATABLE = frozenset(("class", "role", "style", "hidden", "aria-hidden", "lang", "itemprop", "aria-level"))


@dataclass(slots=True, eq=False)
class Group:
    """Questions and answers that belong together; ``question`` is the place of the latest question's draft."""

    question: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """State inherited from the open elements. A child that says nothing new shares its parent's."""

    zone: Zone = "body"
    kind: Kind = "paragraph"
    level: int = 0
    hidden: bool = False
    language: str | None = None
    """The nearest lang attribute, as written."""
    group: Group | None = None
    asks: bool = False
    """In the line of an FAQ that puts the question."""
    is_term: bool = False
    """In a ``dt``: a question only if it ends as one."""
    controls: str | None = None
    """Id of the element that a question unfolds."""
    outside_hidden: bool = False
    """Inside shut details: whether what stands around them was hidden already (its summary is not shut in)."""
    maybe_notice: bool = False
    in_header: bool = False
    in_content: bool = False
    """Within ``main`` or ``article``: a list of links there is what the page is about."""
    in_quote: bool = False


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str
    attrs: Mapping[str, str]
    cues: frozenset[Gives]

    @property
    def role(self) -> str | None:
        return self.attrs.get("role")

    @property
    def id(self) -> str | None:
        return self.attrs.get("id")


class Contexts:
    """Makes the contexts of one page, and remembers those that are met again and again."""

    def __init__(self, rules: FitnessRules) -> None:
        self._rules = rules
        self._known: dict[tuple[object, ...], Context] = {}
        self._questions: dict[str, int] = {}
        self._shut: set[str] = set()

    def ties(self, element_id: str, place: int) -> None:
        """The question drafted at ``place`` unfolds the element with that id."""
        self._questions[element_id] = place

    def inside(self, tag: str, items: list[tuple[str, str]], parent: Context) -> Context:
        """The context inside an element, or ``parent`` itself where the element changes nothing."""
        if not items:
            key: tuple[object, ...] = (parent, tag)
        elif len(items) == 1 and items[0][0] == "class":
            key = (parent, tag, items[0][1])
        else:
            items = [item for item in items if item[0] in TELLING_ATTRIBUTES]
            key = (parent, tag, *items)
        known = self._known.get(key)
        if known is None:
            attrs = dict(items)
            known = self._made(tag, attrs, parent)
            # what opens a group of its own, or may be pointed at, is made anew each time
            if known.group is parent.group and attrs.keys() <= _REPEATABLE:
                self._known[key] = known
        return known

    def _made(self, tag: str, attrs: dict[str, str], parent: Context) -> Context:
        if tag in ("html", "body"):
            return parent
        cues: frozenset[Gives] = frozenset()
        for name in _CUE_ATTRIBUTES:
            if name in attrs:
                cues |= cues_of(attrs[name], self._rules)
        quiet = attrs.keys() <= (_QUIET if tag in BLOCKS else _QUIET_INLINE)
        if quiet and not cues and tag not in TELLING and attrs.get("id") not in self._questions:
            return parent
        element, changes = _Element(tag, attrs, cues), dict[str, Any]()
        _read_zone(element, parent, changes)
        _read_kind(element, parent, changes)
        if changes.get("zone", parent.zone) not in _OUTSIDE_FAQ:
            self._read_faq(element, parent, changes)
        self._read_hidden(element, parent, changes)
        language = attrs.get("lang") or attrs.get("xml:lang")
        if language and tag in BLOCKS:
            changes["language"] = language
        return replace(parent, **changes) if changes else parent

    def _read_faq(self, element: _Element, parent: Context, changes: dict[str, Any]) -> None:
        tag, cues = element.tag, element.cues
        part = not cues.isdisjoint(("question", "answer"))
        microdata = element.attrs.get("itemtype", "").endswith(("/Question", "/FAQPage"))
        if tag in ("details", "dl") or microdata or ("faq" in cues and not part):
            changes["group"] = Group()
            changes["zone"] = parent.zone if tag == "dl" and "faq" not in cues else "faq"
        if element.id in self._questions:
            changes["group"], changes["zone"] = Group(self._questions[element.id]), "faq"
        if _asks(element, parent):
            target = _target(element.attrs)
            is_term = tag == "dt" and parent.zone != "faq"
            changes.update(asks=True, controls=target, is_term=is_term)
            changes["zone"] = parent.zone if is_term else "faq"
            if target and element.attrs.get("aria-expanded") == "false":
                self._shut.add(target)
        elif "answer" in cues:
            changes["asks"], changes["zone"] = False, "faq"

    def _read_hidden(self, element: _Element, parent: Context, changes: dict[str, Any]) -> None:
        tag, attrs, cues = element.tag, element.attrs, element.cues
        if tag == "summary":
            changes["hidden"] = parent.outside_hidden
        if tag == "details" and "open" not in attrs:
            changes.update(hidden=True, outside_hidden=parent.hidden)
        if tag in ("summary", "details") or (parent.hidden and parent.zone == "hidden"):
            return
        unfolds = (
            element.role == "tabpanel" or element.id in self._questions or not cues.isdisjoint(("answer", "collapsed"))
        )
        shut = "collapsed" in cues or element.id in self._shut or (tag == "dialog" and "open" not in attrs)
        gone = "hidden" in attrs or "hidden" in cues or ("style" in attrs and bool(_UNSEEN.search(attrs["style"])))
        if gone or shut or attrs.get("aria-hidden") == "true":
            changes["hidden"] = True
        if gone and not unfolds and changes.get("zone", parent.zone) == "body":
            changes["zone"] = "hidden"


def _read_zone(element: _Element, parent: Context, changes: dict[str, Any]) -> None:
    tag, role, cues = element.tag, element.role, element.cues
    if tag in CONTENT or role == "main":
        changes["in_content"] = True
        if parent.zone in _OUTSIDE_FAQ:
            changes["zone"] = "body"
        return
    if tag == "header" and parent.zone == "body":
        changes["in_header"] = True
    if tag == "blockquote":
        changes["in_quote"] = True
    if "notice" in cues or tag == "dialog" or role in DIALOG_ROLES:
        changes["maybe_notice"] = True
    if parent.zone == "nav":
        return
    if tag in ("nav", "select") or role in NAV_ROLES or "nav" in cues:
        changes["zone"] = "nav"
    elif parent.zone == "footer":
        return
    elif (tag == "footer" and not parent.in_quote) or role == "contentinfo" or "footer" in cues:
        changes["zone"] = "footer"
    elif tag in ("figcaption", "caption"):
        changes["zone"] = "caption"


def _read_kind(element: _Element, parent: Context, changes: dict[str, Any]) -> None:
    tag, role = element.tag, element.role
    if tag in HEADINGS:
        changes["kind"], changes["level"] = "heading", HEADINGS[tag]
    elif role == "heading":
        level = element.attrs.get("aria-level", "")
        changes["kind"], changes["level"] = "heading", int(level) if level in ("1", "2", "3", "4", "5", "6") else 2
    elif parent.kind == "heading":
        return
    elif tag in KINDS:
        changes["kind"] = KINDS[tag]
    elif role in ROLE_KINDS:
        changes["kind"] = ROLE_KINDS[role]
    elif "button" in element.cues:
        changes["kind"] = "button"


def _asks(element: _Element, parent: Context) -> bool:
    """Does the element hold the line of an FAQ that is always seen?"""
    attrs = element.attrs
    if element.tag in ("summary", "dt"):
        return parent.group is not None
    if parent.asks:
        return _target(attrs) is not None
    if "question" in element.cues or (parent.group and attrs.get("itemprop") == "name"):
        return True
    unfolds = "aria-expanded" in attrs or (attrs.get("data-toggle") or attrs.get("data-bs-toggle")) in _TOGGLES
    return unfolds and element.role != "tab" and not parent.in_header and _target(attrs) is not None


def _target(attrs: Mapping[str, str]) -> str | None:
    """Id of what the element unfolds."""
    pointed = attrs.get("aria-controls") or attrs.get("data-bs-target") or attrs.get("data-target")
    if not pointed and (attrs.get("data-toggle") or attrs.get("data-bs-toggle")):
        pointed = attrs.get("href")
    ids = (pointed or "").replace("#", " ").split()
    return ids[0] if ids else None
