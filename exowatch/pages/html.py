"""HTML bytes to a Page: parse, walk, settle zones, read the head, tell language and fitness."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from exowatch.knowledge.fitness import Fact, FitnessRules
from exowatch.model.pages import Block, Fitness, Page
from exowatch.pages.charset import page_text, without_controls
from exowatch.pages.drafts import Draft, Walked
from exowatch.pages.head import Head, published_on, read_head
from exowatch.pages.judge import TEXT_ZONES, Exchange, judge, text_length
from exowatch.pages.language import language_code, mark_blocks, page_language
from exowatch.pages.links import absolute, base_of, read_links
from exowatch.pages.plain import stripped
from exowatch.pages.settle import as_blocks, settle
from exowatch.pages.walk import MOST_BLOCKS, Walker

_APP_ROOT = re.compile(
    r"<(?:div|main|section|body)\b[^<>]*\bid=[\"']?(?:root|app|__next|__nuxt|___gatsby|svelte|react-root)[\"'\s>]"
    r"|<(?:app-root|ion-app|flutter-view)\b",
    re.I,
)
_NOSCRIPT_BELOW = 20
_SMALL = 1500
_LONG = 8000
_LONG_TAG = re.compile(rb"(<[A-Za-z][A-Za-z0-9-]*+)[^<>]{8000,}")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_MOST_ATTRIBUTES = 1000


def read_html(
    body: bytes, *, url: str, media_type: str, content_type: str | None, exchange: Exchange, rules: FitnessRules
) -> Page:
    """The page that ``body`` (content coding undone) holds. Never fails: what cannot be parsed is read as text."""
    text, charset = page_text(body, content_type)
    root = _parsed(text)
    head, walked = Head(), Walked()
    if root is not None:
        head, walked = read_head(root), _walked(root, rules)
    if root is None or walked.too_deep:
        walked.drafts, walked.regions = stripped(text), []
        walked.too_many = walked.too_many or len(walked.drafts) >= MOST_BLOCKS
    settle(walked.drafts, walked.regions, rules)
    language, elsewhere = _languages(root, head, walked.drafts)
    fitness = _fitness(exchange, head, walked, text, rules)
    drafts = (head.drafts, walked.drafts, head.json_drafts)
    blocks, first = [], 0
    for part in drafts:
        blocks += as_blocks(part, elsewhere if part is walked.drafts else {}, first)
        first = len(blocks)
    base = base_of(url, head.base)
    return Page(
        url=url,
        media_type=media_type,
        title=head.title,
        language=language,
        blocks=tuple(blocks),
        fitness=fitness,
        text_digest=digest_of(blocks),
        published_on=published_on(head, walked.times),
        meta=head.meta,
        links=read_links(walked.links, base),
        canonical=absolute(head.canonical, base) if head.canonical else None,
        charset=charset,
        text_length=text_length(walked.drafts),
    )


def digest_of(blocks: Sequence[Block]) -> str:
    """SHA-256 (hex) of all text but menus and notices."""
    text = " ".join(block.text for block in blocks if block.zone not in ("nav", "notice"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _parsed(text: str) -> Any:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True, recover=True
    )
    markup = without_controls(text)
    if max(map(len, markup.split(b"<"))) > _LONG:
        markup = _LONG_TAG.sub(_fewer_attributes, markup)
    try:
        root = etree.fromstring(markup, parser)
    except etree.LxmlError:
        return None
    if root is not None and root.getnext() is not None:
        _take_in_late(root)
    return root


def _take_in_late(root: Any) -> None:
    """What stands after ``</html>``, or in a second document, belongs to the body; this parser sets it apart."""
    bodies = root.findall("body")
    into = bodies[-1] if bodies else root
    for late in list(root.itersiblings()):
        _move(late, into)


def _move(late: Any, into: Any) -> None:
    _add_text(into, late.text)
    for child in list(late):
        if child.tag in ("head", "body"):
            _move(child, into)
            _add_text(into, child.tail)
        else:
            into.append(child)


def _add_text(into: Any, text: str | None) -> None:
    if text and len(into):
        into[-1].tail = (into[-1].tail or "") + text
    elif text:
        into.text = (into.text or "") + text


def _fewer_attributes(tag: re.Match[bytes]) -> bytes:
    """The tag without its attributes where it has a thousand: the parser needs the square of their number."""
    bare = _QUOTED.sub(b"", tag.group())
    return tag.group() if len(bare.split()) < _MOST_ATTRIBUTES else tag.group(1)


def _walked(root: Any, rules: FitnessRules) -> Walked:
    """The walk; with the noscript texts where there is next to nothing else."""
    walked = Walker(rules).walk(root)
    if text_length(walked.drafts) < _NOSCRIPT_BELOW and next(root.iter("noscript"), None) is not None:
        with_noscript = Walker(rules, noscript=True).walk(root)
        if text_length(with_noscript.drafts) > text_length(walked.drafts):
            return with_noscript
    return walked


def _languages(root: Any, head: Head, drafts: Sequence[Draft]) -> tuple[str | None, dict[int, str]]:
    declared = None
    if root is not None:
        declared = language_code(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        declared = declared or language_code(root.get("xml:lang"))
    for name in ("content-language", "og:locale", "language"):
        declared = declared or language_code(next(iter(head.meta.get(name, ())), None))
    texts = [draft.text for draft in drafts if draft.zone in TEXT_ZONES] or [draft.text for draft in head.drafts]
    language = page_language(texts, declared)
    return language, mark_blocks(drafts, language)


def _fitness(exchange: Exchange, head: Head, walked: Walked, text: str, rules: FitnessRules) -> Fitness:
    facts: set[Fact] = set()
    if head.scripts:
        facts.add("script")
    if walked.has_password:
        facts.add("password-field")
    if text_length(walked.drafts) < _SMALL and _APP_ROOT.search(text):
        facts.add("app-root")
    fitness = judge(exchange, walked.drafts, head.title, text, frozenset(facts), rules)
    if fitness.fit and walked.too_many:
        return Fitness("too-large", f"more than {MOST_BLOCKS} blocks of text")
    return fitness
