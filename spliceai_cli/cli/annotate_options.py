"""What the options of ``annotate`` ask for, checked against one another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import chosen_consequence
from spliceai_cli.cli.regions import chosen_regions, chosen_targets
from spliceai_cli.files.kinds import BCF, contradiction, named_kind
from spliceai_cli.settings import IN_GENE, INDEXES, KEEP, PRECOMPUTED, TBI, TSV, VCF
from spliceai_cli.variants.variant import IN_GENE_REASONS, SkipReason
from spliceai_cli.vcf import fields

if TYPE_CHECKING:
    from spliceai_cli.annotate.run import AnnotateOptions

_ENDINGS = "names end in .vcf, .vcf.gz, .bcf, .tsv or .tsv.gz"

# Kind of INFO field -> the option that adds it.
_FLAGS = {fields.TRANSCRIPT: "transcript_id", fields.LARGEST: "ds_max", fields.RAW: "raw", fields.REASON: "explain"}


def annotate_options(chosen: dict[str, Any]) -> AnnotateOptions:
    """The options of a run.

    Args:
        chosen: parameters of the command.

    Raises:
        UsageError: options, or options and names of files, contradict one another.
    """
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
