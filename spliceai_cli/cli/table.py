"""``spliceai-cli table``: print an annotated VCF as a readable table."""

from __future__ import annotations

import cloup

from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.notes import say_notes
from spliceai_cli.cli.stdout import echo_results
from spliceai_cli.cli.warning import say_warning
from spliceai_cli.errors import VcfError
from spliceai_cli.settings import ALL, DEFAULT_ANNOTATION


@cloup.command(name="table")
@cloup.argument("vcf", type=PATH, metavar="[VCF]", default="-", help="Annotated VCF; - for standard input.")
@cloup.option(
    "-A",
    "--annotation",
    type=PATH,
    metavar="NAME|FILE",
    help="Genes, for their strand, as for annotate.  [default: gencode if ##contig has lengths, else none]",
)
def table(vcf: str, annotation: str | None) -> None:
    """Print the scores of an annotated VCF as a table with a reading in plain words.

    AG, AL, DG and DL are acceptor gain, acceptor loss, donor gain and donor loss; in parentheses the offset from POS
    in the genome. Upstream and downstream follow the transcript.
    """
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.genes.index import GeneIndex
    from spliceai_cli.genes.resolve import resolve_annotation
    from spliceai_cli.genes.selection import Selection
    from spliceai_cli.genome.builds import detect_build
    from spliceai_cli.report.consequence_lines import consequence_lines, read_consequences
    from spliceai_cli.report.table import format_table, read_rows
    from spliceai_cli.scores.sites import KEY
    from spliceai_cli.vcf.lines import open_lines
    from spliceai_cli.vcf.reader import VcfReader

    name = "standard input" if vcf == "-" else vcf
    with open_lines(vcf) as lines:
        reader = VcfReader(lines, name)
        for doubt in reader.warnings:
            say_warning(doubt)
        # SpliceAI's key is recognized by name, even if another program has lost the description in its header line.
        keys = reader.score_keys or [key for key in reader.info_keys if key == KEY]
        if not keys:
            raise VcfError(
                f"{name} has no INFO/SpliceAI, nor another model's scores.", "Annotate it first: spliceai-annotate"
            )
        if annotation is None and detect_build(reader.contigs) is None:
            genes = GeneIndex(())
        else:
            # All transcripts, because any of them may have been scored.
            every = resolve_annotation(
                annotation or DEFAULT_ANNOTATION, reader.contigs, installed_store(), Selection(ALL)
            )
            say_notes(every)
            genes = GeneIndex(every.genes)
        try:
            # Records are kept only if they have more than scores: a large file is read once, row by row.
            records = list(reader) if any(f"{key}_CSQ" in reader.info_keys for key in keys) else reader
            rows = list(read_rows(records, keys, genes))
            consequences = list(read_consequences(records, keys)) if records is not reader else []
        except ValueError as error:
            raise VcfError(f"{name}: {error}.") from error
    echo_results(format_table(rows))
    echo_results(consequence_lines(consequences))
