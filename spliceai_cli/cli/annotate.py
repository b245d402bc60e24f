"""``spliceai-annotate``: scores into a VCF."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import CONSEQUENCE, chosen_consequence, consequence_fasta
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.cli.scorer import open_scorer
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.version import say_version, version_option
from spliceai_cli.cli.workers import WORKERS
from spliceai_cli.files.kinds import BCF, contradiction, named_kind
from spliceai_cli.settings import (
    EXISTING,
    IN_GENE,
    INDEXES,
    KEEP,
    LAYOUTS,
    OUTPUT_TYPES,
    OVERWRITE,
    PRECOMPUTED,
    TBI,
    TSV,
    VCF,
)
from spliceai_cli.variants.variant import IN_GENE_REASONS, SkipReason
from spliceai_cli.vcf import fields

if TYPE_CHECKING:
    from spliceai_cli.annotate.run import AnnotateOptions

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
    from spliceai_cli.annotate.run import AnnotateOptions

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
    _check_files(chosen, inputs)
    if chosen_consequence(chosen) is None and chosen["consequence_fasta"] is not None:
        raise click.UsageError("--consequence-fasta needs --consequence.")
    if chosen["is_tsv"] and chosen["layout"] not in (None, TSV):
        raise click.UsageError(f"--tsv and --layout {chosen['layout']} cannot be combined.")
    named = named_kind(chosen["target"])
    layout = TSV if chosen["is_tsv"] else chosen["layout"] or (TSV if named.content == TSV else VCF)
    output_type = chosen["output_type"] or named.types[0]
    _check_name(chosen, layout, output_type)
    _check_layout(chosen, layout, output_type)
    return AnnotateOptions(
        source=chosen["source"],
        target=chosen["target"],
        output_type=output_type,
        regions=chosen_regions(chosen),
        targets=chosen_targets(chosen),
        allow_missing_contigs=chosen["allow_missing_contigs"],
        max_ref_mismatch=chosen["max_ref_mismatch"],
        strict=_strict_reasons(chosen["strict"]),
        existing=chosen["existing"],
        layout=layout,
        extra=frozenset(kind for kind, option in _FLAGS.items() if chosen[option]),
        index=chosen["write_index"],
        stats=chosen["stats"],
        fasta=chosen["consequence_fasta"],
    )


def _check_files(chosen: dict[str, Any], inputs: dict[str, str | None]) -> None:
    """Refuse outputs of which two are one file, or one is a file that is read."""
    from spliceai_cli.files.output import check_distinct

    check_distinct(chosen["target"], inputs)
    written = {"-O": chosen["target"], "the index of -O": f"{chosen['target']}.{chosen['write_index']}"}
    for option in ("stats", "consequence_fasta"):
        path, name = chosen[option], f"--{option.replace('_', '-')}"
        if path is None:
            continue
        check_distinct(path, inputs, name=name)
        for other, other_path in written.items():
            if _file(path) == _file(other_path):
                raise click.UsageError(f"{name} and {other} are the same file: {path}.")
        written[name] = path


def _check_layout(chosen: dict[str, Any], layout: str, output_type: str) -> None:
    """Refuse options that the layout or the output type cannot represent."""
    for option in _FLAGS.values():
        if chosen[option] and layout == PRECOMPUTED:
            name = f"--{option.replace('_', '-')}"
            raise click.UsageError(f"{name} adds an INFO field; it cannot be combined with --layout {layout}.")
    if chosen["consequence"] and layout == PRECOMPUTED:
        raise click.UsageError(f"--consequence adds INFO fields; it cannot be combined with --layout {layout}.")
    if chosen["existing"] == KEEP and layout != VCF:
        raise click.UsageError(f"--existing keep needs --layout vcf: {layout} has only the scores of this run.")
    if layout == TSV and output_type in "bu":
        raise click.UsageError("a table cannot be BCF: choose --output-type v or z.")
    if chosen["write_index"] and (output_type not in "zb" or layout == TSV or not _is_file(chosen["target"])):
        raise click.UsageError("--write-index needs a compressed VCF or BCF file: -O FILE.vcf.gz or FILE.bcf.")
    if chosen["write_index"] == TBI and output_type == "b":
        raise click.UsageError("BCF has no .tbi index: choose --write-index csi.")


def _check_name(chosen: dict[str, Any], layout: str, output_type: str) -> None:
    """Refuse a name of the output that announces something other than the options."""
    target = chosen["target"]
    named = named_kind(target)
    if named.content not in ((None, TSV) if layout == TSV else (None, VCF, BCF)):
        by_option = "--tsv is given" if chosen["is_tsv"] else f"--layout is {layout}"
        raise contradiction(target, by_option if chosen["is_tsv"] or chosen["layout"] else "a VCF is written", _ENDINGS)
    if output_type not in named.types:
        raise contradiction(target, f"--output-type is {output_type}", _ENDINGS)


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
