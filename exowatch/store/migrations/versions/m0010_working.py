"""Steps of cases, letters on their way, jobs that were due; whose subscription a letter was composed for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UTC = " (UTC, ISO 8601)"


def upgrade() -> None:
    op.add_column("cases", sa.Column("opened_by", sa.Text(), comment="Who opened it"))
    op.add_column(
        "claims",
        sa.Column("certainty", sa.Float(), comment="How likely it was read rightly, 0 to 1; NULL: not weighed"),
    )
    op.add_column(
        "digests",
        sa.Column(
            "reader", sa.String(64), comment="Digest of the subscription it was composed for; NULL: of the command line"
        ),
    )
    for column in (
        sa.Column(
            "zone",
            sa.String(16),
            comment="Where on the page: body, caption, alt …; NULL: a sentence is missing, or read before",
        ),
        sa.Column("css", sa.Text(), comment="Selector of its block"),
        sa.Column("block", sa.Integer(), comment="Number of its block"),
        sa.Column("start_at", sa.Integer(), comment="Where its sentence begins in the block, in code points"),
        sa.Column("end_at", sa.Integer(), comment="Where its sentence ends"),
    ):
        op.add_column("page_features", column)
    op.create_table(
        "study_notices",
        sa.Column("target", sa.String(240), primary_key=True, comment="Identifier of the study that a notice is about"),
        sa.Column("kind", sa.String(12), primary_key=True, comment="retracted, concern or corrected"),
        sa.Column(
            "notice",
            sa.String(200),
            primary_key=True,
            comment="Key of the notice, which is kept as a study of its own",
        ),
        sa.Column("at", sa.String(20), nullable=False, comment="When it was first met" + _UTC),
        comment="What notices say of studies, whether those were met or not",
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number"),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("cases.id"), nullable=False, comment="The case"),
        sa.Column(
            "kind", sa.String(12), nullable=False, comment="opened, flag, note, status, deadline, letter or reply"
        ),
        sa.Column(
            "flag_id",
            sa.Integer(),
            sa.ForeignKey("flags.id"),
            comment="The flag that was added, or that a reply answers",
        ),
        sa.Column("status", sa.String(12), comment="The status from then on"),
        sa.Column("deadline_on", sa.Date(), comment="The deadline from then on"),
        sa.Column("words", sa.Text(), comment="A note, the trader's reply, or what was sent"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who"),
        sa.Column("at", sa.String(20), nullable=False, comment="When" + _UTC),
        comment="Steps of cases; never edited, only followed by another",
    )
    op.create_index("ix_case_events_case_id", "case_events", ["case_id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number"),
        sa.Column(
            "digest_id", sa.Integer(), sa.ForeignKey("digests.id"), comment="The letter; NULL: a note to operators"
        ),
        sa.Column("recipient", sa.String(80), nullable=False, comment="Id of the recipient in the configuration"),
        sa.Column(
            "occasion",
            sa.String(80),
            nullable=False,
            comment="after N: all since outbox row N of theirs; else which note",
        ),
        sa.Column("channel", sa.String(8), nullable=False, comment="mail or chat"),
        sa.Column("address", sa.Text(), nullable=False, comment="Mail address, or the service without its secrets"),
        sa.Column(
            "message_id", sa.String(200), nullable=False, unique=True, comment="Message-ID, the same in every attempt"
        ),
        sa.Column("subject", sa.Text(), comment="Subject of a note; NULL: a letter, which makes its own"),
        sa.Column("body", sa.Text(), comment="Words of a note; NULL: a letter"),
        sa.Column(
            "state",
            sa.String(10),
            nullable=False,
            comment="waiting, sending, sent, unclear, refused, given-up or dropped",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="How often it was tried"),
        sa.Column("queued_at", sa.String(20), nullable=False, comment="When it was put here" + _UTC),
        sa.Column("next_at", sa.String(20), comment="Not to be tried before; NULL: no further try" + _UTC),
        sa.Column("claimed_at", sa.String(20), comment="When a sender took it up; NULL: none has it" + _UTC),
        sa.Column("claimed_by", sa.Text(), comment="Which sender"),
        sa.Column("sent_at", sa.String(20), comment="When the server took it" + _UTC),
        sa.Column("answer", sa.Text(), comment="What the server or the service answered last"),
        sa.Column(
            "told_at",
            sa.String(20),
            comment="When the operator was told of what is unclear, refused or given up" + _UTC,
        ),
        sa.UniqueConstraint("recipient", "occasion"),
        comment="Letters and notes on their way: one row a recipient and window",
    )
    op.create_index("ix_outbox_digest_id", "outbox", ["digest_id"])
    op.create_index("ix_outbox_state_next_at", "outbox", ["state", "next_at"])
    op.create_index("ix_outbox_recipient", "outbox", ["recipient"])
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), primary_key=True, comment="Number"),
        sa.Column("job", sa.String(120), nullable=False, comment="crawl:SOURCE, digest, verify, …"),
        sa.Column("due_at", sa.String(20), nullable=False, comment="When it was due" + _UTC),
        sa.Column("started_at", sa.String(20), nullable=False, comment="When it began" + _UTC),
        sa.Column("finished_at", sa.String(20), comment="When it ended; NULL: going, or killed" + _UTC),
        sa.Column("state", sa.String(8), nullable=False, comment="running, done, failed or killed"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="How often it was begun"),
        sa.Column("process", sa.Text(), nullable=False, comment="Machine and process that did it"),
        sa.Column("detail", sa.Text(), comment="What came of it, in words"),
        sa.UniqueConstraint("job", "due_at"),
        comment="Jobs of the schedule and of cron: what was due when, and what came of it",
    )
    op.create_index("ix_job_runs_job_finished_at", "job_runs", ["job", "finished_at"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(191), primary_key=True, comment="Name of the job"),
        sa.Column("next_run_time", sa.Float(25), comment="Next firing, seconds since 1970; NULL: paused"),
        sa.Column("job_state", sa.LargeBinary(), nullable=False, comment="The job as the scheduler keeps it"),
        comment="What the scheduler will do next (written by APScheduler)",
    )
    op.create_index("ix_jobs_next_run_time", "jobs", ["next_run_time"])


def downgrade() -> None:
    for table in ("study_notices", "jobs", "job_runs", "outbox", "case_events"):
        op.drop_table(table)
    for column in ("zone", "css", "block", "start_at", "end_at"):
        op.drop_column("page_features", column)
    op.drop_column("claims", "certainty")
    op.drop_column("digests", "reader")
    op.drop_column("cases", "opened_by")
