"""The tables, by subject. One MetaData; every table and column says in its comment what it holds."""

from exowatch.store.tables.base import metadata
from exowatch.store.tables.claims import appearances, claims, lineages, statements, studies, study_names
from exowatch.store.tables.judged import (
    assessments,
    bearings,
    cases,
    changes,
    claim_keys,
    digests,
    evidence,
    evidence_keys,
    evidence_moves,
    flags,
    letters,
    precedents,
    reviews,
)
from exowatch.store.tables.pages import captures, frontier, looks, outcomes, page_features, pages, readings, warc_files
from exowatch.store.tables.runs import frames, issues, knowledge_sets, run_sources, runs, sources, watchlists
from exowatch.store.tables.working import case_events, job_runs, jobs, outbox

__all__ = [
    "appearances",
    "assessments",
    "bearings",
    "captures",
    "case_events",
    "cases",
    "changes",
    "claim_keys",
    "claims",
    "digests",
    "evidence",
    "evidence_keys",
    "evidence_moves",
    "flags",
    "frames",
    "frontier",
    "issues",
    "job_runs",
    "jobs",
    "knowledge_sets",
    "letters",
    "lineages",
    "looks",
    "metadata",
    "outbox",
    "outcomes",
    "page_features",
    "pages",
    "precedents",
    "readings",
    "reviews",
    "run_sources",
    "runs",
    "sources",
    "statements",
    "studies",
    "study_names",
    "warc_files",
    "watchlists",
]
