"""``spliceai-cli predict``: probabilities base by base."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup
from click.core import ParameterSource

from spliceai_cli.cli import options
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.source import has_genes, open_alleles, open_inputs, open_profiles, provenance_of_tracks
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.settings import CONTEXTS, STRANDS, TRACK_FORMATS, TrackSettings
from spliceai_cli.text import counted

if TYPE_CHECKING:
    from spliceai_cli.predict.run import Source
    from spliceai_cli.tracks.rows import Rows
    from spliceai_cli.tracks.sinks import Destination

_EPILOG = """\b
Examples:
  spliceai-cli predict -R hg38.fa -r chr19 --strand + -O chr19.bw
  spliceai-cli predict -R hg38.fa -g RYR1,LDLR -O genes.bedGraph.gz
  spliceai-cli predict -R hg38.fa --bed regions.bed --min-probability 0.1 -O sites.tsv
  spliceai-cli predict -R hg38.fa --alt variants.vcf -A gencode -O variants.bedGraph
"""


@cloup.command(name="predict", epilog=_EPILOG)
@cloup.option_group(
    "What is predicted",
    options.reference,
    cloup.option(
        "-r", "--regions", multiple=True, metavar="REGION[,…]", help="Only these regions.  [default: all contigs]"
    ),
    cloup.option(
        "--bed", type=LocalPath(path_type=Path, dir_okay=False), metavar="BED", help="Only this file's regions."
    ),
    cloup.option(
        "-g",
        "--gene",
        "gene_names",
        multiple=True,
        metavar="NAME[,…]",
        help="These genes: symbols, gene or transcript IDs.",
    ),
    options.model,
    cloup.option(
        "--strand",
        type=click.Choice(list(STRANDS)),
        default=TrackSettings.strand,
        show_default=True,
        help="Strand of regions and contigs; genes on the other strand are skipped.",
    ),
    cloup.option(
        "--context",
        type=click.Choice(CONTEXTS),
        help="What the networks see around a region or gene.  [default: genome for regions, as in scoring for genes]",
    ),
)
@cloup.option_group(
    "Alleles",
    cloup.option(
        "--alt", "alleles", type=PATH, metavar="VCF", help="Predict REF and ALT around each allele of this VCF or BCF."
    ),
    cloup.option(
        "-D",
        "--distance",
        type=cloup.IntRange(min=0),
        default=TrackSettings.distance,
        show_default=True,
        metavar="BP",
        help="With --alt: predict up to this far from an allele.",
    ),
    options.max_ref_mismatch,
)
@cloup.option_group(
    "Genes",
    cloup.option(
        "-A",
        "--annotation",
        type=PATH,
        metavar="NAME|FILE",
        help="Genes, as for annotate; all of them without -g or --genes.  [default: gencode with -g]",
    ),
    *options.SELECTION,
    options.allow_foreign_genes,
)
@cloup.option_group(
    "What is written",
    cloup.option(
        "-O",
        "--output",
        "target",
        type=PATH,
        required=True,
        metavar="OUT",
        help="File. bigWig and bedGraph: a file for each track and strand, OUT.acceptor.plus.bw and so on.",
    ),
    cloup.option(
        "--output-format",
        type=click.Choice(TRACK_FORMATS),
        help="Format of the files.  [default: by the name of -O]",
    ),
    cloup.option(
        "--min-probability",
        type=cloup.FloatRange(0, 1),
        default=TrackSettings.min_probability,
        show_default=True,
        metavar="P",
        help="Leave out smaller probabilities.",
    ),
)
@cloup.option_group(
    "Computing",
    options.device,
    options.threads,
    options.memory,
    options.precision,
    options.weights_dir,
)
@cloup.option_group(
    "Messages",
    cloup.option("--progress/--no-progress", default=None, help="Progress on stderr.  [default: on a terminal]"),
    options.verbose,
    options.quiet,
)
def predict(**chosen: Any) -> None:  # noqa: ANN401 (the options above)
    """Write the probability of every base to be a splice acceptor or donor.

    Of whole contigs, regions or genes, on either strand, as bigWig, bedGraph, TSV or Parquet; or with --alt around
    alleles, for REF and ALT.
    """
    started = time.monotonic()
    _check_options(click.get_current_context())
    # Wrong names are told first.
    _destination(chosen)
    if math.isnan(chosen["min_probability"]):
        raise click.UsageError("--min-probability is no number.")

    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.predict.run import predict as run
    from spliceai_cli.summary import Summary

    summary = Summary()
    reference = Reference(chosen["reference"])
    inputs = open_inputs(chosen, reference)
    source: Source = (
        open_alleles(chosen, reference, inputs, summary)
        if chosen["alleles"]
        else open_profiles(chosen, reference, inputs)
    )
    origin = provenance_of_tracks(chosen, inputs, source.columns.names).together()
    destination = replace(_destination(chosen), origin=json.dumps(origin, indent=2).encode() + b"\n")
    _check_inputs(chosen, destination, source)
    if not chosen["quiet"]:
        warn_of_left_parts([*destination.names(source.columns.names, source.strands), destination.origin_name])
    with results_to_stdout(), _progress(chosen, source.n_bases) as watch:
        run(source, destination, reference.lengths, watch)
    if not chosen["quiet"]:
        alleles = f"{summary}; " if chosen["alleles"] else ""
        positions = counted(source.n_bases, "positions")
        click.echo(f"{alleles}{positions} in {time.monotonic() - started:.1f} s", err=True)


def _check_options(ctx: click.Context) -> None:
    """Refuse what would be passed over in silence: empty texts, which would ask for everything, and what has no use."""
    given = [param for param in ctx.command.params if _is_given(ctx, param)]
    for param in given:
        value = ctx.params[param.name or ""]
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(text, str) and not text.strip() for text in texts):
            raise click.UsageError(f"{_long_name(param)} names none. Was a variable empty?")
    if ctx.params["alleles"] and ctx.params["context"]:
        raise click.UsageError("--context is not for --alt: with genes N is outside of them, without the genome.")
    for param in given:
        if param.name in ("distance", "max_ref_mismatch") and not ctx.params["alleles"]:
            raise click.UsageError(f"{_long_name(param)} is for --alt alone.")
        if param.name in ("transcripts", "gene_id", "allow_foreign_genes") and not has_genes(ctx.params):
            raise click.UsageError(f"{_long_name(param)} is for genes. Give -A, -g, --genes or --biotypes, too.")


def _is_given(ctx: click.Context, param: click.Parameter) -> bool:
    return ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE


def _long_name(param: click.Parameter) -> str:
    return max(param.opts, key=len)


def _destination(chosen: dict[str, Any]) -> Destination:
    from spliceai_cli.tracks.sinks import Destination, choose_format

    return Destination(chosen["target"], choose_format(chosen["target"], chosen["output_format"]))


def _check_inputs(chosen: dict[str, Any], destination: Destination, source: Source) -> None:
    """Refuse to write over what is read."""
    from spliceai_cli.files.output import check_distinct

    inputs = {
        "-R": chosen["reference"],
        "the index of -R": f"{chosen['reference']}.fai",
        "-A": chosen["annotation"],
        "--alt": chosen["alleles"],
        "--bed": chosen["bed"],
        **options.files_of_selection(chosen),
    }
    for name in (*destination.names(source.columns.names, source.strands), destination.origin_name):
        check_distinct(name, inputs)


@contextmanager
def _progress(chosen: dict[str, Any], n_positions: int) -> Iterator[Callable[[Rows], None]]:
    from tqdm import tqdm

    shown = chosen["progress"] if chosen["progress"] is not None else sys.stderr.isatty() and not chosen["quiet"]
    with tqdm(total=n_positions, unit="b", unit_scale=True, disable=not shown, mininterval=0.5, file=sys.stderr) as bar:

        def watch(rows: Rows) -> None:
            bar.update(len(rows.values))

        yield watch
