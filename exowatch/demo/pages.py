"""What the made-up web answers: the files of day 1, those of day 2 laid over them, and a few odd answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

DAYS = (1, 2)
_TYPES = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
}
#: When the files of each day say that they were last changed.
_CHANGED = {1: "Fri, 20 Nov 2026 08:00:00 GMT", 2: "Mon, 23 Nov 2026 20:00:00 GMT"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a site: status, headers and body, before any compression."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def etag(self) -> str:
        """A validator that changes with the body only."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def site_facts() -> tuple[dict[str, Any], ...]:
    """The sites as ``web/sites.yml`` describes them; ``site`` is the folder's name and the source's id."""
    return tuple(yaml.safe_load(_web().joinpath("sites.yml").read_text(encoding="utf-8")))


def answer(site: str, path: str, day: int, origins: Mapping[str, str]) -> Answer:
    """What ``site`` answers to ``path`` on ``day`` (1 or 2). ``@@name@@`` in a page becomes that site's origin."""
    asked = path.split("?", 1)[0].split("#", 1)[0].lstrip("/")
    odd = _odd_answers(day).get(f"{site}/{asked}")
    if odd is not None:
        return odd
    for name in _names(asked):
        found = _find(site, name, day)
        if found is not None:
            if name == f"{asked}/index.html" and asked:
                return Answer(301, {"Location": f"/{asked}/"})
            text, changed = found
            return Answer(
                200, {"Content-Type": _type(name), "Last-Modified": _CHANGED[changed]}, _linked(text, origins)
            )
    page = b"<!doctype html><html lang=en><title>Not found</title><h1>Page not found</h1>"
    return Answer(404, {"Content-Type": _TYPES["html"]}, page)


def _names(asked: str) -> tuple[str, ...]:
    """The files that may stand for a path: pages are asked for without ``.html``."""
    if not asked or asked.endswith("/"):
        return (f"{asked}index.html",)
    last = asked.rsplit("/", 1)[-1]
    if "." in last:
        return () if last.endswith(".html") else (asked,)
    return (f"{asked}.html", f"{asked}/index.html")


@cache
def _find(site: str, name: str, day: int) -> tuple[str, int] | None:
    """The file's text and the day that wrote it, newest first; None for a name that steps outside or is not there."""
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return None
    for written in range(day, 0, -1):
        file = _web().joinpath(f"day{written}", site, *parts)
        if file.is_file():
            return file.read_text(encoding="utf-8"), written
    return None


@cache
def _odd_answers(day: int) -> dict[str, Answer]:
    """Pages of a day that are answered otherwise than by their file."""
    file = _web().joinpath(f"day{day}.yml")
    if not file.is_file():
        return {}
    said = yaml.safe_load(file.read_text(encoding="utf-8"))
    gone = {page: Answer(404, {"Content-Type": _TYPES["html"]}, b"<h1>Not found</h1>") for page in said["removed"]}
    return gone | {row["page"]: _odd(row) for row in said["answers"]}


def _odd(row: Mapping[str, Any]) -> Answer:
    headers = {"Content-Type": _TYPES["html"], **(row.get("headers") or {})}
    return Answer(row["status"], headers, row["body"].encode("utf-8"))


def _linked(text: str, origins: Mapping[str, str]) -> bytes:
    for name, origin in origins.items():
        text = text.replace(f"@@{name}@@", origin)
    return text.encode("utf-8")


def _type(name: str) -> str:
    return _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")


def _web() -> Traversable:
    return files("exowatch.demo").joinpath("web")
