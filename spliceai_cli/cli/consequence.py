"""``spliceai-cli consequence``: predicted transcripts from scores that a VCF has already."""

from __future__ import annotations

from typing import Any

import click
import cloup

from spliceai_cli.cli import options, written
from spliceai_cli.cli.annotation import chosen_annotation
from spliceai_cli.cli.consequence_options import consequence_settings, thresholds
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.input_option import chosen_input, vcf_argument, vcf_option
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output, output_type
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.files.kinds import BCF, contradiction, named_kind
from spliceai_cli.settings.words import BY_SAI10K, CONSEQUENCE_METHODS, VCF

_ENDINGS = "names end in .vcf, .vcf.gz or .bcf"

_EPILOG = """\b
Examples:
  spliceai-annotate -I in.vcf -R hg38.fa -A genes.gtf -D 4999 -O scored.vcf
  spliceai-cli consequence scored.vcf -R hg38.fa -A genes.gtf -O out.vcf
"""


@cloup.command(name="consequence", epilog=_EPILOG)
@vcf_argument
@cloup.option_group(
    "Input and output",
    vcf_option("Annotated VCF or BCF."),
    output("VCF; its name says the kind: .vcf, .vcf.gz or .bcf.  [default: stdout]", metavar="FILE", default="-"),
    output_type,
    options.quiet,
)
@cloup.option_group("Genome and genes", *options.GENOME, written.allow_missing_contigs, options.max_ref_mismatch)
@cloup.option_group(
    "Consequences",
    cloup.option(
        "--method",
        type=click.Choice(CONSEQUENCE_METHODS),
        default=BY_SAI10K,
        show_default=True,
        help="How events are found. sai10k-refalt also uses probabilities of REF and ALT; profile has only the scores.",
    ),
    thresholds,
)
def consequence(target: str, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Predict transcripts from the scores of an annotated VCF, without any network.

    Adds INFO/SpliceAI_CSQ; the scores stay as they are. They must have been made with a large -D, usually 4999: the
    partner of a site is often farther than 50 bp away.
    """
    settings = consequence_settings(params["method"], params["thresholds"])
    vcf = chosen_input(params)
    file_type = _file_type(target, params["output_type"])

    from spliceai_cli.annotate.from_scores import ConsequenceJob, annotate_from_scores
    from spliceai_cli.files.output import check_distinct
    from spliceai_cli.genome.fasta import Reference

    check_distinct(target, files_read({**params, "vcf": vcf}))
    warn_of_left_parts([target])
    reference = Reference(params["reference"])
    annotation = chosen_annotation(params, reference)
    job = ConsequenceJob(
        vcf,
        target,
        file_type,
        settings,
        allow_missing_contigs=params["allow_missing_contigs"],
        max_ref_mismatch=params["max_ref_mismatch"],
    )
    with results_to_stdout():
        interpreted = annotate_from_scores(job, reference, annotation, say_warning)
    say(str(interpreted))


def _file_type(target: str, asked: str | None) -> str:
    """The output type asked for, or implied by the name of the output.

    Raises:
        UsageError: the name announces something else.
    """
    named = named_kind(target)
    if named.content not in (None, VCF, BCF):
        raise contradiction(target, "a VCF is written", _ENDINGS)
    if asked is not None and asked not in named.types:
        raise contradiction(target, f"--output-type is {asked}", _ENDINGS)
    return asked or named.types[0]
