"""Making a verdict again: ``assess``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from exowatch.cli.here import desk_of
from exowatch.cli.output import as_json


@click.command(short_help="A claim's verdict, made again from the evidence of its day.")
@click.argument("claim", type=int)
@click.option("--as-of", "as_of", help="With the evidence and the rules of this day or time (default: now).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def assess(ctx: click.Context, claim: int, as_of: str | None, form: str) -> None:
    """What was stored of CLAIM (its id in `exowatch claims`), and what its evidence and rules make of it.

    Exits with 1 where the two differ.
    """
    from exowatch.intake.rederive import rederive
    from exowatch.query import utc_text

    desk = desk_of(ctx, making=False)
    moment = datetime.fromisoformat(utc_text(as_of)) if as_of else None
    found = rederive(desk, claim, moment)
    rows = [
        {
            "quote": one.quote,
            "source": one.source,
            "url": one.url,
            "jurisdiction": one.stored.jurisdiction,
            "stored": {"verdict": one.stored.verdict, "flag": one.stored.flag, "severity": one.stored.severity},
            "made_again": {"verdict": one.made.verdict, "flag": one.made.flag, "severity": one.made.severity},
            "same": one.same,
            "rules_of_that_day": one.rules_kept,
            "judging": one.stored.judging,
            "search": {"studies": one.search.studies, "sources": list(one.search.sources), "until": one.search.until}
            if one.search
            else None,
            "reasons": [{"rule": r.rule, "words": r.words, "cites": list(r.cites)} for r in one.made.reasons],
            "evidence": [
                {"evidence": b.evidence_id, "verdict": b.verdict, "mismatches": list(b.mismatches), "words": b.words}
                for b in one.made.bearings
            ],
        }
        for one in found
    ]
    if form == "json":
        click.echo(as_json(rows))
    else:
        for row in rows:
            _tell(row)
    if not all(one.same for one in found):
        ctx.exit(1)


def _tell(row: dict[str, Any]) -> None:
    click.echo(f"“{row['quote']}”\n  {row['source']} · {row['url']}")
    told, made = row["stored"], row["made_again"]
    agree = "the same" if row["same"] else f"made again: {made['verdict']}, {made['severity'] or 'no flag'}"
    click.echo(f"  {row['jurisdiction']}: {told['verdict']}, {told['severity'] or 'no flag'}; {agree}")
    if not row["rules_of_that_day"]:
        click.echo("  the rules of that day were not kept; today's were used")
    for reason in row["reasons"]:
        click.echo(f"    {reason['words']}")
    for one in row["evidence"][:10]:
        click.echo(f"    - {one['verdict']}: {one['words']}")
