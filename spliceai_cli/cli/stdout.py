"""Standard output, including a closed pipe and a full disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

from spliceai_cli.errors import OutputError


@contextmanager
def results_to_stdout() -> Iterator[None]:
    """Context for the part of a command that writes results.

    Raises:
        click.exceptions.Exit: with code 0 if the reader (head, less) has closed the pipe.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError as error:
        _drop_stdout()
        raise click.exceptions.Exit(0) from error
    except OutputError:
        _drop_stdout()
        raise


def echo_results(lines: Iterable[str], *, is_coloured: bool = False) -> None:
    """Print lines to standard output.

    Args:
        lines: the lines.
        is_coloured: whether styles in them are kept; otherwise click drops them where there is no terminal.

    Raises:
        OutputError: standard output cannot be written, e.g. because the disk is full.
    """
    with results_to_stdout():
        try:
            for line in lines:
                click.echo(line, color=is_coloured or None)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"standard output cannot be written: {error.strerror}.") from error


def _drop_stdout() -> None:
    """Discard output that cannot be flushed; otherwise Python would fail on it again at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
