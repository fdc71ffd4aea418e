"""A file of rules on trial: ``knowledge check FILE``."""

from __future__ import annotations

from pathlib import Path

import click

from exowatch.cli.output import plain
from exowatch.config import Config
from exowatch.extract.trial import try_file


def try_and_tell(config: Config, file: Path) -> int:
    """Say whether the rules would load with ``file``, and how to accept it; the exit code."""
    folder = config.knowledge.dir
    tried = try_file(file, folder)
    for mistake in tried.mistakes:
        place = f"{mistake.file}:{mistake.line}" if mistake.line else mistake.file
        click.echo(f"{place}: {plain(mistake.problem)}")
    what = f"{len(tried.rules)} rule{'' if len(tried.rules) == 1 else 's'}" if tried.rules else "provisions of law"
    if tried.mistakes:
        many = len(tried.mistakes)
        click.echo(f"{file}: {what}; {many} example{'' if many == 1 else 's'} FAIL{'S' if many == 1 else ''}")
        click.echo("not to be accepted as it stands: narrow the terms or mend the examples, then check it again")
        return 2
    click.echo(f"{file}: {what}, every example holds, and the whole set loads with it")
    for rule, other in tried.also_in.items():
        click.echo(f"before you accept it, take rule {rule} out of your {other}: one id, one rule")
    if folder is None:
        click.echo(
            'to accept it, make a folder for your rules and name it in exowatch.toml, as [knowledge] dir = "rules",'
        )
        click.echo("and put the file into it; then run exowatch knowledge check")
    elif file.resolve().parent == folder.resolve():
        click.echo("it lies in [knowledge] dir and is in use; exowatch knowledge check looks at all rules together")
    else:
        click.echo(f"to accept it: cp {file} {folder}/ and run exowatch knowledge check")
    click.echo("which flags would change then: exowatch knowledge diff --flags")
    return 0
