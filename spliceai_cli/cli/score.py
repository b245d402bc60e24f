"""``spliceai-cli score``: score single variants."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import CONSEQUENCE
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.scorer import prepared_scorer
from spliceai_cli.cli.table_output import FORM, check_form, write_rows
from spliceai_cli.cli.variant_text import read_variant
from spliceai_cli.cli.workers import WORKERS
from spliceai_cli.errors import AssemblyError, VariantError
from spliceai_cli.files.byte_order import drop_mark

if TYPE_CHECKING:
    from spliceai_cli.notation.text import WrittenVariant

_STDIN = "-"
_OF_FILE = "Score a VCF with spliceai-annotate; pipe in a file with a variant per line: spliceai-cli score … < FILE"

_EPILOG = """\b
Examples:
  spliceai-cli score chr19:38467722:C:T -R hg38.fa -A gencode
  spliceai-cli score 'NC_000019.10:g.38467722C>T' chr19:g.38496347_38496406del -R hg38.fa --json
"""


@cloup.command(name="score", epilog=_EPILOG)
@cloup.argument("variants", metavar="[VARIANT]...", nargs=-1, help="chr19:38467722:C:T, SPDI, HGVS …; - for stdin.")
@cloup.option_group("Genome and genes", *options.GENOME)
@cloup.option_group("Scores", *options.SCORES)
@cloup.option_group("Consequences", *CONSEQUENCE)
@cloup.option_group("Computing", *options.COMPUTING, *WORKERS)
@cloup.option_group(
    "Output",
    *FORM,
    cloup.option(
        "--transcript-id",
        is_flag=True,
        help="Add a column to the table: the transcript of each score. The TSV has it in any case.",
    ),
    progress,
    options.verbose,
    options.quiet,
)
def score(variants: tuple[str, ...], **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Score single variants, and print a table with a reading in plain words.

    A variant is CHROM:POS:REF:ALT as in a VCF, also with -, _ or blanks for the colons, CHROM:POSREF>ALT, SPDI, HGVS of
    genomic sequence (g.), a line of a VCF, or ANNOVAR's columns. Quote a variant that contains > or a blank. Without
    variants, or for -, they are read from stdin, one per line.

    The columns are AG (acceptor gain), AL (acceptor loss), DG (donor gain) and DL (donor loss), from 0 to 1; in
    parentheses the offset from POS in the genome.
    """
    from spliceai_cli.files.output import check_distinct, check_place

    check_form(params)
    check_distinct(params["target"], files_read(params))
    check_place(params["target"])
    open_scorer = prepared_scorer(params)
    asked = _read(_texts(variants), params["reference"])

    # Imported late: these take time that wrong options and variants need not wait for.
    from spliceai_cli.lookup import answer, answers_json
    from spliceai_cli.variants.rows import rows_of

    with scoring_progress(params, lambda: len(asked)) as watcher:
        answers = list(answer(open_scorer(), asked, watcher))
    rows = [row for answered in answers for row in rows_of(answered.outcome, answered.reason)]
    write_rows(rows, params, lambda: answers_json(answers), has_transcripts=params["transcript_id"])


def _texts(arguments: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The texts of variants, each with a prefix for messages that says where it came from; empty for an argument."""
    for argument in arguments or (_STDIN,):
        if argument != _STDIN:
            yield argument, ""
            continue
        if sys.stdin is None or (not arguments and sys.stdin.isatty()):
            raise click.UsageError("no variant: give one, or pipe them in, one per line.")
        for number, line in enumerate(sys.stdin.buffer, 1):
            text = drop_mark(line, "standard input").decode("utf-8", "replace").strip()
            if text and not text.startswith("#"):
                yield text, f"standard input, line {number}: "


def _read(texts: Iterable[tuple[str, str]], path: str) -> list[WrittenVariant]:
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.notation.text import WrittenVariant

    reference = Reference(path)
    read = []
    for text, place in texts:
        try:
            read.append(WrittenVariant(text, read_variant(text, reference, of_file=_OF_FILE)))
        except (AssemblyError, VariantError) as error:
            raise type(error)(f"{place}{error.message}", error.hint) from error
    return read
