"""The rules: checked, asked why, and held against those of before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from exowatch.cli.here import config_of, desk_of
from exowatch.cli.law import law
from exowatch.cli.output import Progress, as_json, plain
from exowatch.cli.proposing import propose
from exowatch.cli.types import PLACE


@click.group(short_help="Check rules, ask them why, or compare them.")
def knowledge() -> None:
    """The rule files: check them, ask why a sentence was or was not flagged, or what changed in them."""


knowledge.add_command(law)
knowledge.add_command(propose)


@knowledge.command(short_help="Lint the rules and run their examples; or try a proposed file.")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def check(ctx: click.Context, file: Path | None) -> int:
    """Lint every rule file and run every rule's own examples. With FILE, a file that `knowledge propose` or a person
    wrote: as if it lay in [knowledge] dir, and say how to accept it. Changes nothing.

    \b
    Example:
      exowatch knowledge check
      exowatch knowledge check proposed-18.yml
    """
    if file is not None:
        from exowatch.cli.trying import try_and_tell

        return try_and_tell(config_of(ctx), file)
    from exowatch.extract.proof import check_examples
    from exowatch.knowledge.engaging import check_law_examples
    from exowatch.knowledge.load import load_knowledge

    known = load_knowledge(config_of(ctx).knowledge.dir)
    failures = [*check_examples(known), *check_law_examples(known.law)]
    for failure in failures:
        click.echo(plain(failure))
    click.echo(
        f"{known.rule_count} rules, reading digest {known.reading_digest[:12]}, "
        f"judging digest {known.judging_digest[:12]}: "
        + (f"{len(failures)} examples FAIL" if failures else "every example holds")
    )
    return 2 if failures else 0


@knowledge.command(short_help="Why a sentence was or was not flagged.")
@click.argument("sentence")
@click.option(
    "--page",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The page it stands on (HTML, text or PDF).",
)
@click.option("--jurisdiction", type=PLACE, default="US", show_default=True, help="Under whose rules it is weighed.")
@click.pass_context
def explain(ctx: click.Context, sentence: str, page: Path | None, jurisdiction: str) -> int:
    """Show what is read out of SENTENCE, what weighed, which rules fired, and what would have made the difference.

    \b
    Example:
      exowatch knowledge explain "Exosomes cure hair loss." --page page.html --jurisdiction IE
    """
    from exowatch.cli.explaining import explained

    if not sentence.strip():
        raise click.UsageError("no sentence: give one between quotation marks")
    for line in explained(config_of(ctx), sentence, page, jurisdiction):
        click.echo(plain(line))
    return 0


@knowledge.command(short_help="What changed in the rules, and in flags.")
@click.option("--against", metavar="DIGEST", help="A set of rules that a run kept (default: that of the newest run).")
@click.option("--flags", "with_flags", is_flag=True, help="Read the pages of all open flags again: which would change.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def diff(ctx: click.Context, against: str | None, with_flags: bool, form: str) -> int:
    """Show local rules against the shipped ones, and today's against those of an earlier run. Changes nothing.

    \b
    Example:
      exowatch knowledge diff --flags
    """
    from exowatch.cli.differing import flags_that_change, local_differences, stored_differences

    config = config_of(ctx)
    told: dict[str, Any] = {"local": local_differences(config), "stored": stored_differences(config, against)}
    if with_flags:
        progress = Progress("reading pages of flags")
        told["flags"] = flags_that_change(desk_of(ctx, making=False), progress.step)
        progress.end()
    if form == "json":
        click.echo(as_json(told))
    else:
        _print_differences(told, "no local rules" if config.knowledge.dir is None else "the same as the shipped rules")
    return 0


def _print_differences(told: dict[str, Any], no_local: str) -> None:
    stored = told["stored"]
    digest = stored["digest"]
    click.echo("Local rules against the shipped ones:")
    _print_rules(told["local"], no_local)
    click.echo(f"Today's rules against {f'the set {digest[:12]}' if digest else 'those of the newest run'}:")
    _print_rules(stored["rules"], "the same" if digest else "nothing ran here yet")
    if "flags" in told:
        click.echo("Open flags that would change:")
        for row in told["flags"]:
            click.echo(f"  {row['id']} {row['source']}: {row['now']} → {row['then']}: {plain(row['quote'])}")
        if not told["flags"]:
            click.echo("  none")


def _print_rules(rows: list[dict[str, str]], none: str) -> None:
    for row in rows:
        click.echo(f"  {row['kind']:<8} {row['name']}  {plain(row['what'])}".rstrip())
    if not rows:
        click.echo(f"  {none}")
