"""Scores of ours beside the literal oracle's, allele by allele."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from support import oracle

from spliceai_cli import Outcome, Scorer, SkipReason, Variant

# Where the oracle's largest and next largest change differ by less, either place is right.
CLEAR_LEAD = 1e-6


@dataclass
class Tally:
    """What was compared.

    Attributes:
        n_alleles: alleles seen; ``n_scored`` of them in a gene.
        n_scores: allele×gene scores; each has four values and places.
        n_near_ties: values whose place was not compared, because the oracle's lead is below ``CLEAR_LEAD``;
            ``n_elsewhere`` of them are indeed in another place.
        n_large: alleles with a score of 0.2 or more.
        largest: the largest difference of an unrounded value.
        wrong: what should be empty.
    """

    n_alleles: int = 0
    n_scored: int = 0
    n_scores: int = 0
    n_near_ties: int = 0
    n_elsewhere: int = 0
    n_large: int = 0
    largest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        scored = f"{self.n_scored} scored ({self.n_scores} scores; {self.n_large} alleles with 0.2 or more)"
        ties = f"{self.n_near_ties} of {4 * self.n_scores} places not compared ({self.n_elsewhere} are elsewhere)"
        return f"{self.n_alleles} alleles, {scored}; largest difference {self.largest:.1e}; lead too small: {ties}"


def compare(
    tally: Tally,
    scorer: Scorer,
    variants: Sequence[Variant],
    nets: Sequence[oracle.Net],
    *,
    contig_of: Callable[[str], str],
    flank: int,
    tolerance: float,
) -> None:
    """Score variants both ways and count.

    Args:
        tally: counts are added to it.
        scorer: ours.
        variants: in genes or not; symbolic ones with their structure.
        nets: the oracle's.
        contig_of: letters of a contig by its name in the FASTA.
        flank: bases that the networks need on each side.
        tolerance: of an unrounded value.
    """
    for variant, outcome in zip(variants, scorer.score(variants), strict=True):
        chrom = scorer.reference.contigs.find(variant.chrom)
        contig = contig_of(chrom)
        genes = [gene for gene in scorer.genes.genes if scorer.reference.contigs.find(gene.chrom) == chrom]
        _compare_one(tally, scorer.settings.distance, outcome, genes, contig, nets, flank, tolerance)


def _compare_one(tally, distance, outcome: Outcome, genes, contig, nets, flank, tolerance) -> None:
    variant, structure = outcome.variant, outcome.variant.structure
    alleles = (variant.pos, variant.ref, variant.alt)
    span = (variant.pos, variant.pos)
    if structure is not None:
        alleles = (variant.pos, *oracle.spell(contig, variant.pos, *structure))
        if structure.kind in ("DEL", "INV"):
            span = (variant.pos, variant.pos + structure.length)
    literal = {gene: oracle.Gene(gene.strand, gene.start + 1, gene.end) for gene in genes}
    covering = [
        gene
        for gene in genes
        if (gene.start < span[1] and span[0] <= gene.end if structure else oracle.covers(literal[gene], alleles))
    ]
    where = f"{variant.chrom}:{variant.pos} {variant.ref[:12]}>{variant.alt[:12]} {structure or ''} D={distance}"
    tally.n_alleles += 1
    tally.n_scored += bool(covering)
    tally.n_large += any(score.max_score >= 0.2 for score in outcome.scores)
    if [score.symbol for score in outcome.scores] != [gene.symbol for gene in covering]:
        tally.wrong.append(f"{where}: genes {[g.symbol for g in covering]} expected, {outcome} found")
        return
    if not covering and outcome.reason is not SkipReason.OUTSIDE:
        tally.wrong.append(f"{where}: {outcome.reason} in no gene")
    for gene, score in zip(covering, outcome.scores, strict=True):
        expected = oracle.score(
            contig,
            literal[gene],
            alleles,
            distance,
            nets,
            flank,
            is_inversion=structure is not None and structure.kind == "INV",
        )
        tally.n_scores += 1
        for effect, (name, (value, offset, lead)) in zip(score.effects, expected.items(), strict=True):
            tally.largest = max(tally.largest, abs(effect.score - value))
            is_clear = lead >= CLEAR_LEAD
            tally.n_near_ties += not is_clear
            tally.n_elsewhere += not is_clear and effect.offset != offset
            if not abs(effect.score - value) <= tolerance or (is_clear and effect.offset != offset):
                tally.wrong.append(
                    f"{where} {gene.symbol} {name}: {value:.7f} at {offset:+d} (lead {lead:.1e}) expected, "
                    f"{effect.score:.7f} at {effect.offset:+d} found"
                )
