"""What operators are told: deliveries that wait for a decision, as issues and as a note; and the monitor's ping."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from collections.abc import Sequence

from exowatch import __version__
from exowatch.delivery.queue import addressed
from exowatch.errors import SetupError
from exowatch.intake import Desk
from exowatch.model.readings import Issue
from exowatch.store import read_outbox, write_outbox
from exowatch.store.read_outbox import OPEN_ENDS, Parcel
from exowatch.store.session import Books
from exowatch.store.write_runs import write_issues

#: Seconds that the monitor may take.
_PATIENCE = 10
_NAMED = 20
_MEANING = {
    "unclear": "may or may not have arrived, and is not sent again by itself",
    "refused": "was refused for good",
    "given-up": "was tried for days and is not tried any more",
}
DECIDE = "`exowatch digest --resend N` sends it again, `--drop N` leaves it"


def tell_open_ends(desk: Desk) -> list[Parcel]:
    """Tell of what became unclear, refused or given up since it was last told: a row of issues each kind, and a note
    to operators, put into the outbox. Which those are."""
    now = desk.clock()
    with desk.store.writing() as db:
        untold = read_outbox.parcels_in(db, OPEN_ENDS, untold=True)
        if not untold:
            return []
        write_issues(
            db, [_issue(state, untold) for state in OPEN_ENDS if any(p.state == state for p in untold)], None, now
        )
        write_outbox.note_told(db, [parcel.id for parcel in untold], now)
        # a note about a note that failed would go the way of the first
        letters = [parcel for parcel in untold if parcel.digest_id is not None]
        if letters:
            _queue(desk, db, _occasion(letters), f"ExoWatch: {len(letters)} not delivered", _words(letters))
    return untold


def queue_note(desk: Desk, occasion: str, subject: str, body: str) -> int:
    """Put a note to all operators into the outbox, once each under this name (as ``note 2026-11-23``)."""
    with desk.store.writing() as db:
        return _queue(desk, db, occasion, subject, body)


def _queue(desk: Desk, db: Books, occasion: str, subject: str, body: str) -> int:
    to = []
    for one in desk.config.digest.recipients:
        if one.operator:
            try:
                to.append(addressed(desk, one, occasion[:80]))
            except SetupError:  # told where the letters are: nobody can be reached there from here
                continue
    return write_outbox.queue_note(db, subject, body, to, desk.clock())


def ping(desk: Desk) -> None:
    """Ask for ``[monitor] ping_url``, where one is named. That it cannot be had is an issue, and no error."""
    url = desk.config.monitor.ping_url
    if url is None:
        return
    asked = urllib.request.Request(url, headers={"User-Agent": f"ExoWatch/{__version__}"})  # noqa: S310 - http(s) by the configuration
    try:
        with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310
            answer.read(1024)
    except (OSError, ValueError, urllib.error.URLError) as error:
        # the address itself is a secret of sorts, and stands nowhere
        words = f"[monitor] ping_url could not be asked for: {type(error).__name__}"
        with desk.store.writing() as db:
            write_issues(db, [Issue("ping-failed", "delivery", words)], None, desk.clock())


def _issue(state: str, untold: Sequence[Parcel]) -> Issue:
    """One row for all in this state, naming no reader: issues are told in letters."""
    mine = [parcel for parcel in untold if parcel.state == state]
    named = ", ".join(parcel.name for parcel in mine[:_NAMED])
    more = f" and {len(mine) - _NAMED} more" if len(mine) > _NAMED else ""
    return Issue(f"delivery-{state}", "delivery", f"{named}{more}: {_MEANING[state]}; {DECIDE}")


def _words(letters: Sequence[Parcel]) -> str:
    lines = [f"{len(letters)} of the letters were not delivered, or nobody knows whether they were.", ""]
    lines += [f"{one.id}: {one.recipient}: {one.state}: {one.answer or ''}" for one in letters[:200]]
    lines += [f"and {len(letters) - 200} more"] if len(letters) > 200 else []
    return "\n".join([*lines, "", f"N is the number at the start of each line: {DECIDE}."])


def _occasion(letters: Sequence[Parcel]) -> str:
    """Told once as it stands: the same rows after the same number of tries."""
    told = ",".join(f"{one.id}/{one.state}/{one.attempts}" for one in letters)
    return f"not delivered {letters[0].id} {hashlib.sha256(told.encode()).hexdigest()[:16]}"
