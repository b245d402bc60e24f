"""A variant on one gene's own sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.genome.bases import Codes, reverse_complement
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.sequence import GeneSequence, transcript_order


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """A replacement of the REF positions ``replaced`` by ``alt``, with the positions to score in both sequences.

    Everything is in transcript order. ALT positions equal REF positions before the edit, and are shifted by ``shift``
    after it. Bases that both alleles share at the ends of the edit are trimmed.

    Attributes:
        sequence: the gene's sequence.
        replaced: REF positions that the edit removes; empty for a pure insertion.
        alt: (m,) codes put in their place; empty for a pure deletion.
        ref_scored: scored REF positions.
        alt_scored: scored ALT positions.
    """

    sequence: GeneSequence
    replaced: Interval
    alt: Codes
    ref_scored: Interval
    alt_scored: Interval

    @property
    def shift(self) -> int:
        """ALT position minus REF position, right of the edit."""
        return len(self.alt) - self.replaced.length

    @property
    def is_silent(self) -> bool:
        """Whether ALT is the same sequence as REF: ``A>A``, or the inversion of a palindrome."""
        return not len(self.alt) and not self.replaced.length

    def ref_codes(self, interval: Interval) -> Codes:
        """(L,) codes of REF positions."""
        return self.sequence.codes(interval)

    def alt_codes(self, interval: Interval) -> Codes:
        """(L,) codes of ALT positions."""
        start, end = interval
        alt_end = self.replaced.start + len(self.alt)
        left = Interval(start, max(start, min(end, self.replaced.start)))
        right = Interval(min(end, max(start, alt_end)), end)
        inserted = self.alt[max(0, start - self.replaced.start) : max(0, end - self.replaced.start)]
        return np.concatenate(
            (
                self.sequence.codes(left),
                inserted,
                self.sequence.codes(Interval(right.start - self.shift, right.end - self.shift)),
            )
        )


class Prediction(NamedTuple):
    """The ensemble's outputs on an edit's scored positions, transcript order.

    Attributes:
        ref: (len(ref_scored), outputs), float32.
        alt: (len(alt_scored), outputs), float32.
    """

    ref: FloatArray
    alt: FloatArray


def place_edit(sequence: GeneSequence, replaced: Interval, alt: Codes, *, ref_scored: Interval, alt_width: int) -> Edit:
    """Place a change given in genomic order on a gene's sequence.

    Args:
        sequence: the gene's sequence.
        replaced: genomic REF positions to be replaced.
        alt: (m,) codes in genomic order.
        ref_scored: genomic REF positions to score.
        alt_width: ALT positions to score, from the genomic start of ``ref_scored`` on; that start is not after
            ``replaced.start``.
    """
    strand = sequence.strand
    shift = len(alt) - replaced.length
    replaced, ref_scored = transcript_order(replaced, strand), transcript_order(ref_scored, strand)
    if strand == "+":
        alt_scored = Interval(ref_scored.start, ref_scored.start + alt_width)
    else:
        # The genomic start is the last position in transcript order, where ALT positions are shifted.
        alt_end = ref_scored.end + shift
        alt_scored = Interval(alt_end - alt_width, alt_end)
        alt = reverse_complement(alt)
    n_left, n_right = shared_ends(sequence.codes(replaced), alt)
    trimmed = Interval(replaced.start + n_left, replaced.end - n_right)
    return Edit(sequence, trimmed, alt[n_left : len(alt) - n_right], ref_scored, alt_scored)


def shared_ends(ref: Codes, alt: Codes) -> tuple[int, int]:
    """Number of codes shared at the left end, then at the right end of the rest."""
    n_common = min(len(ref), len(alt))
    differs = np.flatnonzero(ref[:n_common] != alt[:n_common])
    n_left = int(differs[0]) if len(differs) else n_common
    n_common -= n_left
    differs = np.flatnonzero(ref[::-1][:n_common] != alt[::-1][:n_common])
    n_right = int(differs[0]) if len(differs) else n_common
    return n_left, n_right
