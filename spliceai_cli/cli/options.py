"""Options that commands share, declared once."""

from __future__ import annotations

from pathlib import Path

import cloup

from spliceai_cli.variant import SkipReason

CODES = tuple(reason.code for reason in SkipReason)

device = cloup.option(
    "--device",
    default="auto",
    show_default=True,
    metavar="auto|cpu|cuda[:N]|mps",
    help="Where to compute. auto: CUDA if there is one, else CPU.",
)
threads = cloup.option(
    "--threads",
    type=cloup.IntRange(min=1),
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
