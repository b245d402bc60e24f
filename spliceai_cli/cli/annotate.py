"""``spliceai-annotate``: scores into a VCF."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.annotate_options import annotate_options
from spliceai_cli.cli.consequence_options import CONSEQUENCE, consequence_fasta
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import region_options
from spliceai_cli.cli.scorer import open_scorer
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.version import say_version, version_option
from spliceai_cli.settings import EXISTING, IN_GENE, INDEXES, LAYOUTS, OUTPUT_TYPES, OVERWRITE

if TYPE_CHECKING:
    from spliceai_cli.annotate.run import AnnotateOptions

_EPILOG = """\b
Examples:
  spliceai-annotate -I in.vcf -R hg38.fa -A gencode -O out.vcf.gz
  bcftools view in.bcf chr19 | spliceai-annotate -R hg38.fa -A grch38 > out.vcf
  spliceai-annotate -I in.vcf.gz -R hg38.fa -A grch38 -D 500 -M 1 -r chr19 -O chr19.vcf.gz
  spliceai-annotate -I in.vcf -R hg38.fa --model spliceai --model cispliceai -O out.vcf

\b
Exit status: 0 done, 1 known failure, 2 wrong usage, 130 Ctrl-C, 129 SIGHUP, 143 SIGTERM.
"""


@cloup.command(
    name="annotate",
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@cloup.option_group(
    "Input and output",
    cloup.option(
        "-I", "--input", "source", type=PATH, metavar="VCF", default="-", help="VCF or BCF.  [default: stdin]"
    ),
    output(
        "Annotated VCF; its name says the kind: .vcf, .vcf.gz, .bcf, .tsv or .tsv.gz.  [default: stdout]",
        metavar="FILE",
        default="-",
    ),
    cloup.option(
        "--output-type",
        type=click.Choice(OUTPUT_TYPES),
        help="v uncompressed, z in BGZF, b BCF, u uncompressed BCF.  [default: by the name of -O]",
    ),
    cloup.option(
        "--write-index",
        type=click.Choice(INDEXES),
        help="Write an index next to a compressed output.",
    ),
    *region_options("Only records that overlap these.", "Only records whose POS is in this file's regions."),
)
@cloup.option_group(
    "Genome and genes",
    *options.GENOME,
    cloup.option(
        "--allow-missing-contigs",
        is_flag=True,
        help="Accept a VCF whose contigs are not in the FASTA or not in the annotation: no record gets a score.",
    ),
    options.max_ref_mismatch,
)
@cloup.option_group(
    "Scores",
    *options.SCORES,
    cloup.option(
        "--strict",
        is_flag=False,
        flag_value=IN_GENE,
        metavar="[=REASONS]",
        help="Exit 1, with the output complete, if an allele in a gene has no score. REASONS: fail for these reasons "
        f"instead (comma-separated): {', '.join(options.CODES)}.",
    ),
)
@cloup.option_group(
    "Consequences",
    *CONSEQUENCE,
    consequence_fasta,
)
@cloup.option_group(
    "What is written",
    cloup.option(
        "--existing",
        type=click.Choice(EXISTING),
        default=OVERWRITE,
        show_default=True,
        help="Records that already have scores of the models in use. overwrite: score them again, replacing the old "
        "scores. keep: leave them unchanged if no ALT lacks a score. error: stop at the first.",
    ),
    cloup.option(
        "--transcript-id",
        is_flag=True,
        help="Add INFO/SpliceAI_TX: the transcript of each score. The TSV has it in any case.",
    ),
    cloup.option("--ds-max", is_flag=True, help="Add INFO/SpliceAI_DS_max: an allele's largest score over all genes."),
    cloup.option(
        "--raw",
        is_flag=True,
        help="Add INFO/SpliceAI_RAW, or columns of the TSV: probabilities of REF and of ALT at the four positions that "
        "DP names.",
    ),
    cloup.option("--explain", is_flag=True, help="Add INFO/SpliceAI_SKIP: why an allele has no score."),
    cloup.option(
        "--layout",
        type=click.Choice(LAYOUTS),
        help="vcf: the records of the input. precomputed: a VCF with one record per allele and gene, and nothing but "
        "its score in INFO. tsv: one row per allele and gene.  [default: by the name of -O]",
    ),
    cloup.option("--tsv", "is_tsv", is_flag=True, help="Short for --layout tsv."),
    cloup.option(
        "--stats",
        type=LocalPath(dir_okay=False),
        metavar="FILE",
        help="Write JSON: numbers of records and of alleles, scored or by reason, and what made the scores.",
    ),
)
@cloup.option_group(
    "Computing",
    *options.COMPUTING,
)
@cloup.option_group(
    "Messages",
    progress,
    cloup.option(
        "-v",
        "--verbose",
        is_flag=True,
        is_eager=True,
        callback=say_version,
        help="Name every allele that could not be scored, and say what limits the number of CPU threads.",
    ),
    options.quiet,
)
@version_option
def annotate(**chosen: Any) -> None:  # noqa: ANN401 (the options above)
    """Annotate a VCF with SpliceAI delta scores.

    For each ALT allele and each gene that it lies in, INFO/SpliceAI says how much the allele raises or lowers the
    probability of a splice acceptor or donor nearby, and where. Everything else passes through unchanged.
    """
    started = time.monotonic()
    if chosen["source"] == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError("no input: give -I FILE, or pipe a VCF in.")
    job = annotate_options(chosen)

    # Imported late: this loads PyTorch, which takes a second that --help and wrong options need not wait for.
    from spliceai_cli.annotate.run import annotate as run

    warn_of_left_parts([chosen["target"], chosen["stats"], chosen["consequence_fasta"]])
    following = scoring_progress(chosen, lambda: _n_records(job), names_unscored=chosen["verbose"])
    with results_to_stdout(), following as watcher:
        summary = run(job, lambda: open_scorer(chosen), watcher, say_warning)
    say(summary.timed(time.monotonic() - started))


def _n_records(job: AnnotateOptions) -> int | None:
    """The number of records to expect; None if it is unknown."""
    from spliceai_cli.vcf.counting import count_records

    return None if job.regions or job.targets else count_records(job.source)
