"""What stands under the help of each command."""

from __future__ import annotations

#: Command → how it is called, shown under its help.
EXAMPLES = {
    "init": ("exowatch init my-watch",),
    "demo": ("exowatch demo",),
    "doctor": ("exowatch doctor", "exowatch doctor --mail"),
    "crawl": ("exowatch crawl", "exowatch crawl quay-clinic hpra-news"),
    "capture": (
        "exowatch capture https://clinic.example/exosomes",
        "exowatch capture https://clinic.example/ --case 3",
    ),
    "import": (
        "exowatch import old.warc.gz --source quay-clinic",
        "exowatch import page.html --source quay-clinic --url https://quay.example/ --fetched-at 2026-11-01T09:00Z",
    ),
    "reread": ("exowatch reread --max-time 600",),
    "schedule": ("exowatch schedule", "exowatch schedule --plan --days 3", "exowatch schedule --once"),
    "extract": (
        "exowatch extract page.html --jurisdiction IE",
        "exowatch extract https://clinic.example/ --format json",
    ),
    "evaluate": ("exowatch evaluate tests/gold --predictions read.jsonl",),
    "knowledge": ('exowatch knowledge explain "Exosomes cure hair loss."',),
    "flags": (
        "exowatch flags --severity critical --since 2026-11-01",
        "exowatch flags --review undecided --format csv",
    ),
    "claims": ("exowatch claims --condition hair-loss --stance asserted", "exowatch claims --as-of 2026-11-01"),
    "statements": ("exowatch statements --agency FDA --status not_approved",),
    "studies": ("exowatch studies --condition hair-loss --format json",),
    "changes": ("exowatch changes --change gone --since 2026-11-01",),
    "reviews": (
        "exowatch reviews --review wrong --format csv",
        "exowatch reviews --since 2026-11-01 --source quay-clinic",
    ),
    "review": (
        'exowatch review 17 --reading right --action act --note "no study is named"',
        'exowatch review 18 19 --reading wrong --because not-exosome --action no-action --note "a plant serum" --group',
    ),
    "case": (
        "exowatch case open 17 21 --deadline 2026-12-10",
        'exowatch case note 3 "they changed the page" --reply --flag 17',
        "exowatch case status 3 contacted",
        "exowatch case show 3",
    ),
    "letter": ("exowatch letter 3 -o case-3.docx",),
    "assess": ("exowatch assess 17", "exowatch assess 17 --as-of 2026-11-01 --format json"),
    "sql": ('exowatch sql "SELECT source, COUNT(*) AS flags FROM v_flags GROUP BY source"',),
    "digest": (
        "exowatch digest --format html -o letter.html",
        "exowatch digest --jurisdiction IE --since 2026-11-01",
        "exowatch digest --send",
    ),
    "report": ("exowatch report landscape -o landscape", "exowatch report landscape --frame ie-clinics --format json"),
    "dossier": ("exowatch dossier 17 -o evidence.zip", "exowatch dossier case:3 -o case-3.zip"),
    "verify": ("exowatch verify", "exowatch verify --key 1f0c.pem", "exowatch verify evidence.zip --key 1f0c.pem"),
    "record": ("exowatch record seal", "exowatch record keys", "exowatch record rotate"),
    "status": ("exowatch status", "exowatch status --week", "exowatch status --format json"),
    "db": ("exowatch db upgrade",),
}
EXITS = """Exit codes: 0 done; 1 done, but some sources failed; 2 wrong usage or configuration, or a full disk; 3 the
record itself is damaged; 75 another program is at work here, or the database does not answer: try again later."""
