"""Provisions held against the captures of the official pages that should carry them.

What is found raises a provision to ``text_read`` in the local file ``law-checks.yml``, what is gone lowers it again,
and a text that changed asks for a recheck. Shipped files are never touched.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from exowatch.archive.read import read_response
from exowatch.assess.law import GOOD_FOR
from exowatch.errors import SetupError
from exowatch.files import write_whole
from exowatch.intake import Desk
from exowatch.knowledge.law_forms import ChecksFile, EventForm, LevelForm
from exowatch.knowledge.load import load_knowledge
from exowatch.knowledge.provision import Section, is_official, section_of
from exowatch.knowledge.regulation import CHECKS, Law, read_checks
from exowatch.model.captures import Capture
from exowatch.model.law import LawRule
from exowatch.model.pages import Page
from exowatch.model.readings import Issue
from exowatch.reading import page_of
from exowatch.store import read_state, write_runs
from exowatch.store.read_answers import Answer, newest_answer

_HEAD = "# Written by `exowatch knowledge law check`: what was found of each provision, and what moved.\n"

#: Codes of outcomes that say that a page is no more, and not that it could not be read today.
_GONE = ("gone", "soft-404", "http-404", "http-410")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the newest captures say of one provision."""

    state: str
    """found, not-found, gone, refused, waiting (nothing captured yet), unread (the last visit failed)."""
    words: str = ""
    at: date | None = None
    url: str | None = None
    capture: str | None = None
    digest: str | None = None
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to."""

    seen: dict[str, Seen]
    file: ChecksFile
    fresh: tuple[EventForm, ...]
    """Events of this check."""


def check_law(desk: Desk, *, accept: str | None = None, by: str | None = None) -> Checked:
    """Look at every provision with a page, and keep what is found. ``accept``: the provision whose changed text the
    person ``by`` has read and takes as it now stands. SetupError where there is no local folder to keep it in."""
    place = checks_file(desk.config.knowledge.dir)
    law = desk.knowledge.law
    if accept is not None and (accept not in law.by_id or law.by_id[accept].expects is None):
        raise SetupError(f"{accept} is no provision with a page", remedy="`exowatch knowledge law list` shows them")
    kept = read_checks(str(place), place.read_text(encoding="utf-8")) if place.exists() else ChecksFile()
    before = {one.rule: one for one in kept.checks}
    page_in = functools.cache(functools.partial(_page_in, desk))  # one page holds many provisions
    seen = {rule.id: look(desk, law, rule, page_in) for rule in law.rules if rule.expects}
    if accept is not None and seen[accept].section is None:
        raise SetupError(f"{accept}: there is no text to accept: {seen[accept].words}", remedy="crawl its page first")
    checks, fresh = list[LevelForm](), list[EventForm]()
    for name, found in seen.items():
        line, events = settled(law.by_id[name], found, before.get(name), by if name == accept else None)
        checks += [line] if line else []
        fresh += [event for event in events if not _told(event, kept.events)]
    checks += [one for one in kept.checks if one.rule not in seen]
    file = ChecksFile(checks=sorted(checks, key=lambda one: one.rule), events=[*kept.events, *fresh])
    write_whole(place, (_HEAD + _yaml(file)).encode(), folder_too=True)
    _tell_operator(desk, law, fresh)
    load_knowledge.cache_clear()  # who goes on in this process is to see it
    return Checked(seen, file, tuple(fresh))


def _tell_operator(desk: Desk, law: Law, fresh: Sequence[EventForm]) -> None:
    """Put what became of texts that had been read into the next letter, as issues."""
    told = [
        Issue("law-text", "lawcheck", f"{one.rule}: {one.words}", url=_page_of(law, one.rule))
        for one in fresh
        if one.kind != "found" and one.before is not None
    ]
    with desk.store.writing() as db:
        write_runs.write_issues(db, told, None, desk.clock())


def _page_of(law: Law, name: str) -> str | None:
    expects = law.by_id[name].expects
    return expects.url if expects else None


def checks_file(folder: Path | None) -> Path:
    """Where the local file of checks stands. SetupError without a local folder of rules."""
    if folder is None:
        raise SetupError(
            "what is checked is kept in the folder of local rules, and none is configured",
            key="knowledge.dir",
            remedy='make one, and write `[knowledge] dir = "knowledge"` into exowatch.toml',
        )
    return folder / CHECKS


def look(desk: Desk, law: Law, rule: LawRule, page_in: Callable[[str], tuple[Capture, Page]]) -> Seen:
    """What the newest capture of a provision's page says. Only official pages are looked at."""
    assert rule.expects is not None
    url, hosts = rule.expects.url, law.places[rule.jurisdiction].official_hosts
    if not is_official(url, hosts):
        return Seen("refused", f"{url} is no official page of {rule.jurisdiction}", url=url)
    with desk.store.reading() as db:
        answer = newest_answer(db, url)
    if answer is None:
        return Seen("waiting", "its page was never captured", url=url)
    at = answer.at.date()
    if not is_official(answer.url, hosts):
        return Seen("refused", f"its page leads to {answer.url}, which is not official", at, answer.url)
    if answer.code in _GONE:
        return Seen("gone", "its page is gone", at, url)
    if answer.result not in ("READ", "UNCHANGED") or answer.capture_id is None:
        return Seen("unread", f"the last visit could not read its page ({answer.code})", at, url)
    return _on_page(rule, answer, at, *page_in(answer.capture_id))


def settled(
    rule: LawRule, seen: Seen, before: LevelForm | None, by: str | None
) -> tuple[LevelForm | None, tuple[EventForm, ...]]:
    """The line to keep of a provision, and what has to be told of it."""
    if seen.state in ("waiting", "unread"):
        return before, ()
    assert seen.at is not None or seen.state == "refused"
    if seen.section is None:
        return _lowered(rule, seen, before)
    known = before.section if before and before.level == "text_read" else None
    if known in (None, seen.section.digest) or by:
        return _raised(rule, seen, before, by)
    assert before is not None
    told = f"its text is not what it was on {before.checked_on}"
    line = before.model_copy(update={"state": "changed", "recheck": told})
    return line, (_event(rule, seen, "changed", told, before.section, seen.section.digest),)


def _page_in(desk: Desk, capture_id: str) -> tuple[Capture, Page]:
    with desk.store.reading() as db:
        capture, place = read_state.capture_place(db, capture_id)
    body = read_response(desk.archive_dir, place).body
    return capture, page_of(capture, body, desk.knowledge, desk.config.crawl.max_bytes)


def _on_page(rule: LawRule, answer: Answer, at: date, capture: Capture, page: Page) -> Seen:
    assert rule.expects is not None
    section = section_of(page, rule.expects) if page.fitness.fit else None
    if section is None:
        return Seen("not-found", "its page does not hold its heading with its key words", at, answer.url)
    return Seen("found", "", at, answer.url, capture.id, capture.content_digest, section)


def _raised(
    rule: LawRule, seen: Seen, before: LevelForm | None, by: str | None
) -> tuple[LevelForm, tuple[EventForm, ...]]:
    assert seen.at is not None
    assert seen.section is not None
    person = before is not None and before.checked_by != "machine" and before.state == "found"
    if before and person and not by and (seen.at - before.checked_on).days < GOOD_FOR:
        return before, ()  # a person's look is worth more than ours, while it is good
    line = LevelForm(
        rule=rule.id,
        level="text_read",
        state="found",
        checked_by=by or "machine",
        checked_on=seen.at,
        url=seen.url,
        capture=seen.capture,
        digest=seen.digest,
        section=seen.section.digest,
    )
    moved = before.url if before and before.url else rule.expects.url if rule.expects else None
    events = []
    if before is None or before.level != "text_read":
        events.append(_event(rule, seen, "found", "its text stands on an official page", None, seen.section.digest))
    if moved != seen.url:
        events.append(_event(rule, seen, "moved", f"its page now stands at {seen.url}", moved, seen.url))
    return line, tuple(events)


def _lowered(rule: LawRule, seen: Seen, before: LevelForm | None) -> tuple[LevelForm | None, tuple[EventForm, ...]]:
    on = seen.at or (before.checked_on if before else None)
    if on is None:
        return None, ()  # refused before anything was ever captured: told, and nothing to keep
    line = LevelForm(
        rule=rule.id,
        level=rule.shipped,
        state=seen.state,  # type: ignore[arg-type]  # the states of what was not found
        checked_by="machine",
        checked_on=on,
        url=seen.url,
        recheck=seen.words,
    )
    if before is not None and before.level != "text_read":
        return line, ()
    section = before.section if before else None
    return line, (_event(rule, seen, seen.state, seen.words, section, None),)


def _event(rule: LawRule, seen: Seen, kind: str, words: str, before: str | None, after: str | None) -> EventForm:
    assert seen.at is not None
    return EventForm(rule=rule.id, at=seen.at, kind=kind, words=words, before=before, after=after)


def _told(event: EventForm, before: Iterable[EventForm]) -> bool:
    """True where the last thing told of this provision is the same."""
    last = next((one for one in reversed(list(before)) if one.rule == event.rule), None)
    return last is not None and (last.kind, last.after) == (event.kind, event.after)


def _yaml(file: ChecksFile) -> str:
    told: dict[str, Any] = file.model_dump(mode="json", exclude_none=True)
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=120)


def law_sources(law: Law, write: Callable[[str, dict[str, Any]], None]) -> list[str]:
    """Hand ``write`` one watchlist source a jurisdiction: the official pages of its provisions. Returns the ids."""
    made = []
    for code in sorted(law.places):
        pages = list(dict.fromkeys(rule.expects.url for rule in law.rules_of(code) if rule.expects))
        if not pages:
            continue
        name = f"law-{code.lower()}"
        write(name, _source(name, law.places[code].name, code, pages))
        made.append(name)
    return made


def _source(name: str, place: str, code: str, pages: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "name": f"{place}, texts of law",
        "kind": "regulator",
        "jurisdiction": code,
        "start_urls": pages,
        "via": "page",
        "cadence": "30 4 * * 0",
        "max_pages": len(pages),
        "tags": ["law"],
        "reason": "What `exowatch knowledge law check` holds the provisions against",
    }
