"""Whom we watch, under which rules, and each visit."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from exowatch.store.tables.base import metadata, text, time, words

knowledge_sets = Table(
    "knowledge_sets",
    metadata,
    Column("digest", String(64), primary_key=True, comment="SHA-256 of the rules, as every finding names it"),
    Column("kind", String(8), nullable=False, comment="reading or judging"),
    Column("texts", JSON, nullable=False, comment="File name to YAML text: the rules themselves, whole"),
    time("first_used_at", "When this set was first used", required=True),
    comment="Every set of rules ever used, kept whole under its digest",
)

watchlists = Table(
    "watchlists",
    metadata,
    Column("digest", String(64), primary_key=True, comment="SHA-256 over file names and texts"),
    Column("texts", JSON, nullable=False, comment="File name to YAML text, whole"),
    time("first_used_at", "When a run first used it", required=True),
    comment="Every watchlist that a run ever used",
)

frames = Table(
    "frames",
    metadata,
    Column("id", String(80), primary_key=True, comment="The frame's id"),
    Column("body", JSON, nullable=False, comment="Population, method, date, size, exclusions, as written"),
    comment="Sampling frames that sources were drawn from",
)

sources = Table(
    "sources",
    metadata,
    Column("id", String(80), primary_key=True, comment="The watchlist's id"),
    text("name", "Name for people", required=True),
    Column("kind", String(16), nullable=False, comment="clinic, supplier, directory, marketplace, journal, …"),
    Column("jurisdiction", String(2), nullable=False, comment="Where it sits: ISO 3166-1 alpha-2, or EU"),
    words("audience", "Jurisdictions it addresses"),
    Column("language", String(12), comment="Declared language; NULL: detected"),
    Column("via", String(24), nullable=False, comment="How it is collected"),
    Column("start_urls", JSON, nullable=False, comment="Where collecting starts"),
    text("trader", "Name of the firm behind it"),
    text("trader_registration_no", "The firm's registration number"),
    text("trader_group", "The group it belongs to"),
    Column("frame", String(80), comment="Sampling frame it was drawn from"),
    text("found_by", "How it came to be listed"),
    words("tags", "Free labels"),
    Column("cadence", String(80), comment="Cron line; NULL: the configured default"),
    Column("max_pages", Integer, nullable=False, comment="Page budget of one visit"),
    Column("render", Boolean, nullable=False, default=False, comment="True: read in a real browser"),
    Column("added_on", Date, comment="Day it was put on the watchlist"),
    text("reason", "Why it is watched"),
    Column("retired_on", Date, comment="Day it was retired; NULL: active"),
    Column("fence", Integer, nullable=False, default=0, comment="Newest run's fence; older ones may not write"),
    Column("baseline_run_id", String(40), comment="Its first complete run; what that held is the inventory"),
    Column("baseline_scope", String(64), comment="Digest of allow, deny, depth and budget at the baseline"),
    comment="Sites, journals, regulators and registers, as the watchlist last described them",
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True, comment="Time and a random part"),
    Column("kind", String(8), nullable=False, comment="crawl, import, reread or capture"),
    time("started_at", "Start", required=True),
    time("finished_at", "End; NULL while going, or if killed before the next run closed it"),
    Column("fence", Integer, nullable=False, unique=True, comment="Rises with every run"),
    Column("simulated", Boolean, nullable=False, comment="True: the clock was set by EXOWATCH_NOW"),
    Column("watchlist", String(64), ForeignKey("watchlists.digest"), comment="The watchlist used"),
    Column("knowledge", String(64), ForeignKey("knowledge_sets.digest"), comment="The reading rules used"),
    Column("judging", String(64), ForeignKey("knowledge_sets.digest"), comment="The judging rules used"),
    Column("reader", String(64), comment="Digest of the reading program"),
    comment="Visits",
)

run_sources = Table(
    "run_sources",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.id"), primary_key=True, comment="The run"),
    Column("source_id", String(80), ForeignKey("sources.id"), primary_key=True, comment="The source"),
    Column("verdict", String(8), comment="complete, partial or held; NULL until closed"),
    Column("baseline", Boolean, nullable=False, default=False, comment="True: the source's first complete run"),
    Column("pages_expected", Integer, comment="Live pages known before the run; NULL on a first visit"),
    Column("finish_reason", String(40), comment="How the crawl of this source ended"),
    Column("scope", String(64), comment="Digest of allow, deny, depth and budget"),
    text("why", "The verdict in words"),
    time("closed_at", "When it was settled"),
    comment="What a run came to for each of its sources",
)

issues = Table(
    "issues",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number"),
    Column("code", String(40), nullable=False, comment="Stable code"),
    Column("room", String(24), nullable=False, comment="Part of the program that noticed it"),
    Column("source_id", String(80), ForeignKey("sources.id"), comment="The source, where it is about one"),
    text("url", "The page, where it is about one"),
    text("message", "What an operator should know", required=True),
    Column("run_id", String(40), ForeignKey("runs.id"), comment="The run that noticed it"),
    time("at", "When", required=True),
    comment="Things an operator should look at",
)
Index(None, issues.c.at)
