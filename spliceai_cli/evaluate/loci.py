"""Loci: stretches of a strand whose positions are sites or not, from genes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from spliceai_cli.arrays import BoolArray
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import ACCEPTOR, DONOR
from spliceai_cli.plan.sequence import GeneSequence

#: Classes of loci: its genes have different biotypes; the annotation gives none.
MIXED, UNKNOWN = "mixed", "unknown"

#: The sites that are looked for, with their names.
SITE_NAMES = {ACCEPTOR: "acceptor", DONOR: "donor"}


class Locus(NamedTuple):
    """A gene, or several that overlap on one strand.

    Attributes:
        chrom: the FASTA's own name of the contig.
        interval: 0-based half-open.
        genes: the genes, each with a splice site.
    """

    chrom: str
    interval: Interval
    genes: tuple[Gene, ...]

    @property
    def strand(self) -> str:
        """Strand of all genes."""
        return self.genes[0].strand

    @property
    def gene_class(self) -> str:
        """Biotype of the genes."""
        biotypes = {gene.biotype or UNKNOWN for gene in self.genes}
        return biotypes.pop() if len(biotypes) == 1 else MIXED

    def sites(self, site: int) -> list[int]:
        """Sites of one kind, 0-based, ascending, each once."""
        kind = "acceptors" if site == ACCEPTOR else "donors"
        return sorted({pos - 1 for gene in self.genes for pos in getattr(gene, kind)})

    def is_site(self, site: int) -> BoolArray:
        """(n,) whether each position is a site of that kind."""
        mask = np.zeros(self.interval.length, bool)
        mask[np.array(self.sites(site), np.int64) - self.interval.start] = True
        return mask

    def sequence(self, reference: Reference, *, is_alone: bool) -> GeneSequence:
        """What a model sees: the locus alone with N around it, or its contig."""
        contig = Interval(0, reference.lengths[self.chrom])
        return GeneSequence(reference, self.chrom, self.strand, self.interval if is_alone else contig)


def spliced(genes: Iterable[Gene], reference: Reference) -> list[Gene]:
    """The genes with two exons or more that lie on a contig of the reference."""
    on_it = []
    for gene in genes:
        chrom = reference.contigs.find(gene.chrom)
        if len(gene.exons) > 1 and chrom is not None and gene.end <= reference.lengths[chrom]:
            on_it.append(gene)
    return on_it


def single_loci(genes: Sequence[Gene], reference: Reference) -> list[Locus]:
    """A locus for each gene."""
    return [_locus(reference, [gene]) for gene in genes]


def joined_loci(genes: Sequence[Gene], reference: Reference) -> list[Locus]:
    """Loci without overlaps: genes on one strand that overlap are one, so that no position counts twice."""
    return [_locus(reference, run) for strand in "+-" for run in _overlapping(genes, strand, reference)]


def _overlapping(genes: Iterable[Gene], strand: str, reference: Reference) -> Iterator[list[Gene]]:
    order = {chrom: i for i, chrom in enumerate(reference.lengths)}
    placed = [(order[reference.contigs.find(gene.chrom) or ""], gene) for gene in genes if gene.strand == strand]
    placed.sort(key=lambda pair: (pair[0], pair[1].start, pair[1].end))
    run: list[Gene] = []
    here, end = -1, 0
    for contig, gene in placed:
        if run and (contig != here or gene.start >= end):
            yield run
            run, end = [], 0
        run.append(gene)
        here, end = contig, max(end, gene.end)
    if run:
        yield run


def _locus(reference: Reference, genes: Sequence[Gene]) -> Locus:
    chrom = reference.contigs.find(genes[0].chrom) or ""
    interval = Interval(min(gene.start for gene in genes), max(gene.end for gene in genes))
    return Locus(chrom, interval, tuple(genes))
