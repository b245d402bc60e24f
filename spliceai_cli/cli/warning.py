"""Warnings on stderr."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click


def say_warning(text: str) -> None:
    """Print a warning."""
    click.echo(f"Warning: {text}", err=True)


def warner(chosen: Mapping[str, Any]) -> Callable[[str], None]:
    """A function that prints warnings; it does nothing if ``quiet`` is set."""
    return (lambda _: None) if chosen["quiet"] else say_warning
