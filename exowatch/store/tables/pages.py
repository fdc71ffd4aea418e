"""Exchanges with web servers, what became of them, and the pages behind them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, false

from exowatch.store.tables.base import metadata, text, time

warc_files = Table(
    "warc_files",
    metadata,
    Column("file", String(200), primary_key=True, comment="Name below the archive folder"),
    time("settled_at", "When every response in it had a row; it need not be read again at start", required=True),
    comment="Archive files whose every response is known to the database",
)

captures = Table(
    "captures",
    metadata,
    Column("id", String(40), primary_key=True, comment="UUID of the WARC record"),
    Column("source_id", String(80), ForeignKey("sources.id"), nullable=False, comment="Source"),
    Column("run_id", String(40), ForeignKey("runs.id"), nullable=False, comment="Run"),
    text("url", "URL first asked for", required=True),
    text("final_url", "URL that answered, without fragment", required=True),
    Column("redirect_chain", JSON, nullable=False, comment="URLs between the two"),
    time("fetched_at", "When the answer came", required=True),
    Column("status", Integer, nullable=False, comment="HTTP status"),
    text("etag", "Validator, stored with the reading it belongs to"),
    text("last_modified", "Validator, stored with the reading it belongs to"),
    Column("media_type", String(120), comment="Media type"),
    text("content_type", "Whole Content-Type header"),
    Column("content_encoding", String(40), comment="Content-Encoding as sent"),
    Column("payload_digest", String(80), nullable=False, comment="Digest of the body as sent; decides revisit"),
    Column("content_digest", String(80), comment="Digest of the decoded body; decides UNCHANGED"),
    Column("size", Integer, nullable=False, comment="Bytes of the body as sent"),
    Column("truncated", String(16), comment="Why it was cut: length, time, disconnect; NULL when whole"),
    Column("warc_file", String(200), nullable=False, comment="Archive file"),
    Column("warc_offset", Integer, nullable=False, comment="Byte offset of the record's gzip member"),
    Column("fitness", String(16), nullable=False, comment="ok, or why it cannot speak for the page"),
    text("fitness_why", "The same in words"),
    Column("language", String(12), comment="Language of the page"),
    Column("text_digest", String(64), comment="SHA-256 of the page's text"),
    Column("text_length", Integer, comment="Characters of body text"),
    Column("suspicious", Text, comment="Why its absences are held back; NULL: not suspicious"),
    Column("ip", String(64), comment="Address that answered"),
    Column("certificate", String(80), comment="SHA-256 of the server's TLS certificate; NULL: none was seen"),
    text("user_agent", "User agent sent"),
    text("language_sent", "Accept-Language sent"),
    Column(
        "rendered",
        Boolean,
        nullable=False,
        default=False,
        server_default=false(),
        comment="True: a browser's document, after scripts ran; else the body as the server sent it",
    ),
    Column("clock_offset", Integer, comment="Seconds that the server's clock was ahead of ours; NULL: it told none"),
    UniqueConstraint("warc_file", "warc_offset"),
    comment="Archived answers whose body differed from the one before, and pages secured by exowatch capture",
)
Index(None, captures.c.source_id, captures.c.final_url)

looks = Table(
    "looks",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("run_id", String(40), ForeignKey("runs.id"), nullable=False, comment="Run"),
    Column("source_id", String(80), ForeignKey("sources.id"), nullable=False, comment="Source"),
    text("url", "The page", required=True),
    Column("capture_id", String(40), ForeignKey("captures.id"), comment="Capture that holds what was read then"),
    Column("read_from", String(8), nullable=False, comment="Whose look the page was read from: crawler or browser"),
    Column("warc_file", String(200), nullable=False, comment="Archive file of that look"),
    Column("warc_offset", Integer, nullable=False, comment="Its offset"),
    Column("beside_file", String(200), comment="Archive file of the other's look; NULL: there is none"),
    Column("beside_offset", Integer, comment="Its offset"),
    Column("pictures", Integer, nullable=False, comment="Screenshots and PDF files archived with them"),
    Column("browser_lacks", JSON, nullable=False, comment="Keys of wordings read that the browser does not show"),
    Column("crawler_lacks", JSON, nullable=False, comment="Keys of wordings read that the page as sent does not hold"),
    Column("unread", JSON, nullable=False, comment="Sentences that count as claims in the other look alone"),
    text("lacking", "Why one of the two did not look; NULL: both did"),
    Column("secured", Boolean, nullable=False, comment="True: a person asked for this page (exowatch capture)"),
    Column("case_id", Integer, ForeignKey("cases.id"), comment="Case for which it was secured"),
    time("at", "When", required=True),
    comment="Pages looked at by crawler and browser both, and where the two differ on what was read",
)
Index(None, looks.c.source_id, looks.c.url)

outcomes = Table(
    "outcomes",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.id"), primary_key=True, comment="Run"),
    Column("source_id", String(80), ForeignKey("sources.id"), primary_key=True, comment="Source"),
    Column("url", Text, primary_key=True, comment="URL (the one that answered, where one did)"),
    Column("result", String(12), nullable=False, comment="READ, UNCHANGED, UNFIT, FAILED or DISALLOWED"),
    Column("code", String(40), nullable=False, comment="Stable code of the cause"),
    text("detail", "The cause in words"),
    Column("capture_id", String(40), ForeignKey("captures.id"), comment="Capture that holds the page's text"),
    Column("warc_file", String(200), comment="Archive file of this exchange, revisit records included"),
    Column("warc_offset", Integer, comment="Offset of this exchange"),
    time("at", "When", required=True),
    comment="What became of every URL in every run",
)
Index(None, outcomes.c.source_id, outcomes.c.url)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("source_id", String(80), ForeignKey("sources.id"), nullable=False, comment="Source"),
    text("url", "URL, without fragment", required=True),
    text("title", "Title at the last fit reading"),
    Column("kind", String(12), comment="clinic, journal, regulator, article or other"),
    Column("language", String(12), comment="Language at the last fit reading"),
    Column("attitude", String(12), comment="promotes, criticises or neutral"),
    text("attitude_why", "Why so"),
    Column("published_on", String(32), comment="Date the page gives itself"),
    time("first_seen", "First outcome of any kind", required=True),
    Column("first_run_id", String(40), nullable=False, comment="Run that first met it"),
    Column("first_fit_run_id", String(40), comment="Run that first read it; NULL: never yet"),
    time("last_fit_at", "Last fit capture, unchanged ones included"),
    Column("last_fit_run_id", String(40), comment="Run of that capture"),
    Column("last_fit_capture_id", String(40), ForeignKey("captures.id"), comment="Capture holding its present text"),
    Column("reading_id", Integer, comment="Present reading"),
    Column("fit_captures", Integer, nullable=False, default=0, comment="Fit captures so far, unchanged ones included"),
    Column("text_length", Integer, comment="Characters of body text at the last fit reading"),
    Column("gone_runs", Integer, nullable=False, default=0, comment="Runs in a row that met HTTP 404 or 410"),
    Column("suspect_runs", Integer, nullable=False, default=0, comment="Suspicious captures in a row that agree"),
    Column("suspect_like", String(80), comment="What those captures look like (language and length)"),
    Column("vanished", Boolean, nullable=False, default=False, comment="True: told as vanished"),
    Column("depth", Integer, comment="Links between a start page and it when first read; NULL: not known"),
    UniqueConstraint("source_id", "url"),
    comment="Pages of the sources and where they stand",
)

page_features = Table(
    "page_features",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False, index=True, comment="Page"),
    Column("feature", String(24), nullable=False, comment="prices, testimonials, before_after, endorsements, …"),
    text("text", "The words that show it, shortened; of a customer's without names", required=True),
    Column(
        "zone",
        String(16),
        comment="Where on the page: body, caption, alt …; NULL: a sentence is missing, or read before",
    ),
    text("css", "Selector of its block"),
    Column("block", Integer, comment="Number of its block"),
    Column("start_at", Integer, comment="Where its sentence begins in the block, in code points"),
    Column("end_at", Integer, comment="Where its sentence ends"),
    time("first_seen", "Fit capture that first showed it; NULL: before this was kept"),
    time("gone_at", "First fit capture of the page that shows it no more; NULL: it stands"),
    comment="Things of a page that law names, those that stood there before included",
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("capture_id", String(40), ForeignKey("captures.id"), nullable=False, comment="What was read"),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False, index=True, comment="Page"),
    Column("run_id", String(40), ForeignKey("runs.id"), nullable=False, comment="Run that read it"),
    Column("knowledge", String(64), nullable=False, comment="Reading digest of the rules"),
    Column("reader", String(64), nullable=False, comment="Digest of the reading program"),
    time("read_at", "When", required=True),
    Column("claims", Integer, nullable=False, comment="Claims found"),
    Column("statements", Integer, nullable=False, comment="Statements found"),
    Column("studies", Integer, nullable=False, comment="Studies found"),
    UniqueConstraint("capture_id", "knowledge", "reader"),
    comment="Each reading of a capture under one set of rules",
)

frontier = Table(
    "frontier",
    metadata,
    Column("source_id", String(80), ForeignKey("sources.id"), primary_key=True, comment="Source"),
    Column("url", Text, primary_key=True, comment="A URL that was seen but not asked for"),
    Column("run_id", String(40), ForeignKey("runs.id"), nullable=False, comment="Run that first saw it"),
    Column("why", String(16), nullable=False, comment="budget or depth"),
    comment="URLs known to exist that the page budget or depth left out: when they are read one day, they are not news",
)
