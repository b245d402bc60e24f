"""``spliceai-cli plot``: draw variants as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import CONSEQUENCE
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import above_progress, say, say_warning
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.cli.scorer import open_scorer
from spliceai_cli.cli.stdout import echo_results
from spliceai_cli.settings import PICTURE_DISTANCE, PICTURE_LIMIT, PICTURES

if TYPE_CHECKING:
    from spliceai_cli.files.output import Output
    from spliceai_cli.report.plot.pictures import Pictures
    from spliceai_cli.scoring.watcher import Watcher
    from spliceai_cli.summary import Summary
    from spliceai_cli.variants.variant import Variant
    from spliceai_cli.vcf.reader import Record

_EPILOG = """\b
Examples:
  spliceai-cli plot chr19:38467722:C:T -R hg38.fa -o ryr1.png
  spliceai-cli plot 'NC_000019.10:g.38467722C>T' -R hg38.fa -A gencode.gtf.gz -D 2000 -o ryr1.svg -o ryr1.html
  spliceai-cli plot -I in.vcf -r chr19:38400000-38600000 -R hg38.fa -o ryr1.png
"""


@cloup.command(
    name="plot",
    epilog=_EPILOG,
    context_settings={"max_content_width": 120, "default_map": {"distance": PICTURE_DISTANCE}},
)
@cloup.argument("variant", metavar="[VARIANT]", required=False, help="chr19:38467722:C:T, SPDI, HGVS …")
@cloup.option_group(
    "Records of a VCF",
    cloup.option(
        "-I",
        "--input",
        "source",
        type=PATH,
        metavar="VCF",
        help="Draw a picture of each record of this VCF or BCF; -o out.png gives out.CHROM-POS-REF-ALT.png.",
    ),
    *region_options(
        "With -I: only records that overlap these.", "With -I: only records whose POS is in this file's regions."
    ),
    cloup.option(
        "--limit",
        type=cloup.IntRange(min=1),
        default=PICTURE_LIMIT,
        show_default=True,
        metavar="N",
        help="With -I: refuse to draw more records than this.",
    ),
)
@cloup.option_group(
    "Output",
    output(
        f"Picture; its name ends in {', '.join(f'.{kind}' for kind in PICTURES[:-1])} or .{PICTURES[-1]}. "
        "Repeat for several formats.",
        metavar="FILE",
        many=True,
    ),
    cloup.option("-g", "--gene", metavar="NAME", help="Only this gene.  [default: all that the variant lies in]"),
    cloup.option(
        "--zoom/--no-zoom",
        "is_zoomed",
        default=True,
        help="Show what changes and the exons near it, or all that was scored.  [default: zoom]",
    ),
    progress,
    options.verbose,
    options.quiet,
)
@cloup.option_group("Genome and genes", *options.GENOME)
@cloup.option_group("Scores", *options.SCORES)
@cloup.option_group("Consequences", *CONSEQUENCE)
@cloup.option_group("Computing", *options.COMPUTING)
def plot(variant: str | None, targets: tuple[str, ...], *, gene: str | None, is_zoomed: bool, **chosen: Any) -> None:  # noqa: ANN401 (the options above)
    """Draw what a variant does to splicing.

    Shows the probabilities of splice sites along the exons in REF and ALT, with gains and losses marked. Write the
    variant as for spliceai-cli score, or give a VCF with -I. Each gene that a variant lies in gets its own part of the
    picture.
    """
    if (variant is None) == (chosen["source"] is None):
        raise click.UsageError("give either a VARIANT, or -I and a VCF.")
    chooses = {"--regions": chosen["regions"], "--targets": chosen["targets_file"], "--bed": chosen["bed"]}
    if variant is not None and any(chooses.values()):
        option = next(option for option, value in chooses.items() if value)
        raise click.UsageError(f"{option} chooses records of a VCF: give one with -I.")
    outputs = [(_kind(target), target) for target in targets]
    _check_targets(targets, chosen)
    asked = _read(variant, chosen["reference"]) if variant is not None else None
    records = _records(chosen) if asked is None else []
    warn_of_left_parts(targets)

    # Imported late: it loads PyTorch and matplotlib, which wrong options and variants need not wait for.
    from spliceai_cli.report.plot.pictures import Pictures

    with ExitStack() as stack:
        if asked is not None:
            opened = _open(outputs, stack)
        pictures = Pictures(open_scorer(chosen), is_zoomed=is_zoomed)
        with scoring_progress(chosen, lambda: len(records) or 1) as watcher:
            if asked is not None:
                pictures.write(pictures.profiles_of_one(asked, gene, watcher), opened)
            else:
                summary = _draw_records(records, outputs, pictures, gene, watcher)
    if asked is None:
        say(str(summary))


def _open(outputs: Iterable[tuple[str, str]], stack: ExitStack) -> list[tuple[str, Output]]:
    """Open outputs, given as format and path."""
    from spliceai_cli.files.output import Output

    return [(kind, stack.enter_context(Output(path, "v", label="picture"))) for kind, path in outputs]


def _records(chosen: dict[str, Any]) -> list[Record]:
    from spliceai_cli.report.plot.records import at_most
    from spliceai_cli.vcf.lines import open_lines
    from spliceai_cli.vcf.reader import VcfReader
    from spliceai_cli.vcf.selected import selected

    source = chosen["source"]
    name = "standard input" if source == "-" else source
    regions, targets = chosen_regions(chosen), chosen_targets(chosen)
    with open_lines(source, regions) as lines:
        reader = VcfReader(lines, name)
        for doubt in reader.warnings:
            say_warning(doubt)
        return at_most(selected(reader, regions, targets), chosen["limit"], name=name)


def _draw_records(
    records: Sequence[Record],
    outputs: Sequence[tuple[str, str]],
    pictures: Pictures,
    gene: str | None,
    watcher: Watcher,
) -> Summary:
    """Draw each record that has a score, name its files on standard output, and count the alleles."""
    from spliceai_cli.lookup import outcome_of
    from spliceai_cli.report.plot.pictures import on_gene
    from spliceai_cli.report.plot.records import file_names
    from spliceai_cli.summary import Summary

    summary = Summary()
    names = zip(*(file_names(target, records) for _, target in outputs), strict=True)
    for record, paths in zip(records, names, strict=True):
        by_allele = [(variant, pictures.profiles(variant, watcher)) for variant in record.variants]
        outcomes = [outcome_of(pictures.scorer, variant, profiles) for variant, profiles in by_allele]
        summary.count(outcomes)
        watcher.finished(outcomes)
        wanted = on_gene(tuple(profile for _, profiles in by_allele for profile in profiles), gene)
        if wanted:
            with ExitStack() as stack:
                pictures.write(wanted, _open(zip((kind for kind, _ in outputs), paths, strict=True), stack))
            with above_progress():
                echo_results(paths)
    return summary


def _kind(target: str) -> str:
    """The format that a file name ends in."""
    kind = Path(target).suffix[1:].lower()
    if kind not in PICTURES:
        raise click.BadParameter(
            f"'{target}' does not say what to draw: its name has to end with .{', .'.join(PICTURES)}.", param_hint="-o"
        )
    return kind


def _check_targets(targets: tuple[str, ...], chosen: dict[str, Any]) -> None:
    from spliceai_cli.files.output import check_distinct

    for i, target in enumerate(targets):
        if target in targets[:i]:
            raise click.UsageError(f"-o names {target} twice.")
        inputs = {
            "-I": chosen["source"],
            "-T": chosen["targets_file"],
            "--bed": chosen["bed"],
            "-R": chosen["reference"],
            "-A": chosen["annotation"],
            **options.files_of_selection(chosen),
        }
        check_distinct(target, inputs, name="-o")


def _read(text: str, path: str) -> Variant:
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.notation.text import parse_variant

    return parse_variant(text, Reference(path))
