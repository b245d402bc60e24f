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
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import above_progress, say, say_warning
from spliceai_cli.cli.numbers import WholeNumber
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options, restricted
from spliceai_cli.cli.scorer import prepared_scorer
from spliceai_cli.cli.stdout import echo_results
from spliceai_cli.cli.variant_text import read_variant
from spliceai_cli.settings.words import PICTURE_DISTANCE, PICTURE_LIMIT, PICTURES

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
    context_settings={"default_map": {"distance": PICTURE_DISTANCE}},
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
        type=WholeNumber(1),
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
def plot(variant: str | None, targets: tuple[str, ...], *, gene: str | None, is_zoomed: bool, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Draw what a variant does to splicing.

    Shows the probabilities of splice sites along the exons in REF and ALT, with gains and losses marked. Write the
    variant as for spliceai-cli score, or give a VCF with -I. Each gene that a variant lies in gets its own part of the
    picture.
    """
    if (variant is None) == (params["source"] is None):
        raise click.UsageError("give either a VARIANT, or -I and a VCF.")
    chooses = {"--regions": params["regions"], "--targets": params["targets_file"], "--bed": params["bed"]}
    if variant is not None and any(chooses.values()):
        option = next(option for option, value in chooses.items() if value)
        raise click.UsageError(f"{option} chooses records of a VCF: give one with -I.")
    outputs = [(_kind(target), target) for target in targets]
    _check_targets(targets, params)
    open_scorer = prepared_scorer(params)
    asked = _read(variant, params["reference"]) if variant is not None else None
    records = _records(params) if asked is None else []
    if asked is None and not records:
        say(f"no record of {_name(params['source'])} to draw{restricted(params)}")
        return
    warn_of_left_parts(targets)

    # Imported late: it loads matplotlib, which wrong options and variants need not wait for.
    from spliceai_cli.report.plot.pictures import Pictures

    with ExitStack() as stack:
        if asked is not None:
            opened = _open(outputs, stack)
        pictures = Pictures(open_scorer(), is_zoomed=is_zoomed)
        with scoring_progress(params, lambda: len(records) or 1) as watcher:
            if asked is not None:
                pictures.write(pictures.profiles_of_one(asked, gene, watcher), opened)
            else:
                summary, n_drawn = _draw_records(records, outputs, pictures, gene, watcher)
    if asked is None:
        say(str(summary))
        if not n_drawn:
            say(f"no picture: no allele has a score{f' in {gene}' if gene else ''}")


def _open(outputs: Iterable[tuple[str, str]], stack: ExitStack) -> list[tuple[str, Output]]:
    """Open outputs, given as format and path."""
    from spliceai_cli.files.output import Output

    return [(kind, stack.enter_context(Output(path, "v", label="picture"))) for kind, path in outputs]


def _records(params: dict[str, Any]) -> list[Record]:
    from spliceai_cli.report.plot.records import at_most
    from spliceai_cli.vcf.lines import open_lines
    from spliceai_cli.vcf.reader import VcfReader
    from spliceai_cli.vcf.selected import selected

    source, name = params["source"], _name(params["source"])
    regions, targets = chosen_regions(params), chosen_targets(params)
    with open_lines(source, regions) as lines:
        reader = VcfReader(lines, name)
        for doubt in reader.warnings:
            say_warning(doubt)
        return at_most(selected(reader, regions, targets), params["limit"], name=name)


def _name(source: str) -> str:
    return "standard input" if source == "-" else source


def _draw_records(
    records: Sequence[Record],
    outputs: Sequence[tuple[str, str]],
    pictures: Pictures,
    gene: str | None,
    watcher: Watcher,
) -> tuple[Summary, int]:
    """Draw each record that has a score, and name its files on standard output.

    Returns:
        The counts of the alleles, and the number of records drawn.
    """
    from spliceai_cli.lookup import outcome_of
    from spliceai_cli.report.plot.pictures import on_gene
    from spliceai_cli.report.plot.records import file_names
    from spliceai_cli.summary import Summary, unit_of_scores

    scorer, n_drawn = pictures.scorer, 0
    summary = Summary(unit_of_scores(scorer.annotation.selection, len(scorer.models)))
    names = zip(*(file_names(target, records) for _, target in outputs), strict=True)
    for record, paths in zip(records, names, strict=True):
        by_allele = [(variant, pictures.profiles(variant, watcher)) for variant in record.variants]
        outcomes = [outcome_of(scorer, variant, profiles) for variant, profiles in by_allele]
        summary.count(outcomes)
        watcher.finished(outcomes)
        wanted = on_gene(tuple(profile for _, profiles in by_allele for profile in profiles), gene)
        if wanted:
            with ExitStack() as stack:
                pictures.write(wanted, _open(zip((kind for kind, _ in outputs), paths, strict=True), stack))
            with above_progress():
                echo_results(paths)
            n_drawn += 1
    return summary, n_drawn


def _kind(target: str) -> str:
    """The format that a file name ends in."""
    kind = Path(target).suffix[1:].lower()
    if kind not in PICTURES:
        raise click.BadParameter(
            f"'{target}' does not say what to draw: its name has to end with .{', .'.join(PICTURES)}.", param_hint="-o"
        )
    return kind


def _check_targets(targets: tuple[str, ...], params: dict[str, Any]) -> None:
    from spliceai_cli.files.output import check_distinct, check_place

    for i, target in enumerate(targets):
        if target in targets[:i]:
            raise click.UsageError(f"-o names {target} twice.")
        check_distinct(target, files_read(params), name="-o")
        check_place(target, label="picture")


def _read(text: str, path: str) -> Variant:
    from spliceai_cli.genome.fasta import Reference

    return read_variant(text, Reference(path), of_file="Draw the records of a VCF with -I FILE.")
