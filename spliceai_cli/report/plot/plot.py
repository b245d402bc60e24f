"""One call from a variant to its picture."""

from __future__ import annotations

from spliceai_cli.errors import AnnotationError, VariantError
from spliceai_cli.genes.named import rows_by_name
from spliceai_cli.lookup import reason_in_words
from spliceai_cli.notation.text import as_variant
from spliceai_cli.report.plot.figure import Picture, draw
from spliceai_cli.scorer import Scorer
from spliceai_cli.settings import check_type
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
        AssemblyError: the variant is of another assembly than the FASTA.
        AnnotationError: the variant does not lie in the gene.

    Example:
        >>> plot(scorer, "chr19:38467722:C:T").save("ryr1.svg")  # doctest: +SKIP
    """
    check_type("scorer", scorer, Scorer)
    check_type("gene", gene, str, is_optional=True)
    variant = as_variant(variant, scorer.reference)
    profiles = scorer.profiles(variant)
    if not profiles:
        raise VariantError(f"{variant} has no score: {reason_in_words(scorer.plan(variant))}.")
    if gene is not None:
        rows = rows_by_name([profile.gene for profile in profiles], {gene})[gene]
        if not rows:
            genes = ", ".join(dict.fromkeys(profile.gene.symbol for profile in profiles))
            raise AnnotationError(f"{variant} does not lie in {gene}, but in {genes}.")
        profiles = tuple(profiles[row] for row in rows)
    return draw(profiles, scorer.settings, is_zoomed=is_zoomed)
