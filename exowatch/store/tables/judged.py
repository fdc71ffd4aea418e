"""What evidence, rules and people make of the findings, and what was told of them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy import Float as Real

from exowatch.store.tables.base import metadata, text, time, words

evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number of this state"),
    Column("key", String(200), nullable=False, index=True, comment="doi:…, pmid:…, or the id of a position"),
    Column("kind", String(10), nullable=False, comment="study, position or label"),
    text("authority", "Who says it", required=True),
    Column("jurisdiction", String(2), comment="Where it holds"),
    Column("covers", JSON, nullable=False, comment="Slot to values it covers"),
    Column("grade", String(8), comment="Evidence level"),
    text("url", "Where it stands", required=True),
    Column("dated_on", String(32), comment="Its date"),
    Column("verified", String(16), nullable=False, comment="text_read, reported or unchecked"),
    Column("retracted", Boolean, nullable=False, default=False, comment="True: retracted"),
    words("sources", "Sources of the watchlist where it was met"),
    Column("body", JSON, nullable=False, comment="The whole of it as assessments see it"),
    time("valid_from", "From when this state was held", required=True),
    time("valid_to", "Until when; NULL: now"),
    comment="Studies, positions and labels that may bear on claims; past states kept",
)

evidence_keys = Table(
    "evidence_keys",
    metadata,
    Column("key", String(120), primary_key=True, comment="What it is about, such as a condition (docs/assessment.md)"),
    Column(
        "evidence_id", Integer, ForeignKey("evidence.id"), primary_key=True, index=True, comment="State of the evidence"
    ),
    comment="Index: what each state of evidence is about",
)

claim_keys = Table(
    "claim_keys",
    metadata,
    Column("key", String(120), primary_key=True, comment="What it asks for, such as a condition (docs/assessment.md)"),
    Column("claim_id", Integer, ForeignKey("claims.id"), primary_key=True, index=True, comment="The wording that asks"),
    comment="Index: what evidence a wording asks for, so that news of evidence finds the claims it bears on",
)

evidence_moves = Table(
    "evidence_moves",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("evidence_key", String(200), nullable=False, index=True, comment="Key of the evidence"),
    text("why", "What moved, in words", required=True),
    Column("run_id", String(40), ForeignKey("runs.id"), nullable=False, comment="Run that met it"),
    time("at", "When", required=True),
    time("settled_at", "When the claims it bears on had been assessed again; NULL: not yet"),
    comment="Evidence that came, changed or was withdrawn, and whether claims were held against it again",
)

letters = Table(
    "letters",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False, unique=True, comment="Its page"),
    Column("capture_id", String(40), ForeignKey("captures.id"), nullable=False, comment="Capture it was read from"),
    Column("kind", String(10), nullable=False, comment="warning, untitled, close-out or other"),
    Column("authority", String(40), nullable=False, comment="Who wrote it"),
    text("firm", "To which firm"),
    Column("issued_on", String(10), comment="Its date"),
    words("numbers", "References that it bears"),
    text("product", "Product named"),
    text("office", "Issuing office"),
    Column("withdrawn", Boolean, nullable=False, default=False, comment="True: its page says that it was withdrawn"),
    time("first_seen", "First capture", required=True),
    time("last_seen", "Last capture that changed it", required=True),
    comment="Letters of regulators to firms",
)

precedents = Table(
    "precedents",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("letter_id", Integer, ForeignKey("letters.id"), nullable=False, index=True, comment="Letter that quotes it"),
    text("quote", "The claim, verbatim as quoted", required=True),
    text("said_on", "Where the firm said it, in the letter's words"),
    UniqueConstraint("letter_id", "quote"),
    comment="Claims that letters quote: what was cited once is a precedent",
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("claim_id", Integer, ForeignKey("claims.id"), nullable=False, index=True, comment="The wording judged"),
    Column("jurisdiction", String(2), nullable=False, comment="Under whose law"),
    Column("verdict", String(12), nullable=False, comment="supported, partly, unsupported, contradicted, unassessed"),
    Column("flag", Boolean, nullable=False, comment="True: a marketing claim for a person to look at"),
    Column("severity", String(8), comment="critical, high, medium or low"),
    Column("reasons", JSON, nullable=False, comment="Rule, words, cites"),
    Column("judging", String(64), nullable=False, comment="Judging digest of the rules"),
    time("valid_from", "From when this held", required=True),
    time("valid_to", "Until when; NULL: now"),
    comment="What evidence and rules make of each wording in each jurisdiction, past states kept",
)

bearings = Table(
    "bearings",
    metadata,
    Column("assessment_id", Integer, ForeignKey("assessments.id"), primary_key=True, comment="Assessment"),
    Column("evidence_id", Integer, ForeignKey("evidence.id"), primary_key=True, comment="Evidence, as it was then"),
    Column("match", JSON, nullable=False, comment="Slot to whether it matches"),
    words("mismatches", "Slots that differ"),
    Column("direction", String(12), comment="Which way it points"),
    text("words", "The same in a sentence"),
    comment="How each piece of evidence bears on a claim",
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("run_id", String(40), ForeignKey("runs.id"), nullable=False, index=True, comment="Run that found it"),
    Column("source_id", String(80), ForeignKey("sources.id"), nullable=False, index=True, comment="Source"),
    text("url", "Page", required=True),
    Column("subject", String(10), nullable=False, comment="claim, statement, study or page"),
    Column("kind", String(10), nullable=False, comment="new, stronger, weaker, reworded, moved, gone, returned, …"),
    Column("cause", String(10), nullable=False, comment="page, knowledge, reader, evidence or rule"),
    Column("lineage_id", Integer, ForeignKey("lineages.id"), index=True, comment="What changed"),
    text("before", "Words before"),
    text("after", "Words after"),
    Column("similarity", Real, comment="How alike the two are, 0 to 1"),
    text("why", "Why it is held to be this change", required=True),
    time("at", "When", required=True),
    comment="What moved between visits, and why",
)
Index(None, changes.c.at)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    text("trader", "The firm", required=True),
    Column("status", String(12), nullable=False, comment="open, contacted, replied, complied, partly, …"),
    time("opened_at", "When opened", required=True),
    text("opened_by", "Who opened it"),
    Column("deadline_on", Date, comment="Next deadline"),
    text("note", "Notes"),
    comment="Flags of one trader under one number",
)

flags = Table(
    "flags",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("lineage_id", Integer, ForeignKey("lineages.id"), nullable=False, comment="The claim"),
    Column("claim_id", Integer, ForeignKey("claims.id"), nullable=False, comment="Its wording when raised"),
    Column("claim_key", String(64), nullable=False, comment="Key of that wording"),
    Column("run_id", String(40), ForeignKey("runs.id"), nullable=False, comment="Run that raised it"),
    Column("source_id", String(80), ForeignKey("sources.id"), nullable=False, index=True, comment="Source"),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False, comment="Page"),
    Column("appearance_id", Integer, ForeignKey("appearances.id"), nullable=False, comment="Place on it"),
    Column("capture_id", String(40), ForeignKey("captures.id"), nullable=False, comment="Capture that proves it"),
    text("context", "The paragraph it stood in", required=True),
    Column("heading_path", JSON, nullable=False, comment="Headings above it"),
    Column("locator", JSON, nullable=False, comment="How it is found in that capture"),
    Column("change", String(10), nullable=False, comment="baseline, new, stronger, returned or reassessed"),
    text("before", "The wording before, where there was one"),
    Column("verdict", String(12), nullable=False, comment="Verdict when raised"),
    Column("severity", String(8), nullable=False, comment="critical, high, medium or low"),
    words("jurisdictions", "Where it may matter"),
    Column("reasons", JSON, nullable=False, comment="Rule, words, cites"),
    time("raised_at", "When raised", required=True),
    Column("state", String(10), nullable=False, comment="open, withdrawn or closed"),
    text("state_why", "Why it is no longer open"),
    Column("case_id", Integer, ForeignKey("cases.id"), comment="Case it belongs to"),
    UniqueConstraint("lineage_id", "claim_key", "run_id"),
    comment="Marketing claims put before a person",
)
Index(None, flags.c.raised_at)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("flag_id", Integer, ForeignKey("flags.id"), nullable=False, index=True, comment="Flag"),
    Column("claim_key", String(64), nullable=False, comment="Wording that was judged"),
    Column("reading", String(10), comment="right or wrong: was it read rightly"),
    Column("action", String(12), comment="act, no-action, refer or undecided: what follows"),
    Column("because", String(24), comment="Stable reason"),
    text("note", "In words"),
    text("by", "Who", required=True),
    time("at", "When", required=True),
    comment="Decisions of people; never edited, only followed by another",
)

digests = Table(
    "digests",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("jurisdiction", String(2), comment="Whose letter; NULL: everything"),
    Column("reader", String(64), comment="Digest of the subscription it was composed for; NULL: of the command line"),
    time("since", "Start of its window; NULL: the beginning"),
    time("until", "End of its window", required=True),
    Column("covers", JSON, nullable=False, comment="Newest run, flag, change … told: the next letter starts after"),
    Column("previous_id", Integer, ForeignKey("digests.id"), comment="The letter before"),
    time("composed_at", "When composed", required=True),
    Column("simulated", Boolean, nullable=False, comment="True: the clock was set by EXOWATCH_NOW"),
    Column("body", JSON, nullable=False, comment="The whole letter"),
    comment="Letters as they were composed",
)
