"""The demo: two days of a made-up web, crawled by the real spiders, and the letter of the second evening."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exowatch.clock import VARIABLE, clock_from
from exowatch.config import load_config
from exowatch.crawl import CrawlSummary, run_crawl
from exowatch.demo.folder import make_folder
from exowatch.demo.pages import site_facts
from exowatch.demo.server import MadeUpWeb
from exowatch.digest.pdf import available
from exowatch.digest.render import as_summary
from exowatch.digest.write import write_digest, write_files
from exowatch.intake import open_desk
from exowatch.model.changes import Digest

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to the made-up web: which of its days it shows, and what the clock says."""

    title: str
    day: int
    now: str


FIRST = Visit("Day 1, 23 November 2026, morning", 1, "2026-11-23T06:00:00Z")
SECOND = Visit("Day 2, 24 November 2026, morning", 2, "2026-11-24T06:00:00Z")
#: A claim is held to be gone only when two separate visits lack it: hence a second one on day 2.
CONFIRMING = Visit("Day 2, 24 November 2026, evening", 2, "2026-11-24T18:00:00Z")
LETTERS = {FIRST: "2026-11-23T06:30:00Z", CONFIRMING: "2026-11-24T18:30:00Z"}
"""When, after which visit, a letter is composed."""


def run_demo(folder: Path, say: Say) -> int:
    """Write the demo into ``folder``, telling ``say`` line by line what happens; 0, or 1 where a source failed.

    Ends with the letter of day 2 in ``folder/digests`` and its summary told. Nothing leaves this machine. Raises
    SetupError where ``folder`` holds other things, and whatever a crawl raises. The web is closed in every case.
    """
    failed = False
    digest, paths = None, list[Path]()
    with MadeUpWeb() as web:
        config_file = make_folder(folder.resolve(), web.origins, web.allow_addresses)
        say(f"A made-up web of {len(site_facts())} sites, served on this machine only ({web.allow_addresses[0]} …).")
        for visit in (FIRST, SECOND, CONFIRMING):
            web.show(visit.day)
            failed |= _crawl(config_file, visit, say).exit_code != 0
            if visit in LETTERS:
                digest, paths = _letter(config_file, LETTERS[visit])
                say(f"  letter of {LETTERS[visit][:10]} written")
    assert digest is not None
    _tell(folder, digest, paths, say)
    return 1 if failed else 0


def _crawl(config_file: Path, visit: Visit, say: Say) -> CrawlSummary:
    say(f"{visit.title} …")
    sources = [str(fact["site"]) for fact in site_facts()]
    summary = run_crawl(config_file, sources, env=_environment(visit.now), on_event=_listener(say))
    counted = ", ".join(f"{count} {result.lower()}" for result, count in sorted(summary.counts.items()))
    say(f"  {counted or 'nothing read'}")
    for source in summary.failed:
        say(f"  not seen whole: {source} ({summary.verdicts.get(source, 'no visit')})")
    return summary


def _listener(say: Say) -> Callable[[dict[str, Any]], None]:
    """Tells of pages that could not be read and of errors; the rest is counted at the end."""

    def listen(event: dict[str, Any]) -> None:
        if event.get("event") == "page" and event.get("result") in ("UNFIT", "FAILED", "DISALLOWED"):
            say(f"  {event['result'].lower()}: {event.get('url')} ({event.get('code')})")
        elif event.get("event") == "error":
            say(f"  {event.get('message')}")

    return listen


def _letter(config_file: Path, now: str) -> tuple[Digest, list[Path]]:
    env = _environment(now)
    clock, simulated = clock_from(env)
    config = load_config(config_file, env)
    desk = open_desk(config, clock, simulated)
    try:
        written = write_digest(desk)
    finally:
        desk.store.close()
    forms = ["html", "text", "json", *(["pdf"] if available() else [])]
    return written.digest, write_files(written.digest, config.digest.dir, forms)


def _tell(folder: Path, digest: Digest, paths: list[Path], say: Say) -> None:
    """The summary, the files and what to open next."""
    say("")
    for line in as_summary(digest).splitlines():
        say(line)
    say("")
    say("Open the letter:")
    for path in paths:
        say(f"  {path}")
    say("Ask the database:")
    say(f"  cd {shlex.quote(str(folder))}")
    program = _program()
    for question in ("flags --severity critical", "changes", 'sql "SELECT kind, before, after FROM v_changes"'):
        say(f"  {program} {question}")
    say(f"  {program} verify")
    say("Decide about a flag, by its number:")
    say(f"  {program} flags --review undecided")
    say(f'  {program} review NUMBER --reading right --action act --note "why"')


def _program() -> str:
    """How this program is called from anywhere: by name where the shell finds it, else by its whole path."""
    here = Path(sys.argv[0]).resolve()
    return "exowatch" if shutil.which("exowatch") or here.name != "exowatch" else shlex.quote(str(here))


def _environment(now: str) -> Mapping[str, str]:
    """This process's environment without any setting of a real ExoWatch, and with the clock stopped at ``now``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXOWATCH_")}
    return {**kept, VARIABLE: now}
