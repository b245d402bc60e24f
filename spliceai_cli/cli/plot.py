"""``spliceai-cli plot``: draw a variant as a picture."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import CONSEQUENCE
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.scorer import open_scorer
from spliceai_cli.errors import AnnotationError, VariantError
from spliceai_cli.settings import HTML, PICTURE_DISTANCE, PICTURES
from spliceai_cli.text import labelled

if TYPE_CHECKING:
    from spliceai_cli.scorer import Scorer
    from spliceai_cli.scoring.profile import Profile
    from spliceai_cli.variants.variant import Variant

_EPILOG = """\b
Examples:
  spliceai-cli plot chr19:38467722:C:T -R hg38.fa -o ryr1.png
  spliceai-cli plot 'NC_000019.10:g.38467722C>T' -R hg38.fa -A gencode.gtf.gz -D 2000 -o ryr1.svg -o ryr1.html
"""


@cloup.command(
    name="plot",
    epilog=_EPILOG,
    context_settings={"max_content_width": 120, "default_map": {"distance": PICTURE_DISTANCE}},
)
@cloup.argument("variant", metavar="VARIANT", help="chr19:38467722:C:T, SPDI, HGVS …")
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
@cloup.option_group("Consequences", *CONSEQUENCE)
@cloup.option_group("Computing", *options.COMPUTING)
def plot(variant: str, targets: tuple[str, ...], *, gene: str | None, is_zoomed: bool, **chosen: Any) -> None:  # noqa: ANN401 (the options above)
    """Draw what a variant does to splicing.

    REF and ALT probabilities of splice sites along the exons, gains and losses marked. A variant is written as for
    spliceai-cli score. Each gene that it lies in has a part of its own.
    """
    kinds = [_kind(target) for target in targets]
    _check_targets(targets, chosen)
    asked = _read(variant, chosen["reference"])
    if not chosen["quiet"]:
        warn_of_left_parts(targets)

    # Imported late: these load PyTorch and matplotlib, which wrong options and variants need not wait for.
    from spliceai_cli.files.output import Output
    from spliceai_cli.report.plot.figure import draw
    from spliceai_cli.report.plot.page import render_page

    with ExitStack() as stack:
        outputs = [stack.enter_context(Output(target, "v", label="picture")) for target in targets]
        scorer = open_scorer(chosen)
        profiles = _profiles(scorer, asked, gene)
        settings = scorer.settings
        picture = draw(profiles, settings, is_zoomed=is_zoomed)
        for output, kind in zip(outputs, kinds, strict=True):
            if kind == HTML:
                output.write(render_page(profiles, settings, scorer.provenance, is_zoomed=is_zoomed))
            else:
                output.write(picture.render(kind))


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
        inputs = {"-R": chosen["reference"], "-A": chosen["annotation"], **options.files_of_selection(chosen)}
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
    from spliceai_cli.genes.named import rows_by_name
    from spliceai_cli.lookup import reason_in_words

    profiles = scorer.profiles(variant)
    name = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(variant.alt)}"
    if not profiles:
        plan = scorer.plan(variant)
        raise VariantError(f"{name} has no score: {reason_in_words(plan)}.")
    if gene is None:
        return profiles
    rows = rows_by_name([profile.gene for profile in profiles], {gene})
    on_gene = tuple(profiles[row] for row in rows[gene])
    if not on_gene:
        genes = ", ".join(dict.fromkeys(profile.gene.symbol for profile in profiles))
        raise AnnotationError(
            f"{name} does not lie in {gene}, but in {genes}.", "Names are those of the annotation (-A)."
        )
    return on_gene
