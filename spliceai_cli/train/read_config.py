"""Reads the recipe of a run: a preset, changed by a file and by options."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from spliceai_cli.errors import TrainingError, UsageError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.models.published import BLOCKS
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.settings.checks import check_word
from spliceai_cli.train.config import CARD, PRESETS, TrainConfig

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_config(
    path: Path | None, preset: str | None, changes: Iterable[str], start: NetworkSpec | None = None
) -> TrainConfig:
    """The recipe of a preset, changed by a file and then by options.

    Args:
        path: TOML with the names of ``TrainConfig``, and ``preset``. None for no file.
        preset: a key of ``PRESETS``; None for that of the file, or else "card".
        changes: ``NAME=VALUE`` each; the value is TOML, but text needs no quotes.
        start: the model that training starts from. The recipe gets its architecture, and unless it says otherwise its
            number of networks and a licence that names its own.

    Raises:
        TrainingError: the file is unreadable.
        UsageError: a name or value is wrong, the file names another preset, or the recipe asks for another architecture
            than that of ``start``.
    """
    values = {} if path is None else _read(path)
    named = values.pop("preset", None)
    for word in (named, preset):
        if word is not None:
            check_word("preset", word, PRESETS)
    if preset is not None and named not in (None, preset):
        raise UsageError(f"{path} has preset = '{named}', but --preset is {preset}.", "Leave one of them out.")
    values |= map(_parsed, changes)
    config = _changed(PRESETS[preset or named or CARD], {**(_inherited(start) if start else {}), **values})
    if start is not None:
        _check_architecture(config, start)
    elif config.context not in BLOCKS:
        raise UsageError(f"context is {config.context}; one of {', '.join(map(str, BLOCKS))} expected.")
    return config


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(drop_mark(path.read_bytes(), str(path)).decode("utf-8"))
    except OSError as error:
        raise TrainingError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path} is not TOML: {error}.") from error


def _architecture(spec: NetworkSpec) -> dict[str, Any]:
    return {"context": spec.context, "channels": spec.channels, "activation": spec.activation}


def _inherited(spec: NetworkSpec) -> dict[str, Any]:
    licence = f"derived from {spec.name}, {spec.licence or 'no licence stated'}"
    return {**_architecture(spec), "networks": spec.n_networks, "licence": licence}


def _check_architecture(config: TrainConfig, start: NetworkSpec) -> None:
    for name, value in _architecture(start).items():
        if getattr(config, name) != value:
            raise UsageError(
                f"{name} is {getattr(config, name)}, but {start.name} has {value}, and its networks keep their "
                "architecture.",
                f"Leave {name} out of the recipe, or start from another model.",
            )


def _changed(config: TrainConfig, values: Mapping[str, Any]) -> TrainConfig:
    names = [field.name for field in fields(config)]
    if unknown := [name for name in values if name not in names]:
        raise UsageError(f"there is no '{unknown[0]}' in a recipe; it has {', '.join(names)}.")
    return replace(config, **values)


def _parsed(text: str) -> tuple[str, Any]:
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign:
        raise UsageError(f"'{text}' is not NAME=VALUE.")
    try:
        table = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return name, value
    # A licence of 2026 or a name of inf is a text; of two lines, the second would be another entry.
    is_text = isinstance(getattr(TrainConfig, name, None), str) and not isinstance(table["value"], str)
    return name, value if is_text or len(table) > 1 else table["value"]
