"""Config from ``exowatch.toml`` and ``EXOWATCH_*``: built once by the command line, passed down, never changed."""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from exowatch.errors import ConfigError
from exowatch.sections import (
    Archive,
    Crawl,
    Database,
    DigestSection,
    KnowledgeDir,
    Limits,
    Monitor,
    Reading,
    Record,
    Schedule,
    Section,
    Watchlist,
)

FILE_NAME = "exowatch.toml"
#: Sections of the interface that later versions use; accepted and named as unused, never silently obeyed.
LATER = ("retention", "web", "queue")


class Config(Section):
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
    monitor: Monitor = Monitor()
    unused: tuple[str, ...] = ()
    """Sections that were set but that this version does not use, as ``[web]``."""
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
    return tuple(f"[{name}]" for name in LATER if data.pop(name, None) is not None)


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
    return field is not None and field.annotation in (str, str | None, Path, Path | None)


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
            "digest": at_home(at_home(config.digest, "dir"), "feed"),
            "monitor": at_home(config.monitor, "metrics_file"),
            "crawl": at_home(config.crawl, "browser"),
            "record": at_home(at_home(config.record, "signing_key"), "timestamp_roots"),
        }
    )
