"""Config from ``exowatch.toml`` and ``EXOWATCH_*``: built once by the command line, passed down, never changed."""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from exowatch.cadence import DAILY, trigger_of
from exowatch.codes import place_code
from exowatch.errors import ConfigError
from exowatch.model.addresses import exact_pair

FILE_NAME = "exowatch.toml"
#: Sections of the interface that later versions use; accepted and named as unused, never silently obeyed.
LATER = ("retention", "monitor", "web", "queue")
#: The same for single keys of sections that are in use.
LATER_KEYS = (("limits", "hours"), ("digest", "recipients"), ("digest", "smtp"))
#: A time that can be waited: no day is spent on one request.
_Seconds = Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(_Section):
    """Where the rows are."""

    url: str = "sqlite:///exowatch.db"
    busy_seconds: Annotated[float, Field(gt=0)] = 30
    """How long a SQLite writer waits for another program's transaction; ours last milliseconds."""

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        if url in ("sqlite:///", "postgresql+psycopg://"):
            raise ValueError("names no database; write sqlite:///exowatch.db or postgresql+psycopg://user@host/name")
        return url


class Archive(_Section):
    """Where the WARC files are."""

    dir: Path = Path("archive")


class Watchlist(_Section):
    """Where the sources are described."""

    dir: Path = Path("watchlist")


class KnowledgeDir(_Section):
    """Local rule files, layered over the shipped ones by id; None: the shipped ones alone."""

    dir: Path | None = None


class Crawl(_Section):
    """How we fetch: who we say we are, how gently, and how much."""

    user_agent: str = "ExoWatch/0.1 (monitoring of health claims; +{contact})"
    contact: str = "set-a-contact-in-exowatch.toml"
    delay: _Seconds = 2.0
    """Seconds between two requests to one site."""
    concurrency: Annotated[int, Field(ge=1, le=256)] = 8
    """Sources fetched at once."""
    second_look: bool = True
    """Fetch pages with claims twice in a source's first run, to learn what they show in turn."""
    max_bytes: Annotated[int, Field(ge=1024)] = 16 * 1024 * 1024
    """Of one body, as sent and again after decompression; what is longer is cut and marked."""
    timeout: Annotated[_Seconds, Field(gt=0)] = 30.0
    """Seconds for one exchange."""
    max_redirects: Annotated[int, Field(ge=0, le=50)] = 8
    browser: Path | None = None
    """The Chromium that looks at pages (``render: true``, ``exowatch capture``); None: one that is installed."""
    allow_addresses: tuple[str, ...] = ()
    """Exact ``ip:port`` pairs let through the guard against private and loopback addresses."""

    @field_validator("user_agent", "contact")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if not text.isprintable() or not text.isascii():
            raise ValueError("this goes into a header of every request: one line of plain letters")
        return text

    @field_validator("allow_addresses")
    @classmethod
    def _pairs(cls, pairs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(exact_pair(pair) for pair in pairs)

    @property
    def agent(self) -> str:
        """The user agent with the contact put in."""
        return self.user_agent.replace("{contact}", self.contact)


class Reading(_Section):
    """Where pages are read: 0 in the crawling process, else in that many reader processes beside it."""

    processes: Annotated[int, Field(ge=0, le=16)] = 1
    timeout: Annotated[_Seconds, Field(gt=0)] = 60.0
    """CPU seconds that one reading may take."""
    max_memory_mb: Annotated[int, Field(ge=256)] = 1536
    """Address space of one reader process."""


class Limits(_Section):
    """When to stop by ourselves."""

    min_free_gb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.2
    max_run_time: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    """Seconds for a whole crawl; 0: no limit. A run that meets it is partial."""
    max_memory_mb: Annotated[int, Field(ge=0)] = 0
    """Of the crawling process; 0: no limit."""


class Schedule(_Section):
    """How often."""

    cadence: str = DAILY
    timezone: str = "UTC"

    @field_validator("cadence")
    @classmethod
    def _cron(cls, line: str) -> str:
        if line != DAILY:
            try:
                trigger_of(line)
            except ValueError as error:
                raise ValueError(f"{line!r} is no cron line ({error}); write '0 3 * * *'") from None
        return line

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is not a time zone name such as Europe/Dublin") from None
        return name


class DigestSection(_Section):
    """What the daily letter holds."""

    jurisdictions: tuple[str, ...] = ()
    threshold: Literal["critical", "high", "medium", "low"] = "medium"
    """Graver or equal flags are told one by one, lesser ones as a count."""
    baseline_per_day: Annotated[int, Field(ge=0)] = 5
    dir: Path = Path("digests")

    @field_validator("jurisdictions")
    @classmethod
    def _places(cls, places: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(place_code(place) for place in places)


class Record(_Section):
    """How the record is signed."""

    signing_key: Path = Path("signing.pem")
    """The private key, in a file of its own that nobody else may read; made at the first run."""
    timestamp_url: str | None = None
    """An authority of time (RFC 3161) that stamps each manifest; None: the time is as this system states it."""
    timestamp_roots: Path | None = None
    """Root certificates (PEM) that authorities are held against; None: those of this system."""

    @field_validator("timestamp_url")
    @classmethod
    def _web(cls, url: str | None) -> str | None:
        if url is not None and not re.match(r"https?://[^/\s]", url):
            raise ValueError(f"{url!r} is not a web address such as https://time.example/tsr")
        return url


class Config(_Section):
    """The whole configuration; paths are absolute."""

    database: Database = Database()
    archive: Archive = Archive()
    watchlist: Watchlist = Watchlist()
    knowledge: KnowledgeDir = KnowledgeDir()
    crawl: Crawl = Crawl()
    reading: Reading = Reading()
    limits: Limits = Limits()
    schedule: Schedule = Schedule()
    digest: DigestSection = DigestSection()
    record: Record = Record()
    unused: tuple[str, ...] = ()
    """Sections and keys that were set but that this version does not use, as ``[web]`` or ``[limits] hours``."""
    file: Path | None = None


def load_config(path: Path | None = None, env: Mapping[str, str] | None = None) -> Config:
    """The configuration from ``path``, else ``EXOWATCH_CONFIG``, else ``exowatch.toml`` here, else the defaults.

    Raises ConfigError naming file, line, key and remedy.
    """
    env = os.environ if env is None else env
    named = path or (Path(env["EXOWATCH_CONFIG"]) if env.get("EXOWATCH_CONFIG") else None)
    file = named or Path(FILE_NAME)
    if named is None and not file.exists():
        text, home, where = "", Path.cwd(), None
    else:
        text, home, where = _text(file), file.resolve().parent, file
    data = _toml(text, where)
    _override(data, env)
    unused = _take_unused(data)
    try:
        config = Config.model_validate({**data, "unused": unused, "file": where and where.resolve()})
    except ValidationError as error:
        raise _explained(error, text, where, env) from None
    config = _absolute(config, home)
    _check_folders(config, text)
    return config


def _take_unused(data: dict[str, Any]) -> tuple[str, ...]:
    """Take out of ``data`` what later versions use, and name it."""
    sections = [f"[{name}]" for name in LATER if data.pop(name, None) is not None]
    tables = ((name, key, data.get(name)) for name, key in LATER_KEYS)
    keys = [
        f"[{name}] {key}" for name, key, table in tables if isinstance(table, dict) and table.pop(key, None) is not None
    ]
    return (*sections, *keys)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError("no such file", file=str(file), remedy="run `exowatch init` to write one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", file=str(file), remedy="a UTF-8 text file is expected") from None


def _toml(text: str, file: Path | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigError(
            f"not TOML: {error}",
            file=str(file),
            line=int(line[1]) if line else None,
            remedy="text goes in quotes, lists in [ ], one key a line",
        ) from None


def _override(data: dict[str, Any], env: Mapping[str, str]) -> None:
    """Lay ``EXOWATCH_<SECTION>__<KEY>`` (or ``…_FILE``, for secrets) over the file's values."""
    for name, value in sorted(env.items()):
        match = re.fullmatch(r"EXOWATCH_([A-Z]+)__([A-Z_]+)", name)
        if not match:
            if name.startswith("EXOWATCH_"):
                _check_spelling(name)
            continue
        section, key = match[1].lower(), match[2].lower()
        if section in LATER:
            continue
        if key.endswith("_file"):
            key, value = key.removesuffix("_file"), _secret(name, Path(value))
        table = data.setdefault(section, {})
        if not isinstance(table, dict):
            continue
        read = _value(value)
        table[key] = value if not isinstance(read, str) and _is_text(section, key) else read


def _is_text(section: str, key: str) -> bool:
    """A name or password may be made of digits."""
    model = Config.model_fields[section].annotation if section in Config.model_fields else None
    field = getattr(model, "model_fields", {}).get(key)
    return field is not None and field.annotation in (str, Path, Path | None)


def _check_spelling(name: str) -> None:
    """One underscore instead of two would be obeyed by nobody and noticed by nobody."""
    section, _, key = name.removeprefix("EXOWATCH_").lower().partition("_")
    model = Config.model_fields[section].annotation if section in Config.model_fields else None
    if key.removesuffix("_file") in getattr(model, "model_fields", {}):
        raise ConfigError(
            "is not read",
            file=f"environment variable {name}",
            remedy=f"two underscores part section and key: EXOWATCH_{section.upper()}__{key.upper()}",
        )


def _secret(variable: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"names {file}, which cannot be read: {error}",
            file=f"environment variable {variable}",
            remedy="a UTF-8 text file with the value is expected",
        ) from None


def _value(text: str) -> Any:
    """A TOML value where the text is one (numbers, lists, true), else the text itself."""
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text


def _explained(error: ValidationError, text: str, file: Path | None, env: Mapping[str, str]) -> ConfigError:
    first = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    key = ".".join(path)
    if first["type"] == "extra_forbidden":
        known = Config.model_fields if len(path) == 1 else _fields_of(path[0])
        problem = f"unknown {'section' if len(path) == 1 else 'key'}"
        remedy = f"known here: {', '.join(sorted(set(known) - {'unused', 'file'}))}"
    else:
        problem, remedy = first["msg"].removeprefix("Value error, "), "docs/configuration.md has every key"
    variable = "EXOWATCH_" + "__".join(path[:2]).upper()
    blamed = next((name for name in sorted(env) if name.removesuffix("_FILE") == variable), None)
    if len(path) == 1 and _line(text, path) is None:
        blamed = next((name for name in sorted(env) if name.startswith(f"{variable}__")), None)
    if blamed:
        return ConfigError(problem, file=f"environment variable {blamed}", key=key, remedy=remedy)
    return ConfigError(problem, file=str(file or "environment"), line=_line(text, path), key=key, remedy=remedy)


def _fields_of(section: str) -> list[str]:
    kind = Config.model_fields[section].annotation if section in Config.model_fields else None
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _line(text: str, path: list[str]) -> int | None:
    """The line of ``[section]`` or of the key in it; None where an environment variable set it."""
    section = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header:
            section = header[1].strip()
            if len(path) == 1 and section == path[0]:
                return number
        elif (len(path) > 1 and section == path[0] and re.match(rf"\s*[\"']?{re.escape(path[1])}[\"']?\s*=", line)) or (
            section is None and re.match(rf"\s*{re.escape('.'.join(path[:2]))}\s*=", line)
        ):
            return number
    return None


def _check_folders(config: Config, text: str) -> None:
    """Raise ConfigError where a file stands in the place of a folder that is to be written into."""
    for section, folder in (("archive", config.archive.dir), ("digest", config.digest.dir)):
        with contextlib.suppress(PermissionError):  # who may not look there is told when writing
            there = next(place for place in (folder, *folder.parents) if place.exists())
            if not there.is_dir():
                raise ConfigError(
                    f"{there} is a file, and a folder is needed there",
                    file=str(config.file or "default"),
                    line=_line(text, [section, "dir"]),
                    key=f"{section}.dir",
                    remedy="move the file away, or name another folder",
                )


def _absolute(config: Config, home: Path) -> Config:
    def at_home(section: Any, field: str) -> Any:
        value = getattr(section, field)
        return section if value is None else section.model_copy(update={field: home / value.expanduser()})

    url = config.database.url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////") and ":memory:" not in url:
        url = f"sqlite:///{home / url.removeprefix('sqlite:///')}"
    return config.model_copy(
        update={
            "database": config.database.model_copy(update={"url": url}),
            "archive": at_home(config.archive, "dir"),
            "watchlist": at_home(config.watchlist, "dir"),
            "knowledge": at_home(config.knowledge, "dir"),
            "digest": at_home(config.digest, "dir"),
            "crawl": at_home(config.crawl, "browser"),
            "record": at_home(at_home(config.record, "signing_key"), "timestamp_roots"),
        }
    )
