"""Entry points: exit codes and error texts."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click
import cloup

from spliceai_cli import __version__
from spliceai_cli.cli.annotate import annotate
from spliceai_cli.cli.selftest import selftest
from spliceai_cli.cli.table import table
from spliceai_cli.cli.weights import weights
from spliceai_cli.errors import SpliceAICliError

_INTERRUPTED, _TERMINATED = 130, 143  # 128 + signal number, as shells have it


@cloup.group(name="spliceai-cli", context_settings={"help_option_names": ["-h", "--help"]})
@cloup.version_option(__version__, message="spliceai-cli %(version)s")
def group() -> None:
    """SpliceAI delta scores for every variant of a VCF.

    `spliceai-cli annotate` is also installed as `spliceai-annotate`.
    """


group.section("Score", annotate, table)
group.section("Set up", weights, selftest)


def annotate_main() -> None:
    """``spliceai-annotate``; answers under whatever name it is called by, ``spliceai`` included."""
    _run(annotate)


def group_main() -> None:
    """``spliceai-cli``."""
    _run(group)


def _run(command: click.Command) -> None:
    signal.signal(signal.SIGTERM, _exit_terminated)
    prog_name = Path(sys.argv[0]).name
    if prog_name == "__main__.py":
        prog_name = "spliceai-cli"
    try:
        code = command.main(prog_name=prog_name, standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; no output was left.", err=True)
        code = _INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SpliceAICliError as error:
        click.echo(f"Error: {error.message}", err=True)
        if error.hint:
            click.echo(f"Hint: {error.hint}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has what it wanted. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code or 0)


def _exit_terminated(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001
    sys.exit(_TERMINATED)
