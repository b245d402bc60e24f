"""The options of ``scatter plan`` as they are stored in a plan, for the runs of its parts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from spliceai_cli.settings.words import BY_BUILD, TRANSCRIPTS

# What was done when the plan was made, or is chosen by each run.
_NOT_STORED = frozenset(
    {"source", "folder", "n_parts", "regions", "targets_file", "bed", "allow_missing_contigs", "max_ref_mismatch"}
    | {"device", "threads", "batch_size", "auto_install", "verbose"}
)

# Words that mean the same even where a file has that name.
_WORDS = {"annotation": (BY_BUILD, "grch37", "grch38"), "transcripts": TRANSCRIPTS}


def stored_options(params: Mapping[str, Any]) -> dict[str, Any]:
    """The options that runs of parts need, with absolute paths.

    Raises:
        UsageError: a file is a pipe, which other runs could not read again.
    """
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.models.open import absolute_model

    stored = {name: value for name, value in params.items() if name not in _NOT_STORED}
    for name in ("reference", "genes_file", "weights"):
        stored[name] = _absolute(stored[name]) if stored[name] is not None else None
    for name, words in _WORDS.items():
        if stored[name] not in words:
            stored[name] = _absolute_if_file(stored[name])
    home = installed_store().home
    stored["models"] = [absolute_model(text, home, _absolute) for text in stored["models"]]
    return stored


def restored_options(stored: Mapping[str, Any], run: Mapping[str, Any]) -> dict[str, Any]:
    """All options of ``annotate`` for the run of a part; texts that were repeated options are tuples again.

    Args:
        stored: what ``stored_options`` gave.
        run: options of the run.
    """
    nothing = dict.fromkeys(_NOT_STORED)
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
    return {**nothing, **values, "regions": (), "allow_missing_contigs": True, **run}


def _absolute(path: str | Path) -> str:
    if Path(path).exists() and not (Path(path).is_file() or Path(path).is_dir()):
        raise click.UsageError(f"{path} is a pipe, which the runs of parts could not read again: give a file.")
    return os.path.abspath(path)  # noqa: PTH100 (resolve() would follow links)


def _absolute_if_file(text: str) -> str:
    return _absolute(text) if Path(text).exists() else text
