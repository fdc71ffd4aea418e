"""The rules: checked, and asked why."""

from __future__ import annotations

from pathlib import Path

import click

from exowatch.cli.here import config_of
from exowatch.cli.output import plain
from exowatch.cli.types import PLACE


@click.group()
def knowledge() -> None:
    """The rule files: check them, or ask why a sentence was or was not flagged."""


@knowledge.command()
@click.pass_context
def check(ctx: click.Context) -> int:
    """Lint every rule file and run every rule's own examples."""
    from exowatch.extract.proof import check_examples
    from exowatch.knowledge.load import load_knowledge

    known = load_knowledge(config_of(ctx).knowledge.dir)
    failures = check_examples(known)
    for failure in failures:
        click.echo(plain(failure))
    click.echo(
        f"{known.rule_count} rules, reading digest {known.reading_digest[:12]}, "
        f"judging digest {known.judging_digest[:12]}: "
        + (f"{len(failures)} examples FAIL" if failures else "every example holds")
    )
    return 2 if failures else 0


@knowledge.command()
@click.argument("sentence")
@click.option("--page", type=click.Path(path_type=Path, exists=True), help="The page it stands on (HTML or text).")
@click.option("--jurisdiction", type=PLACE, default="US", show_default=True, help="Under whose rules it is weighed.")
@click.pass_context
def explain(ctx: click.Context, sentence: str, page: Path | None, jurisdiction: str) -> int:
    """Show what is read out of SENTENCE, what weighed, which rules fired, and what would have made the difference."""
    from exowatch.cli.explaining import explained

    for line in explained(config_of(ctx), sentence, page, jurisdiction):
        click.echo(line)
    return 0
