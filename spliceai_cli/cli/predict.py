"""``spliceai-cli predict``: write base-by-base probabilities."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
import cloup
from click.core import ParameterSource

from spliceai_cli.cli import completion, options
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.notes import say_chosen
from spliceai_cli.cli.numbers import Number, WholeNumber
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import progress, track_progress
from spliceai_cli.cli.regions import chosen_regions, region_options, regions_file
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.cli.workers import WORKERS, chosen_workers
from spliceai_cli.predict.request import AlleleRequest, RegionRequest, Request, split_names
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import TrackSettings
from spliceai_cli.settings.words import BOTH, CONTEXTS, DEFAULT_ANNOTATION, STRANDS, TRACK_FORMATS
from spliceai_cli.text import counted, duration

if TYPE_CHECKING:
    from spliceai_cli.predict.predictor import Predictor

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
    *region_options("Only these regions.  [default: all contigs]", "Only this file's regions."),
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
        default=BOTH,
        show_default=True,
        help="Strand of regions and contigs; genes on the other strand are skipped.",
    ),
    cloup.option(
        "--context",
        type=click.Choice(CONTEXTS),
        help="What the networks see around a region or gene.  [default: genome for regions; for genes, as in scoring]",
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
        type=WholeNumber(0),
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
        shell_complete=completion.annotation_names,
        help="Genes, as for annotate; without -g or --genes, all of them.  [default: gencode if -g is given]",
    ),
    *options.SELECTION,
    options.allow_foreign_genes,
)
@cloup.option_group(
    "What is written",
    output("File. For bigWig and bedGraph, one per track and strand: OUT.acceptor.plus.bw and so on.", metavar="OUT"),
    cloup.option(
        "--output-format",
        type=click.Choice(TRACK_FORMATS),
        help="Format of the files.  [default: by the name of -O]",
    ),
    cloup.option(
        "--min-probability",
        type=Number(0, 1),
        default=0.0,
        show_default=True,
        metavar="P",
        help="Leave out smaller probabilities.",
    ),
)
@cloup.option_group(
    "Computing",
    options.device,
    options.threads,
    *WORKERS,
    options.memory,
    options.kernels,
    options.precision,
    options.weights_dir,
)
@cloup.option_group(
    "Messages",
    progress,
    options.verbose,
    options.quiet,
)
def predict(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Write the probability that each base is a splice acceptor or donor.

    Covers whole contigs, regions or genes, on either strand; or, with --alt, the bases around alleles, for REF and ALT.
    Writes bigWig, bedGraph, TSV or Parquet.
    """
    started = time.monotonic()
    _check_options(click.get_current_context())

    # Before anything is loaded, so that a wrong name is reported at once.
    from spliceai_cli.tracks.sinks import choose_format

    output_format = choose_format(params["target"], params["output_format"])
    request = _request(params)
    predictor = _open_predictor(params)
    tracks = predictor.tracks(request)
    destination = tracks.destination(params["target"], output_format, params["min_probability"])
    _check_inputs(params, tracks.names(destination))
    warn_of_left_parts(tracks.names(destination))
    with results_to_stdout(), track_progress(params, tracks.n_bases) as watch:
        tracks.write_to(destination, watch)
    if params["alleles"]:
        say(str(tracks.summary))
    say(f"{counted(tracks.n_bases, 'positions')} in {duration(time.monotonic() - started)}")


def _request(params: dict[str, Any]) -> Request:
    """The request that the options describe."""
    # Wrong regions are reported at once; the request reads them again.
    chosen_regions(params)
    regions = regions_file(params) or params["regions"]
    gene_names = params["gene_names"] if _has_genes(params) else None
    if params["alleles"]:
        return AlleleRequest(params["alleles"], regions, gene_names, params["strand"], params["max_ref_mismatch"])
    return RegionRequest(regions, gene_names, params["strand"], params["context"])


def _has_genes(params: dict[str, Any]) -> bool:
    """Whether any option asks for genes."""
    return any(params[option] for option in ("annotation", "gene_names", "genes_file", "biotypes"))


def _open_predictor(params: dict[str, Any]) -> Predictor:
    """Make the predictor, and summarize the genes chosen from the annotation."""
    from spliceai_cli.cli.weights import installed_store

    has_genes = _has_genes(params)
    selection = options.chosen_selection(params) if has_genes else None
    settings = TrackSettings(models=params["models"], distance=params["distance"], precision=params["precision"])
    compute = Compute(
        device=params["device"],
        memory=params["memory"] or None,
        kernels=params["kernels"],
        weights=params["weights"],
        home=installed_store().home,
        annotation_cache=params["annotation_cache"],
        **chosen_workers(params),
    )

    # Imported late: it takes time that wrong options need not wait for.
    from spliceai_cli.predict.predictor import Predictor

    predictor = Predictor(
        reference=params["reference"],
        annotation=params["annotation"] or DEFAULT_ANNOTATION if has_genes else None,
        selection=selection,
        settings=settings,
        compute=compute,
        allow_foreign_genes=params["allow_foreign_genes"],
        warn=say_warning,
    )
    if predictor.annotation is not None:
        say_chosen(predictor.annotation)
    use_threads(params["threads"], is_verbose=params["verbose"])
    return predictor


def _check_options(ctx: click.Context) -> None:
    """Refuse options that would silently be ignored, and empty texts, which would silently select everything."""
    given = [param for param in ctx.command.params if param.expose_value and _is_given(ctx, param)]
    for param in given:
        value = ctx.params[param.name or ""]
        texts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(text, str) and not text.strip() for text in texts):
            raise click.UsageError(f"{_long_name(param)} has no value. Was a variable empty?")
    if ctx.params["alleles"] and ctx.params["context"]:
        raise click.UsageError(
            "--context cannot be combined with --alt: there the networks see N outside genes, if any are given, "
            "otherwise the genome."
        )
    for param in given:
        if param.name in ("distance", "max_ref_mismatch") and not ctx.params["alleles"]:
            raise click.UsageError(f"{_long_name(param)} needs --alt.")
        if param.name in ("transcripts", "gene_id", "allow_foreign_genes") and not _has_genes(ctx.params):
            raise click.UsageError(f"{_long_name(param)} needs genes: give -A, -g, --genes or --biotypes, too.")
    _check_regions(ctx)
    if ctx.params["gene_names"] and not split_names(ctx.params["gene_names"]):
        raise click.UsageError("--gene names no gene. Was a variable empty?")


def _check_regions(ctx: click.Context) -> None:
    """Refuse regions from several options."""
    given = {
        param.name: _long_name(param)
        for param in ctx.command.params
        if param.name in ("regions", "targets_file", "bed")
    }
    several = [option for name, option in given.items() if ctx.params[name or ""]]
    if len(several) > 1:
        raise click.UsageError(f"{several[0]} and {several[1]} cannot be combined.")


def _is_given(ctx: click.Context, param: click.Parameter) -> bool:
    return ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE


def _long_name(param: click.Parameter) -> str:
    return max(param.opts, key=len)


def _check_inputs(params: dict[str, Any], outputs: Iterable[str]) -> None:
    """Refuse to overwrite an input."""
    from spliceai_cli.files.output import check_distinct

    for name in outputs:
        check_distinct(name, files_read(params))
