"""``spliceai-annotate``: scores into a VCF."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import CONSEQUENCE, chosen_consequence, consequence_fasta
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.scorer import open_scorer
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.provenance import __version__
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
from spliceai_cli.variants.variant import IN_GENE_REASONS, Outcome, SkipReason
from spliceai_cli.vcf import fields

if TYPE_CHECKING:
    from spliceai_cli.annotate.run import AnnotateOptions, Warner, Watcher

# Kind of INFO field -> the option that adds it.
_FLAGS = {fields.TRANSCRIPT: "transcript_id", fields.LARGEST: "ds_max", fields.RAW: "raw", fields.REASON: "explain"}

# Kind of INFO field -> layouts in which it is a column.
_LAYOUTS_WITH = {fields.TRANSCRIPT: (TSV,)}

_EPILOG = """\b
Examples:
  spliceai-annotate -I in.vcf -R hg38.fa -A gencode -O out.vcf.gz
  bcftools view in.bcf chr19 | spliceai-annotate -R hg38.fa -A grch38 > out.vcf
  spliceai-annotate -I in.vcf.gz -R hg38.fa -A grch38 -D 500 -M 1 -r chr19 -O chr19.vcf.gz
  spliceai-annotate -I in.vcf -R hg38.fa --model spliceai --model cispliceai -O out.vcf

\b
Exit status: 0 done, 1 known failure, 2 wrong usage, 130 Ctrl-C, 143 SIGTERM.
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
    cloup.option(
        "-O", "--output", "target", type=PATH, metavar="VCF", default="-", help="Annotated VCF.  [default: stdout]"
    ),
    cloup.option(
        "--output-type",
        type=click.Choice(OUTPUT_TYPES),
        help="v VCF, z VCF in BGZF, b BCF, u uncompressed BCF.  [default: by the name of -O]",
    ),
    cloup.option(
        "--write-index",
        type=click.Choice(INDEXES),
        help="Write an index next to a compressed output.",
    ),
    cloup.option("-r", "--regions", multiple=True, metavar="REGION[,…]", help="Only records that overlap these."),
    cloup.option(
        "-T",
        "--targets",
        "targets_file",
        type=LocalPath(path_type=Path, dir_okay=False),
        metavar="BED",
        help="Only records whose POS is in this file's regions.",
    ),
)
@cloup.option_group(
    "Genome and genes",
    *options.GENOME,
    cloup.option(
        "--allow-missing-contigs", is_flag=True, help="Pass records through if no contig is in FASTA and genes."
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
        help=f"Exit 1 if an allele in a gene went unscored, or one for these reasons: {', '.join(options.CODES)}.",
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
        help="What to do with records already scored by these models. keep: leave them as they are.",
    ),
    cloup.option(
        "--transcript-id",
        is_flag=True,
        help="Add INFO/SpliceAI_TX, or a column of the TSV: the transcript of each score.",
    ),
    cloup.option("--ds-max", is_flag=True, help="Add INFO/SpliceAI_DS_max: an allele's largest score over all genes."),
    cloup.option("--raw", is_flag=True, help="Add INFO/SpliceAI_RAW: probabilities of REF and ALT at each position."),
    cloup.option("--explain", is_flag=True, help="Add INFO/SpliceAI_SKIP: why an allele has no score."),
    cloup.option(
        "--layout",
        type=click.Choice(LAYOUTS),
        help="precomputed: one line per allele and gene, no other INFO. tsv: the same as a table.  [default: vcf]",
    ),
    cloup.option("--tsv", "is_tsv", is_flag=True, help="Short for --layout tsv."),
    cloup.option(
        "--stats",
        type=LocalPath(dir_okay=False),
        metavar="FILE",
        help="Write the counts of the summary as JSON.",
    ),
)
@cloup.option_group(
    "Computing",
    *options.COMPUTING,
)
@cloup.option_group(
    "Messages",
    cloup.option("--progress/--no-progress", default=None, help="Progress on stderr.  [default: on a terminal]"),
    cloup.option(
        "-v",
        "--verbose",
        is_flag=True,
        help="Name every allele that could not be scored, and say what limits the number of CPU threads.",
    ),
    options.quiet,
)
@cloup.version_option(__version__, message="spliceai-annotate %(version)s")
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

    warn = _warner(chosen)
    warn_of_left_parts([chosen["target"], chosen["stats"], chosen["consequence_fasta"]], warn)
    with results_to_stdout(), _progress(chosen) as watch:
        summary = run(job, lambda: open_scorer(chosen), watch, warn)
    if not chosen["quiet"]:
        click.echo(summary.timed(time.monotonic() - started), err=True)


def _job(chosen: dict[str, Any]) -> AnnotateOptions:
    from spliceai_cli.annotate.run import AnnotateOptions
    from spliceai_cli.files.output import check_distinct, guess_type
    from spliceai_cli.genome.regions import parse_regions, read_targets

    inputs = {
        "-I": chosen["source"],
        "-R": chosen["reference"],
        "the index of -R": f"{chosen['reference']}.fai",
        "-A": chosen["annotation"],
        "-T": chosen["targets_file"],
        **options.files_of_selection(chosen),
    }
    check_distinct(chosen["target"], inputs)
    if chosen["stats"] is not None:
        check_distinct(chosen["stats"], inputs, name="--stats")
        written = {"-O": chosen["target"], "the index of -O": f"{chosen['target']}.{chosen['write_index']}"}
        for option, path in written.items():
            if _file(chosen["stats"]) == _file(path):
                raise click.UsageError(f"--stats and {option} are the same file: {chosen['stats']}.")
    _check_consequence(chosen, inputs)
    if chosen["is_tsv"] and chosen["layout"] not in (None, TSV):
        raise click.UsageError(f"--tsv and --layout {chosen['layout']} do not go together.")
    layout = TSV if chosen["is_tsv"] else chosen["layout"] or VCF
    output_type = chosen["output_type"] or guess_type(chosen["target"])
    _check_layout(chosen, layout, output_type)
    return AnnotateOptions(
        source=chosen["source"],
        target=chosen["target"],
        output_type=output_type,
        regions=parse_regions(chosen["regions"]) if chosen["regions"] else None,
        targets=read_targets(chosen["targets_file"]) if chosen["targets_file"] else None,
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


def _check_consequence(chosen: dict[str, Any], inputs: dict[str, str | None]) -> None:
    """Refuse options of consequences that contradict each other or would overwrite a file."""
    from spliceai_cli.files.output import check_distinct

    is_asked = chosen_consequence(chosen) is not None
    if chosen["layout"] == PRECOMPUTED and is_asked:
        raise click.UsageError("--consequence adds INFO fields; it cannot be combined with --layout precomputed.")
    if chosen["consequence_fasta"] is None:
        return
    if not is_asked:
        raise click.UsageError("--consequence-fasta needs --consequence.")
    check_distinct(chosen["consequence_fasta"], inputs, name="--consequence-fasta")
    for option, path in {"-O": chosen["target"], "--stats": chosen["stats"]}.items():
        if path is not None and _file(chosen["consequence_fasta"]) == _file(path):
            raise click.UsageError(f"--consequence-fasta and {option} are the same file: {path}.")


def _check_layout(chosen: dict[str, Any], layout: str, output_type: str) -> None:
    """Refuse options that the layout or the output type cannot represent."""
    for kind, option in _FLAGS.items():
        if chosen[option] and layout not in (VCF, *_LAYOUTS_WITH.get(kind, ())):
            name = f"--{option.replace('_', '-')}"
            raise click.UsageError(f"{name} adds an INFO field; it cannot be combined with --layout {layout}.")
    if chosen["existing"] == KEEP and layout != VCF:
        raise click.UsageError(f"--layout {layout} has no room for the scores that --existing keep leaves alone.")
    if layout == TSV and output_type in "bu":
        raise click.UsageError("a table cannot be BCF: choose --output-type v or z.")
    if chosen["write_index"] and (output_type not in "zb" or layout == TSV or not _is_file(chosen["target"])):
        raise click.UsageError("--write-index needs a compressed VCF or BCF file: -O FILE.vcf.gz or FILE.bcf.")
    if chosen["write_index"] == TBI and output_type == "b":
        raise click.UsageError("BCF has no .tbi index: choose --write-index csi.")


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


@contextmanager
def _progress(chosen: dict[str, Any]) -> Iterator[Watcher]:
    """A watcher that advances the progress bar; with ``--verbose`` it names alleles in genes without a score."""
    from tqdm import tqdm

    shown = chosen["progress"] if chosen["progress"] is not None else sys.stderr.isatty() and not chosen["quiet"]
    is_verbose = chosen["verbose"]
    with tqdm(unit=" records", disable=not shown, mininterval=0.5, file=sys.stderr) as bar:

        def watch(outcomes: tuple[Outcome, ...]) -> None:
            bar.update()
            for outcome in outcomes if is_verbose else ():
                if outcome.skip not in (None, SkipReason.OUTSIDE, SkipReason.KEPT):
                    bar.write(f"unscored: {outcome.variant}: {outcome.skip.code}", file=sys.stderr)

        yield watch


def _warner(chosen: dict[str, Any]) -> Warner:
    """A function that prints warnings above the progress bar, unless ``--quiet`` is given."""
    from tqdm import tqdm

    def warn(text: str) -> None:
        if not chosen["quiet"]:
            tqdm.write(f"Warning: {text}", file=sys.stderr)

    return warn
