"""The input VCF of a command: ``-I``, as in spliceai 1.3.1, or an argument, as in bcftools."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
import cloup

from spliceai_cli.cli.local_path import PATH

_STDIN = "-"

#: The input as an argument.
vcf_argument = cloup.argument("vcf", type=PATH, metavar="[VCF]", required=False, help="The input, as with -I.")


def vcf_option(help: str) -> Any:  # noqa: A002, ANN401 (as click's; as cloup's)
    """The input as an option.

    Args:
        help: its help text.
    """
    return cloup.option("-I", "--input", "source", type=PATH, metavar="VCF", help=f"{help}  [default: stdin]")


def chosen_input(params: Mapping[str, Any]) -> str:
    """The path of the input; ``-`` for standard input.

    Raises:
        UsageError: the input is given twice, or not at all, and standard input is a terminal.
    """
    given = [path for path in (params["source"], params["vcf"]) if path is not None]
    if len(given) > 1:
        raise click.UsageError(f"two inputs, -I {given[0]} and {given[1]}: give one.")
    path = str(given[0]) if given else _STDIN
    if path == _STDIN and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError("no input: give -I FILE, or pipe a VCF in.")
    return path
