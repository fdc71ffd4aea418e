"""Letters as an Atom feed file: one entry a letter, its summary as text, so that any reader shows it as it is."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from exowatch.digest.ranking import iso
from exowatch.digest.safe import plain
from exowatch.digest.sheet import lay_out
from exowatch.digest.text import summary_lines
from exowatch.digest.wording import NOTICE
from exowatch.model.changes import Digest

_ATOM = "http://www.w3.org/2005/Atom"
#: Letters in a feed, newest first.
MOST = 30


def as_feed(letters: Sequence[tuple[int, Digest]], installation: str = "exowatch", zone: str = "UTC") -> bytes:
    """An Atom document of letters and their numbers, newest first. ``installation``: a name that tells feeds apart;
    ``zone``: where their days are told.

    Entries hold text alone: what stands on a page is never markup here.
    """
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    newest = sorted(letters, key=lambda one: one[0], reverse=True)[:MOST]
    updated = iso(newest[0][1].until) if newest else "1970-01-01T00:00:00Z"
    _add(feed, "id", f"urn:exowatch:{plain(installation)}")
    _add(feed, "title", "ExoWatch digests")
    _add(feed, "subtitle", NOTICE)
    _add(feed, "updated", updated)
    author = _add(feed, "author")
    _add(author, "name", "ExoWatch")
    for number, digest in newest:
        _entry(feed, number, digest, installation, zone)
    made: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return made


def _entry(feed: etree._Element, number: int, digest: Digest, installation: str, zone: str) -> None:
    sheet = lay_out(digest, zone)
    entry = _add(feed, "entry")
    mark = "Simulated run: " if digest.simulated else ""
    _add(entry, "id", f"urn:exowatch:{plain(installation)}:letter:{number}")
    _add(entry, "title", f"{mark}{sheet.date} ({sheet.jurisdiction}): {sheet.lead}")
    _add(entry, "updated", iso(digest.until))
    content = _add(entry, "content", "\n".join((*summary_lines(sheet), "", sheet.needs, "", NOTICE)))
    content.set("type", "text")


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = text
    return child
