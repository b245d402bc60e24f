"""Examples: windows along transcripts with a label at each position, cut from FASTA and genes when needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import BoolArray, IntArray
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genome.bases import Codes, N
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import ACCEPTOR, DONOR, NEITHER
from spliceai_cli.plan.sequence import GeneSequence, transcript_order
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.labels import LEFT_OUT, site_labels

# About as many positions are labelled together.
_STRETCH = 1 << 16

_OTHER = {"+": "-", "-": "+"}


class Example(NamedTuple):
    """What a network sees, and what it should predict; in transcript order.

    Attributes:
        codes: (window + context,) codes of bases.
        labels: (window,) ``NEITHER``, ``ACCEPTOR``, ``DONOR`` or ``LEFT_OUT``.
    """

    codes: Codes
    labels: NDArray[np.uint8]


class Labels(NamedTuple):
    """Labels of consecutive examples.

    Attributes:
        own: (n, window) on the strand of their gene.
        opposite: (n, window) on the other strand; None where no example is shown there.
    """

    own: NDArray[np.uint8]
    opposite: NDArray[np.uint8] | None


class Windows:
    """All examples of some genes, by number. In memory are only the genes and their numbers of examples.

    The first example of a gene begins with its transcript; the last may reach beyond its end, where positions do not
    count.

    Args:
        genes: the genes.
        reference: the FASTA.
        config: gives the window, the positions that do not count, and what the network sees beyond a transcript.
        flank: number of bases that the network sees on each side of a position.
        opposite_genes: genes whose sites label the opposite strand; None if no example is shown there.
    """

    def __init__(
        self,
        genes: Sequence[Gene],
        reference: Reference,
        config: TrainConfig,
        flank: int,
        opposite_genes: GeneIndex | None = None,
    ) -> None:
        self._genes = genes
        self._reference = reference
        self._config = config
        self._opposite_genes = opposite_genes
        counts = [-(-(gene.end - gene.start) // config.window) for gene in genes]
        self._ends: IntArray = np.cumsum(np.array(counts, np.int64))
        self._flank = flank

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def example(self, number: int, *, shift: int = 0, on_opposite: bool = False) -> Example:
        """An example.

        Args:
            number: from 0.
            shift: number of positions along the transcript by which it begins later; negative for earlier.
            on_opposite: whether to show the opposite strand, with the sites of the genes there.
        """
        i = int(np.searchsorted(self._ends, number, side="right"))
        gene = self._genes[i]
        first = number - (int(self._ends[i - 1]) if i else 0)
        start = (
            transcript_order(Interval(gene.start, gene.end), gene.strand).start + first * self._config.window + shift
        )
        part = Interval(start, start + self._config.window)
        return self._opposite_example(gene, part) if on_opposite else self._cut(gene, gene.strand, part)

    def labels(self) -> Iterator[Labels]:
        """Labels of all examples in their order, several at a time, which is faster than one by one."""
        window = self._config.window
        for gene in self._genes:
            start = transcript_order(Interval(gene.start, gene.end), gene.strand).start
            n_left = -(-(gene.end - gene.start) // window)
            while n_left:
                n = min(n_left, max(1, _STRETCH // window))
                part = Interval(start, start + n * window)
                own = self._cut(gene, gene.strand, part).labels.reshape(n, window)
                opposite = None
                if self._opposite_genes is not None:
                    # Each example reads from its other end.
                    opposite = self._opposite_example(gene, part).labels.reshape(n, window)[::-1]
                yield Labels(own, opposite)
                start, n_left = start + n * window, n_left - n

    def _opposite_example(self, gene: Gene, part: Interval) -> Example:
        """The example of the other strand; in transcript order, a stretch of that is its mirror image."""
        return self._cut(gene, _OTHER[gene.strand], transcript_order(part, "-"))

    def _cut(self, gene: Gene, strand: str, part: Interval) -> Example:
        """The example of a strand; ``part`` in its transcript order."""
        chrom = self._reference.contigs.find(gene.chrom) or gene.chrom
        span = transcript_order(Interval(gene.start, gene.end), strand)
        # Far enough to see every run of N that is near a position.
        around = max(self._flank, self._config.margin + self._config.n_run + 1)
        wide = Interval(part.start - around, part.end + around)
        contig = GeneSequence(self._reference, chrom, strand, Interval(0, self._reference.lengths[chrom]))
        codes = contig.codes(wide)
        near = near_unknown(codes, self._config.n_run, self._config.margin)[around : around + part.length]
        seen = codes[around - self._flank : around + part.length + self._flank]
        if self._config.is_alone:
            seen = _without(seen, part.start - self._flank, span)
        labels = self._labels(gene, strand, part, chrom)
        labels[near | ~_inside(part, span, self._config.margin)] = LEFT_OUT
        return Example(seen, labels)

    def _labels(self, gene: Gene, strand: str, part: Interval, chrom: str) -> NDArray[np.uint8]:
        genes: Sequence[Gene] = [gene]
        if strand != gene.strand:
            assert self._opposite_genes is not None
            place = transcript_order(part, strand)
            genes = [one for one in self._opposite_genes.overlapping(chrom, *place) if one.strand == strand]
        sites = {
            site: np.concatenate([np.empty(0, np.int64), *(_sites(labelling, site, part) for labelling in genes)])
            for site in (ACCEPTOR, DONOR)
        }
        return site_labels(part.length, sites)


def near_unknown(codes: Codes, n_run: int, margin: int) -> BoolArray:
    """Which positions are in a long run of N, or near one.

    Args:
        codes: (L,) codes of bases.
        n_run: a longer run of N is long.
        margin: a position at most so many bases from it is near.

    Returns:
        (L,) whether each position is.
    """
    is_n = np.concatenate(([False], codes == N, [False]))
    edges = np.flatnonzero(is_n[1:] != is_n[:-1])
    starts, ends = edges[::2], edges[1::2]
    is_long = ends - starts > n_run
    # +1 where a run's surroundings begin, -1 where they end.
    steps = np.zeros(len(codes) + 1, np.int64)
    np.add.at(steps, np.maximum(starts[is_long] - margin, 0), 1)
    np.add.at(steps, np.minimum(ends[is_long] + margin, len(codes)), -1)
    return np.cumsum(steps)[:-1] > 0


class Survey(NamedTuple):
    """What the examples hold.

    Attributes:
        counts: (3,) expected number of positions of each class in an epoch, which shows only a share of the examples
            without a site; the mean of both strands, if the other one is shown as well.
        has_site: (examples,) whether each has a site.
    """

    counts: NDArray[np.float64]
    has_site: BoolArray


def survey(windows: Windows, empty: float = 1.0) -> Survey:
    """Count classes in one pass over all examples.

    Args:
        windows: the examples.
        empty: share of the examples without a site that an epoch shows.
    """
    counts = np.zeros(3)
    has_site = [np.empty(0, bool)]
    for own, opposite in windows.labels():
        is_full = ((own == ACCEPTOR) | (own == DONOR)).any(axis=1)
        has_site.append(is_full)
        of_class = _counts(own) if opposite is None else (_counts(own) + _counts(opposite)) / 2
        counts += np.where(is_full, 1.0, empty) @ of_class
    return Survey(counts, np.concatenate(has_site))


def _counts(labels: NDArray[np.uint8]) -> IntArray:
    """(n, 3) positions of each class in each example."""
    return np.stack([(labels == site).sum(axis=1) for site in (NEITHER, ACCEPTOR, DONOR)], axis=1)


def _sites(gene: Gene, site: int, part: Interval) -> IntArray:
    """Indices into ``part`` of a gene's sites; both in transcript order."""
    pos = np.array(gene.acceptors if site == ACCEPTOR else gene.donors, np.int64)
    at = (pos - 1 if gene.strand == "+" else -pos) - part.start
    return at[(at >= 0) & (at < part.length)]


def _inside(part: Interval, span: Interval, margin: int) -> BoolArray:
    """(len(part),) whether a position is in the transcript, but not among its first or last ``margin`` bases."""
    at = np.arange(*part)
    return (at >= span.start + margin) & (at < span.end - margin)


def _without(codes: Codes, start: int, span: Interval) -> Codes:
    """Codes from ``start`` on, with N outside a transcript."""
    at = np.arange(start, start + len(codes))
    return np.where((at >= span.start) & (at < span.end), codes, np.uint8(N))
