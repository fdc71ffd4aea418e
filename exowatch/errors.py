"""Every error that ExoWatch raises on purpose, by who must act. Exceptions carry facts and never log.

ExoWatchError
├── SetupError            the operator: mend a file, then start again (exit 2)
│   ├── ConfigError       exowatch.toml or its environment
│   ├── WatchlistError    a file of the watchlist
│   ├── KnowledgeError    a rule file
│   └── OutputError       what was asked for cannot be written where it should go
├── SourceError           nobody at once: it becomes an outcome and the crawl goes on
│   ├── FetchError        the exchange failed (``retry`` says whether a later visit may help)
│   └── UnreadableError   bytes that are not what they claim to be
├── RecordError           the operator, at once: archive or store cannot be trusted (exit 3)
│   ├── NoRoomError       the disk is full; nothing is broken (exit 2)
│   ├── ArchiveError      a WARC file or a record in it
│   │   └── WrongArchiveError  its folder may not be written by us, or is none (exit 2)
│   ├── StoreError        the database
│   │   ├── StoreBusyError    locked, or its server does not answer: later it may (exit 75)
│   │   ├── StoreFullError    no room for it on the disk; a NoRoomError too (exit 2)
│   │   └── WrongStoreError   its address or rights are wrong, or it was never made (exit 2)
│   └── FenceError        another run has taken this source over; this one must stop writing
└── BusyError             another run holds the lock (exit 75)
"""

from __future__ import annotations

from typing import ClassVar


class ExoWatchError(Exception):
    """Root of the tree. ``code`` is stable: issues, docs and tests name it."""

    code: ClassVar[str] = "E-EXOWATCH"
    exit_code: ClassVar[int] = 1


class SetupError(ExoWatchError):
    """Something a person wrote is wrong. Says where (``file``, ``line``, ``key``) and what to do (``remedy``)."""

    code = "E-SETUP"
    exit_code = 2

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem, self.file, self.line, self.key, self.remedy = problem, file, line, key, remedy
        super().__init__(problem, file, line, key, remedy)

    def __str__(self) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}"
        if self.key:
            place += f" [{self.key}]" if place else f"[{self.key}]"
        said = f"{place}: {self.problem}" if place else self.problem
        return f"{said}\n  remedy: {self.remedy}" if self.remedy else said


class ConfigError(SetupError):
    """exowatch.toml, its environment overrides, or a value in them."""

    code = "E-CONFIG"


class WatchlistError(SetupError):
    """A file of the watchlist."""

    code = "E-WATCHLIST"


class KnowledgeError(SetupError):
    """A rule file: shape, duplicate id, missing or failing example."""

    code = "E-KNOWLEDGE"


class OutputError(SetupError):
    """Results cannot be written: a full disk, a folder where a file should be, no right to write there."""

    code = "E-OUTPUT"


class SourceError(ExoWatchError):
    """One page or source could not be had or read. ``detail`` goes into its outcome."""

    code = "E-SOURCE"
    retry: ClassVar[bool] = False

    def __init__(self, detail: str, *, url: str | None = None) -> None:
        self.detail, self.url = detail, url
        super().__init__(detail, url)

    def __str__(self) -> str:
        return f"{self.url}: {self.detail}" if self.url else self.detail


class FetchError(SourceError):
    """The exchange itself failed; a later visit may succeed."""

    code = "E-FETCH"
    retry = True


class UnreadableError(SourceError):
    """The bytes are not what they claim: a PDF that is none, a body that will not decode."""

    code = "E-UNREADABLE"


class RecordError(ExoWatchError):
    """The record itself is broken or cannot be written. Stop at once: nothing may be understood that is not kept."""

    code = "E-RECORD"
    exit_code = 3


class NoRoomError(RecordError):
    """The disk is full, or fuller than [limits] min_free_gb allows. A run must stop, and what was kept is whole."""

    code = "E-NO-ROOM"
    exit_code = 2


class ArchiveError(RecordError):
    """A WARC file or a record in it cannot be written, read or believed."""

    code = "E-ARCHIVE"

    def __init__(self, problem: str, *, file: str | None = None, offset: int | None = None) -> None:
        self.problem, self.file, self.offset = problem, file, offset
        super().__init__(problem, file, offset)

    def __str__(self) -> str:
        place = f"{self.file}@{self.offset}: " if self.offset is not None else f"{self.file}: " if self.file else ""
        return place + self.problem


class WrongArchiveError(ArchiveError):
    """The archive folder may not be written by this user, or is none. Nothing is broken; a run must stop, though."""

    code = "E-ARCHIVE-WRONG"
    exit_code = 2


class StoreError(RecordError):
    """The database cannot be read or written: damaged, or of another version."""

    code = "E-STORE"


class StoreBusyError(StoreError):
    """Another program holds the database, or its server does not answer. Nothing is broken: try again later."""

    code = "E-STORE-BUSY"
    exit_code = 75


class StoreFullError(NoRoomError, StoreError):
    """There is no room on the disk for what was to be written to the database."""

    code = "E-STORE-FULL"


class WrongStoreError(StoreError):
    """There is no database at this address, or none that we may use. A RecordError all the same: a run must stop."""

    code = "E-STORE-WRONG"
    exit_code = 2


class FenceError(StoreError):
    """The run's fence is no longer the source's newest: another run has taken over."""

    code = "E-FENCE"


class BusyError(ExoWatchError):
    """Another run holds the lock; try again later."""

    code = "E-BUSY"
    exit_code = 75
