"""Where a page leads a visitor. The engine waits for this: it takes little time, whatever the page is made of."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

#: Start tags that a page may have before anyone asks how deep they nest: no depth of so few takes long.
_FEW = 4000
#: Elements open at once, by tags that were not closed. The parser's time grows with the square of them.
DEEPEST = 2000
#: Characters of one tag; more attributes than fit take the parser's time, which grows with their square too.
_LONG = 4000
_MOST_ATTRIBUTES = 200
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*+)")
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{_LONG},}}")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
#: Tags that need no end, or that the next one of their kind ends, and the shapes of drawings, written ``<path/>``.
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"})
_VOID |= {"track", "wbr", "li", "p", "td", "tr", "option"}
_VOID |= {"path", "use", "circle", "ellipse", "line", "polygon", "polyline", "rect", "stop"}
_BASE = re.compile(r"<base\s([^<>]{1,4000})>", re.IGNORECASE)
_LINK = re.compile(r"<(?:a|area)\s([^<>]{1,4000})>([^<]{0,200})", re.IGNORECASE)
_FRAME = re.compile(r"<i?frame\s([^<>]{1,4000})>()", re.IGNORECASE)
_PLACE = re.compile(r"(?<![\w-])(?:href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_FORWARD = re.compile(r"url\s*=\s*[\"']?([^\"']+)", re.IGNORECASE)


def links_of(text: str) -> tuple[str | None, Iterator[tuple[str, str]]]:
    """The page's base, and its links with their words, in the order of the page."""
    if too_entangled(text):
        told = _BASE.search(text)
        return _place(told[1]) if told else None, _plain_links(text)
    tree = LexborHTMLParser(text)  # of bytes the parser would take any page for UTF-8
    base = tree.css_first("base[href]")
    return base.attributes["href"] if base else None, _links(tree)


def too_entangled(text: str) -> bool:
    """Would the parser need the square of the page's length, because of its depth or of one tag's attributes?"""
    if any(len(_QUOTED.sub("", tag[0]).split()) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        return True
    if text.count("<") - text.count("</") <= _FEW:
        return False
    depth = 0
    for tag in _TAG.finditer(text):
        if tag[2].lower() not in _VOID:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > DEEPEST:
                return True
    return False


def _links(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Links, frames, and the next page of a page that forwards."""
    for link in tree.css("a[href], area[href]"):
        told = link.attributes
        if "nofollow" not in (told.get("rel") or ""):
            yield told["href"] or "", link.text()[:200]
    for frame in tree.css("frame[src], iframe[src]"):
        yield frame.attributes["src"] or "", ""
    for meta in tree.css("meta[http-equiv][content]"):
        told = meta.attributes
        forward = _FORWARD.search(told["content"] or "") if (told["http-equiv"] or "").lower() == "refresh" else None
        if forward:
            yield forward[1], ""


def _plain_links(text: str) -> Iterator[tuple[str, str]]:
    """The links of a page that no tree is made of, tag by tag."""
    for pattern in (_LINK, _FRAME):
        for tag in pattern.finditer(text):
            place = _place(tag[1])
            if place and "nofollow" not in tag[1]:
                yield place, html.unescape(tag[2])


def _place(attributes: str) -> str | None:
    found = _PLACE.search(attributes)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else None
