"""What ``exowatch doctor`` looks at for the daily work: who gets letters, the mail server, and fonts for the PDF."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

from exowatch.cli.checks import Finding
from exowatch.config import Config
from exowatch.errors import OutputError, SetupError
from exowatch.files import need_folder

#: Languages whose letters few fonts have.
_SCRIPTS = {"ja": "Japanese", "ko": "Korean", "zh": "Chinese"}
#: Seconds for a question to the system.
_PATIENCE = 20


def daily_work(config: Config, mail: bool) -> Iterator[Finding]:
    """Recipients, the mail server (asked only with ``mail``; nothing is sent) and fonts."""
    yield from _recipients(config)
    yield from _services(config)
    if config.digest.smtp is not None:
        yield _greeted(config) if mail else _named(config)
    yield from _metrics(config)
    yield from _fonts()


def _metrics(config: Config) -> Iterator[Finding]:
    """Whether the file can be replaced: that is a matter of its folder."""
    file = config.monitor.metrics_file
    if file is None:
        return
    try:
        need_folder(file)
    except OutputError as error:
        yield Finding("wrong", f"metrics: {error.problem}", f"{error.remedy} ([monitor] metrics_file)")
        return
    if os.access(file.resolve().parent, os.W_OK) and not file.is_dir():
        yield Finding("ok", f"metrics: {file}")
    else:
        remedy = "let this user write there, or name another [monitor] metrics_file"
        yield Finding("wrong", f"metrics: {file} cannot be written", remedy)


def _recipients(config: Config) -> Iterator[Finding]:
    told = config.digest.recipients
    if not told:
        yield Finding("ok", "letters: no recipients; `exowatch digest` shows the letter here")
        return
    yield Finding("ok", f"letters: {len(told)} recipient{'' if len(told) == 1 else 's'}")
    if not any(one.operator for one in told):
        remedy = "set `operator = true` for whoever keeps this installation"
        yield Finding("note", "letters: nobody is told what could not be sent, or gets the weekly note", remedy)


def _services(config: Config) -> Iterator[Finding]:
    """Chat addresses that Apprise does not understand, before the night finds them; no secret of theirs is told."""
    from exowatch.delivery.chat import service_of

    for one in config.digest.recipients:
        if one.url is None:
            continue
        try:
            yield Finding("ok", f"letters: {one.id} by {service_of(one.url)}")
        except SetupError as error:
            yield Finding("wrong", f"letters: {one.id}: {error.problem}", error.remedy or "")


def _named(config: Config) -> Finding:
    smtp = config.digest.smtp
    assert smtp is not None
    return Finding("ok", f"mail: {smtp.host}:{smtp.port} ({smtp.security}); `exowatch doctor --mail` asks it")


def _greeted(config: Config) -> Finding:
    from exowatch.delivery.smtp import MailLine, ServerDownError

    smtp = config.digest.smtp
    assert smtp is not None
    line = MailLine(smtp)
    try:
        line.greet()
    except ServerDownError as error:
        return Finding("wrong", f"mail: {smtp.host}:{smtp.port}: {error}", "look at [digest.smtp] in exowatch.toml")
    finally:
        line.close()
    return Finding("ok", f"mail: {smtp.host}:{smtp.port} answers; nothing was sent")


def _fonts() -> Iterator[Finding]:
    """Nothing is said where fontconfig's program is not there to ask."""
    asked = shutil.which("fc-list")
    missing = [name for code, name in _SCRIPTS.items() if asked and not _has_font(asked, code)]
    if missing:
        remedy = "install fonts that have them, as Noto Sans CJK (Debian: fonts-noto-cjk)"
        yield Finding("note", f"PDF: no font for {', '.join(missing)}: such quotes print as boxes", remedy)


def _has_font(program: str, language: str) -> bool:
    try:
        found = subprocess.run(  # noqa: S603 - the system's own program, with words of ours
            [program, f":lang={language}", "family"], capture_output=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return True  # not known: no alarm
    return found.returncode != 0 or bool(found.stdout.strip())
