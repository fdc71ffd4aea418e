"""An installation with readers, whose clock is moved by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from exowatch.config import Config, Database
from exowatch.intake import Desk, begin_run, close_run, open_desk
from exowatch.sections import DigestSection, Monitor, Recipient, Smtp, Watchlist
from exowatch.store import read_outbox
from exowatch.watchlist import load_watchlist
from tests.mail.servers import HOST

NOW = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
SENDER = "ExoWatch <watch@example.org>"


@dataclass
class Office:
    """A desk and its time."""

    desk: Desk
    now: datetime

    def later(self, **step: float) -> None:
        self.now += timedelta(**step)

    def crawl(self) -> None:
        """A visit that finds nothing: a day about which there is something to tell."""
        sources = load_watchlist(self.desk.config.watchlist.dir).named(["one"])
        run = begin_run(self.desk, "crawl", sources)
        close_run(self.desk, run, dict.fromkeys(run.source_ids, "finished"))

    def states(self) -> dict[str, int]:
        with self.desk.store.reading() as db:
            return read_outbox.state_counts(db)

    def rows(self):
        with self.desk.store.reading() as db:
            return read_outbox.outbox_rows(db, all_of_them=True)[::-1]

    def issues(self) -> list[str]:
        from exowatch.store.read_rows import rows

        with self.desk.store.reading() as db:
            return [f"{row['code']}: {row['message']}" for row in rows(db, "issues", [])]


_SOURCE = "{id: one, name: One, kind: clinic, jurisdiction: IE, start_urls: ['https://one.example/'], reason: test}"


def office(url: str, folder: Path, port: int, recipients, **how) -> Office:
    """An installation at this database; ``how`` goes to ``[digest.smtp]``."""
    folder = folder / "watchlist"
    folder.mkdir(exist_ok=True)
    (folder / "one.yml").write_text(_SOURCE)
    feed = how.pop("feed", None)
    monitor = Monitor(ping_url=how.pop("ping_url", None))
    smtp = Smtp(**{"host": HOST, "port": port, "security": "none", "sender": SENDER, "timeout": 2} | how)
    people = tuple(
        one if isinstance(one, Recipient) else Recipient(id=one, mail=f"{one}@mail.example") for one in recipients
    )
    config = Config(
        database=Database(url=url),
        watchlist=Watchlist(dir=folder),
        digest=DigestSection(recipients=people, smtp=smtp, feed=feed),
        monitor=monitor,
    )
    made: Office

    def clock() -> datetime:
        return made.now

    made = Office(open_desk(config, clock, False), NOW)
    return made
