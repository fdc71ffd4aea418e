"""The jobs themselves, as the commands of the same names do them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING, Final

from exowatch.crawl import Event, run_crawl
from exowatch.model.captures import UNREACHED
from exowatch.model.readings import Issue
from exowatch.schedule.shift import Shift, StoppedError, Task, log
from exowatch.store.job_runs import State, last_ended
from exowatch.store.write_runs import write_issues

if TYPE_CHECKING:
    from exowatch.delivery.send import Delivery
    from exowatch.intake import Desk
    from exowatch.seal.verify import Verified
    from exowatch.store.session import Store

#: Damaged places that are named.
MOST_TOLD = 5
#: What is said of a job that was asked to end.
EARLY = "ended early, since the scheduler was asked to end"


def crawl(shift: Shift, sources: Sequence[str]) -> Mapping[str, tuple[State, str]]:
    """One crawl of all these sources, in one child process; source → what came of it."""
    seen: dict[str, dict[str, int]] = {}
    causes = set[str]()

    def heard(event: Event) -> None:
        if event.get("event") == "page" and event.get("source"):
            counts = seen.setdefault(event["source"], {})
            counts[event["result"]] = counts.get(event["result"], 0) + 1
            causes.add(str(event.get("code")))

    summary = run_crawl(shift.config.file, sources, on_event=heard, stop=shift.stop)
    ended = {source: ended_as(summary.verdicts.get(source), seen.get(source, {})) for source in sources}
    if away(causes):
        return {source: ("put-off", f"{told}; no site could be reached") for source, (_, told) in ended.items()}
    if not shift.stop.is_set():
        return ended
    # what was not whole is visited again by the next scheduler
    whole = {source for source, verdict in summary.verdicts.items() if verdict == "complete"}
    return {s: end if s in whole else ("killed", f"{end[1]}; {EARLY}") for s, end in ended.items()}


def ended_as(verdict: str | None, seen: Mapping[str, int]) -> tuple[State, str]:
    """What came of a visit, from its verdict and its outcomes by result."""
    counts = ", ".join(f"{count} {result.lower()}" for result, count in sorted(seen.items())) or "no pages"
    return ("failed", f"not closed: {counts}") if verdict is None else ("done", f"{verdict}: {counts}")


def away(causes: Set[str]) -> bool:
    """Nothing of a whole crawl was answered, by any site: it is our network that is away, and comes back."""
    return bool(causes) and causes <= UNREACHED


def digest(shift: Shift) -> str:
    """The letters of all since the last ones: a file for whoever reads here, and what each recipient is to get."""
    from exowatch.delivery.send import send_due
    from exowatch.digest.write import write_digest, write_files

    desk = _desk(shift)
    written = write_digest(desk)
    section, zone = shift.config.digest, shift.config.schedule.timezone
    path = write_files(written.digest, section.dir, ("html", "text", "json"), zone)[0]
    told = f"written to {path}{'' if written.fresh else ' (nothing was settled since)'}"
    sent = _told(send_due(desk, shift.stop.is_set))  # it writes the feed and asks for the ping, whoever gets letters
    return f"{sent}; {told}" if shift.config.digest.recipients else told


def send(shift: Shift) -> str:
    """Send what waits in the outbox."""
    from exowatch.delivery.send import send_waiting

    return _told(send_waiting(_desk(shift), shift.stop.is_set))


def _desk(shift: Shift) -> Desk:
    from exowatch.intake import open_desk

    return open_desk(shift.config, shift.clock, shift.simulated)


def _told(delivery: Delivery) -> str:
    """What came of a round; whatever stays open is in the outbox, and operators are told of it."""
    for name, why in delivery.not_ready:
        log.warning("not reachable", extra={"recipient": name, "detail": why})
    return delivery.words


def verify(shift: Shift) -> tuple[State, str]:
    """Hold the whole record against its digests and manifests; damage is what came of it, and no error."""
    from exowatch.seal.stamp import read_roots
    from exowatch.seal.verify import verify_installation

    def step() -> None:
        if shift.stop.is_set():
            raise StoppedError(EARLY)

    roots = read_roots(shift.config.record.timestamp_roots)
    found = verify_installation(shift.config, shift.store, on_step=step, roots=roots)
    tell_found(shift.store, found, shift.clock())
    return verified_as(found)


def tell_found(store: Store, found: Verified, now: datetime) -> None:
    """Damage as an issue, so that letters and ``status`` tell it, whoever looked; once more when it is mended."""
    if found.damage:
        words = "; ".join(f"{one.file}: {one.problem}" for one in found.damage[:MOST_TOLD])
        count = len(found.damage)
        places = "1 place of the record is" if count == 1 else f"{count} places of the record are"
        issue = Issue("record-damaged", "verify", f"{places} damaged: {words}")
    else:
        with store.reading() as db:
            before = last_ended(db, "verify", ("done", "damaged"), now)
        if before is None or before.state != "damaged":
            return
        issue = Issue("record-whole", "verify", "the record was found whole again, after damage was told")
    with store.writing() as db:
        write_issues(db, [issue], None, now)


def verified_as(found: Verified) -> tuple[State, str]:
    """What came of a verification that got to its end."""
    told = f"{found.captures} captures, {found.members} records in {found.files} files"
    if not found.damage:
        return "done", f"{told}: all whole"
    first = found.damage[0]
    return "damaged", f"damage found: {told}: {len(found.damage)} damaged, the first {first.file}: {first.problem}"


def note(shift: Shift) -> str:
    """The weekly note to operators."""
    from exowatch.delivery.send import send_note
    from exowatch.health.note import weekly_note

    now = shift.clock()
    made = weekly_note(shift.config, shift.store, now)
    if not any(one.operator for one in shift.config.digest.recipients):
        log.info("note", extra={"detail": made.text})
        return f"{made.subject}; no recipient is an operator, so it stands in the log"
    occasion = f"note {shift.due_at or now:%Y-%m-%d %H:%M}"  # begun again after midnight it is still the same one
    return _told(send_note(_desk(shift), occasion, made.subject, made.text, shift.stop.is_set))


TASKS: Final[Mapping[str, Task]] = {"digest": digest, "send": send, "verify": verify, "note": note}
