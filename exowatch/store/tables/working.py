"""What keeps the daily work going: letters on their way to people, steps of cases, and jobs that were due."""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from exowatch.store.tables.base import metadata, text, time

case_events = Table(
    "case_events",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False, index=True, comment="The case"),
    Column("kind", String(12), nullable=False, comment="opened, flag, note, status, deadline, letter or reply"),
    Column("flag_id", Integer, ForeignKey("flags.id"), comment="The flag that was added, or that a reply answers"),
    Column("status", String(12), comment="The status from then on"),
    Column("deadline_on", Date, comment="The deadline from then on"),
    text("words", "A note, the trader's reply, or what was sent"),
    text("by", "Who", required=True),
    time("at", "When", required=True),
    comment="Steps of cases; never edited, only followed by another",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("digest_id", Integer, ForeignKey("digests.id"), index=True, comment="The letter; NULL: a note to operators"),
    Column("recipient", String(80), nullable=False, comment="Id of the recipient in the configuration"),
    Column(
        "occasion", String(80), nullable=False, comment="after N: all since outbox row N of theirs; else which note"
    ),
    Column("channel", String(8), nullable=False, comment="mail or chat"),
    text("address", "Mail address, or the service without its secrets", required=True),
    Column("message_id", String(200), nullable=False, unique=True, comment="Message-ID, the same in every attempt"),
    text("subject", "Subject of a note; NULL: a letter, which makes its own"),
    text("body", "Words of a note; NULL: a letter"),
    Column(
        "state", String(10), nullable=False, comment="waiting, sending, sent, unclear, refused, given-up or dropped"
    ),
    Column("attempts", Integer, nullable=False, default=0, comment="How often it was tried"),
    time("queued_at", "When it was put here", required=True),
    time("next_at", "Not to be tried before; NULL: no further try"),
    time("claimed_at", "When a sender took it up; NULL: none has it"),
    text("claimed_by", "Which sender"),
    time("sent_at", "When the server took it"),
    text("answer", "What the server or the service answered last"),
    time("told_at", "When the operator was told of what is unclear, refused or given up"),
    UniqueConstraint("recipient", "occasion"),
    comment="Letters and notes on their way: one row a recipient and window",
)
Index(None, outbox.c.state, outbox.c.next_at)
Index(None, outbox.c.recipient)

job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("job", String(120), nullable=False, comment="crawl:SOURCE, digest, verify, …"),
    time("due_at", "When it was due", required=True),
    time("started_at", "When it began", required=True),
    time("finished_at", "When it ended; NULL: going, or killed"),
    Column("state", String(8), nullable=False, comment="running, done, failed or killed"),
    Column("tries", Integer, nullable=False, default=1, comment="How often it was begun"),
    text("process", "Machine and process that did it", required=True),
    text("detail", "What came of it, in words"),
    UniqueConstraint("job", "due_at"),
    comment="Jobs of the schedule and of cron: what was due when, and what came of it",
)
Index(None, job_runs.c.job, job_runs.c.finished_at)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(191), primary_key=True, comment="Name of the job"),
    Column("next_run_time", Float(25), index=True, comment="Next firing, seconds since 1970; NULL: paused"),
    Column("job_state", LargeBinary, nullable=False, comment="The job as the scheduler keeps it"),
    comment="What the scheduler will do next (written by APScheduler)",
)
