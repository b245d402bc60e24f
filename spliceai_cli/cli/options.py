"""Options that commands share, declared once."""

from __future__ import annotations

import re
from pathlib import Path

import click
import cloup

from spliceai_cli.variant import SkipReason

_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)\s*([KMGTkmgt]?)(?:i?[Bb])?")

CODES = tuple(reason.code for reason in SkipReason)


def parse_size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A size in memory in bytes: a number with K, M, G or T (powers of 1024); ``1.5G`` -> 1610612736.

    Raises:
        BadParameter: it is none.
    """
    if value is None:
        return None
    match = _SIZE.fullmatch(value.strip())
    if match is None:
        raise click.BadParameter(f"'{value}' is not a size; write a number with K, M, G or T, e.g. 1.5G.", ctx, param)
    return int(float(match[1]) * 1024 ** " KMGT".index((match[2] or " ").upper()))


device = cloup.option(
    "--device",
    default="auto",
    show_default=True,
    metavar="auto|cpu|cuda[:N]|mps",
    help="Where to compute. auto: CUDA if there is one, else CPU.",
)
threads = cloup.option(
    "--threads",
    type=cloup.IntRange(1, 1024),
    metavar="N",
    help="CPU threads.  [default: the cores that this process may use]",
)
weights_dir = cloup.option(
    "--weights",
    type=cloup.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Load the networks from DIR: spliceai1.h5 … spliceai5.h5, or weights.safetensors.  [default: installed]",
)
annotation = cloup.option(
    "-A",
    "--annotation",
    metavar="NAME|FILE",
    default="gencode",
    show_default=True,
    help="Genes: gencode (built in, of the reference's build), grch37, grch38, or a table in 1.3.1's format.",
)
