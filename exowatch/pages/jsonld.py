"""Text of JSON-LD: questions and answers, descriptions, names, reviews; each with its path in the data."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from exowatch.pages.drafts import Draft

_TEXT_KEYS = ("headline", "name", "description", "abstract", "slogan", "disambiguatingDescription", "text")
_REVIEW_KEYS = ("reviewBody",)
_DATE_KEYS = ("datePublished", "dateCreated")
#: Things whose names say nothing about a treatment: parts of menus, people, addresses.
_NAMELESS = {
    "ListItem", "BreadcrumbList", "SiteNavigationElement", "Person", "PostalAddress", "ImageObject", "SearchAction",
    "EntryPoint", "Country", "City", "State", "GeoCoordinates", "Brand", "Language", "Rating",
}  # fmt: skip
_MOST_VALUES = 2000
_LONGEST_PATH = 500
_PLAIN_KEY = re.compile(r"^[A-Za-z_]\w*$")
_BREAKING = re.compile(r"</?(?:p|br|li|ul|ol|div|h[1-6]|tr|td|th|table)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_WRAPPERS = ("<!--", "-->", "//<![CDATA[", "// <![CDATA[", "<![CDATA[", "//]]>", "// ]]>", "]]>", ";")
_EXTRA_COMMA = re.compile(r",(\s*[}\]])")


def json_ld(script: str, css: str | None) -> tuple[list[Draft], list[str]]:
    """Drafts of one script's texts, and its dates of publication. Broken JSON gives what can be read of it."""
    drafts: list[Draft] = []
    dates: list[str] = []
    for path, node in _objects(_values(script)):
        dates.extend(value for key in _DATE_KEYS if isinstance(value := node.get(key), str))
        drafts.extend(_question(path, node, css, len(drafts)) if _is(node, "Question") else _texts(path, node, css))
        if len(drafts) >= _MOST_VALUES:
            break
    return drafts, dates


def _values(script: str) -> list[Any]:
    text = _unwrapped(script)
    for attempt in (text, _EXTRA_COMMA.sub(r"\1", text)):
        try:
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _first_values(text)


def _unwrapped(script: str) -> str:
    """Without the comment or CDATA marks that some systems put around it."""
    text = script.strip()
    for mark in _WRAPPERS:
        text = text.removeprefix(mark).removesuffix(mark).strip()
    return text


def _first_values(text: str) -> list[Any]:
    """Several values in a row, or a sound one with rubbish after it."""
    found: list[Any] = []
    decoder, place = json.JSONDecoder(strict=False), 0
    while place < len(text) and len(found) < 20:
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        found.append(value)
        while place < len(text) and text[place] in " \t\r\n,;":
            place += 1
    return found


def _objects(values: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object with its path, in document order; not below questions, which are read whole."""
    waiting: list[tuple[str, Any]] = [("$" if len(values) == 1 else f"$[{n}]", v) for n, v in enumerate(values)]
    waiting.reverse()
    while waiting:
        path, value = waiting.pop()
        if len(path) > _LONGEST_PATH:
            continue
        if isinstance(value, dict):
            yield path, value
            if not _is(value, "Question"):
                inner = [(_join(path, key), item) for key, item in value.items() if isinstance(item, dict | list)]
                waiting.extend(reversed(inner))
        elif isinstance(value, list):
            waiting.extend((f"{path}[{n}]", value[n]) for n in range(len(value) - 1, -1, -1))


def _texts(path: str, node: dict[str, Any], css: str | None) -> Iterator[Draft]:
    nameless = any(_is(node, kind) for kind in _NAMELESS)
    for key in (*_TEXT_KEYS, *_REVIEW_KEYS):
        if nameless and key != "description":
            continue
        for place, value in _strings(_join(path, key), node.get(key)):
            yield _draft(value, css, place)


def _question(path: str, node: dict[str, Any], css: str | None, first: int) -> Iterator[Draft]:
    asked = next(_strings(_join(path, "name"), node.get("name")), None)
    asked = asked or next(_strings(_join(path, "text"), node.get("text")), None)
    if asked:
        question = _draft(asked[1], css, asked[0])
        question.kind = "question"
        yield question
    for key in ("acceptedAnswer", "suggestedAnswer"):
        for place, answer in _answers(_join(path, key), node.get(key)):
            draft = _draft(answer, css, place)
            draft.kind, draft.question = "answer", first if asked else None
            yield draft


def _answers(path: str, value: Any) -> Iterator[tuple[str, str]]:
    items = [(f"{path}[{n}]", item) for n, item in enumerate(value)] if isinstance(value, list) else [(path, value)]
    for place, item in items:
        if isinstance(item, dict):
            yield from _strings(f"{place}.text", item.get("text"))
        else:
            yield from _strings(place, item)


def _strings(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """The texts of one value: a string, a list of strings, or a value with a language."""
    if isinstance(value, list):
        found = [(f"{path}[{n}]", item) for n, item in enumerate(value[:50])]
    elif isinstance(value, dict) and isinstance(value.get("@value"), str):
        found = [(f"{path}['@value']", value["@value"])]
    else:
        found = [(path, value)]
    for place, item in found:
        text = plain(item) if isinstance(item, str) else ""
        if text and not text.startswith(("http://", "https://")):
            yield place, text


def plain(text: str) -> str:
    """Text without markup and character references, whitespace collapsed, safe to encode."""
    if "<" in text or "&" in text:
        text = _TAG.sub("", _BREAKING.sub(" ", html.unescape(text)))
    text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(char for char in text if char >= " " or char.isspace()).split())


def _draft(text: str, css: str | None, path: str) -> Draft:
    return Draft("meta", "jsonld", text, css=css, json_path=path)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if _PLAIN_KEY.match(key) else f"{path}[{key!r}]"


def _is(node: dict[str, Any], kind: str) -> bool:
    found = node.get("@type")
    return found == kind or (isinstance(found, list) and kind in found)
