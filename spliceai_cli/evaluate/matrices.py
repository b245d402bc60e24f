"""Position weight matrices of splice sites: a measure of strength, and the simplest model of sites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.engine.scan import Sequence as Strand
from spliceai_cli.engine.scan import Stretch
from spliceai_cli.evaluate.loci import Locus
from spliceai_cli.genome.bases import N
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import ACCEPTOR, DONOR
from spliceai_cli.plan.sequence import transcript_order

_BACKGROUND = 0.25
_PSEUDOCOUNT = 1.0
_N_BASES = 4


class Window(NamedTuple):
    """The bases that describe a site, counted along the transcript.

    Attributes:
        before: bases before the site's own base.
        after: bases after it.
    """

    before: int
    after: int


#: 3 bases of the exon and 6 of the intron; 20 of the intron and 3 of the exon, as in MaxEntScan.
WINDOWS = {ACCEPTOR: Window(20, 2), DONOR: Window(2, 6)}


class Matrix:
    """A position weight matrix.

    Args:
        windows: (n, L) codes of the sites that it is made from.
    """

    def __init__(self, windows: NDArray[np.uint8]) -> None:
        counts = np.stack([(windows == code).sum(axis=0) for code in range(_N_BASES)], axis=1) + _PSEUDOCOUNT
        frequencies = counts / counts.sum(axis=1, keepdims=True)
        self.weights = np.zeros((windows.shape[1], N + 1))  # N is no evidence.
        self.weights[:, :_N_BASES] = np.log(frequencies / _BACKGROUND)

    def along(self, codes: NDArray[np.uint8]) -> NDArray[np.float64]:
        """(..., n + L - 1) codes -> (..., n) log-odds of a site against the background."""
        n = codes.shape[-1] - len(self.weights) + 1
        total = np.zeros((*codes.shape[:-1], n))
        for i, weights in enumerate(self.weights):
            total += weights[codes[..., i : i + n]]
        return total


def site_windows(loci: Iterable[Locus], site: int, reference: Reference) -> NDArray[np.uint8]:
    """(sites, L) codes around the acceptors or donors of loci, in transcript order, sorted as ``Locus.sites``.

    Args:
        loci: the loci, with a site at least.
        site: ``ACCEPTOR`` or ``DONOR``.
        reference: the FASTA.
    """
    window, rows = WINDOWS[site], []
    for locus in loci:
        strand = locus.sequence(reference, is_alone=False)
        for pos in locus.sites(site):
            at = transcript_order(Interval(pos, pos + 1), locus.strand).start
            rows.append(strand.codes(Interval(at - window.before, at + window.after + 1)))
    return np.array(rows, np.uint8)


class MatrixModel:
    """Predicts splice sites from their matrices alone; used like ``engine.scan.Scanner``.

    Probabilities follow from Bayes' rule: the prior of each kind of site is its share of the positions of ``loci``, and
    a position that is no site has bases of the background.

    Args:
        loci: the loci whose sites make the matrices.
        reference: the FASTA.
    """

    def __init__(self, loci: Sequence[Locus], reference: Reference) -> None:
        n_bases = sum(locus.interval.length for locus in loci)
        self._matrices: dict[int, Matrix] = {}
        self._priors: dict[int, float] = {}
        for site in WINDOWS:
            windows = site_windows(loci, site, reference)
            self._matrices[site] = Matrix(windows)
            self._priors[site] = len(windows) / n_bases

    def predict(self, sequence: Strand, intervals: Iterable[Interval]) -> Iterator[Stretch]:
        """See ``Scanner.predict``."""
        for interval in intervals:
            start, end = transcript_order(interval, sequence.strand)
            joint = np.full((end - start, 1 + len(WINDOWS)), 1 - sum(self._priors.values()))
            for site, window in WINDOWS.items():
                codes = sequence.codes(Interval(start - window.before, end + window.after))
                joint[:, site] = np.exp(self._matrices[site].along(codes)) * self._priors[site]
            values = (joint / joint.sum(axis=1, keepdims=True)).astype(np.float32)
            yield Stretch(interval, values if sequence.strand == "+" else values[::-1])
