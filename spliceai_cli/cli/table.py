"""``spliceai-cli table``: print an annotated VCF as a readable table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import completion, options
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.input_option import chosen_input, vcf_argument, vcf_option
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.notes import say_notes
from spliceai_cli.cli.numbers import Number
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options, restricted
from spliceai_cli.cli.table_output import FORM, check_form, write_rows
from spliceai_cli.errors import VcfError
from spliceai_cli.settings.words import ALL, DEFAULT_ANNOTATION, ORDERS, POSITION, SCORE
from spliceai_cli.text import counted

if TYPE_CHECKING:
    from spliceai_cli.genes.index import GeneIndex
    from spliceai_cli.variants.rows import Row
    from spliceai_cli.vcf.reader import VcfReader

_EPILOG = """\b
Examples:
  spliceai-cli table out.vcf.gz
  spliceai-cli table out.vcf.gz --min-score 0.2 --sort score | less -S
  spliceai-cli table out.vcf.gz -r chr19:38,000,000-39,000,000 --unscored -O review.tsv
"""


@cloup.command(name="table", epilog=_EPILOG)
@vcf_argument
@cloup.option_group(
    "Input and rows",
    vcf_option("Annotated VCF or BCF."),
    *region_options("Only records that overlap these.", "Only records whose POS is in this file's regions."),
    options.genes_file,
    cloup.option(
        "--min-score",
        type=Number(0, 1),
        metavar="SCORE",
        help="Only rows whose largest score, as printed, is at least this.",
    ),
    cloup.option(
        "--unscored", is_flag=True, help="Also alleles without a score, with the reason (--explain of annotate)."
    ),
    cloup.option(
        "--sort",
        type=click.Choice(ORDERS),
        default=POSITION,
        show_default=True,
        help="score: the largest first.",
    ),
)
@cloup.option_group("Output", *FORM, options.quiet)
@cloup.option_group(
    "Genes",
    cloup.option(
        "-A",
        "--annotation",
        type=PATH,
        metavar="NAME|FILE",
        shell_complete=completion.annotation_names,
        help="Genes, for their strand, as for annotate.  [default: gencode if ##contig has lengths, else none]",
    ),
)
def table(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Print the scores of an annotated VCF as a table with a reading in plain words.

    The columns are AG (acceptor gain), AL (acceptor loss), DG (donor gain) and DL (donor loss), from 0 to 1; in
    parentheses the offset from POS in the genome, unless the score is 0.00. Upstream and downstream follow the
    transcript. On a terminal the table fits its width, and scores of 0.2, 0.5 and 0.8 or more have colours.

    Consequences, if the VCF has them, follow in words, a line for each allele and transcript.
    """
    from spliceai_cli.files.output import check_distinct
    from spliceai_cli.report.row_formats import format_json
    from spliceai_cli.report.table import by_position, by_score
    from spliceai_cli.vcf.lines import open_lines
    from spliceai_cli.vcf.reader import VcfReader

    check_form(params)
    vcf = chosen_input(params)
    check_distinct(params["target"], files_read({**params, "vcf": vcf}))
    with open_lines(vcf, chosen_regions(params)) as lines:
        reader = VcfReader(lines, "standard input" if vcf == "-" else vcf)
        try:
            rows = by_position(_chosen_rows(reader, params), reader.contigs)
        except ValueError as error:
            raise VcfError(f"{reader.name}: {error}.") from error
    if params["sort"] == SCORE:
        rows = by_score(rows)
    if not rows:
        others = {"--genes": params["genes_file"], "--min-score": params["min_score"]}
        say(f"no row of {reader.name} to show{restricted(params, others)}")
    has_transcripts = any(row.score is not None and row.score.transcript_id for row in rows)
    write_rows(rows, params, lambda: format_json(rows), has_transcripts=has_transcripts)


def _chosen_rows(reader: VcfReader, params: Mapping[str, Any]) -> Iterator[Row]:
    """The rows that the options ask for.

    Raises:
        VcfError: the file has no scores.
        ValueError: the values of an INFO field are malformed.
    """
    from spliceai_cli.genes.selection import NameList
    from spliceai_cli.report.annotated import ScoreFields
    from spliceai_cli.scores.sites import KEY
    from spliceai_cli.vcf.selected import selected

    for doubt in reader.warnings:
        say_warning(doubt)
    # SpliceAI's key is recognized by name, even if another program has lost the description in its header line.
    keys = reader.score_keys or [key for key in reader.info_keys if key == KEY]
    if not keys:
        raise VcfError(
            f"{reader.name} has no INFO/SpliceAI, nor another model's scores.",
            "Annotate it first: spliceai-annotate",
        )
    wanted = NameList.read(params["genes_file"]).names if params["genes_file"] else frozenset()
    fields = ScoreFields(keys, _genes(reader, params["annotation"]), wanted)
    records = selected(reader, chosen_regions(params), chosen_targets(params))
    yield from _filtered(fields.rows(records), params)


def _genes(reader: VcfReader, annotation: str | None) -> GeneIndex:
    """The genes of the annotation; none if there is nothing to tell the build from."""
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.genes.index import GeneIndex
    from spliceai_cli.genes.resolve import resolve_annotation
    from spliceai_cli.genes.selection import Selection
    from spliceai_cli.genome.builds import detect_build

    if annotation is None and detect_build(reader.contigs) is None:
        return GeneIndex(())
    # All transcripts, because any of them may have been scored.
    every = resolve_annotation(
        annotation or DEFAULT_ANNOTATION, reader.contigs, installed_store(), Selection(ALL), fasta=reader.name
    )
    say_notes(every)
    return GeneIndex(every.genes)


def _filtered(rows: Iterable[Row], params: Mapping[str, Any]) -> Iterator[Row]:
    """The rows that are large enough, and those without a score if they are wanted; the others are counted."""
    from spliceai_cli.report.table import largest

    least = params["min_score"] or 0.0
    left_out = set()
    for row in rows:
        score = largest(row)
        if score is not None:
            if score >= least:
                yield row
        elif params["unscored"]:
            yield row
        else:
            left_out.add((row.line, row.variant))
    if left_out:
        say(f"{counted(len(left_out), 'alleles')} without a score left out; --unscored shows them")
