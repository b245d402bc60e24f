"""One call from a variant to its picture."""

from __future__ import annotations

from spliceai_cli.notation.text import as_variant
from spliceai_cli.report.plot.figure import Picture
from spliceai_cli.report.plot.pictures import Pictures
from spliceai_cli.scorer import Scorer
from spliceai_cli.settings.checks import check_type
from spliceai_cli.variants.variant import Variant


def plot(scorer: Scorer, variant: Variant | str, *, gene: str | None = None, is_zoomed: bool = True) -> Picture:
    """Draw what a variant does to splicing, as ``spliceai-cli plot`` does. Notebooks show the picture.

    Args:
        scorer: scores the variant, within its distance.
        variant: the variant, or a text in any notation that ``spliceai-cli plot`` reads.
        gene: only this gene, by symbol, gene ID, transcript ID or alias; None for all that the variant lies in.
        is_zoomed: show only the changes and the exons near them; otherwise all scored positions.

    Raises:
        UsageError: an argument is of a wrong type.
        VariantError: the variant has no score, or cannot be read.
        AssemblyError: the variant is of an assembly other than the FASTA's.
        AnnotationError: the variant does not lie in the gene.

    Example:
        >>> plot(scorer, "chr19:38467722:C:T").save("ryr1.svg")  # doctest: +SKIP
    """
    check_type("scorer", scorer, Scorer)
    check_type("gene", gene, str, is_optional=True)
    pictures = Pictures(scorer, is_zoomed=is_zoomed)
    return pictures.draw(pictures.profiles_of_one(as_variant(variant, scorer.reference), gene))
