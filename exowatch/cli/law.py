"""The provisions of law: listed, watched, and held against their official pages."""

from __future__ import annotations

import json
from typing import Any

import click

from exowatch.cli.here import config_of, desk_of
from exowatch.cli.output import as_json, plain
from exowatch.cli.types import PLACE


@click.group(short_help="List provisions, watch their texts, check them.")
def law() -> None:
    """The provisions of law in the rule base: list them, watch the pages of their texts, check what those say."""


@law.command("list")
@click.option("--jurisdiction", type=PLACE, help="Of this jurisdiction alone.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def list_(ctx: click.Context, jurisdiction: str | None, form: str) -> int:
    """Show every provision with how far its text was checked, and regulators without a statement.

    \b
    Example:
      exowatch knowledge law list --jurisdiction IE
    """
    from exowatch.assess.law import silence
    from exowatch.knowledge.load import load_knowledge

    known = load_knowledge(config_of(ctx).knowledge.dir).law
    rules = [rule for rule in known.rules if jurisdiction in (None, rule.jurisdiction)]
    if form == "json":
        click.echo(as_json([_row(rule) for rule in rules]))
        return 0
    for rule in rules:
        told = rule.verification
        when = f" on {told.checked_on} by {told.checked_by}" if told.checked_by else ""
        again = f"; recheck: {told.recheck}" if told.recheck else ""
        click.echo(plain(f"{rule.jurisdiction} {rule.id}: {rule.hook} [{told.level}{when}{again}]"))
    for code in sorted(known.places):
        if jurisdiction in (None, code):
            for line in silence(known, code):
                click.echo(plain(f"{code} {line}"))
    return 0


@law.command()
@click.option("--write", is_flag=True, help="Write them into the watchlist folder; what is there already stays.")
@click.pass_context
def sources(ctx: click.Context, write: bool) -> int:
    """Show the official pages of the provisions as watchlist sources, one a jurisdiction, for `exowatch crawl`.

    \b
    Example:
      exowatch knowledge law sources --write
    """
    from exowatch.files import write_whole
    from exowatch.knowledge.load import load_knowledge
    from exowatch.lawcheck import law_sources

    config = config_of(ctx)

    def put(name: str, source: dict[str, Any]) -> None:
        file = config.watchlist.dir / f"{name}.yml"
        if not write:
            click.echo(f"{name}: {len(source['start_urls'])} pages")
        elif not file.exists():
            write_whole(file, (json.dumps(source, ensure_ascii=False, indent=2) + "\n").encode(), folder_too=True)
            click.echo(f"{file}: {len(source['start_urls'])} pages")

    law_sources(load_knowledge(config.knowledge.dir).law, put)
    return 0


@law.command()
@click.option("--accept", metavar="RULE", help="Take the changed text of this provision as read, by --by.")
@click.option("--by", metavar="NAME", help="The person who read it.")
@click.pass_context
def check(ctx: click.Context, accept: str | None, by: str | None) -> int:
    """Hold every provision against the newest capture of its official page, and keep what is found.

    What is found is kept in law-checks.yml of the local rules' folder ([knowledge] dir). Nothing is fetched: crawl the
    sources of `exowatch knowledge law sources` first. Exit code 1 where a provision has to be looked at.

    \b
    Example:
      exowatch knowledge law check
    """
    from exowatch.lawcheck import check_law

    if (accept is None) != (by is None) or (by or "").strip().lower() == "machine":
        raise click.UsageError("--accept RULE and --by NAME belong together, and the name is a person's")
    done = check_law(desk_of(ctx, making=False), accept=accept, by=by)
    for name, seen in sorted(done.seen.items()):
        if seen.words and seen.state != "waiting":
            click.echo(plain(f"{name}: {seen.state}: {seen.words}"))
    for event in done.fresh:
        click.echo(plain(f"news {event.at} {event.rule}: {event.kind}: {event.words}"))
    counts = {state: sum(one.state == state for one in done.seen.values()) for state in _STATES}
    click.echo("; ".join(f"{count} {state}" for state, count in counts.items() if count) or "no provision has a page")
    again = [one.rule for one in done.file.checks if one.recheck]
    return 1 if again else 0


_STATES = ("found", "not-found", "gone", "refused", "unread", "waiting")


def _row(rule: Any) -> dict[str, Any]:
    told = rule.verification
    return {
        "id": rule.id,
        "jurisdiction": rule.jurisdiction,
        "hook": rule.hook,
        "words": rule.words,
        "branch": rule.branch,
        "audience": rule.audience,
        "binds": rule.binds,
        "competent_body": rule.competent_body,
        "level": told.level,
        "checked_by": told.checked_by,
        "checked_on": told.checked_on.isoformat() if told.checked_on else None,
        "recheck": told.recheck,
        "url": told.url,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else None,
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
        "transposes": list(rule.transposes),
        "rows": list(rule.rows),
        "reason": rule.reason,
    }
