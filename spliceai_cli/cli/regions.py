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

_FILE = LocalPath(path_type=Path, dir_okay=False)


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


def check_one_file(chosen: Mapping[str, Any]) -> None:
    """Refuse two files of regions.

    Raises:
        UsageError: both ``-T`` and ``--bed`` are given.
    """
    if chosen["targets_file"] and chosen["bed"]:
        raise click.UsageError("-T and --bed both give a file of regions; give one.")


def chosen_regions(chosen: Mapping[str, Any]) -> Targets | None:
    """The regions of ``-r``; None if it is not given."""
    from spliceai_cli.genome.regions import parse_regions

    return parse_regions(chosen["regions"]) if chosen["regions"] else None


def regions_file(chosen: Mapping[str, Any]) -> RegionsFile | None:
    """The file of ``-T`` or ``--bed``; None if neither is given."""
    from spliceai_cli.genome.regions import RegionsFile

    check_one_file(chosen)
    path = chosen["targets_file"] or chosen["bed"]
    return RegionsFile(path, is_bed=True if chosen["bed"] else None) if path else None


def chosen_targets(chosen: Mapping[str, Any]) -> Targets | None:
    """The regions of ``-T`` or ``--bed``; None if neither is given."""
    from spliceai_cli.genome.regions import read_targets

    file = regions_file(chosen)
    return read_targets(file.path, is_bed=file.is_bed) if file else None
