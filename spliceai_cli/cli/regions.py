"""The options that restrict a command to regions: ``-r``, ``-T`` and ``--bed``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli.local_path import LocalPath

if TYPE_CHECKING:
    from spliceai_cli.genome.regions import RegionsFile, Targets

_FILE = LocalPath(Path)


def region_options(in_regions: str, in_targets: str) -> tuple[Any, ...]:
    """The three options.

    Args:
        in_regions: help text of ``-r``.
        in_targets: help text of ``-T``.
    """
    return (
        cloup.option("-r", "--regions", "--region", "regions", multiple=True, metavar="REGION[,…]", help=in_regions),
        cloup.option("-T", "--targets", "targets_file", type=_FILE, metavar="FILE", help=in_targets),
        cloup.option("--bed", type=_FILE, metavar="BED", help="As -T, for a BED file of any name."),
    )


def restricted(params: Mapping[str, Any], others: Mapping[str, object] | None = None) -> str:
    """The options given that leave records out, as a clause: `` with -r and --min-score``.

    Args:
        params: the options ``-r``, ``-T`` and ``--bed``.
        others: further options, with their values.
    """
    values = {"-r": params["regions"], "-T": params["targets_file"], "--bed": params["bed"], **(others or {})}
    names = [option for option, value in values.items() if value]
    return f" with {' and '.join(names)}" if names else ""


def check_one_file(params: Mapping[str, Any]) -> None:
    """Refuse two files of regions.

    Raises:
        UsageError: both ``-T`` and ``--bed`` are given.
    """
    if params["targets_file"] and params["bed"]:
        raise click.UsageError("-T and --bed both give a file of regions; give one.")


def chosen_regions(params: Mapping[str, Any]) -> Targets | None:
    """The regions of ``-r``; None if it is not given."""
    from spliceai_cli.genome.regions import parse_regions

    return parse_regions(params["regions"]) if params["regions"] else None


def regions_file(params: Mapping[str, Any]) -> RegionsFile | None:
    """The file of ``-T`` or ``--bed``; None if neither is given."""
    from spliceai_cli.genome.regions import RegionsFile

    check_one_file(params)
    path = params["targets_file"] or params["bed"]
    return RegionsFile(path, is_bed=True if params["bed"] else None) if path else None


def chosen_targets(params: Mapping[str, Any]) -> Targets | None:
    """The regions of ``-T`` or ``--bed``; None if neither is given."""
    from spliceai_cli.genome.regions import read_targets

    file = regions_file(params)
    return read_targets(file.path, is_bed=file.is_bed) if file else None
