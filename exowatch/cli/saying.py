"""What a command says beside its results: words on stderr, or with ``--log json`` an object a line for programs."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import Any

import click

_LOG = logging.getLogger("exowatch.command")


def _begin(_ctx: click.Context, _param: click.Parameter, form: Any) -> Any:
    if form is not None:
        from exowatch.schedule.told import begin_log

        begin_log(form)
    return form


log_option = click.option(
    "--log",
    "form_of_log",
    type=click.Choice(["text", "json"]),
    callback=_begin,
    expose_value=False,
    help="Say on stderr what is begun and how it ends, as `exowatch schedule` does: a line, or a JSON object a line.",
)


def say(words: str, level: int = logging.WARNING) -> None:
    """On stderr; where that is full or shut too, the exit code must do."""
    if _is_asked_for_json():
        _LOG.log(level, words.removeprefix("exowatch: "))
        return
    with contextlib.suppress(OSError):
        click.echo(words, err=True)


def tell_done(job: str, detail: str) -> None:
    """In the log, where there is one, that a job is done that stands in no book."""
    _LOG.info("done", extra={"job": job, "detail": detail})


def _is_asked_for_json() -> bool:
    told = sys.modules.get("exowatch.schedule.told")  # not imported for this: most commands keep no log
    return told is not None and bool(told.writes_json())
