"""The command line: one module a command group, imported only when its command is asked for."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

import click

from exowatch import __version__
from exowatch.cli.examples import EXAMPLES, EXITS
from exowatch.cli.results import ReaderGone, tell_failures
from exowatch.cli.saying import say
from exowatch.cli.summaries import SUMMARIES
from exowatch.errors import ExoWatchError, SetupError

#: Command name to ``module:function``. A module is imported when its command runs, so that every command starts fast.
COMMANDS = {
    "init": "setup:init",
    "demo": "setup:demo",
    "doctor": "setup:doctor",
    "crawl": "collect:crawl",
    "capture": "securing:capture",
    "import": "collect:import_",
    "reread": "collect:reread",
    "schedule": "scheduling:schedule",
    "extract": "read:extract",
    "evaluate": "read:evaluate",
    "knowledge": "rules:knowledge",
    "flags": "listings:flags",
    "claims": "listings:claims",
    "statements": "listings:statements",
    "studies": "listings:studies",
    "changes": "listings:changes",
    "reviews": "listings:reviews",
    "sql": "listings:sql",
    "review": "deciding:review",
    "case": "cases:case",
    "letter": "drafting:letter",
    "assess": "judging:assess",
    "digest": "letters:digest",
    "report": "reporting:report",
    "dossier": "record:dossier",
    "verify": "record:verify",
    "record": "record:record",
    "status": "standing:status",
    "db": "record:db",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(f"exowatch.cli.{module}"), function)
        assert isinstance(command, click.Command)
        command.epilog = "\b\n" + "\n".join(("Example:", *(f"  {line}" for line in EXAMPLES[cmd_name])))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, as written down: to read it off the commands would import them all."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in COMMANDS])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As Click has it, with a guess at what was meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            meant = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXITS
)
@click.version_option(__version__, prog_name="exowatch")
@click.option("--config", type=click.Path(), help="Configuration file (default: ./exowatch.toml or EXOWATCH_CONFIG).")
@click.pass_context
def command(ctx: click.Context, config: str | None) -> None:
    """Watches what clinics claim about exosome treatments, and what regulators and studies say.

    Machine reading of public pages; not a finding against anyone. Start with `exowatch demo`, then `exowatch init`.
    """
    ctx.obj = config


def main() -> NoReturn:
    """Run the command line; every error of ours becomes one message on stderr and its exit code."""
    # numpy starts a thread a core for matrices that are never multiplied here: 0.1 s of each process (2026-11-26)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # a service manager ends us so: leave in good order, so that a crawl is closed as partial by its own child
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tell_failures()
    code = _run(_command)
    # what is still held back must fail here, where it can be told
    sys.exit(_run(sys.stdout.flush) or code)


def _command() -> int:
    result = command.main(prog_name="exowatch", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _run(work: Callable[[], int | None]) -> int:
    """The exit code of ``work``, its errors told."""
    try:
        return work() or 0
    except ExoWatchError as error:
        say(f"exowatch: {error}", logging.ERROR)
        return error.exit_code
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return 2
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("stopped")
        return 130
    except ReaderGone:
        return 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"exowatch: {place}{error.strerror or error}", logging.ERROR)
        return SetupError.exit_code
