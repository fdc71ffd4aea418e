"""A letter to a trader, as a draft: ``letter``."""

from __future__ import annotations

from pathlib import Path

import click

from exowatch.cli.here import clock_of, config_of, store_of
from exowatch.cli.output import plain
from exowatch.cli.types import NUMBER
from exowatch.errors import SetupError


@click.command(short_help="An editable draft letter to the trader of a case.")
@click.argument("number", type=NUMBER, metavar="CASE")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The .docx to write.")
@click.option("--again", is_flag=True, help="Write over a file that stands there.")
@click.pass_context
def letter(ctx: click.Context, number: int, output: Path, again: bool) -> None:
    """Draft the letter of CASE: each statement verbatim, its page, when it was first and last seen, which provision it
    may engage, and a request for the substantiation held.

    It quotes only flags that a person holds to be read rightly, and is refused while one waits for a decision. It is
    never sent by this program; say `exowatch case status CASE contacted` once you have sent yours.
    """
    from exowatch.cases.letter import write_letter
    from exowatch.knowledge.load import load_knowledge

    if output.suffix.lower() != ".docx":
        raise SetupError(f"{output} is to be a Word document", key="--output", remedy="name a file that ends in .docx")
    config = config_of(ctx)
    clock, simulated = clock_of()
    law = load_knowledge(config.knowledge.dir).law
    made = write_letter(store_of(config), law, number, output, clock(), simulated=simulated, again=again)
    many = "statement" if made.count == 1 else "statements"
    click.echo(f"draft of case {number} ({plain(made.trader)}): {made.count} {many}, written to {output}")
    for note in made.notes:
        click.echo(f"note: {plain(note)}", err=True)
    click.echo(
        f"next: read it, fill the [brackets], sign and send it yourself; then exowatch case status {number} contacted"
    )
