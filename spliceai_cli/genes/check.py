"""Checks how well an annotation fits a reference: all intron ends, contigs, and transcript ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from spliceai_cli.genes.fit import CANONICAL, intron_ends, measure_fit
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.fasta import Reference

_SHOWN = 5


@dataclass
class GeneCheck:
    """Counts over the introns and genes of an annotation.

    Attributes:
        n_genes: transcripts checked.
        dinucleotides: first and last two bases in transcript order, e.g. ``GT-AG`` -> number of introns.
        unknown: contig that the reference lacks -> number of transcripts on it.
        beyond: transcripts that end beyond their contig.
        verdict: result of the quick check that other commands make, see ``Fit.verdict``.
    """

    n_genes: int = 0
    dinucleotides: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    beyond: list[Gene] = field(default_factory=list)
    verdict: str = ""

    @property
    def n_introns(self) -> int:
        """Introns whose ends were looked up."""
        return self.dinucleotides.total()

    def lines(self) -> list[str]:
        """The findings, one per line, tab-separated."""
        lines = [f"transcripts\t{self.n_genes:,}", f"introns\t{self.n_introns:,}"]
        lines += [f"{ends}\t{_share(self.dinucleotides[ends], self.n_introns)}" for ends in CANONICAL]
        others = self.n_introns - sum(self.dinucleotides[ends] for ends in CANONICAL)
        lines.append(f"other ends\t{_share(others, self.n_introns)}")
        named = [f"{chrom} ({n:,})" for chrom, n in self.unknown.most_common()]
        lines.append(f"contigs not in the reference (transcripts)\t{_first(named)}")
        lines.append(f"transcripts beyond the end of their contig\t{_first([_place(gene) for gene in self.beyond])}")
        return lines


def check_genes(genes: Sequence[Gene], reference: Reference) -> GeneCheck:
    """Look up the ends of all introns.

    Args:
        genes: transcripts.
        reference: the FASTA.
    """
    fit = measure_fit(genes, reference)
    check = GeneCheck(verdict="no contig in common" if genes and not fit.n_genes else fit.verdict)
    for gene in genes:
        check.n_genes += 1
        chrom = reference.contigs.find(gene.chrom)
        if chrom is None:
            check.unknown[gene.chrom] += 1
        elif gene.end > reference.lengths[chrom]:
            check.beyond.append(gene)
        else:
            check.dinucleotides.update(
                intron_ends(intron, gene.strand, chrom, reference.fetch) for intron in gene.introns
            )
    return check


def _place(gene: Gene) -> str:
    return f"{gene.transcript_id or gene.symbol} {gene.chrom}:{gene.start + 1:,}-{gene.end:,}"


def _share(n: int, n_all: int) -> str:
    return f"{n:,}\t{n / n_all:.2%}" if n_all else "0"


def _first(items: list[str]) -> str:
    if not items:
        return "0"
    more = f", and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
    return f"{len(items):,}\t{', '.join(items[:_SHOWN])}{more}"
