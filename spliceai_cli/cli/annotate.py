"""``spliceai-annotate``: scores into a VCF."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import click
import cloup

from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import CONSEQUENCE, consequence_fasta
from spliceai_cli.cli.input_option import chosen_input, vcf_argument, vcf_option
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output, output_type
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.cli.scorer import prepared_scorer
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.version import say_version, version_option
from spliceai_cli.files.kinds import BCF, contradiction, named_kind
from spliceai_cli.settings import (
    CSI,
    EXISTING,
    IN_GENE,
    INDEXES,
    KEEP,
    LAYOUTS,
    OVERWRITE,
    PRECOMPUTED,
    TBI,
    TSV,
    VCF,
)
from spliceai_cli.variants.variant import IN_GENE_REASONS, SkipReason
from spliceai_cli.vcf import fields

_ENDINGS = "names end in .vcf, .vcf.gz, .bcf, .tsv or .tsv.gz"

# Kind of INFO field -> the option that adds it.
_FLAGS = {fields.TRANSCRIPT: "transcript_id", fields.LARGEST: "ds_max", fields.RAW: "raw", fields.REASON: "explain"}

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
    cloup.option(
        "--write-index",
        type=click.Choice(INDEXES),
        is_flag=False,
        flag_value=CSI,
        help="Write an index next to a compressed output. Without a word: csi.",
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
        type=PATH,
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
def annotate(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Annotate a VCF with SpliceAI delta scores.

    For each ALT allele and each gene that it lies in, INFO/SpliceAI says how much the allele raises or lowers the
    probability of a splice acceptor or donor nearby, and where. Everything else passes through unchanged.
    """
    started = time.monotonic()
    params["source"] = chosen_input(params)
    job = _job(params)
    open_scorer = prepared_scorer(params)

    # Imported late: this loads PyTorch, which takes a second that --help and wrong options need not wait for.
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
    inputs = {
        "-I": params["source"],
        "-R": params["reference"],
        "the index of -R": f"{params['reference']}.fai",
        "the BGZF index of -R": f"{params['reference']}.gzi",
        **{f"the {kind} index of -I": f"{params['source']}.{kind}" for kind in INDEXES},
        "-A": params["annotation"],
        "-T": params["targets_file"],
        "--bed": params["bed"],
        **options.files_of_selection(params),
    }
    _check_files(params, inputs)
    if params["consequence"] is None and params["consequence_fasta"] is not None:
        raise click.UsageError("--consequence-fasta needs --consequence.")
    if params["is_tsv"] and params["layout"] not in (None, TSV):
        raise click.UsageError(f"--tsv and --layout {params['layout']} cannot be combined.")
    named = named_kind(params["target"])
    layout = TSV if params["is_tsv"] else params["layout"] or (TSV if named.content == TSV else VCF)
    file_type = params["output_type"] or named.types[0]
    _check_name(params, layout, file_type)
    _check_layout(params, layout, file_type)
    return AnnotateOptions(
        source=params["source"],
        target=params["target"],
        output_type=file_type,
        regions=chosen_regions(params),
        targets=chosen_targets(params),
        allow_missing_contigs=params["allow_missing_contigs"],
        max_ref_mismatch=params["max_ref_mismatch"],
        strict=_strict_reasons(params["strict"]),
        existing=params["existing"],
        layout=layout,
        extra=frozenset(kind for kind, option in _FLAGS.items() if params[option]),
        index=params["write_index"],
        stats=params["stats"],
        fasta=params["consequence_fasta"],
    )


def _check_files(params: dict[str, Any], inputs: dict[str, str | None]) -> None:
    """Refuse outputs of which two are one file, or one is a file that is read."""
    from spliceai_cli.files.output import check_distinct

    check_distinct(params["target"], inputs)
    written = {"-O": params["target"], "the index of -O": f"{params['target']}.{params['write_index']}"}
    for option in ("stats", "consequence_fasta"):
        path, name = params[option], f"--{option.replace('_', '-')}"
        if path is None:
            continue
        check_distinct(path, inputs, name=name)
        for other, other_path in written.items():
            if _file(path) == _file(other_path):
                raise click.UsageError(f"{name} and {other} are the same file: {path}.")
        written[name] = path


def _check_layout(params: dict[str, Any], layout: str, file_type: str) -> None:
    """Refuse options that the layout or the output type cannot represent."""
    for option in _FLAGS.values():
        if params[option] and layout == PRECOMPUTED:
            name = f"--{option.replace('_', '-')}"
            raise click.UsageError(f"{name} adds an INFO field; it cannot be combined with --layout {layout}.")
    if params["consequence"] and layout == PRECOMPUTED:
        raise click.UsageError(f"--consequence adds INFO fields; it cannot be combined with --layout {layout}.")
    if params["existing"] == KEEP and layout != VCF:
        raise click.UsageError(f"--existing keep needs --layout vcf: {layout} has only the scores of this run.")
    if layout == TSV and file_type in "bu":
        raise click.UsageError("a table cannot be BCF: choose --output-type v or z.")
    if params["write_index"] and (file_type not in "zb" or layout == TSV or not _is_file(params["target"])):
        raise click.UsageError("--write-index needs a compressed VCF or BCF file: -O FILE.vcf.gz or FILE.bcf.")
    if params["write_index"] == TBI and file_type == "b":
        raise click.UsageError("BCF has no .tbi index: choose --write-index csi.")


def _check_name(params: dict[str, Any], layout: str, file_type: str) -> None:
    """Refuse a name of the output that announces something other than the options."""
    target = params["target"]
    named = named_kind(target)
    if named.content not in ((None, TSV) if layout == TSV else (None, VCF, BCF)):
        by_option = "--tsv is given" if params["is_tsv"] else f"--layout is {layout}"
        raise contradiction(target, by_option if params["is_tsv"] or params["layout"] else "a VCF is written", _ENDINGS)
    if file_type not in named.types:
        raise contradiction(target, f"--output-type is {file_type}", _ENDINGS)


def _file(target: str) -> str:
    """The file behind a name, with links and redirected standard output resolved."""
    return os.path.realpath("/dev/stdout" if target == "-" else target)


def _is_file(target: str) -> bool:
    """Whether the output is a regular file, existing or not, rather than a pipe or a device."""
    return target != "-" and not target.startswith("/dev/") and (Path(target).is_file() or not Path(target).exists())


def _strict_reasons(text: str | None) -> frozenset[SkipReason]:
    if text is None:
        return frozenset()
    if text == IN_GENE:
        return IN_GENE_REASONS
    by_code = {reason.code: reason for reason in SkipReason}
    unknown = [code for code in text.split(",") if code not in by_code]
    if unknown:
        raise click.BadParameter(
            f"unknown reason '{unknown[0]}'; choose from {', '.join(by_code)}.", param_hint="--strict"
        )
    return frozenset(by_code[code] for code in text.split(","))
