"""Regions and genes to predict, as sequences with intervals on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spliceai_cli.errors import AnnotationError, UsageError
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import END_OF_CONTIG, Interval, Region
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.sequence import GeneSequence


class Place(NamedTuple):
    """Positions to predict on one strand of a contig.

    Attributes:
        sequences: one per model, including the bases that the model sees around the positions.
        intervals: the positions, ascending in genomic order, without overlaps.
        labels: labels of the rows made from it.
    """

    sequences: tuple[GeneSequence, ...]
    intervals: tuple[Interval, ...]
    labels: tuple[str, ...] = ()

    @property
    def chrom(self) -> str:
        """The FASTA's own name of the contig."""
        return self.sequences[0].chrom

    @property
    def strand(self) -> str:
        """Strand of all sequences."""
        return self.sequences[0].strand

    @property
    def n_bases(self) -> int:
        """Positions in all intervals."""
        return sum(interval.length for interval in self.intervals)


def contig_places(
    reference: Reference, regions: Iterable[Region] | None, strands: Sequence[str], contexts: Sequence[bool]
) -> list[Place]:
    """Whole contigs or parts of them, in the order of the FASTA.

    Args:
        reference: the FASTA.
        regions: the regions, without overlaps within a contig; None for everything.
        strands: strands on which each region is predicted.
        contexts: one per model: whether it sees the contig around a region; if not, it sees N.

    Raises:
        UsageError: a region's contig is not in the FASTA, or the region ends beyond it.
    """
    by_chrom: dict[str, list[Interval]] = defaultdict(list)
    for region in regions if regions is not None else (Region(chrom, 0, n) for chrom, n in reference.lengths.items()):
        chrom, interval = _on_contig(reference, region)
        by_chrom[chrom].append(interval)
    places = []
    for chrom in reference.lengths:
        intervals = tuple(sorted(by_chrom.get(chrom, ())))
        # If every model sees the contig, all its intervals can be computed together.
        parts = [intervals] if all(contexts) and intervals else [(interval,) for interval in intervals]
        for strand in strands:
            places += [Place(_sequences(reference, chrom, strand, part[0], contexts), part) for part in parts]
    return places


def gene_places(
    reference: Reference, genes: Iterable[Gene], strands: Sequence[str], contexts: Sequence[bool]
) -> list[Place]:
    """The spans of genes on their strands, sorted by contig in the order of the FASTA, then by start.

    Args:
        reference: the FASTA.
        genes: genes to predict.
        strands: genes on other strands are left out.
        contexts: one per model: whether it sees the contig around a gene; if not, it sees N.

    Raises:
        AnnotationError: a gene's contig is not in the FASTA, or no gene is on these strands.
    """
    order = {chrom: i for i, chrom in enumerate(reference.lengths)}
    places = []
    for gene in genes:
        chrom = reference.contigs.find(gene.chrom)
        if chrom is None or gene.start >= reference.lengths[chrom]:
            raise AnnotationError(
                f"{gene.symbol} begins at {gene.chrom}:{gene.start + 1:,}, which {reference.path} does not have.",
                "Give the reference of the annotation's assembly.",
            )
        span = Interval(gene.start, min(gene.end, reference.lengths[chrom]))
        places.append(Place(_sequences(reference, chrom, gene.strand, span, contexts), (span,), (gene.symbol,)))
    on_strands = [place for place in places if place.strand in strands]
    if not on_strands:
        raise AnnotationError(f"none of the genes asked for is on strand {' or '.join(strands)}.")
    return sorted(on_strands, key=lambda place: (order[place.chrom], place.intervals[0]))


def overlapping_places(places: Iterable[Place]) -> Iterator[list[Place]]:
    """Runs of places on one contig that overlap, directly or through others.

    Args:
        places: places on one strand, with one interval each, sorted.
    """
    run: list[Place] = []
    end = 0
    for place in places:
        (interval,) = place.intervals
        if run and (place.chrom != run[0].chrom or interval.start >= end):
            yield run
            run, end = [], 0
        run.append(place)
        end = max(end, interval.end)
    if run:
        yield run


def _sequences(
    reference: Reference, chrom: str, strand: str, span: Interval, contexts: Iterable[bool]
) -> tuple[GeneSequence, ...]:
    contig = Interval(0, reference.lengths[chrom])
    return tuple(GeneSequence(reference, chrom, strand, contig if sees else span) for sees in contexts)


def _on_contig(reference: Reference, region: Region) -> tuple[str, Interval]:
    chrom = reference.contigs.find(region.chrom)
    if chrom is None:
        few = ", ".join(list(reference.lengths)[:3])
        raise UsageError(f"{reference.path} has no contig {region.chrom}.", f"Its first contigs: {few}.")
    length = reference.lengths[chrom]
    end = length if region.end == END_OF_CONTIG else region.end
    if region.start >= length or end > length:
        raise UsageError(
            f"{region.chrom}:{region.start + 1}-{end} ends beyond the contig: {chrom} of {reference.path} has "
            f"{length:,} bases.",
            "Was it made for another assembly?",
        )
    return chrom, Interval(region.start, end)
