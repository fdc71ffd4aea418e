"""Config from ``exowatch.toml`` and ``EXOWATCH_*``: built once by the command line, passed down, never changed."""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from exowatch.config_words import SEE_DOCS, of_shape, of_toml
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
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror}", file=str(file), remedy="name a file that this user may read"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"cannot be read: {error}", file=str(file), remedy="a UTF-8 text file is expected") from None


def _toml(text: str, file: Path | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        problem, remedy = of_toml(str(error))
        raise ConfigError(problem, file=str(file), line=int(line[1]) if line else None, remedy=remedy) from None


def _override(data: dict[str, Any], env: Mapping[str, str]) -> None:
    """Lay ``EXOWATCH_<SECTION>__<KEY>`` (or ``…_FILE``, for secrets) over the file's values; a key of a table within a
    section is ``EXOWATCH_<SECTION>__<TABLE>__<KEY>``, and is laid over the whole table if that is given too."""
    for name, value in sorted(env.items()):
        match = re.fullmatch(r"EXOWATCH_([A-Z]+)__([A-Z]+(?:_[A-Z]+)*)(?:__([A-Z]+(?:_[A-Z]+)*))?", name)
        if not match or (match[3] and _table_in(match[1].lower(), match[2].lower()) is None):
            if name.startswith("EXOWATCH_"):
                _check_spelling(name)
            continue
        path = [part.lower() for part in match.groups() if part]
        if path[0] in LATER:
            continue
        known = _fields_at(path[:-1])
        if path[-1] not in known and path[-1].removesuffix("_file") not in known:
            _check_spelling(name)
        if path[-1].endswith("_file") and path[-1] not in known:  # metrics_file is a key of its own
            path[-1], value = path[-1].removesuffix("_file"), _secret(name, Path(value))
        _lay(data, path, value)


def _lay(data: dict[str, Any], path: Sequence[str], value: str) -> None:
    """Put ``value`` where ``path`` leads; tables on the way are made."""
    table: Any = data
    for part in path[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            return
    read = _value(value)
    field = _fields_at(path[:-1]).get(path[-1])
    # a name or password may be made of digits
    text = field is not None and field.annotation in (str, str | None, Path, Path | None)
    table[path[-1]] = value if not isinstance(read, str) and text else read


def _fields_at(path: Sequence[str]) -> Mapping[str, FieldInfo]:
    """The known keys of a section, or of a table in one; none where there is no such place."""
    section = Config.model_fields.get(path[0])
    kind = section.annotation if section else None
    if len(path) > 1:
        kind = _table_in(*path[:2])
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else {}


def _table_in(section: str, key: str) -> type[BaseModel] | None:
    """What a key holds that is a table of its own, as ``[digest.smtp]``."""
    field = _fields_at([section]).get(key)
    kinds = (field.annotation, *get_args(field.annotation)) if field else ()
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _check_spelling(name: str) -> None:
    """One underscore instead of two would be obeyed by nobody and noticed by nobody."""
    said = name.removeprefix("EXOWATCH_").lower().replace("__", "_").removesuffix("_file")
    for section in Config.model_fields:
        for key in _fields_at([section]):
            table = _table_in(section, key)
            for path in ([section, key], *([section, key, one] for one in (table.model_fields if table else ()))):
                if said == "_".join(path):
                    meant = "__".join(path).upper() + ("_FILE" if name.endswith("_FILE") else "")
                    raise ConfigError(
                        "is not read",
                        file=f"environment variable {name}",
                        remedy=f"two underscores part section and key: EXOWATCH_{meant}",
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
        places = [part for part in path[:-1] if not part.isdecimal()]
        known = _fields_at(places) if places else Config.model_fields
        problem = f"unknown {'section' if len(path) == 1 else 'key'}"
        remedy = f"known here: {', '.join(sorted(set(known) - {'unused', 'file'}))}"
    else:
        own = first["msg"].removeprefix("Value error, "), SEE_DOCS
        problem, remedy = of_shape(first["type"], first["input"], path) or own
    whole = ["EXOWATCH_" + "__".join(path[:depth]).upper() for depth in (3, 2)]
    blamed = next((name for variable in whole for name in sorted(env) if name.removesuffix("_FILE") == variable), None)
    if len(path) == 1 and _line(text, path) is None:
        blamed = next((name for name in sorted(env) if name.startswith(f"{whole[-1]}__")), None)
    if blamed:
        return ConfigError(problem, file=f"environment variable {blamed}", key=key, remedy=remedy)
    return ConfigError(problem, file=str(file or "environment"), line=_line(text, path), key=key, remedy=remedy)


def _line(text: str, path: Sequence[str]) -> int | None:
    """The line of ``[section]``, of the key in it, or of the table it stands in; None where the environment set it. The
    tables of a list (``[[digest.recipients]]``) are told apart by their place in it."""
    section, nearest, seen = None, None, Counter[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[(\[?)([^\[\]]+)\]", line)
        if header:
            section = header[2].strip()
            if header[1]:
                seen[section] += 1
                section = f"{section}.{seen[section] - 1}"
            if section == ".".join(path):
                return number
            if len(path) > 2 and section in (".".join(path[:2]), ".".join(path[:3])):
                nearest = number
        elif any(
            section == (".".join(path[:depth]) or None) and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line)
            for depth, key in _spellings(path)
        ):
            return number
    return nearest


def _spellings(path: Sequence[str]) -> list[tuple[int, str]]:
    """How a key may be written: in which table (so many parts of the path), and by which name there."""
    return [
        (depth, ".".join(path[depth:end]))
        for depth in range(len(path))
        for end in range(max(depth, 1) + 1, len(path) + 1)
    ]


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
