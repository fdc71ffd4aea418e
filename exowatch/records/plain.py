"""What all answers have in common: broken ones are told, markup and addresses of people are taken out."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from exowatch.errors import UnreadableError

_TAG = re.compile(r"<[^<>]{1,200}>")
_BLOCK = re.compile(r"</(?:h\d|p|jats:p|jats:title|title|sec|jats:sec|li)>", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)
#: Answers deeper or larger than this are no answers.
_DEPTH = 40


def json_of(body: bytes, url: str) -> Any:
    """The answer as JSON. UnreadableError where it is none (a cut body, a page that says "Resource not found.")."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        said = " ".join(body[:80].decode("utf-8", "replace").split())
        raise UnreadableError(f"no JSON but {said!r}: {error}", url=url) from None


def xml_of(body: bytes, url: str) -> Any:
    """The root of an XML answer; no entity is resolved and nothing fetched. UnreadableError where it is cut or none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"no whole XML: {error}", url=url) from None
    if root is None:
        raise UnreadableError("empty", url=url)
    return root


def words(text: Any) -> str:
    """Text without markup, spaces collapsed; what ends a block ends a line."""
    told = _TAG.sub(" ", _BLOCK.sub("\n", html.unescape(str(text or ""))))
    return "\n".join(line for line in (" ".join(part.split()) for part in told.split("\n")) if line)


def doi_of(text: Any) -> str | None:
    """The DOI in a text, lower case."""
    found = _DOI.search(str(text or ""))
    return found[0].rstrip(".,;)]").lower() if found else None


def without_addresses(value: Any, depth: int = 0) -> Any:
    """The same without e-mail addresses: who may be written to is nobody's evidence."""
    if depth > _DEPTH:
        return None
    if isinstance(value, str):
        return _MAIL.sub("[address left out]", value)
    if isinstance(value, dict):
        return {str(key): without_addresses(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_addresses(one, depth + 1) for one in value]
    return value


def facts_of(element: Any) -> Any:
    """An XML element as plain values: text, or attributes and children by name; repeated ones as a list."""
    told: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    mixed = " ".join("".join(element.itertext()).split())
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return told | {"#": mixed} if told else mixed
    own = " ".join(part for part in (element.text, *(child.tail for child in children)) if part and part.strip())
    if own.strip():
        told["#"] = mixed
    for child in children:
        name, value = _local(child.tag), facts_of(child)
        if name in told:
            told[name] = [*told[name], value] if isinstance(told[name], list) else [told[name], value]
        else:
            told[name] = value
    return told


def _local(name: Any) -> str:
    return str(name).rpartition("}")[2]


def text_at(element: Any, path: str) -> str:
    """All text below the first element at a path of local names; empty where there is none."""
    found = next(at(element, path), None)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def at(element: Any, path: str) -> Iterator[Any]:
    """Elements at a path of local names ("front/article-meta/title"), whatever their namespace."""
    here = [element]
    for name in path.split("/"):
        here = [child for one in here for child in one if isinstance(child.tag, str) and _local(child.tag) == name]
    return iter(here)


def with_values(url: str, **values: str | int | None) -> str:
    """The address with these values in its query; None takes one out."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    kept += [(name, str(value)) for name, value in values.items() if value is not None]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def value_in(url: str, name: str) -> str | None:
    """A value of the address's query."""
    return dict(parse_qsl(urlsplit(url).query)).get(name)
