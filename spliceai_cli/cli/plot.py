"""``spliceai-cli plot``: draw variants as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.scorer import open_scorer
from spliceai_cli.cli.stdout import echo_results
from spliceai_cli.errors import AnnotationError, VariantError
from spliceai_cli.settings import PICTURE_DISTANCE, PICTURE_LIMIT, PICTURES
from spliceai_cli.text import labelled

if TYPE_CHECKING:
    from spliceai_cli.files.output import Output
    from spliceai_cli.report.plot.files import Pictures
    from spliceai_cli.scorer import Scorer
    from spliceai_cli.scoring.profile import Profile
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
    cloup.option(
        "-r", "--regions", multiple=True, metavar="REGION[,…]", help="With -I: only records that overlap these."
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
    cloup.option(
        "-o",
        "--output",
        "targets",
        multiple=True,
        type=PATH,
        required=True,
        metavar="FILE",
        help=f"Picture; its name ends in {', '.join(f'.{kind}' for kind in PICTURES[:-1])} or .{PICTURES[-1]}. "
        "Repeat for several formats.",
    ),
    cloup.option("-g", "--gene", metavar="NAME", help="Only this gene.  [default: all that the variant lies in]"),
    cloup.option(
        "--zoom/--no-zoom",
        "is_zoomed",
        default=True,
        help="Show what changes and the exons near it, or all that was scored.  [default: zoom]",
    ),
    options.verbose,
    options.quiet,
)
@cloup.option_group("Genome and genes", *options.GENOME)
@cloup.option_group("Scores", *options.SCORES)
@cloup.option_group("Computing", *options.COMPUTING)
def plot(variant: str | None, targets: tuple[str, ...], *, gene: str | None, is_zoomed: bool, **chosen: Any) -> None:  # noqa: ANN401 (the options above)
    """Draw what a variant does to splicing.

    REF and ALT probabilities of splice sites along the exons, gains and losses marked. A variant is written as for
    spliceai-cli score; or -I gives a VCF. Each gene that a variant lies in has a part of its own.
    """
    if (variant is None) == (chosen["source"] is None):
        raise click.UsageError("give either a VARIANT, or -I and a VCF.")
    if variant is not None and chosen["regions"]:
        raise click.UsageError("--regions chooses records of a VCF: give one with -I.")
    kinds = [_kind(target) for target in targets]
    _check_targets(targets, chosen)
    asked = _read(variant, chosen["reference"]) if variant is not None else None
    records = _records(chosen) if asked is None else []
    if not chosen["quiet"]:
        warn_of_left_parts(targets)

    # Imported late: it loads PyTorch and matplotlib, which wrong options and variants need not wait for.
    from spliceai_cli.report.plot.files import Pictures

    with ExitStack() as stack:
        if asked is not None:
            outputs = _open(targets, stack)
        scorer = open_scorer(chosen)
        pictures = Pictures(scorer, tuple(kinds), is_zoomed=is_zoomed)
        if asked is not None:
            pictures.write(_profiles(scorer, asked, gene), outputs)
        else:
            _draw_records(records, targets, pictures, gene, is_quiet=chosen["quiet"])


def _open(targets: Iterable[str], stack: ExitStack) -> list[Output]:
    from spliceai_cli.files.output import Output

    return [stack.enter_context(Output(target, "v", label="picture")) for target in targets]


def _records(chosen: dict[str, Any]) -> list[Record]:
    from spliceai_cli.genome.regions import parse_regions
    from spliceai_cli.report.plot.records import wanted_records
    from spliceai_cli.vcf.lines import open_lines
    from spliceai_cli.vcf.reader import VcfReader

    source = chosen["source"]
    name = "standard input" if source == "-" else source
    regions = parse_regions(chosen["regions"]) if chosen["regions"] else None
    with open_lines(source, regions) as lines:
        return wanted_records(VcfReader(lines, name), regions, limit=chosen["limit"], name=name)


def _draw_records(
    records: Sequence[Record], targets: Iterable[str], pictures: Pictures, gene: str | None, *, is_quiet: bool
) -> None:
    """Draw each record that has a score, name its files on standard output, and count the alleles on stderr."""
    from spliceai_cli.lookup import outcome_of
    from spliceai_cli.report.plot.records import file_names
    from spliceai_cli.summary import Summary

    summary = Summary()
    names = zip(*(file_names(target, records) for target in targets), strict=True)
    for record, paths in zip(records, names, strict=True):
        profiles = pictures.profiles(record.variants)
        summary.count(outcome_of(pictures.scorer, variant, profiles) for variant in record.variants)
        profiles = _on_gene(profiles, gene) if gene else profiles
        if profiles:
            with ExitStack() as stack:
                pictures.write(profiles, _open(paths, stack))
            echo_results(paths)
    if not is_quiet:
        click.echo(summary, err=True)


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
            "-R": chosen["reference"],
            "-A": chosen["annotation"],
            **options.files_of_selection(chosen),
        }
        check_distinct(target, inputs, name="-o")


def _read(text: str, path: str) -> Variant:
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.notation.text import parse_variant

    return parse_variant(text, Reference(path))


def _profiles(scorer: Scorer, variant: Variant, gene: str | None) -> tuple[Profile, ...]:
    """The profiles to draw.

    Raises:
        VariantError: the variant has no score.
        AnnotationError: the variant does not lie in the requested gene.
    """
    from spliceai_cli.lookup import reason_in_words
    from spliceai_cli.report.plot.records import profiles_of

    profiles = profiles_of(scorer, [variant])
    name = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(variant.alt)}"
    if not profiles:
        plan = scorer.plan(variant)
        raise VariantError(f"{name} has no score: {reason_in_words(plan)}.")
    if gene is None:
        return profiles
    on_gene = _on_gene(profiles, gene)
    if not on_gene:
        genes = ", ".join(dict.fromkeys(profile.gene.symbol for profile in profiles))
        raise AnnotationError(
            f"{name} does not lie in {gene}, but in {genes}.", "Names are those of the annotation (-A)."
        )
    return on_gene


def _on_gene(profiles: tuple[Profile, ...], gene: str) -> tuple[Profile, ...]:
    from spliceai_cli.genes.named import rows_by_name

    rows = rows_by_name([profile.gene for profile in profiles], {gene})
    return tuple(profiles[row] for row in rows[gene])
