"""``spliceai-annotate``: scores into a VCF."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options, written
from spliceai_cli.cli.consequence_options import CONSEQUENCE, chosen_consequence, consequence_fasta
from spliceai_cli.cli.distinct_outputs import check_outputs
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.cli.scorer import open_scorer
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.version import say_version, version_option
from spliceai_cli.files.kinds import named_kind
from spliceai_cli.settings import INDEXES, TSV, VCF

if TYPE_CHECKING:
    from spliceai_cli.annotate.options import AnnotateOptions

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
    written.output_type,
    written.write_index,
    *region_options("Only records that overlap these.", "Only records whose POS is in this file's regions."),
)
@cloup.option_group(
    "Genome and genes",
    *options.GENOME,
    written.allow_missing_contigs,
    options.max_ref_mismatch,
)
@cloup.option_group(
    "Scores",
    *options.SCORES,
    written.strict,
)
@cloup.option_group(
    "Consequences",
    *CONSEQUENCE,
    consequence_fasta,
)
@cloup.option_group(
    "What is written",
    *written.content("by the name of -O"),
    written.stats,
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
    job = _job(chosen)

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


def _job(chosen: dict[str, Any]) -> AnnotateOptions:
    from spliceai_cli.annotate.options import AnnotateOptions

    inputs = {
        "-I": chosen["source"],
        "-R": chosen["reference"],
        "the index of -R": f"{chosen['reference']}.fai",
        "the BGZF index of -R": f"{chosen['reference']}.gzi",
        **{f"the {kind} index of -I": f"{chosen['source']}.{kind}" for kind in INDEXES},
        "-A": chosen["annotation"],
        "-T": chosen["targets_file"],
        "--bed": chosen["bed"],
        **options.files_of_selection(chosen),
    }
    check_outputs(chosen, inputs)
    if chosen_consequence(chosen) is None and chosen["consequence_fasta"] is not None:
        raise click.UsageError("--consequence-fasta needs --consequence.")
    named = named_kind(chosen["target"])
    asked = written.chosen_layout(chosen)
    layout = asked or (TSV if named.content == TSV else VCF)
    output_type = chosen["output_type"] or named.types[0]
    because = "--tsv is given" if chosen["is_tsv"] else f"--layout is {asked}" if asked else "a VCF is written"
    written.check_content(chosen, layout)
    written.check_kind(chosen["target"], layout, output_type, chosen["write_index"], because)
    return AnnotateOptions(
        source=chosen["source"],
        target=chosen["target"],
        output_type=output_type,
        regions=chosen_regions(chosen),
        targets=chosen_targets(chosen),
        allow_missing_contigs=chosen["allow_missing_contigs"],
        max_ref_mismatch=chosen["max_ref_mismatch"],
        strict=written.strict_reasons(chosen["strict"]),
        existing=chosen["existing"],
        layout=layout,
        extra=written.chosen_extra(chosen),
        index=chosen["write_index"],
        stats=chosen["stats"],
        fasta=chosen["consequence_fasta"],
    )
