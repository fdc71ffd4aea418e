"""Handing over what is due: one line to the mail server for all letters, each noted before and after.

A letter is noted as ``sending`` before its words leave, so that a sender that dies never sends it twice; what cannot
have arrived is tried again later and later, then given up and told.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from exowatch.delivery import chat
from exowatch.delivery.contents import Contents
from exowatch.delivery.message import enveloped
from exowatch.delivery.smtp import Answer, MailLine, ServerDownError
from exowatch.errors import SetupError, StoreBusyError
from exowatch.intake import Desk
from exowatch.sections import Recipient
from exowatch.store import read_outbox, write_outbox
from exowatch.store.read_outbox import Parcel, State

#: How long after each failed try the next one follows; after the last nothing more is tried.
RETRY_AFTER = tuple(timedelta(minutes=m) for m in (5, 15, 60, 240, 720, 1440, 1440, 1440))
#: A connection that broke as often in a row is a server that is down, and not a letter that it cannot bear.
_BROKEN = 3
log = logging.getLogger("exowatch.delivery")
_GONE = "no longer a recipient in the configuration"


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of one parcel."""

    parcel: Parcel
    state: State
    words: str


def post_due(desk: Desk, contents: Contents, stop: Callable[[], bool] = lambda: False) -> list[Posted]:
    """Hand over what may be tried now, and note what came of each. The lock ``outbox`` is held.

    ``stop`` is asked between two letters; what is left stays due. A failure of the database ends it at once: what was
    being sent then is told as unclear by the next sender.
    """
    return _Round(desk, contents, stop).go()


class _Round:
    """One walk through what is due."""

    def __init__(self, desk: Desk, contents: Contents, stop: Callable[[], bool]) -> None:
        self._desk, self._contents, self._stop = desk, contents, stop
        self._by = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:8]}"
        self._recipients = {one.id: one for one in desk.config.digest.recipients}
        self._done: list[Posted] = []

    def go(self) -> list[Posted]:
        with self._desk.store.reading() as db:
            due = read_outbox.due_parcels(db, self._desk.clock())
        known = [(parcel, self._recipients.get(parcel.recipient)) for parcel in due]
        self._failed([parcel for parcel, to in known if to is None], "refused", _GONE)
        self._mails([(parcel, to) for parcel, to in known if to is not None and to.mail])
        self._chats([(parcel, to) for parcel, to in known if to is not None and to.url])
        return self._done

    def _mails(self, due: Sequence[tuple[Parcel, Recipient]]) -> None:
        smtp = self._desk.config.digest.smtp
        if smtp is None or not due:
            return
        line, broken = MailLine(smtp), 0
        try:
            for place, (parcel, to) in enumerate(due):
                if self._stop():
                    break
                try:
                    answer = self._mail(line, parcel, to)
                except ServerDownError as down:
                    self._failed([one for one, _ in due[place:]], "waiting", str(down))
                    break
                self._settle(parcel, answer)
                broken = broken + 1 if answer.kind == "broken" else 0
                if broken == _BROKEN:
                    self._failed([one for one, _ in due[place + 1 :]], "waiting", answer.words)
                    break
        finally:
            line.close()

    def _mail(self, line: MailLine, parcel: Parcel, to: Recipient) -> Answer:
        smtp, address = self._desk.config.digest.smtp, to.mail
        assert smtp is not None
        assert address is not None
        try:
            mail, files = self._contents.mail(parcel, to)
        except SetupError as error:  # of this reader's attachments
            return Answer("later", str(error))
        except Exception as error:  # a letter that we cannot render keeps no other back
            log.exception("not rendered", extra={"delivery": parcel.id})
            return Answer("later", f"it could not be rendered: {type(error).__name__}")
        envelope = enveloped(
            mail, to=address, smtp=smtp, message_id=parcel.message_id, at=parcel.queued_at, attachments=files
        )
        return line.send(envelope, partial(self._claim, parcel, address))

    def _chats(self, due: Sequence[tuple[Parcel, Recipient]]) -> None:
        for parcel, to in due:
            if self._stop():
                break
            assert to.url is not None
            try:
                title, words = self._contents.chat(parcel, to)
                address = chat.service_of(to.url)
                answer = chat.post(to.url, title, words, partial(self._claim, parcel, address))
            except SetupError as error:
                answer = Answer("later", str(error))
            self._settle(parcel, answer)

    def _claim(self, parcel: Parcel, address: str) -> bool:
        with self._desk.store.writing(durable=True) as db:
            write_outbox.note_address(db, parcel.id, address)
            return write_outbox.claim(db, parcel, self._by, self._desk.clock())

    def _settle(self, parcel: Parcel, answer: Answer) -> None:
        if answer.kind == "taken":
            self._note_sent(parcel, answer.words)
            self._done.append(Posted(parcel, "sent", answer.words))
        elif answer.kind in ("unclear", "refused"):
            self._failed([parcel], "unclear" if answer.kind == "unclear" else "refused", answer.words)
        elif answer.kind != "skipped":
            self._failed([parcel], "waiting", answer.words)

    def _note_sent(self, parcel: Parcel, words: str) -> None:
        """Note what is known to have been taken; a database that is held for long is asked again, since a row without
        its answer is unclear."""
        for last in (False, False, True):
            try:
                with self._desk.store.writing() as db:
                    write_outbox.note_sent(db, parcel.id, self._by, words, self._desk.clock())
                return
            except StoreBusyError:
                if last:
                    raise

    def _failed(self, parcels: Sequence[Parcel], state: State, words: str) -> None:
        """Note these as not sent; those that wait were tried once more, and wait longer each time."""
        if not parcels:
            return
        now = self._desk.clock()
        with self._desk.store.writing() as db:
            for parcel in parcels:
                tries = parcel.attempts + 1
                waits = RETRY_AFTER[tries - 1] if state == "waiting" and tries <= len(RETRY_AFTER) else None
                ends: State = "given-up" if state == "waiting" and waits is None else state
                at = now + waits if waits is not None else None
                write_outbox.note_failed(db, parcel, ends, tries, words, at)
                self._done.append(Posted(replace(parcel, next_at=at), ends, words))
