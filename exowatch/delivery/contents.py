"""What stands in a letter on its way, rendered once for all who get the same."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from exowatch.delivery.message import Attachment, Mail
from exowatch.delivery.words import NOTICE, SIMULATED, chat_words, subject_of
from exowatch.digest.render import SUFFIXES, as_mail, render
from exowatch.model.changes import Digest
from exowatch.sections import Recipient
from exowatch.store.read_outbox import Parcel


class Contents:
    """Makes the words of parcels. ``letter`` gives a kept letter by its number; times are told in ``zone`` where a
    recipient names none."""

    def __init__(self, letter: Callable[[int], Digest], zone: str, simulated: bool) -> None:
        self._letter, self._zone, self._simulated = letter, zone, simulated
        self._number: int | None = None
        self._mails: dict[str, Mail] = {}
        self._files: dict[tuple[str, str], Attachment] = {}

    def mail(self, parcel: Parcel, to: Recipient) -> tuple[Mail, list[Attachment]]:
        """The mail and its files. SetupError where a file that is wanted cannot be made here."""
        if parcel.digest_id is None:
            return Mail(self._subject_of_note(parcel), f"{parcel.body}\n\n{NOTICE}\n"), []
        digest, zone = self._of(parcel.digest_id), to.timezone or self._zone
        if zone not in self._mails:
            made = as_mail(digest, zone)
            self._mails[zone] = Mail(subject_of(digest, zone), made.text, made.html, dict(made.pictures))
        for form in to.attach:
            if (form, zone) not in self._files:
                name = f"exowatch-{digest.until.astimezone(ZoneInfo(zone)):%Y-%m-%d}{SUFFIXES[form]}"
                self._files[form, zone] = Attachment(name, form, render(digest, form, zone))
        return self._mails[zone], [self._files[form, zone] for form in dict.fromkeys(to.attach)]

    def chat(self, parcel: Parcel, to: Recipient) -> tuple[str, str]:
        """Title and words for a chat."""
        if parcel.digest_id is None:
            return self._subject_of_note(parcel), f"{parcel.body}\n\n{NOTICE}"
        digest = self._of(parcel.digest_id)
        return subject_of(digest, to.timezone or self._zone), chat_words(digest)

    def _subject_of_note(self, parcel: Parcel) -> str:
        return f"{SIMULATED if self._simulated else ''}{parcel.subject}"

    def _of(self, number: int) -> Digest:
        """The letter; what was rendered of the one before is let go, since letters go out one after the other."""
        if self._number != number:
            self._mails.clear()
            self._files.clear()
            self._digest = self._letter(number)
            self._number = number
        return self._digest
