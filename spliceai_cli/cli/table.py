"""``spliceai-cli table``: an annotated VCF for the eye."""

from __future__ import annotations

import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.stdout import echo_results
from spliceai_cli.errors import VcfError


@cloup.command(name="table")
@cloup.argument("vcf", metavar="VCF", default="-", help="Annotated VCF; - for standard input.")
@options.annotation
def table(vcf: str, annotation: str) -> None:
    """Print the scores of an annotated VCF as a table with a reading in plain words.

    Offsets in parentheses are genomic, as DP is; up- and downstream follow the transcript.
    """
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.genes.index import GeneIndex
    from spliceai_cli.genes.resolve import resolve_annotation
    from spliceai_cli.report.table import format_table, read_rows
    from spliceai_cli.vcf import VcfReader
    from spliceai_cli.vcf_input import open_lines

    with open_lines(vcf) as lines:
        reader = VcfReader(lines, vcf)
        genes = GeneIndex(resolve_annotation(annotation, reader.contigs, installed_store()).genes)
        try:
            rows = list(read_rows(reader, genes))
        except ValueError as error:
            raise VcfError(f"{vcf}: INFO/SpliceAI is malformed: {error}.") from error
    echo_results(format_table(rows))
