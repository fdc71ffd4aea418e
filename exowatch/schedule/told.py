"""What jobs say of themselves on stderr: a line for people, or a JSON object a line for programs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Literal

#: What every record of the standard library carries; the rest was given by us.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_ROOT = "exowatch"
LogForm = Literal["text", "json"]


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = {"at": _time(record), "level": record.levelname.lower(), "from": record.name}
        return json.dumps(told | {"said": record.getMessage()} | _given(record), ensure_ascii=True, default=_plain)


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        given = "; ".join(f"{name}: {_short(value)}" for name, value in _given(record).items())
        mark = "" if record.levelno <= logging.INFO else f"{record.levelname} "
        said = f"{_time(record)} {mark}{record.getMessage()}{f' ({given})' if given else ''}"
        # words of pages and servers may stand in it: they may not rewrite a terminal, nor begin a line of their own
        return "".join(letter if letter.isprintable() else " " for letter in said)


def begin_log(form: LogForm) -> None:
    """Send what the program says of its work to stderr, in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json() if form == "json" else _Line())
    for name, level in ((_ROOT, logging.INFO), ("apscheduler", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)


def writes_json() -> bool:
    """True once programs read what is said."""
    return any(isinstance(one.formatter, _Json) for one in logging.getLogger(_ROOT).handlers)


def _given(record: logging.LogRecord) -> dict[str, Any]:
    given = {name: value for name, value in vars(record).items() if name not in _OWN}
    if record.exc_info:
        given["trouble"] = logging.Formatter().formatException(record.exc_info)
    return given


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: Any) -> str:
    """What JSON has no form for; times as everywhere here."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)


def _short(value: Any) -> str:
    if isinstance(value, datetime):
        return _plain(value)
    if isinstance(value, (list, tuple)) and len(value) > 5:
        return f"{', '.join(map(str, value[:5]))} and {len(value) - 5} more"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
