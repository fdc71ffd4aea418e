"""Walks a parsed page once, in document order, and cuts it into drafts of blocks with their locators."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

from exowatch.knowledge.fitness import FitnessRules
from exowatch.model.pages import Zone
from exowatch.pages.breaks import own_lines
from exowatch.pages.context import Context, Contexts, Group
from exowatch.pages.drafts import Draft, Region, Walked
from exowatch.pages.tags import BLOCKS, BOLD, LISTS, SKIPPED, TELLING, Kind

MOST_BLOCKS = 20_000
#: The parser itself gives up about here; what lies deeper never reaches the tree.
DEEPEST = 2000
_LONGEST_PATH = 2000
#: Attributes of these are not looked at.
_BARE = frozenset(("br", "wbr", "sub", "sup"))
_ACTING = BOLD | {"a", "area", "br", "img", "input", "time"}
#: Blocks whose lines may stand for themselves; a heading is wrapped, never listed.
_LINED = ("paragraph", "list-item", "cell", "answer")
_ROOTS = ("html", "head", "body")
_ASKS = ("?", "？", "؟", "\u037e")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")


class Walker:
    """One walk over one tree. Iterative: depth costs no Python stack."""

    def __init__(self, rules: FitnessRules, noscript: bool = False) -> None:
        self.out = Walked()
        self._skipped = SKIPPED if noscript else SKIPPED | {"noscript"}
        self._made = Contexts(rules)
        self._flow = Group()
        self._tags: list[str] = []
        self._places: list[str | None] = []
        self._counts: list[dict[str, int] | None] = [None]
        """How many children of each name every open element has so far; None until it has one."""
        self._contexts: list[Context] = [Context()]
        self._blocks: list[int] = [0]
        self._open_regions: list[tuple[int, bool, int, int, int]] = []
        self._pieces: list[str] = []
        self._breaks: list[int] = []
        """Where in the pieces lines end."""
        self._alts: list[Draft] = []
        self._chars = self._link_chars = self._bold_chars = 0
        self._in_link = self._in_bold = 0
        self._headings: list[tuple[int, str]] = []
        self._path: tuple[str, ...] = ()

    def walk(self, root: Any) -> Walked:
        """The drafts, links and marks of the tree under ``root``."""
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            if event == "start":
                if not self._enter(element):
                    steps.skip_subtree()
                    continue
                text = element.text
            else:
                self._leave()
                text = element.tail
            if text and (self._pieces or not text.isspace()):
                self._pieces.append(text)
                if self._in_link or self._in_bold:
                    self._count(len(text))
            if self.out.too_many:
                break
        self._flush()
        return self.out

    # --- entering and leaving ---

    def _enter(self, element: Any) -> bool:
        tag = element.tag
        counts = self._counts[-1]
        if counts is None:
            counts = self._counts[-1] = {}
            self.out.too_deep = self.out.too_deep or len(self._tags) >= DEEPEST  # only a first child lies deeper
        counts[tag] = counts.get(tag, 0) + 1
        self._tags.append(tag)
        self._places.append(None)
        self._counts.append(None)
        parent = self._contexts[-1]
        if tag in self._skipped and not (tag == "template" and element.get("shadowrootmode")):
            self._contexts.append(parent)
            return False
        items = [] if tag in _BARE else element.items()
        context = parent
        if items or tag in TELLING:
            context = self._made.inside(tag, items, parent)
        if context is not parent or tag in BLOCKS or "-" in tag:
            if self._pieces or self._alts:
                self._flush()
            self._blocks.append(len(self._tags))
            if tag in LISTS or context.maybe_notice is not parent.maybe_notice:
                is_list = context.maybe_notice is parent.maybe_notice
                self._open_regions.append(
                    (len(self._tags), is_list, len(self.out.drafts), self._chars, self._link_chars)
                )
        self._contexts.append(context)
        if tag in _ACTING:
            self._inline(tag, items, element)
        return True

    def _leave(self) -> None:
        depth = len(self._tags)
        tag = self._tags[-1]
        if self._blocks[-1] == depth:
            if self._pieces or self._alts:
                self._flush()
            self._blocks.pop()
            if self._open_regions and self._open_regions[-1][0] == depth:
                self._close_region()
        if tag == "a":
            self._in_link -= 1
        elif tag in BOLD:
            self._in_bold -= 1
        self._tags.pop()
        self._places.pop()
        self._counts.pop()
        self._contexts.pop()

    def _inline(self, tag: str, items: list[tuple[str, str]], element: Any) -> None:
        if tag == "a":
            self._in_link += 1
            self._link(items, element)
        elif tag == "area":
            self._link(items, element)
        elif tag == "br":
            self._break()
        elif tag in BOLD:
            self._in_bold += 1
        elif tag == "img":
            self._value(dict(items).get("alt"), "alt", "caption", "alt")
        elif tag == "input":
            self._input(dict(items))
        elif tag == "time":
            self.out.times.extend(value for name, value in items if name == "datetime")

    def _link(self, items: list[tuple[str, str]], element: Any) -> None:
        attrs = dict(items)
        href = attrs.get("href")
        if href:
            whole = "".join(islice(element.itertext(), 40)) if len(element) else element.text or ""
            text = " ".join(whole.split())[:200] or attrs.get("alt", "")
            self.out.links.append((href, text, attrs.get("rel", "")))

    def _input(self, attrs: dict[str, str]) -> None:
        kind = attrs.get("type", "").lower()
        if kind == "password":
            self.out.has_password = True
        elif kind in ("submit", "button", "reset"):
            self._value(attrs.get("value"), "value", "button", self._contexts[-1].zone)
        elif kind == "image":
            self._value(attrs.get("alt"), "alt", "caption", "alt")

    # --- text ---

    def _count(self, size: int) -> None:
        if self._in_link:
            self._link_chars += size
        if self._in_bold:
            self._bold_chars += size

    def _break(self) -> None:
        """One break ends a line; two with nothing between them end the block."""
        if self._breaks and not any(piece.strip() for piece in self._pieces[self._breaks[-1] :]):
            self._flush()
        elif self._pieces:
            self._pieces.append(" ")
            self._breaks.append(len(self._pieces))

    def _value(self, value: str | None, attr: str, kind: Kind, zone: Zone) -> None:
        text = " ".join((value or "").split())
        if not text:
            return
        context = self._contexts[-1]
        zone = context.zone if context.zone in ("nav", "notice") else zone
        css = self._css(len(self._tags))
        draft = Draft(kind, zone, text, context.hidden, 0, self._path, None, context.language, css, attr)
        if self._pieces:
            self._alts.append(draft)
        else:
            self._add(draft)

    def _flush(self) -> None:
        """What was gathered since the last boundary becomes a block of the innermost open block element."""
        if self._pieces:
            if self._breaks:
                texts = self._lines()
                self._breaks.clear()
            else:
                texts = [" ".join("".join(self._pieces).split())]
            self._pieces.clear()
            for text in texts:
                if text:
                    self._block(text)
            self._bold_chars = 0
        if self._alts:
            for draft in self._alts:
                self._add(draft)
            self._alts.clear()

    def _lines(self) -> list[str]:
        """What was gathered as lines where they are lines of their own, as one text where it was wrapped by hand."""
        ends = [*self._breaks, len(self._pieces)]
        cut = ["".join(self._pieces[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
        lines = [line for line in (" ".join(text.split()) for text in cut) if line]
        if self._contexts[self._blocks[-1]].kind in _LINED and own_lines(lines):
            return lines
        return [" ".join(lines)]

    def _block(self, text: str) -> None:
        self._chars += len(text)
        depth = self._blocks[-1]
        context = self._contexts[depth]
        level = context.level if context.kind == "heading" else 0
        kind: Kind = "question" if context.asks else context.kind
        if level:
            self._headings = [pair for pair in self._headings if pair[0] < level]
            self._path = tuple(heading for _, heading in self._headings)
        plain = context.zone in ("nav", "notice", "footer")
        path = () if plain else self._path
        draft = Draft(kind, context.zone, text, context.hidden, level, path, None, context.language, self._css(depth))
        if not plain:
            self._pair(draft, context)
            if level:
                self._headings.append((level, text))
                self._path = (*path, text)
        self._add(draft)

    def _pair(self, draft: Draft, context: Context) -> None:
        """Ties an answer to the question before it."""
        group = context.group or self._flow
        place = len(self.out.drafts)
        bold = draft.kind == "paragraph" and self._bold_chars >= 0.9 * len(draft.text)
        if bold:  # the next line of the same paragraph need not be
            self._bold_chars -= len(draft.text)
        if context.asks and _is_term(draft, context):
            draft.kind, group.question = "list-item", None
        elif context.asks or ((bold or draft.level) and asks(draft.text)):
            draft.kind = "question" if context.asks or bold else draft.kind
            group.question = place
            if context.controls:
                self._made.ties(context.controls, place)
        elif draft.level:
            group.question = None
        else:
            draft.question = group.question
            if draft.kind == "paragraph" and context.group and group.question is not None:
                draft.kind = "answer"

    def _add(self, draft: Draft) -> None:
        if len(self.out.drafts) >= MOST_BLOCKS:
            self.out.too_many = True
        else:
            self.out.drafts.append(draft)

    # --- places ---

    def _css(self, depth: int) -> str | None:
        """The selector of the open element at ``depth`` (1: the root); made from the nearest one made before."""
        known = depth
        while known and self._places[known - 1] is None:
            known -= 1
        path = self._places[known - 1] or "" if known else ""
        for index in range(known, depth):
            path = f"{path} > {self._step(index)}" if path else self._step(index)
            if len(path) > _LONGEST_PATH:
                return None
            self._places[index] = path
        return path or None

    def _step(self, index: int) -> str:
        tag, counts = self._tags[index], self._counts[index] or {}
        if tag in _ROOTS:
            return tag
        if tag.replace("-", "").isalnum() and tag.isascii():
            return f"{tag}:nth-of-type({counts[tag]})"
        return f"*:nth-child({sum(counts.values())})"

    def _close_region(self) -> None:
        depth, is_list, first, chars, link_chars = self._open_regions.pop()
        self.out.regions.append(
            Region(
                is_list,
                first,
                len(self.out.drafts),
                (self._counts[depth] or {}).get("li", 0),
                self._chars - chars,
                self._link_chars - link_chars,
                self._contexts[depth].in_header,
                self._contexts[depth].in_content,
            )
        )


def asks(text: str) -> bool:
    """Does the text end as a question does? Fold marks such as a plus sign after it are not looked at."""
    end = text.rstrip(" +-–−»”\"')›▾▼")
    return end.endswith(_ASKS) or (end.endswith(";") and bool(_GREEK.search(end)))


def _is_term(draft: Draft, context: Context) -> bool:
    """A term of a definition list that asks nothing: "Duration", "Price"."""
    return context.is_term and not asks(draft.text)
