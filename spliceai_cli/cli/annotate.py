"""``spliceai-annotate``: scores into a VCF."""

from __future__ import annotations

import time
from typing import Any

import click
import cloup

from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.cli import options, written
from spliceai_cli.cli.consequence_options import CONSEQUENCE, consequence_fasta
from spliceai_cli.cli.distinct_outputs import check_outputs
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.input_option import chosen_input, vcf_argument, vcf_option
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output, output_type
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.cli.scorer import prepared_scorer
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.version import say_version, version_option
from spliceai_cli.cli.workers import WORKERS
from spliceai_cli.files.kinds import named_kind
from spliceai_cli.settings.words import TSV, VCF

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
    context_settings={"help_option_names": ["-h", "--help"]},
)
@vcf_argument
@cloup.option_group(
    "Input and output",
    vcf_option("VCF or BCF."),
    output(
        "Annotated VCF; its name says the kind: .vcf, .vcf.gz, .bcf, .tsv or .tsv.gz.  [default: stdout]",
        metavar="FILE",
        default="-",
    ),
    output_type,
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
    *WORKERS,
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
def annotate(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Annotate a VCF with SpliceAI delta scores.

    For each ALT allele and each gene that it lies in, INFO/SpliceAI says how much the allele raises or lowers the
    probability of a splice acceptor or donor nearby, and where. Everything else passes through unchanged.
    """
    started = time.monotonic()
    params["source"] = chosen_input(params)
    job = _job(params)
    open_scorer = prepared_scorer(params)

    # Imported late: this takes time that --help and wrong options need not wait for.
    from spliceai_cli.annotate.run import annotate as run

    warn_of_left_parts([params["target"], params["stats"], params["consequence_fasta"]])
    following = scoring_progress(params, lambda: _n_records(job), names_unscored=params["verbose"])
    with results_to_stdout(), following as watcher:
        summary = run(job, open_scorer, watcher, say_warning)
    say(summary.timed(time.monotonic() - started))


def _n_records(job: AnnotateOptions) -> int | None:
    """The number of records to expect; None if it is unknown."""
    from spliceai_cli.vcf.counting import count_records

    return None if job.regions or job.targets else count_records(job.source)


def _job(params: dict[str, Any]) -> AnnotateOptions:
    check_outputs(params, files_read(params))
    if params["consequence"] is None and params["consequence_fasta"] is not None:
        raise click.UsageError("--consequence-fasta needs --consequence.")
    named = named_kind(params["target"])
    asked = written.chosen_layout(params)
    layout = asked or (TSV if named.content == TSV else VCF)
    file_type = params["output_type"] or named.types[0]
    because = "--tsv is given" if params["is_tsv"] else f"--layout is {asked}" if asked else "a VCF is written"
    written.check_content(params, layout)
    written.check_kind(params["target"], layout, file_type, params["write_index"], because)
    return AnnotateOptions(
        source=params["source"],
        target=params["target"],
        output_type=file_type,
        regions=chosen_regions(params),
        targets=chosen_targets(params),
        allow_missing_contigs=params["allow_missing_contigs"],
        max_ref_mismatch=params["max_ref_mismatch"],
        strict=written.strict_reasons(params["strict"]),
        existing=params["existing"],
        layout=layout,
        extra=written.chosen_extra(params),
        index=params["write_index"],
        stats=params["stats"],
        fasta=params["consequence_fasta"],
    )
