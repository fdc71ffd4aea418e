"""Sources from ``watchlist/*.yml``, one a file; every mistake is told with file, line, key and remedy."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from exowatch.cadence import trigger_of
from exowatch.codes import language_code, place_code
from exowatch.errors import WatchlistError
from exowatch.model.addresses import no_address
from exowatch.model.sources import Source, SourceKind, Trader, Via
from exowatch.yaml_text import from_yaml, line_of, misshapen, said

FRAMES_FILE = "frames.yml"
#: Ways in that need no start page: they have a fixed address or a query.
_API_VIAS = {"europepmc", "pubmed", "crossref", "clinicaltrials", "fda-warning-letters", "ema-json"}
_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,79}$")


class _TraderFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    registration_no: str | None = None
    group: str | None = None


class _SourceFile(BaseModel):
    """One watchlist file, as people write it."""

    model_config = ConfigDict(extra="forbid")
    id: str
    name: str
    kind: SourceKind
    jurisdiction: str
    audience: list[str] = []
    language: str | None = None
    start_urls: list[str] = []
    via: Via = "site"
    query: str | None = None
    set: str | None = None
    metadata_prefix: str | None = None
    allow: list[str] = []
    deny: list[str] = []
    cadence: str | None = None
    max_pages: Annotated[int, Field(ge=1)] = 200
    max_depth: Annotated[int, Field(ge=0)] = 4
    render: bool = False
    trader: _TraderFile | None = None
    frame: str | None = None
    found_by: str | None = None
    tags: list[str] = []
    added_on: date | None = None
    reason: str = ""
    retired_on: date | None = None

    @field_validator("id")
    @classmethod
    def _plain_id(cls, value: str) -> str:
        if not _ID.match(value):
            raise ValueError("an id is lower-case letters, digits and hyphens, 80 at most")
        return value

    @field_validator("jurisdiction")
    @classmethod
    def _place(cls, value: str) -> str:
        return place_code(value)

    @field_validator("audience")
    @classmethod
    def _places(cls, values: list[str]) -> list[str]:
        return [place_code(value) for value in values]

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str | None) -> str | None:
        return None if value is None else language_code(value)

    @field_validator("start_urls")
    @classmethod
    def _web(cls, values: list[str]) -> list[str]:
        for value in values:
            if wrong := no_address(value):
                raise ValueError(f"{value!r} is not a web address: {wrong}")
        return values

    @field_validator("allow", "deny")
    @classmethod
    def _patterns(cls, values: list[str]) -> list[str]:
        for value in values:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"{value!r} is not a pattern: {error}") from None
        return values

    @field_validator("cadence")
    @classmethod
    def _cron(cls, value: str | None) -> str | None:
        try:
            if value is not None:
                trigger_of(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is not a cron line such as '0 3 * * *': {error}") from None
        return value

    @model_validator(mode="after")
    def _has_a_way_in(self) -> _SourceFile:
        if not self.start_urls and self.via not in _API_VIAS:
            raise ValueError(f"via: {self.via} needs at least one address in start_urls")
        return self

    def source(self) -> Source:
        """The frozen record of this file."""
        fields = self.model_dump()
        trader = fields.pop("trader")
        lists = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
        return Source(**{**fields, **lists, "trader": Trader(**trader) if trader else None})


@dataclass(frozen=True, slots=True)
class Watchlist:
    """All sources, retired ones included, and the very text they were read from."""

    sources: tuple[Source, ...]
    texts: dict[str, str]
    """File name to its text, kept whole with every run."""
    frames: tuple[dict[str, Any], ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over all file names and texts."""
        joined = "\0".join(f"{name}\0{text}" for name, text in sorted(self.texts.items()))
        return hashlib.sha256(joined.encode()).hexdigest()

    @property
    def active(self) -> tuple[Source, ...]:
        """Sources that have not been retired."""
        return tuple(source for source in self.sources if source.retired_on is None)

    def named(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """The sources with these ids, in this order; WatchlistError for one that is not there."""
        by_id = {source.id: source for source in self.sources}
        for wanted in ids:
            if wanted not in by_id:
                near = difflib.get_close_matches(wanted, by_id, n=1)
                meant = f"did you mean {near[0]}? " if near else ""
                listed = ", ".join(sorted(by_id)[:12]) or "none"
                raise WatchlistError(f"no source is called {wanted!r}", remedy=f"{meant}the watchlist has: {listed}")
        return tuple(by_id[wanted] for wanted in dict.fromkeys(ids))


def reservations(sources: Sequence[Source], no_browser: str = "") -> tuple[str, ...]:
    """What a person should know who has these sources visited: one line a source and matter. ``no_browser``: why there
    is none here; empty where there is one."""
    told = [
        f"{source.id} was retired on {source.retired_on}; it is visited because it was named"
        for source in sources
        if source.retired_on
    ]
    told += [
        f"{source.id}: `render: true` needs a browser, and it is not visited without one, since what scripts put on "
        f"its pages would look as if it were gone; {no_browser}"
        for source in sources
        if source.render and no_browser
    ]
    return tuple(told)


def load_watchlist(folder: Path) -> Watchlist:
    """Every ``*.yml`` of ``folder``. Raises WatchlistError for the first mistake found."""
    if not folder.is_dir():
        raise WatchlistError("no such folder", file=str(folder), remedy="run `exowatch init` to write one")
    try:
        held = sorted(folder.iterdir())
    except OSError as error:
        raise WatchlistError(
            f"cannot be read: {error.strerror}", file=str(folder), remedy="let this user read that folder"
        ) from None
    _refuse_other_endings(held)
    return watchlist_of({path.name: _text(path) for path in held if path.suffix == ".yml"}, folder)


def watchlist_of(texts: dict[str, str], folder: Path) -> Watchlist:
    """The watchlist that these texts of ``folder`` make: every run keeps them. WatchlistError as ``load_watchlist``."""
    sources, homes, frames = list[Source](), dict[str, str](), list[dict[str, Any]]()
    for path, text in ((folder / name, text) for name, text in sorted(texts.items())):
        if path.name == FRAMES_FILE:
            frames = _frames(path, text)
            continue
        source = _source(path, text)
        if source.id in homes:
            raise WatchlistError(
                f"two sources have the id {source.id!r}; the other is in {homes[source.id]}",
                file=str(path),
                line=line_of(text, ("id",)),
                key="id",
                remedy="give one of them another id",
            )
        homes[source.id] = path.name
        sources.append(source)
    if not sources:
        raise WatchlistError(
            "no source in it",
            file=str(folder),
            remedy="run `exowatch init`, or write a file there (docs/watchlist.md)",
        )
    _check_frames(folder, sources, homes, texts, frames)
    return Watchlist(tuple(sources), texts, tuple(frames))


def _refuse_other_endings(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.suffix.lower() in (".yaml", ".yml") and path.suffix != ".yml":
            raise WatchlistError(
                f"only files that end in .yml are read, not {path.suffix}", file=str(path), remedy="rename it"
            )


def _check_frames(
    folder: Path, sources: list[Source], homes: dict[str, str], texts: dict[str, str], frames: list[dict[str, Any]]
) -> None:
    """Where frames are described at all, a source may only name one of them."""
    known = [str(frame["id"]) for frame in frames]
    for source in sources:
        if known and source.frame is not None and source.frame not in known:
            home = homes[source.id]
            raise WatchlistError(
                f"{FRAMES_FILE} describes no frame {source.frame!r}",
                file=str(folder / home),
                line=line_of(texts[home], ("frame",)),
                key="frame",
                remedy=f"one of: {', '.join(known)}",
            )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise WatchlistError(
            f"cannot be read: {error.strerror}", file=str(path), remedy="let this user read it"
        ) from None
    except UnicodeDecodeError as error:
        raise WatchlistError(
            f"cannot be read: {error}", file=str(path), remedy="a UTF-8 text file is expected"
        ) from None


def _yaml(path: Path, text: str) -> Any:
    try:
        return from_yaml(text)
    except yaml.YAMLError as error:
        problem, line = said(error)
        raise WatchlistError(
            problem,
            file=str(path),
            line=line,
            remedy="keep one of the two"
            if "twice" in problem
            else "check the indent and the quotes; text with a colon or # in it goes in quotes",
        ) from None


def _source(path: Path, text: str) -> Source:
    data = _yaml(path, text)
    if not isinstance(data, dict):
        raise WatchlistError(
            "one source is expected, as `key: value` lines",
            file=str(path),
            line=1,
            remedy="see docs/watchlist.md",
        )
    try:
        return _SourceFile.model_validate(data).source()
    except ValidationError as error:
        first = error.errors()[0]
        where = first["loc"]
        problem, remedy = misshapen(
            first, list(_SourceFile.model_fields if len(where) < 2 else _TraderFile.model_fields)
        )
        raise WatchlistError(
            problem,
            file=str(path),
            line=line_of(text, where),
            key=".".join(map(str, where)),
            remedy=_remedy(first, remedy),
        ) from None


def _frames(path: Path, text: str) -> list[dict[str, Any]]:
    data = _yaml(path, text) or []
    if not isinstance(data, list) or not all(isinstance(row, dict) and "id" in row for row in data):
        raise WatchlistError(
            "a list of frames is expected, each with an id",
            file=str(path),
            line=1,
            remedy="see docs/watchlist.md",
        )
    ids = [str(row["id"]) for row in data]
    for place, name in enumerate(ids):
        if name in ids[:place]:
            line = line_of(text, (place, "id"))
            raise WatchlistError(
                f"two frames have the id {name!r}", file=str(path), line=line, key="id", remedy="rename one of them"
            )
    return data


def _remedy(error: Any, otherwise: str) -> str:
    name = error["loc"][0] if error["loc"] else ""
    if otherwise:
        return otherwise
    if name == "kind":
        return f"one of: {', '.join(get_args(SourceKind))}"
    if name == "via":
        return f"one of: {', '.join(get_args(Via))}"
    if name == "start_urls":
        return "write the address as a browser shows it, such as https://clinic.example/"
    return "docs/watchlist.md shows every key with an example"
