"""What the list of commands says of each: written down, so that the list imports none of them."""

from __future__ import annotations

#: Command → its line in the list; a test holds it against the command's own help.
SUMMARIES = {
    "init": "Write a configuration and a starter watchlist.",
    "demo": "Show it all on a made-up web, with no Internet.",
    "doctor": "Say what is missing or wrong here.",
    "crawl": "Collect the named sources (default: all that are due).",
    "capture": "Secure pages at once, as the crawler and a browser see them.",
    "import": "Take in pages that were captured elsewhere, on the same path as a crawl.",
    "reread": "Read the newest fit capture of every live page again with today's rules; announces nothing as news.",
    "schedule": "Do every job when it is due: crawls, letters, verification.",
    "extract": "Show what would be read out of a page.",
    "evaluate": "Measure against a labelled folder.",
    "knowledge": "Check rules, ask them why, or compare them.",
    "flags": "Marketing claims without support, for a person to look at.",
    "claims": "What pages tell their readers, flagged or not.",
    "statements": "What is said that regulators hold.",
    "studies": "Studies, as their article pages give them.",
    "changes": "What moved between visits, and why.",
    "reviews": "What people decided about flags: read rightly or not, what follows, who, when, on which words.",
    "sql": "Run one SELECT, read-only.",
    "review": "Decide about flags: read rightly or not, and what follows.",
    "case": "Flags of one trader under one number.",
    "letter": "An editable draft letter to the trader of a case.",
    "assess": "A claim's verdict, made again from the evidence of its day.",
    "digest": "The letter of all since the last one.",
    "report": "Tables and charts of the whole watch.",
    "dossier": "A bundle of evidence about flags.",
    "verify": "Hold the record against its digests, its rows and its signed manifests.",
    "record": "Sign the record: manifests and keys.",
    "status": "Whether the watch is well; exit 0 well, 1 attention, 2 stale.",
    "db": "The database: bring it up to this version.",
}
