"""``spliceai-cli genes``: show, check and convert annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cloup

from spliceai_cli.cli import completion, options
from spliceai_cli.cli.files_read import files_of_selection
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import say
from spliceai_cli.cli.notes import say_notes
from spliceai_cli.cli.stdout import echo_results, results_to_stdout
from spliceai_cli.files.kinds import contradiction, guess_type, named_kind
from spliceai_cli.settings.words import BUILT_IN_GENES, TSV

if TYPE_CHECKING:
    from spliceai_cli.genes.annotation import Annotation

_annotation = cloup.option(
    "-A",
    "--annotation",
    type=PATH,
    required=True,
    metavar="NAME|FILE",
    shell_complete=completion.annotation_names,
    help=f"Genes: a GTF, GFF3 or gene table; or built in, {BUILT_IN_GENES}: grch37 (hg19), grch38 (hg38).",
)


@cloup.group(name="genes")
def genes() -> None:
    """Look at, check and convert gene annotations."""


@genes.command(name="build")
@cloup.argument("annotation", type=PATH, metavar="IN", help="GTF, GFF3 or a gene table.")
@cloup.argument("target", type=PATH, metavar="OUT", help="Gene table, compressed if named .gz; - for standard output.")
@options.select_genes
@options.quiet
def build(target: str, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Write a gene table that spliceai 1.3.1 reads too, with columns of our own after its seven."""
    from spliceai_cli.files.output import Output, check_distinct
    from spliceai_cli.genes.table import format_table

    if named_kind(target).content not in (TSV, None):
        raise contradiction(target, "a gene table is written", "names end in .txt, .tsv or .txt.gz", option="OUT")
    check_distinct(target, {"IN": params["annotation"], **files_of_selection(params)}, name="OUT")
    warn_of_left_parts([target])
    annotation = _read(params)
    with results_to_stdout(), Output(target, guess_type(target), label="table") as output:
        output.write(format_table(annotation.genes).encode())
    say(annotation.summary())


@genes.command(name="show")
@cloup.argument("symbol", metavar="GENE", help="Symbol, gene ID or transcript ID.")
@_annotation
@options.select_genes
@options.quiet
def show(symbol: str, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Print a gene's transcripts and exons, 1-based, in transcript order.

    Give --transcripts all for every transcript.
    """
    from spliceai_cli.genes.named import named_genes
    from spliceai_cli.genes.show import describe

    annotation = _read(params)
    matches = named_genes(annotation.genes, [symbol], annotation.name)
    echo_results([line for gene in matches for line in describe(gene)])


@genes.command(name="check")
@_annotation
@options.reference
@options.select_genes
@options.quiet
def check(reference: str, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Report how well an annotation fits a reference.

    Usually 97 to 99 % of introns begin with GT and end with AG; with genes from another assembly only a few percent do.
    """
    from spliceai_cli.genes.check import check_genes
    from spliceai_cli.genome.fasta import Reference

    opened = Reference(reference)
    annotation = _read(params, opened.lengths, allow_foreign=True)
    say(annotation.summary())
    result = check_genes(annotation.genes, opened)
    echo_results([*result.lines(), *annotation.left_out.rows(), f"verdict\t{result.verdict}"])


def _read(params: dict[str, Any], lengths: dict[str, int] | None = None, *, allow_foreign: bool = False) -> Annotation:
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.genes.resolve import resolve_annotation

    annotation = resolve_annotation(
        params["annotation"],
        lengths or {},
        installed_store(),
        options.chosen_selection(params),
        is_cached=params["annotation_cache"],
        allow_foreign=allow_foreign,
    )
    say_notes(annotation)
    return annotation
