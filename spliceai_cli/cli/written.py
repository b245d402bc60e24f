"""Options for what is written into an annotated file, and for the kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.files.kinds import BCF, contradiction, named_kind
from spliceai_cli.settings.words import (
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

write_index = cloup.option(
    "--write-index",
    type=click.Choice(INDEXES),
    is_flag=False,
    flag_value=CSI,
    help="Write an index next to a compressed output. Without a word: csi.",
)
allow_missing_contigs = cloup.option(
    "--allow-missing-contigs",
    is_flag=True,
    help="Accept a VCF whose contigs are not in the FASTA or not in the annotation: its records stay as they are.",
)
strict = cloup.option(
    "--strict",
    is_flag=False,
    flag_value=IN_GENE,
    metavar="[=REASONS]",
    help="Exit 1, with the output complete, if an allele in a gene has no score. REASONS: fail for these reasons "
    f"instead (comma-separated): {', '.join(options.CODES)}.",
)
stats = cloup.option(
    "--stats",
    type=PATH,
    metavar="FILE",
    help="Write JSON: numbers of records and of alleles, scored or by reason, and what made the scores.",
)


def content(default_layout: str) -> tuple[Any, ...]:
    """Options for the content of a file.

    Args:
        default_layout: the layout if none is given, in words.
    """
    return (
        cloup.option(
            "--existing",
            type=click.Choice(EXISTING),
            default=OVERWRITE,
            show_default=True,
            help="Records that already have scores of the models in use. overwrite: score them again, replacing the "
            "old scores. keep: leave them unchanged if no ALT lacks a score. error: stop at the first.",
        ),
        cloup.option(
            "--transcript-id",
            is_flag=True,
            help="Add INFO/SpliceAI_TX: the transcript of each score. The TSV has it in any case.",
        ),
        cloup.option(
            "--ds-max", is_flag=True, help="Add INFO/SpliceAI_DS_max: an allele's largest score over all genes."
        ),
        cloup.option(
            "--raw",
            is_flag=True,
            help="Add INFO/SpliceAI_RAW, or columns of the TSV: probabilities of REF and of ALT at the four positions "
            "that DP names.",
        ),
        cloup.option("--explain", is_flag=True, help="Add INFO/SpliceAI_SKIP: why an allele has no score."),
        cloup.option(
            "--layout",
            type=click.Choice(LAYOUTS),
            help="vcf: the records of the input. precomputed: a VCF with one record per allele and gene, and nothing "
            f"but its score in INFO. tsv: one row per allele and gene.  [default: {default_layout}]",
        ),
        cloup.option("--tsv", "is_tsv", is_flag=True, help="Short for --layout tsv."),
    )


def chosen_extra(params: Mapping[str, Any]) -> frozenset[str]:
    """The kinds of INFO fields that options add."""
    return frozenset(kind for kind, option in _FLAGS.items() if params[option])


def chosen_layout(params: Mapping[str, Any]) -> str | None:
    """The layout that options choose; None if they do not.

    Raises:
        UsageError: ``--tsv`` and another layout are given.
    """
    if params["is_tsv"] and params["layout"] not in (None, TSV):
        raise click.UsageError(f"--tsv and --layout {params['layout']} cannot be combined.")
    layout: str | None = TSV if params["is_tsv"] else params["layout"]
    return layout


def check_content(params: Mapping[str, Any], layout: str) -> None:
    """Refuse options that the layout cannot represent.

    Raises:
        UsageError: there is such an option.
    """
    for option in _FLAGS.values():
        if params[option] and layout == PRECOMPUTED:
            name = f"--{option.replace('_', '-')}"
            raise click.UsageError(f"{name} adds an INFO field; it cannot be combined with --layout {layout}.")
    if params["consequence"] and layout == PRECOMPUTED:
        raise click.UsageError(f"--consequence adds INFO fields; it cannot be combined with --layout {layout}.")
    if params["existing"] == KEEP and layout != VCF:
        raise click.UsageError(f"--existing keep needs --layout vcf: {layout} has only the scores of this run.")


def check_kind(target: str, layout: str, kind: str, index: str | None, because: str) -> None:
    """Refuse an output whose name, type and index do not go with one another, or with the layout.

    Args:
        target: the output.
        layout: one of ``settings.words.LAYOUTS``.
        kind: one of ``settings.words.OUTPUT_TYPES``.
        index: one of ``settings.words.INDEXES``, or None.
        because: what says the layout, as a clause.

    Raises:
        UsageError: they do not.
    """
    named = named_kind(target)
    if named.content not in ((None, TSV) if layout == TSV else (None, VCF, BCF)):
        raise contradiction(target, because, _ENDINGS)
    if kind not in named.types:
        raise contradiction(target, f"--output-type is {kind}", _ENDINGS)
    if layout == TSV and kind in "bu":
        raise click.UsageError("a table cannot be BCF: choose --output-type v or z.")
    if index and (kind not in "zb" or layout == TSV or not _is_file(target)):
        raise click.UsageError("--write-index needs a compressed VCF or BCF file: -O FILE.vcf.gz or FILE.bcf.")
    if index == TBI and kind == "b":
        raise click.UsageError("BCF has no .tbi index: choose --write-index csi.")


def strict_reasons(text: str | None) -> frozenset[SkipReason]:
    """The reasons that ``--strict`` names.

    Raises:
        BadParameter: there is no such reason.
    """
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


def _is_file(target: str) -> bool:
    """Whether the output is a regular file, existing or not, rather than a pipe or a device."""
    return target != "-" and not target.startswith("/dev/") and (Path(target).is_file() or not Path(target).exists())
