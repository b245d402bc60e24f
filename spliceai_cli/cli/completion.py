"""What shells offer for options that take names or paths."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from spliceai_cli.settings.words import ANNOTATION_NAMES, AUTO, MODEL_NAMES, TRANSCRIPTS

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def names_or_files(names: Callable[[], Iterable[str]]) -> Completer:
    """A completer that offers the names that begin as typed, and files."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 (as click calls it)
        named = [CompletionItem(name) for name in names() if name.startswith(incomplete)]
        # First, because bash drops what it was given before.
        return [CompletionItem(incomplete, type="file"), *named]

    return complete


def names_only(names: Callable[[], Iterable[str]]) -> Completer:
    """A completer that offers the names that begin as typed."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001 (as click calls it)
        return [CompletionItem(name) for name in names() if name.startswith(incomplete)]

    return complete


def _models() -> Iterable[str]:
    from spliceai_cli.models.store import default_home, installed_names

    return installed_names(default_home(os.environ))


def _devices() -> list[str]:
    # PyTorch would take seconds to say how many there are.
    gpus = sorted(path.name.removeprefix("nvidia") for path in Path("/dev").glob("nvidia[0-9]*"))
    return [AUTO, "cpu", "cuda", *(f"cuda:{n}" for n in gpus), "mps"]


models = names_or_files(_models)
model_names = names_only(lambda: dict.fromkeys((*MODEL_NAMES, *_models())))
devices = names_only(_devices)
annotation_names = names_or_files(lambda: ANNOTATION_NAMES)
transcripts = names_or_files(lambda: TRANSCRIPTS)
