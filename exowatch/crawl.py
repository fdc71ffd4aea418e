"""Starting the child process that fetches, and listening to it. One crawl is one child (Twisted starts only once)."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from exowatch.errors import BusyError, NoRoomError, RecordError, SetupError, StoreFullError
from exowatch.securing import Wanted

Event = dict[str, Any]
#: The only place of the core that names the spiders: it never imports them.
CHILD = ("-m", "spiders.run")
#: Seconds for a child that was asked to end: it lets exchanges and readings under way finish, then closes the run.
#: Twice as long still fits into the time that service managers give us.
PATIENCE = 40.0
#: Seconds between two looks at whether a child still lives.
_LOOK = 0.5


class Unread(NamedTuple):
    """Pages that could not be read for one cause."""

    pages: int
    detail: str = ""
    """What was said of the last one."""


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """How a crawl ended."""

    exit_code: int
    counts: dict[str, int] = field(default_factory=dict)
    """Outcomes by result."""
    failed: tuple[str, ...] = ()
    """Sources that could not be read whole."""
    verdicts: dict[str, str] = field(default_factory=dict)
    run_id: str | None = None
    unread: dict[str, dict[str, Unread]] = field(default_factory=dict)
    """Of each source the pages that could not be read, by cause (the code of their outcome)."""
    signed: bool = True
    """False where no manifest could be signed; why was told on stderr."""


def run_crawl(
    config_file: Path | None,
    sources: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
    stop: threading.Event | None = None,
) -> CrawlSummary:
    """Crawl ``sources`` in a child process; ``on_event`` gets each of its lines.

    Once ``stop`` is set, the child is asked to end: sources that are not done by then are partial.

    Raises SetupError, BusyError, NoRoomError or RecordError as the child reported them.
    """
    job = {"mode": "crawl", "config": str(config_file) if config_file else None, "sources": list(sources)}
    counts: dict[str, int] = {}
    verdicts: dict[str, str] = {}
    unread: dict[str, dict[str, Unread]] = {}
    run_id: str | None = None
    code, last_error, signed = 0, Event(), True
    for event in _events(job, env, stop):
        on_event(event)
        kind = event.get("event")
        if kind == "page":
            counts[event["result"]] = counts.get(event["result"], 0) + 1
            if event["result"] not in ("READ", "UNCHANGED"):
                causes = unread.setdefault(event["source"], {})
                before = causes.get(event["code"], Unread(0))
                causes[event["code"]] = Unread(before.pages + 1, event["detail"])
        elif kind == "source":
            verdicts[event["source"]] = event["verdict"]
        elif kind == "run":
            run_id = event["id"]
        elif kind == "unsigned":
            signed = False
        elif kind == "error":
            last_error = event
        elif kind == "exit":
            code = event["code"]
    _raise_for(code, last_error)
    failed = tuple(source for source in sources if verdicts.get(source) != "complete")
    exit_code = code or (1 if failed or not signed else 0)
    return CrawlSummary(exit_code, counts, failed, verdicts, run_id, unread, signed)


def secure(
    config_file: Path | None,
    urls: Sequence[str],
    wanted: Wanted,
    case_id: int | None = None,
    *,
    env: Mapping[str, str] | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
) -> list[Event]:
    """Have these pages (addresses as ``securing.addresses`` writes them) archived and taken in at once, as the crawler
    and a browser see them; the child's lines. Raises SetupError, BusyError or RecordError as it reported them."""
    job = {"mode": "capture", "config": str(config_file) if config_file else None, "urls": list(urls)}
    return _all_events(job | {"wanted": asdict(wanted), "case": case_id}, env, on_event)


def fetch(
    config_file: Path | None, urls: Sequence[str], archive_dir: Path, *, env: Mapping[str, str] | None = None
) -> list[Event]:
    """Fetch ``urls`` into an archive of their own, with the same guards as a crawl; capture and page events."""
    job = {
        "mode": "fetch",
        "config": str(config_file) if config_file else None,
        "urls": list(urls),
        "archive_dir": str(archive_dir),
    }
    return _all_events(job, env)


def _all_events(
    job: Event, env: Mapping[str, str] | None, on_event: Callable[[Event], None] = lambda event: None
) -> list[Event]:
    """The child's lines once it has ended; raises as it reported."""
    found, code, last_error = [], 0, Event()
    for event in _events(job, env):
        on_event(event)
        if event.get("event") == "exit":
            code = event["code"]
        elif event.get("event") == "error":
            last_error = event
        found.append(event)
    _raise_for(code, last_error)
    return found


def _events(job: Event, env: Mapping[str, str] | None, stop: threading.Event | None = None) -> Any:
    """The child's lines as they come, then its exit code. The open pipe to it is what keeps it alive."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, *CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,  # Ctrl-C is for us: we ask the child to end, be it only about to start
        env=dict(os.environ if env is None else env),
        text=True,
        encoding="utf-8",
    )
    assert child.stdin is not None
    assert child.stdout is not None
    if stop is not None:
        threading.Thread(target=_end_once, args=(child, stop), daemon=True).start()
    try:
        with contextlib.suppress(BrokenPipeError):  # it died at start; its exit code tells
            child.stdin.write(json.dumps(job) + "\n")
            child.stdin.flush()
        for line in child.stdout:
            yield json.loads(line)
        yield {"event": "exit", "code": child.wait()}
    finally:
        if child.poll() is None:
            _end(child)
        child.stdout.close()
        with contextlib.suppress(BrokenPipeError):  # nobody may be left to read it
            child.stdin.close()


def _end_once(child: subprocess.Popen[str], stop: threading.Event) -> None:
    """Ask the child to end as soon as ``stop`` is set; what it says meanwhile is heard by whoever started it."""
    while child.poll() is None:
        if not stop.wait(_LOOK):
            continue
        for ask in (child.terminate, child.terminate, child.kill):
            ask()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
                return


def _end(child: subprocess.Popen[str]) -> None:
    """Ask the child to end, then again, then kill it; the next crawl closes a run that a killed one left."""
    assert child.stdout is not None
    rest = threading.Thread(target=child.stdout.read, daemon=True)
    rest.start()  # with nobody to read what it still says, a child would wait at a full pipe for ever
    for ask in (child.terminate, child.terminate, child.kill):
        ask()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
            break
    rest.join(PATIENCE)


def _raise_for(code: int, error: Event) -> None:
    message = str(error.get("message", ""))
    if error.get("code") in (NoRoomError.code, StoreFullError.code) and code == NoRoomError.exit_code:
        raise NoRoomError(message)
    if code == SetupError.exit_code:
        raise SetupError(message or "the crawl could not start; see the lines above")
    if code == RecordError.exit_code:
        raise RecordError(message or "archive or database cannot be written; see the lines above")
    if code == BusyError.exit_code:
        raise BusyError(message or "another run is going; try again when it has ended")
    if code not in (0, 1):
        said = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        raise RecordError(f"the crawling process {said}; run `exowatch crawl` again: it completes what is missing")
