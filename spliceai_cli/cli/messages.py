"""Messages on stderr, which ``-q`` silences."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

_QUIET = f"{__name__}.quiet"


def set_quiet(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 (a callback of click)
    """The callback of ``-q``."""
    ctx.meta[_QUIET] = value


def is_quiet() -> bool:
    """Whether the command that is running was given ``-q``."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def say(text: str) -> None:
    """Print a message, above the progress bar if one is shown."""
    if is_quiet():
        return
    if "tqdm" in sys.modules:
        from tqdm import tqdm

        tqdm.write(text, file=sys.stderr)
    else:
        click.echo(text, err=True)


@contextmanager
def above_progress() -> Iterator[None]:
    """Context for lines of results: takes the progress bar away for as long, if one is shown."""
    if "tqdm" in sys.modules:
        from tqdm import tqdm

        with tqdm.external_write_mode():
            yield
    else:
        yield


def say_warning(text: str) -> None:
    """Print a warning."""
    say(f"Warning: {text}")
