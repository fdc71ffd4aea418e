"""Captures made by others, or by hand: WARC, WACZ, ARC, HTML and PDF files, on the same path as a crawl."""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from exowatch.archive.digests import matches
from exowatch.archive.exchange import Exchange
from exowatch.archive.foreign import ARCHIVE_NAMES, Answer, answer_at, answers_in
from exowatch.archive.listing import FIRST_WEB, Entry, Listing, keep_to_sites, list_answers, waves
from exowatch.archive.mend import mend
from exowatch.archive.read import read_response
from exowatch.archive.write import WarcWriter
from exowatch.errors import SetupError
from exowatch.intake import Desk, begin_run, close_run, known_page, settle_file, settle_leftovers, take_in
from exowatch.model.addresses import whole
from exowatch.model.captures import Outcome
from exowatch.model.sources import Source
from exowatch.seal.run import Unsealed, seal_run
from exowatch.store import read_archived
from exowatch.store.lock import hold_lock
from exowatch.watchlist import load_watchlist

_SAVED = (".html", ".htm", ".xhtml", ".pdf", ".txt")
_WHAT = "give WARC, WACZ or ARC files, a folder of such, or one HTML, PDF or text file with --url and --fetched-at"


@dataclass(slots=True)
class Imported:
    """What an import came to."""

    run_ids: list[str] = field(default_factory=list)
    source_ids: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    known: int = 0
    """Pages that were imported, or crawled, before."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """What no crawl would have taken in, by kind."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Files, and places in files, that could not be taken in, and why."""
    unsealed: Unsealed | None = None
    """Why no manifest signs for it, or no authority has stamped that; None: all is done."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the person who imports says: needed where the files do not say it."""

    source_id: str | None = None
    url: str | None = None
    fetched_at: str | None = None
    by: str | None = None


def import_files(
    desk: Desk,
    paths: Sequence[Path],
    given: Given,
    *,
    on_step: Callable[[str], None] = lambda url: None,
) -> Imported:
    """Archive and take in every page of ``paths``. The bytes go into our own archive first.

    Pages go to the source that their records name, others to ``given.source_id``. What was taken in before is passed
    over, so that an import that was cut short can be given again. Where a file holds a page more than once, each
    further capture of it is a visit of its own. Raises SetupError, before anything is archived, where a file is given
    for another source than its records name, or does not say enough of itself.
    """
    archives, saved, refused = _sorted_out(paths)
    found = list_answers(archives, desk.clock())
    saved_page = _saved_page(saved, given, desk.clock()) if saved else None
    sources = _sources(desk, found, given, saved_page)
    result = Imported(source_ids=tuple(sources), passed_over=found.passed_over, refused=refused)
    result.refused += [(one.place, one.problem) for one in found.troubles]
    result.refused += [(str(path), "no answer of a web server is in it") for path in found.empty]
    if not found.entries and saved_page is None:
        return result
    with hold_lock(desk.config, tuple(sources)) as lock:
        mend(desk.archive_dir)
        settle_leftovers(desk, lock)
        for wave in _new_waves(desk, found, sources, result):
            _visit(
                desk,
                sources,
                _exchanges(desk, wave, found, given, result),
                {one.answer.source or "" for one in wave},
                result,
                on_step,
            )
        if saved_page is not None:
            _visit(desk, sources, iter([saved_page]), {saved_page.source_id}, result, on_step)
        result.unsealed = seal_run(desk.config, desk.store, desk.clock, desk.simulated)
    return result


def _sorted_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path], list[tuple[str, str]]]:
    """Archives, saved pages, and what is neither; of a folder the archives in it."""
    archives, saved, refused = list[Path](), list[Path](), list[tuple[str, str]]()
    for path in paths:
        name = path.name.lower()
        if path.is_dir():
            inside = [one for one in sorted(path.rglob("*")) if one.is_file()]
            below = [one for one in inside if one.name.lower().endswith(ARCHIVE_NAMES)]
            if not below:
                raise SetupError(f"no WARC, WACZ or ARC file is in the folder {path}", remedy=_WHAT)
            archives += below
            refused += [
                (str(one), "in a folder only archives are taken; give a saved page by itself, with --url")
                for one in inside
                if one.name.lower().endswith(_SAVED)
            ]
        elif name.endswith(ARCHIVE_NAMES):
            archives.append(path)
        elif name.endswith(_SAVED):
            saved.append(path)
        else:
            refused.append((str(path), f"nothing that can be read; {_WHAT}"))
    return list(dict.fromkeys(archives)), saved, refused


def _saved_page(paths: Sequence[Path], given: Given, now: datetime) -> Exchange:
    """The one HTML, PDF or text file as the answer that it was."""
    path = paths[0]
    if len(paths) > 1:
        raise SetupError(f"{path} and {paths[1]} cannot both be the page at --url", remedy="give one saved page a call")
    if given.url is None or given.fetched_at is None:
        raise SetupError(
            f"{path} has no address of its own", remedy="add --url and --fetched-at (and --by: who saved it)"
        )
    if given.source_id is None:
        raise SetupError(f"{path} does not say whose page it is", remedy="add --source, an id of the watchlist")
    url = whole(given.url, given.url)
    if url is None or any(letter.isspace() or not letter.isprintable() for letter in given.url):
        raise SetupError(f"{given.url!r} is no web address", key="--url", remedy="write https://clinic.example/page")
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Exchange(
        source_id=given.source_id,
        url=url,
        request_url=url,
        method="GET",
        request_headers=(),
        status=200,
        reason="OK",
        response_headers=(("Content-Type", media),),
        body=path.read_bytes(),
        fetched_at=_moment(given.fetched_at, now),
        requested=False,
        origin=_origin(f"file {path.name}", given),
    )


def _moment(told: str, now: datetime) -> datetime:
    """The time told. Without a zone it is UTC, and a day alone is its first moment: what has not begun is refused."""
    try:
        read = datetime.fromisoformat(told)
        moment = read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise SetupError(f"{told!r} is no time", key="--fetched-at", remedy="write 2026-11-24T06:00Z") from None
    if not FIRST_WEB <= moment <= now:
        near = now < moment <= now + timedelta(days=1)
        remedy = "when it was saved" + (
            f"; it is {now:%Y-%m-%dT%H:%MZ} now, so write the time with its zone, such as 2026-11-24T06:00+09:00"
            if near
            else ""
        )
        raise SetupError(f"{told!r} is no time at which a page was fetched", key="--fetched-at", remedy=remedy)
    return moment


def _origin(what: str, given: Given) -> str:
    return f"{what}; handed in by {given.by}" if given.by else what


def _sources(desk: Desk, found: Listing, given: Given, saved: Exchange | None) -> dict[str, Source]:
    """The sources that pages go to, by id; the entries are told theirs."""
    watchlist = load_watchlist(desk.config.watchlist.dir)
    named = {name for name in found.sources if name is not None}
    if given.source_id is not None:
        (source,) = watchlist.named([given.source_id])
        if named - {source.id}:
            raise SetupError(
                f"the records say that they are of {', '.join(sorted(named))}, not of {source.id}",
                key="--source",
                remedy="leave --source out: each record goes to the source it names",
            )
        if source.via != "feed":
            keep_to_sites(found, source.start_urls)
    elif None in found.sources:
        place = next(one.path for one in found.entries if one.use == "page" and one.answer.source is None)
        raise SetupError(f"{place} does not say whose pages it holds", remedy="add --source, an id of the watchlist")
    found.entries = [
        one if one.answer.source else replace(one, answer=replace(one.answer, source=given.source_id))
        for one in found.entries
    ]
    wanted = {one.answer.source for one in found.entries if one.answer.source} | ({saved.source_id} if saved else set())
    return {one.id: one for one in watchlist.named(sorted(wanted))} if wanted else {}


def _new_waves(desk: Desk, found: Listing, sources: Mapping[str, Source], result: Imported) -> list[list[Entry]]:
    pages = [one for one in found.entries if one.use == "page"]
    if not pages:
        return []
    times = [one.answer.at for one in pages]
    with desk.store.reading() as db:
        known = read_archived.seen_between(db, tuple(sources), min(times).replace(microsecond=0), max(times))
    result.known = sum((one.answer.source, *one.when) in known for one in pages)
    return waves(found.entries, known)


def _visit(
    desk: Desk,
    sources: Mapping[str, Source],
    exchanges: Iterator[Exchange],
    names: Collection[str],
    result: Imported,
    on_step: Callable[[str], None],
) -> None:
    """One run over exchanges with the sources of these ``names``."""
    run = begin_run(desk, "import", [sources[name] for name in sorted(names)])
    result.run_ids.append(run.id)
    desk.archive_dir.mkdir(parents=True, exist_ok=True)
    writer = WarcWriter(desk.archive_dir, run, desk.clock)
    try:
        for exchange in exchanges:
            capture = writer.put_exchange(exchange)
            if exchange.page:
                outcome: Outcome = take_in(desk, capture, sources[exchange.source_id], run)
                result.counts[outcome.result] += 1
                on_step(outcome.url)
    finally:
        files = writer.close()
    for file in files:
        settle_file(desk, file)
    close_run(desk, run, dict.fromkeys(run.source_ids, "imported"))


def _exchanges(desk: Desk, wave: Sequence[Entry], found: Listing, given: Given, result: Imported) -> Iterator[Exchange]:
    """The answers of one wave, read again from their files one after the other."""
    wanted = {(one.path, one.number): one for one in wave}
    for path in dict.fromkeys(one.path for one in wave):
        answers = (part for part in answers_in(path) if isinstance(part, Answer))
        for number, answer in enumerate(answers):
            entry = wanted.get((path, number))
            if entry is None:
                continue
            whole_answer = answer if answer.repeats is None else _repeated(desk, entry, answer, found)
            if whole_answer is None:
                problem = f"{answer.url} is told as unchanged, and what it repeats is not here: import that first"
                result.refused.append((f"{answer.file}@{answer.offset}", problem))
                continue
            yield _exchange(desk, entry, whole_answer, given)


def _repeated(desk: Desk, entry: Entry, answer: Answer, found: Listing) -> Answer | None:
    """A revisit with the body that it repeats: from the files at hand, or else from what the archive holds."""
    assert answer.repeats is not None
    record_id, url, at = answer.repeats
    for name in (record_id, f"{url} {at}", answer.digest):
        other = found.bodies.get(name)
        first = answer_at(other.path, other.answer) if other else None
        if first is not None:
            return replace(answer, status=first.status, headers=first.headers, body=first.body)
    known = known_page(desk, entry.answer.source or "", answer.url)
    if known is None:
        return None
    first_body = read_response(desk.archive_dir, known.warc)
    if matches(answer.digest, first_body.body) is not True:
        return None
    return replace(answer, status=first_body.status, headers=first_body.headers, body=first_body.body)


def _exchange(desk: Desk, entry: Entry, answer: Answer, given: Given) -> Exchange:
    most = desk.config.crawl.max_bytes
    return Exchange(
        source_id=entry.answer.source or "",
        url=answer.first_url,
        request_url=answer.url,
        method="GET",
        request_headers=(),
        status=answer.status,
        reason=answer.reason,
        response_headers=answer.headers,
        body=answer.body[:most],
        fetched_at=answer.at,
        redirect_chain=answer.chain,
        truncated="length" if len(answer.body) > most else answer.truncated,
        page=entry.use == "page",
        requested=False,
        ip=answer.ip,
        certificate=answer.certificate,
        browser=answer.browser,
        origin=_origin(f"{answer.file}@{answer.offset} {answer.record_id}", given),
    )
