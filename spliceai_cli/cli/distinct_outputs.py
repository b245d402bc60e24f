"""Refuses outputs of which two are one file, or one is a file that is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click


def check_outputs(params: Mapping[str, Any], inputs: Mapping[str, str | Path | None]) -> None:
    """Refuse outputs of which two are one file, or one is a file that is read.

    Args:
        params: the options ``target``, ``write_index``, ``stats`` and ``consequence_fasta``.
        inputs: option -> the file that it names.

    Raises:
        UsageError: there are such outputs.
    """
    from spliceai_cli.files.output import check_distinct

    check_distinct(params["target"], inputs)
    written = {"-O": params["target"], "the index of -O": f"{params['target']}.{params['write_index']}"}
    for option in ("stats", "consequence_fasta"):
        path, name = params[option], f"--{option.replace('_', '-')}"
        if path is None:
            continue
        check_distinct(path, inputs, name=name)
        for other, other_path in written.items():
            if _file(path) == _file(other_path):
                raise click.UsageError(f"{name} and {other} are the same file: {path}.")
        written[name] = path


def _file(target: str) -> str:
    """The file behind a name, with links and redirected standard output resolved."""
    return os.path.realpath("/dev/stdout" if target == "-" else target)
