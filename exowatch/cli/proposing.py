"""A wrongly read flag as a change of rules for a person to accept: ``knowledge propose``."""

from __future__ import annotations

from pathlib import Path

import click

from exowatch.cli.here import config_of, store_of
from exowatch.cli.output import plain
from exowatch.cli.types import NUMBER
from exowatch.errors import SetupError


@click.command(short_help="A wrongly read flag as a counter-example.")
@click.argument("flag", type=NUMBER)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this .yml instead of the screen.")
@click.pass_context
def propose(ctx: click.Context, flag: int, output: Path | None) -> None:
    """Write the sentence of FLAG, which a person says was read wrongly, as a counter-example of the rules that fired in
    it: a file of the local layer for a person to weigh. Changes nothing.

    \b
    Example:
      exowatch knowledge propose 18 -o proposed-18.yml
    """
    from exowatch.cases.proposing import propose as made_of
    from exowatch.cases.proposing import refuse_to_break
    from exowatch.extract.proof import load_proven
    from exowatch.files import write_whole

    if output is not None and output.suffix != ".yml":
        raise SetupError(f"{output} is to hold rules", key="--output", remedy="name a file that ends in .yml")
    config = config_of(ctx)
    made = made_of(store_of(config), load_proven(config.knowledge.dir), flag)
    if output is None:
        click.echo(made.text, nl=False)
    else:
        refuse_to_break(made, output, config.knowledge.dir)
        write_whole(output, made.text.encode())
        click.echo(f"proposed for {', '.join(made.rules)}: written to {output}")
    file = output or "FILE.yml"
    for note in made.notes:
        click.echo(f"note: {plain(note)}", err=True)
    if made.failing:
        many = "rule finds" if len(made.failing) == 1 else "rules find"
        click.echo(f"as it stands it does not load: {len(made.failing)} {many} the sentence still", err=True)
        click.echo(f"next: narrow the terms that its comments name; then exowatch knowledge check {file}", err=True)
    else:
        click.echo("it loads, and the counter-example holds under today's rules", err=True)
        click.echo(f"next: exowatch knowledge check {file}, which says how to accept it", err=True)
    click.echo("which flags would change: exowatch knowledge diff --flags", err=True)
