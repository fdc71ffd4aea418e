"""Whose page is it that a person wants secured? The source of the watchlist that it belongs to, or one made for it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from exowatch.codes import PLACES
from exowatch.errors import SetupError
from exowatch.model.addresses import no_address, site_of, tidy
from exowatch.model.sources import MADE, Source, SourceKind

#: Where nothing says where a site sits: as ``exowatch extract`` has it.
ELSEWHERE = "US"
#: Endings of countries that are used for anything.
_NO_COUNTRY = frozenset(("AI", "CC", "CO", "FM", "GG", "IM", "IO", "LA", "LY", "ME", "NU", "SH", "TO", "TV", "WS"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """How pages of sites that are on no watchlist are to be read."""

    kind: SourceKind = "clinic"
    jurisdiction: str | None = None
    """None: by the ending of the site's name, else ``fallback``."""
    fallback: str | None = None
    """The jurisdiction of this office, where it has exactly one."""


def addresses(urls: Sequence[str]) -> tuple[str, ...]:
    """The addresses as they will be asked for, each once. SetupError for one that no page can stand at."""
    found = []
    for url in urls:
        wrong = no_address(url)
        place = None if wrong else tidy(url, url)
        if place is None:
            raise SetupError(
                f"{url!r} is no address of a page: {wrong or 'no text can stand there'}",
                remedy="write it as a browser shows it, such as https://clinic.example/exosomes",
            )
        found.append(place)
    return tuple(dict.fromkeys(found))


def assigned(sources: Sequence[Source], urls: Sequence[str], wanted: Wanted, day: date) -> dict[Source, list[str]]:
    """Source → its pages among ``urls``. Active sources before retired ones, and of several on one site the one whose
    start page stands nearest above the page."""
    found: dict[Source, list[str]] = {}
    made: dict[str, Source] = {}
    for url in urls:
        mine = [source for source in sources if site_of(url) in {site_of(start) for start in source.start_urls}]
        if mine:
            source = max(mine, key=lambda one: (one.retired_on is None, _near(one, url)))
        else:
            source = made.setdefault(site_of(url), _made_for(url, wanted, day))
        found.setdefault(source, []).append(url)
    return found


def _near(source: Source, url: str) -> int:
    """Letters that the page's path shares with a start page's folder."""
    path = urlsplit(url).path or "/"
    folders = [urlsplit(start).path.rpartition("/")[0] + "/" for start in source.start_urls]
    return max((len(folder) for folder in folders if path.startswith(folder)), default=0)


def _made_for(url: str, wanted: Wanted, day: date) -> Source:
    site = site_of(url)
    parts = urlsplit(url)
    place = wanted.jurisdiction or country_of(parts.hostname or "") or wanted.fallback or ELSEWHERE
    return Source(
        id=_id(site),
        name=site,
        kind=wanted.kind,
        jurisdiction=place,
        start_urls=(f"{parts.scheme}://{parts.netloc}/",),
        via="page",
        added_on=day,
        tags=("captured",),
        found_by="exowatch capture",
        reason="a page of it was secured by hand; it is on no watchlist",
    )


def country_of(host: str) -> str | None:
    """The country whose ending a name has; None for names that say none (.com, numbers)."""
    labels = host.rstrip(".").upper().split(".")
    last = "GB" if labels[-1] == "UK" else labels[-1]
    return last if len(labels) > 1 and last in PLACES and last not in _NO_COUNTRY else None


def _id(site: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", site.lower()).strip("-")
    if len(MADE) + len(plain) <= 80 and plain.isascii() and plain:
        return MADE + plain
    return MADE + plain[:40].strip("-") + "-" + hashlib.sha256(site.encode()).hexdigest()[:12]
