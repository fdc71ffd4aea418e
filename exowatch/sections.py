"""The sections of ``exowatch.toml``: each key with its kind, its default and what it is for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from exowatch.cadence import DAILY, trigger_of
from exowatch.codes import language_code, place_code
from exowatch.mailbox import named_address, one_address, server_name
from exowatch.model.addresses import exact_pair
from exowatch.model.findings import ClaimKind

#: A time that can be waited: no day is spent on one request.
_Seconds = Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(Section):
    """Where the rows are."""

    url: str = "sqlite:///exowatch.db"
    busy_seconds: Annotated[float, Field(gt=0)] = 30
    """How long a SQLite writer waits for another program's transaction; ours last milliseconds."""

    @field_validator("url")
    @classmethod
    def _known_kind(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        if url in ("sqlite:///", "postgresql+psycopg://"):
            raise ValueError("names no database; write sqlite:///exowatch.db or postgresql+psycopg://user@host/name")
        return url


class Archive(Section):
    """Where the WARC files are."""

    dir: Path = Path("archive")


class Watchlist(Section):
    """Where the sources are described."""

    dir: Path = Path("watchlist")


class KnowledgeDir(Section):
    """Local rule files, layered over the shipped ones by id; None: the shipped ones alone."""

    dir: Path | None = None


class Crawl(Section):
    """How we fetch: who we say we are, how gently, and how much."""

    user_agent: str = "ExoWatch/0.1 (monitoring of health claims; +{contact})"
    contact: str = "set-a-contact-in-exowatch.toml"
    delay: _Seconds = 2.0
    """Seconds between two requests to one site."""
    concurrency: Annotated[int, Field(ge=1, le=256)] = 8
    """Sources fetched at once."""
    second_look: bool = True
    """Fetch pages with claims twice in a source's first run, to learn what they show in turn."""
    max_bytes: Annotated[int, Field(ge=1024)] = 16 * 1024 * 1024
    """Of one body, as sent and again after decompression; what is longer is cut and marked."""
    timeout: Annotated[_Seconds, Field(gt=0)] = 30.0
    """Seconds for one exchange."""
    max_redirects: Annotated[int, Field(ge=0, le=50)] = 8
    browser: Path | None = None
    """The Chromium that looks at pages (``render: true``, ``exowatch capture``); None: one that is installed."""
    allow_addresses: tuple[str, ...] = ()
    """Exact ``ip:port`` pairs let through the guard against private and loopback addresses."""

    @field_validator("user_agent", "contact")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if not text.isprintable() or not text.isascii():
            raise ValueError("this goes into a header of every request: one line of plain letters")
        return text

    @field_validator("allow_addresses")
    @classmethod
    def _pairs(cls, pairs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(exact_pair(pair) for pair in pairs)

    @property
    def agent(self) -> str:
        """The user agent with the contact put in."""
        return self.user_agent.replace("{contact}", self.contact)


class Reading(Section):
    """Where pages are read: 0 in the crawling process, else in that many reader processes beside it."""

    processes: Annotated[int, Field(ge=0, le=16)] = 1
    timeout: Annotated[_Seconds, Field(gt=0)] = 60.0
    """CPU seconds that one reading may take."""
    max_memory_mb: Annotated[int, Field(ge=256)] = 1536
    """Address space of one reader process."""


class Limits(Section):
    """When to stop by ourselves."""

    min_free_gb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.2
    max_run_time: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    """Seconds for a whole crawl; 0: no limit. A run that meets it is partial."""
    max_memory_mb: Annotated[int, Field(ge=0)] = 0
    """Of the crawling process; 0: no limit."""
    hours: str | None = None
    """When crawls of the schedule may begin, as ``22-6`` in its time zone; None: always."""

    @field_validator("hours")
    @classmethod
    def _from_to(cls, text: str | None) -> str | None:
        if text is not None:
            match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
            if match is None or not all(0 <= int(hour) <= 24 for hour in match.groups()) or match[1] == match[2]:
                raise ValueError(f"{text!r} is no span of hours such as 22-6")
        return text


class Schedule(Section):
    """How often, and when letters go out. Cron lines are in ``timezone``."""

    cadence: str = DAILY
    timezone: str = "UTC"
    digest: str = "0 7 * * *"
    """When letters are composed and sent."""
    verify: str = "0 1 * * 0"
    """When the record is held against its digests."""
    note: str = "0 8 * * 1"
    """When operators are told of noisy, silent and broken sources."""
    jitter: _Seconds = 300
    """Seconds at most by which a crawl is put off, so that not all sites are met at the full hour."""
    misfire_hours: Annotated[float, Field(gt=0, le=720)] = 12
    """How late a job may still be begun; one that was missed for longer waits for its next time."""
    shortest: Annotated[float, Field(gt=0, le=8760)] = 12
    """Hours at least between two visits to a site whose claims move; never shorter than its own cadence."""
    longest: Annotated[float, Field(gt=0, le=8760)] = 168
    """Hours at most between two visits to a site where all is quiet."""

    @field_validator("cadence", "digest", "verify", "note")
    @classmethod
    def _cron(cls, line: str) -> str:
        if line != DAILY:
            try:
                trigger_of(line)
            except ValueError as error:
                raise ValueError(f"{line!r} is no cron line ({error}); write '0 3 * * *'") from None
        return line

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        return zone_name(name)


def zone_name(name: str) -> str:
    """``name`` where it is a time zone. Raises ValueError, in words."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone name such as Europe/Dublin") from None
    return name


class Smtp(Section):
    """The mail server that takes letters."""

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = Field(default=None, repr=False)
    sender: str
    """The address that letters come from; a name may stand before it: ``ExoWatch <watch@example.org>``."""
    reply_to: str | None = None
    timeout: Annotated[_Seconds, Field(gt=0)] = 30.0
    """Seconds for each answer of the server; ten times as long for its answer to a whole letter."""

    @field_validator("sender", "reply_to")
    @classmethod
    def _an_address(cls, text: str | None) -> str | None:
        return None if text is None else named_address(text)

    @field_validator("host")
    @classmethod
    def _a_server(cls, text: str) -> str:
        return server_name(text)

    @model_validator(mode="after")
    def _safe_login(self) -> Smtp:
        if self.user is not None and self.password is None:
            raise ValueError("a user needs a password: EXOWATCH_DIGEST__SMTP__PASSWORD_FILE names a file that holds it")
        if self.user is not None and self.security == "none":
            raise ValueError("a password is sent over TLS alone: security is starttls or tls where there is a user")
        return self


class Recipient(Section):
    """One reader and what is wanted: by ``mail``, or by a chat service that Apprise knows (``url``)."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
    """Stable: what was told is remembered under it."""
    mail: str | None = None
    url: str | None = Field(default=None, repr=False)
    jurisdictions: tuple[str, ...] = ()
    """None: all."""
    threshold: Literal["critical", "high", "medium", "low"] | None = None
    """None: as in ``[digest]``."""
    kinds: tuple[ClaimKind, ...] = ()
    """Kinds of claims, as ``disease``; none: all."""
    languages: tuple[str, ...] = ()
    timezone: str | None = None
    """In which times are told; None: as in ``[schedule]``."""
    attach: tuple[Literal["pdf", "json", "md"], ...] = ()
    operator: bool = False
    """True: gets the weekly note, and is told what could not be sent."""

    @field_validator("jurisdictions")
    @classmethod
    def _places(cls, places: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place_code(place) for place in places))

    @field_validator("languages")
    @classmethod
    def _tongues(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(language_code(language) for language in languages))

    @field_validator("mail")
    @classmethod
    def _one_address(cls, mail: str | None) -> str | None:
        return None if mail is None else one_address(mail)

    @field_validator("url")
    @classmethod
    def _a_service(cls, url: str | None) -> str | None:
        if url is not None and not (url.isprintable() and re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url)):
            raise ValueError("this is no address of a chat service; write one that Apprise knows, as slack://…")
        return url

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        return None if name is None else zone_name(name)

    @model_validator(mode="after")
    def _one_way(self) -> Recipient:
        if (self.mail is None) == (self.url is None):
            raise ValueError(f"recipient {self.id!r} needs either mail or url")
        return self


class DigestSection(Section):
    """What the daily letter holds, and who gets it."""

    jurisdictions: tuple[str, ...] = ()
    threshold: Literal["critical", "high", "medium", "low"] = "medium"
    """Graver or equal flags are told one by one, lesser ones as a count."""
    baseline_per_day: Annotated[int, Field(ge=0)] = 5
    dir: Path = Path("digests")
    recipients: tuple[Recipient, ...] = ()
    smtp: Smtp | None = None
    feed: Path | None = None
    """An Atom file that each letter of ``[digest]`` itself is added to; None: none is written."""

    @field_validator("jurisdictions")
    @classmethod
    def _places(cls, places: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place_code(place) for place in places))

    @field_validator("recipients")
    @classmethod
    def _each_once(cls, recipients: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        ids = [one.id for one in recipients]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"recipient {twice[0]!r} stands there twice")
        return recipients

    @model_validator(mode="after")
    def _mail_has_a_server(self) -> DigestSection:
        if self.smtp is None and any(one.mail for one in self.recipients):
            raise ValueError("a recipient by mail needs [digest.smtp] with host and sender")
        return self


class Record(Section):
    """How the record is signed."""

    signing_key: Path = Path("signing.pem")
    """The private key, in a file of its own that nobody else may read; made at the first run."""
    timestamp_url: str | None = None
    """An authority of time (RFC 3161) that stamps each manifest; None: the time is as this system states it."""
    timestamp_roots: Path | None = None
    """Root certificates (PEM) that authorities are held against; None: those of this system."""

    @field_validator("timestamp_url")
    @classmethod
    def _web(cls, url: str | None) -> str | None:
        if url is not None and not re.match(r"https?://[^/\s]", url):
            raise ValueError(f"{url!r} is not a web address such as https://time.example/tsr")
        return url


class Monitor(Section):
    """Who is told that all is well."""

    ping_url: str | None = None
    """An address that is asked for after each digest; a service that misses it raises the alarm."""
    metrics_file: Path | None = None
    """A file of Prometheus metrics, written after each run and digest; None: none is written."""
