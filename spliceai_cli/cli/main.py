"""Entry points: exit codes and error texts."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click
import cloup

from spliceai_cli.cli.annotate import annotate
from spliceai_cli.cli.calibrate import calibrate
from spliceai_cli.cli.consequence import consequence
from spliceai_cli.cli.evaluate import evaluate
from spliceai_cli.cli.exit_codes import INTERRUPTED
from spliceai_cli.cli.genes import genes
from spliceai_cli.cli.help import lay_out
from spliceai_cli.cli.plot import plot
from spliceai_cli.cli.predict import predict
from spliceai_cli.cli.scatter import scatter
from spliceai_cli.cli.score import score
from spliceai_cli.cli.selftest import selftest
from spliceai_cli.cli.signals import exit_on_signals, ignore_signals
from spliceai_cli.cli.table import table
from spliceai_cli.cli.train import train, transfer
from spliceai_cli.cli.version import say_version, version_option
from spliceai_cli.cli.weights import weights
from spliceai_cli.errors import SpliceAICliError, exhausted


@cloup.group(name="spliceai-cli", context_settings={"help_option_names": ["-h", "--help"]})
@version_option
@cloup.option(
    "-v",
    "--verbose",
    is_flag=True,
    is_eager=True,
    callback=say_version,
    help="With --version: also say which kernels run.",
)
def group(*, version: bool, verbose: bool) -> None:  # noqa: ARG001 (--version is over when this runs)
    """SpliceAI delta scores for every variant of a VCF.

    `spliceai-cli annotate` is also installed as `spliceai-annotate`.
    """
    if verbose:
        raise click.UsageError("-v is for --version here; give it after the name of a command.")


group.section("Score", annotate, scatter, score, plot, predict, consequence, table)
group.section("Genes", genes)
group.section("Models", evaluate, train, transfer, calibrate)
group.section("Set up", weights, selftest)


lay_out(group)


def annotate_main() -> NoReturn:
    """``spliceai-annotate``; messages use the name that it was called by, which may be ``spliceai``."""
    _prepare()
    _end(annotate, prog_name=Path(sys.argv[0]).name)


def group_main() -> NoReturn:
    """``spliceai-cli``."""
    _prepare()
    _end(group, prog_name="spliceai-cli")


def run(command: click.Command, arguments: list[str], *, prog_name: str) -> int:
    """Run a command and return its exit code. Known failures are reported on stderr; bugs stay tracebacks."""
    try:
        code: int | None = command.main(arguments, prog_name=prog_name, standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; no file was changed.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SpliceAICliError as error:
        return _report(error)
    except (ImportError, MemoryError, OSError, RuntimeError) as error:
        cause = exhausted(error)
        if cause is None:
            raise
        return _report(cause)
    return code or 0


def _report(error: SpliceAICliError) -> int:
    click.echo(f"Error: {error.message}", err=True)
    if error.hint:
        click.echo(f"Hint: {error.hint}", err=True)
    return error.exit_code


def _end(command: click.Command, *, prog_name: str) -> NoReturn:
    """Run a command and end the program; threads that compute what nobody needs any more are not waited for."""
    code: str | int | None
    try:
        code = run(command, sys.argv[1:], prog_name=prog_name)
    except SystemExit as end:
        code = end.code
    ignore_signals()
    if _is_computing():
        # Ends workers: an error in the writer leaves generators open, in cycles with its traceback.
        gc.collect()
    if _is_computing():
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        os._exit(code if isinstance(code, int) else 1)
    sys.exit(code)


def _is_computing() -> bool:
    """Whether there are threads for which Python would wait."""
    return any(not thread.daemon and thread is not threading.main_thread() for thread in threading.enumerate())


def _prepare() -> None:
    """Set this process up for a run: the garbage collector, signals, and a standard error that is always there."""
    # Annotations are hundreds of thousands of small objects without cycles: looking for cycles among them took a third
    # of the time of reading them.
    gc.set_threshold(100_000, 20, 20)
    exit_on_signals()
    if sys.stderr is None:
        # The caller closed it (2>&-). Messages go nowhere, and no other code has to check whether stderr exists.
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 (open for the life of the process)
