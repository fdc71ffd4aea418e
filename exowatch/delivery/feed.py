"""The Atom file of ``[digest] feed``: the letters of ``[digest]`` itself, for whoever reads by a feed."""

from __future__ import annotations

from exowatch.digest.feed import MOST, as_feed
from exowatch.digest.write import restored, write_digest
from exowatch.files import write_whole
from exowatch.intake import Desk
from exowatch.store.read_digest import newest_letters


def write_feed(desk: Desk) -> None:
    """Keep the letter of ``[digest]`` where anything was settled since the last one, and write the newest to the feed.

    It is written anew each time, so that one that was lost or not written is whole again. OutputError.
    """
    file = desk.config.digest.feed
    if file is None:
        return
    own = desk.config.digest.jurisdictions
    place = own[0] if len(own) == 1 else None
    write_digest(desk)
    with desk.store.reading() as db:
        kept = newest_letters(db, place, MOST)
    letters, name = [(one.id, restored(one)) for one in kept], f"{file.parent.name}:{file.stem}"
    write_whole(file, as_feed(letters, name, desk.config.schedule.timezone), folder_too=True)
