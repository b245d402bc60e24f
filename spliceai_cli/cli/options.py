"""Options that commands share, declared once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.gene import GENE_IDS
from spliceai_cli.variant import SkipReason

if TYPE_CHECKING:
    from spliceai_cli.genes.selection import Selection

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
    help="Genes: gencode (built in, of the reference's build), grch37, grch38; or a file: GTF, GFF3 or a gene table.",
)

#: Options of how an annotation is read and what of it is used.
SELECTION = (
    cloup.option(
        "--transcripts",
        default="canonical",
        show_default=True,
        metavar="canonical|mane|all|FILE",
        help="Which transcripts of GTF or GFF3 stand for a gene. FILE: a transcript ID a line.",
    ),
    cloup.option(
        "--genes",
        "genes_file",
        type=cloup.Path(dir_okay=False),
        metavar="FILE",
        help="Only these genes: a symbol or gene ID a line.",
    ),
    cloup.option("--biotypes", metavar="TYPE[,…]", help="Only genes of these biotypes, e.g. protein_coding,lncRNA."),
    cloup.option(
        "--gene-id",
        type=click.Choice(GENE_IDS),
        default="symbol",
        show_default=True,
        help="What SYMBOL prints.",
    ),
    cloup.option(
        "--annotation-cache/--no-annotation-cache",
        default=True,
        help="Keep parsed GTF and GFF3 for the next start.  [default: yes]",
    ),
)


def select_genes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``SELECTION`` to a command."""
    for option in reversed(SELECTION):
        command = option(command)
    return command


def files_of_selection(chosen: Mapping[str, Any]) -> dict[str, str | None]:
    """Files that the options of ``SELECTION`` read, by option."""
    is_word = chosen["transcripts"] in ("canonical", "mane", "all")
    return {"--genes": chosen["genes_file"], "--transcripts": None if is_word else chosen["transcripts"]}


def chosen_selection(chosen: Mapping[str, Any]) -> Selection:
    """What the options of ``SELECTION`` choose.

    Raises:
        UsageError: ``--biotypes`` names none.
    """
    from spliceai_cli.genes.selection import Selection

    biotypes = tuple(text.strip() for text in (chosen["biotypes"] or "").split(",") if text.strip())
    if chosen["biotypes"] is not None and not biotypes:
        raise click.UsageError("--biotypes names none. Was a variable empty?")
    return Selection(chosen["transcripts"], chosen["genes_file"], biotypes, chosen["gene_id"])
