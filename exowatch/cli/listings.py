"""Questions to the database: flags, claims, statements, studies, changes, reviews, and read-only SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from exowatch.cli.here import clock_of, config_of, store_of
from exowatch.cli.output import format_option, print_rows
from exowatch.cli.types import LANGUAGE, PLACE
from exowatch.config import Config
from exowatch.model.readings import SEVERITIES
from exowatch.query import Filter, listing
from exowatch.query import sql as run_sql
from exowatch.query.filters import TIMES, refuse_ahead, refuse_unknown, sortable

if TYPE_CHECKING:
    from exowatch.knowledge.regulation import Law

Command = Callable[..., Any]
_MANY = {
    "source": "Source id.",
    "jurisdiction": "Where the source sits or whom it addresses (IE, GB, US …).",
    "language": "Language of the wording.",
    "kind": "Kind of claim; for `changes`: its subject.",
    "condition": "Condition id (hair-loss, alzheimer …).",
    "agency": "Regulator named (FDA, EMA, HPRA …).",
    "status": "Regulatory status claimed.",
    "stance": "asserted, hedged, negated, attributed, question.",
    "severity": f"{', '.join(SEVERITIES)}.",
    "verdict": "supported, partly, unsupported, contradicted, unassessed.",
    "change": "What moved: baseline, new, stronger …",
    "cause": "page, knowledge, reader, evidence, rule.",
    "zone": "Where on the page: body, title, jsonld, alt …",
    "route": "topical, injection, intravenous …",
    "tag": "Label of the source.",
    "frame": "Sampling frame of the source.",
    "case": "Case number.",
}
#: Letters of a quote that says little alone, and of what is shown before it.
_FEW_LETTERS, _MOST_BEFORE = 25, 80
_TYPES = {"jurisdiction": PLACE, "language": LANGUAGE}
_ONE = {
    "trader": "Part of the trader's name.",
    "product": "Part of the product's name; for `statements`: of the paragraph.",
    "text": "Part of the quote or its paragraph.",
    "since": "From this day or time on (UTC).",
    "until": "Before this day or time (UTC).",
    "by": "Which time --since and --until mean: {times} (the first is the default).",
    "knowledge": "Digest (or its beginning) of the rules that read it.",
    "review": "undecided, right, wrong, acted, stale (the words were changed since).",
    "as-of": "What was known at this day or time (UTC), and nothing of later.",
    "sort": "One of {sorts}; NAME:desc for the other way round.",
}
_NOT_FOR = {
    "claims": {"change", "cause", "review"},
    "statements": {"change", "cause", "case", "review", "kind", "condition", "severity", "verdict", "route"},
    "changes": {"severity", "verdict", "case", "review", "knowledge", "product"},
    "flags": {"cause"},
    "reviews": {"cause"},
    "studies": {"kind", "agency", "status", "stance", "severity", "verdict", "change", "cause", "zone"}
    | {"route", "case", "review"},
}


def _filters(name: str) -> Callable[[Command], Command]:
    def add(command: Command) -> Command:
        leave = _NOT_FOR[name]
        for option, text in reversed(_ONE.items()):
            if option not in leave:
                told = text.format(times=", ".join(TIMES[name]), sorts=", ".join(sortable(name)))
                command = click.option(f"--{option}", help=told)(command)
        for option, text in reversed(_MANY.items()):
            if option not in leave:
                kind, told = _TYPES.get(option), f"{text} May be repeated."
                command = click.option(f"--{option}", type=kind, multiple=True, help=told)(command)
        command = click.option("--limit", type=click.IntRange(1, 10**9), help="At most so many rows.")(command)
        return format_option(command)

    return add


def _show(ctx: click.Context, name: str, form: str, columns: tuple[str, ...], asked: dict[str, Any]) -> None:
    clock, _ = clock_of()
    config = config_of(ctx)
    law = _law(config) if name in ("flags", "claims") and form in ("json", "jsonl") else None
    wanted = Filter(**asked)
    found = listing(store_of(config), name, wanted, clock(), config.schedule, law)
    if not found:  # what a slip of the pen asks for is not there either
        refuse_ahead(wanted, clock())
        if (wanted.condition and name != "studies") or wanted.agency:
            refuse_unknown(wanted, _vocabulary(config, name))
    if name == "flags":
        from exowatch.digest.ranking import certainty_words

        found = [row | {"certain": certainty_words(row)} for row in found]
        if form == "table":
            found = [row | {"quote": _in_place(row)} for row in found]
    print_rows(found, form, columns)


def _in_place(row: Mapping[str, Any]) -> str:
    """The quote; one of a few words with what makes them a claim: the question that they answer, or their heading."""
    quote, context = str(row["quote"]), row.get("context")
    if len(quote) >= _FEW_LETTERS or not isinstance(context, Mapping):
        return quote
    before = str(context.get("paragraph") or "").partition(quote)[0].strip()
    over = before or " › ".join(context.get("heading_path") or ())
    return f"{over[-_MOST_BEFORE:]} › {quote}" if over else quote


def _vocabulary(config: Config, name: str) -> dict[str, tuple[str, ...]]:
    """Conditions and authorities that the rules know."""
    from exowatch.knowledge.load import load_knowledge

    rules = load_knowledge(config.knowledge.dir).rules
    conditions = {rule.id for rule in rules if rule.role == "condition"}
    agencies = {rule.name or rule.id for rule in rules if rule.role == "agency"}
    known = {"condition": conditions, "agency": agencies}
    return {label: tuple(sorted(values)) for label, values in known.items() if label == "agency" or name != "studies"}


def _law(config: Config) -> Law:
    from exowatch.knowledge.load import load_knowledge

    return load_knowledge(config.knowledge.dir).law


@click.command()
@_filters("flags")
@click.pass_context
def flags(ctx: click.Context, /, form: str, **asked: Any) -> None:
    """Marketing claims without support, for a person to look at.

    `certain`: sure, or doubtful where the letter tells it under "Perhaps read wrongly": read its sentence on the page
    before anything else.
    """
    columns = ("id", "severity", "certain", "change", "source", "quote", "verdict", "review", "raised_at")
    _show(ctx, "flags", form, columns, asked)


@click.command()
@_filters("claims")
@click.pass_context
def claims(ctx: click.Context, /, form: str, **asked: Any) -> None:
    """What pages tell their readers, flagged or not."""
    _show(ctx, "claims", form, ("id", "source", "stance", "kinds", "quote", "zone", "live", "first_seen"), asked)


@click.command()
@_filters("statements")
@click.pass_context
def statements(ctx: click.Context, /, form: str, **asked: Any) -> None:
    """What is said that regulators hold."""
    _show(ctx, "statements", form, ("id", "source", "agencies", "status", "scope", "quote", "first_seen"), asked)


@click.command()
@_filters("studies")
@click.pass_context
def studies(ctx: click.Context, /, form: str, **asked: Any) -> None:
    """Studies, as their article pages give them."""
    _show(ctx, "studies", form, ("id", "source", "doi", "title", "design", "participants", "level"), asked)


@click.command()
@_filters("changes")
@click.pass_context
def changes(ctx: click.Context, /, form: str, **asked: Any) -> None:
    """What moved between visits, and why."""
    _show(ctx, "changes", form, ("id", "at", "source", "subject", "kind", "cause", "before", "after"), asked)


@click.command()
@_filters("reviews")
@click.pass_context
def reviews(ctx: click.Context, /, form: str, **asked: Any) -> None:
    """What people decided about flags: read rightly or not, what follows, who, when, on which words.

    Times are those of the decisions. `holds` is no once another decision followed, `wording` stale once the page says
    other words.
    """
    columns = ("id", "flag_id", "quote", "reading", "action", "because", "by", "at", "wording")
    _show(ctx, "reviews", form, columns, asked)


@click.command()
@click.argument("statement")
@format_option
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(0.1, 3600),
    default=30.0,
    show_default=True,
    help="Stop after so many seconds.",
)
@click.option("--limit", type=click.IntRange(1, 10**9), default=10_000, show_default=True, help="At most so many rows.")
@click.pass_context
def sql(ctx: click.Context, statement: str, form: str, seconds: float, limit: int) -> None:
    """Run one SELECT, read-only. The views v_claims, v_flags, v_changes … are the stable surface."""
    config = config_of(ctx)
    store_of(config)
    url = config.database.url
    columns, found, cut = run_sql(url, statement, seconds=seconds, limit=limit)
    print_rows([dict(zip(columns, row, strict=True)) for row in found], form, columns)
    if cut:
        click.echo(f"exowatch: only the first {limit} rows; --limit allows more", err=True)
