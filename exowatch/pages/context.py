"""What the open elements around a run of text say of it: its zone, kind, whether it shows, which FAQ it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

_NONE: frozenset[Gives] = frozenset()
_QUIET = frozenset(("class", "id", "data-elementor-type", "href", "open"))
_QUIET_INLINE = _QUIET | {"lang", "xml:lang"}
_REPEATABLE = frozenset(("class", "role", "style", "hidden", "aria-hidden", "lang", "href", "itemprop", "aria-level"))
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_TOGGLES = {"collapse", "accordion", "toggle"}


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
    group: Group | None = None
    asks: bool = False
    """In the line of an FAQ that puts the question."""
    controls: str | None = None
    """Id of the element that a question unfolds."""
    outside_hidden: bool = False
    """Inside shut details: whether what stands around them was hidden already (its summary is not shut in)."""
    is_term: bool = False
    """In a ``dt``: a question only if it ends as one."""
    maybe_notice: bool = False
    in_header: bool = False
    in_quote: bool = False


@dataclass(slots=True, eq=False)
class Controlled:
    """Elements by id that a question further up unfolds: the place of its draft, and whether they are shut."""

    questions: dict[str, int] = field(default_factory=dict)
    shut: set[str] = field(default_factory=set)
    contexts: dict[tuple[object, ...], Context] = field(default_factory=dict)
    """Contexts made before, by parent and telling attributes: the tenth list item costs a look-up."""


def entered(
    tag: str, items: list[tuple[str, str]], parent: Context, controlled: Controlled, rules: FitnessRules
) -> Context:
    """The context inside an element, or ``parent`` itself where the element changes nothing."""
    if tag in ("html", "body"):
        return parent
    attrs = {name: value for name, value in items if name in TELLING_ATTRIBUTES}
    cues = _cues(attrs, rules) if attrs else _NONE
    if tag not in TELLING and not cues and _plain(tag, attrs, controlled):
        return parent
    key = (parent, tag, *attrs.items())
    known = controlled.contexts.get(key)
    if known is None:
        known = _derived(tag, attrs, cues, parent, controlled)
        # what opens a group of its own or points at another element must be made anew each time
        if known.group is parent.group and attrs.keys() <= _REPEATABLE:
            controlled.contexts[key] = known
    return known


def _plain(tag: str, attrs: Mapping[str, str], controlled: Controlled) -> bool:
    if not attrs:
        return True
    return attrs.keys() <= (_QUIET if tag in BLOCKS else _QUIET_INLINE) and attrs.get("id") not in controlled.questions


def _derived(
    tag: str,
    attrs: Mapping[str, str],
    cues: frozenset[Gives],
    parent: Context,
    controlled: Controlled,
) -> Context:
    changes: dict[str, Any] = {}
    _read_zone(tag, attrs, cues, parent, changes)
    _read_kind(tag, attrs, cues, parent, changes)
    _read_faq(tag, attrs, cues, parent, controlled, changes)
    _read_hidden(tag, attrs, cues, parent, controlled, changes)
    language = attrs.get("lang") or attrs.get("xml:lang")
    if language and tag in BLOCKS:
        changes["language"] = language
    return replace(parent, **changes) if changes else parent


def _cues(attrs: Mapping[str, str], rules: FitnessRules) -> frozenset[Gives]:
    found = _NONE
    for name in ("class", "id", "data-elementor-type"):
        if name in attrs:
            found |= cues_of(attrs[name], rules)
    return found


def _read_zone(
    tag: str, attrs: Mapping[str, str], cues: frozenset[Gives], parent: Context, changes: dict[str, Any]
) -> None:
    role = attrs.get("role")
    if tag in CONTENT or role == "main":
        if parent.zone in ("nav", "footer", "notice"):
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


def _read_kind(
    tag: str, attrs: Mapping[str, str], cues: frozenset[Gives], parent: Context, changes: dict[str, Any]
) -> None:
    role = attrs.get("role")
    if tag in HEADINGS:
        changes["kind"], changes["level"] = "heading", HEADINGS[tag]
    elif role == "heading":
        level = attrs.get("aria-level", "2")
        changes["kind"], changes["level"] = "heading", int(level) if level in "123456" and level else 2
    elif parent.kind == "heading":
        return
    elif tag in KINDS:
        changes["kind"] = KINDS[tag]
    elif role in ROLE_KINDS:
        changes["kind"] = ROLE_KINDS[role]
    elif "button" in cues:
        changes["kind"] = "button"


def _read_faq(
    tag: str,
    attrs: Mapping[str, str],
    cues: frozenset[Gives],
    parent: Context,
    controlled: Controlled,
    changes: dict[str, Any],
) -> None:
    if changes.get("zone", parent.zone) in ("nav", "footer", "notice"):
        return
    item = attrs.get("itemtype", "")
    if tag == "details" or tag == "dl" or "faq" in cues or item.endswith(("/Question", "/FAQPage")):
        changes["group"] = Group()
        if tag != "dl":
            changes["zone"] = "faq"
    if attrs.get("id") in controlled.questions:
        changes["group"], changes["zone"] = Group(controlled.questions[attrs["id"]]), "faq"
    if _asks(tag, attrs, cues, parent):
        changes["asks"] = True
        if tag != "dt":
            changes["zone"] = "faq"
        changes.update(controls=_target(attrs), is_term=tag == "dt" and parent.zone != "faq")
        if attrs.get("aria-expanded") == "false" and changes["controls"]:
            controlled.shut.add(str(changes["controls"]))
    elif "answer" in cues or (tag == "dd" and parent.group):
        changes["asks"] = False
        changes["zone"] = "faq" if "answer" in cues else changes.get("zone", parent.zone)


def _asks(tag: str, attrs: Mapping[str, str], cues: frozenset[Gives], parent: Context) -> bool:
    if tag in ("summary", "dt"):
        return parent.group is not None
    if parent.asks:
        return _target(attrs) is not None
    if "question" in cues:
        return True
    if parent.group and attrs.get("itemprop") == "name":
        return True
    role = attrs.get("role")
    unfolds = "aria-expanded" in attrs or (attrs.get("data-toggle") or attrs.get("data-bs-toggle")) in _TOGGLES
    return unfolds and role != "tab" and not parent.in_header and _target(attrs) is not None


def _target(attrs: Mapping[str, str]) -> str | None:
    """Id of what the element unfolds."""
    pointed = attrs.get("aria-controls") or attrs.get("data-bs-target") or attrs.get("data-target")
    if not pointed and (attrs.get("data-toggle") or attrs.get("data-bs-toggle")):
        pointed = attrs.get("href")
    return pointed.lstrip("#").split()[0] if pointed and pointed.strip("# \t\n") else None


def _read_hidden(
    tag: str,
    attrs: Mapping[str, str],
    cues: frozenset[Gives],
    parent: Context,
    controlled: Controlled,
    changes: dict[str, Any],
) -> None:
    if tag == "details" and "open" not in attrs:
        changes.update(hidden=True, outside_hidden=parent.hidden)
        return
    if tag == "summary":
        changes["hidden"] = parent.outside_hidden
        return
    if parent.hidden and parent.zone == "hidden":
        return
    panel = attrs.get("role") == "tabpanel" or attrs.get("id") in controlled.questions or "answer" in cues
    shut = "collapsed" in cues or attrs.get("id") in controlled.shut
    shut = shut or (tag == "dialog" and "open" not in attrs) or attrs.get("aria-hidden") == "true"
    gone = "hidden" in attrs or "hidden" in cues or ("style" in attrs and bool(_UNSEEN.search(attrs["style"])))
    if gone or shut:
        changes["hidden"] = True
    if gone and not panel and "collapsed" not in cues and changes.get("zone", parent.zone) == "body":
        changes["zone"] = "hidden"
