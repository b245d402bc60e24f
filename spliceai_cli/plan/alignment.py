"""Maps the scored positions of ALT to those of REF."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.genome.coords import Interval


@dataclass(frozen=True, slots=True)
class Alignment:
    """The mapping of ALT's scored positions to REF's; index ``anchor`` of the latter is ``pos``.

    Offsets are counted from ``pos``. With ``k = min(n_ref, n_alt)``: ALT bases 0…k-2 map to the same REF bases, REF
    base k-1 gets the maximum per class over ALT bases k-1…, and REF bases from k on, which exist only in REF, score 0
    in ALT. So a deletion has the kept base and then zeros, and an insertion has the maximum over POS and the inserted
    bases, as in spliceai 1.3.1.

    Attributes:
        pos: 1-based position at ``anchor``; equals the record's POS unless the allele is trimmed.
        n_trimmed: ``pos`` minus the record's POS.
        n_ref, n_alt: REF and ALT bases from ``pos`` on.
        anchor: scored positions left of ``pos``.
        width: scored positions of REF.
    """

    pos: int
    n_trimmed: int
    n_ref: int
    n_alt: int
    anchor: int
    width: int

    @property
    def ref_scored(self) -> Interval:
        """Scored positions of REF, genomic order."""
        start = self.pos - 1 - self.anchor
        return Interval(start, start + self.width)

    @property
    def alt_width(self) -> int:
        """Number of ALT positions needed, from the same start as those of REF."""
        n_common = min(self.n_ref, self.n_alt)
        if self.width >= self.anchor + self.n_ref:
            return self.width + self.n_alt - self.n_ref
        return self.anchor + self.n_alt if self.width >= self.anchor + n_common else self.width

    def lay(self, alt: FloatArray) -> FloatArray:
        """Lay ALT probabilities on REF positions.

        Args:
            alt: (alt_width, 3), genomic order.

        Returns:
            (width, 3), a new array.

        Raises:
            ValueError: ``alt`` has another length.
        """
        if len(alt) != self.alt_width:
            raise ValueError(f"{len(alt)} ALT positions, {self.alt_width} expected")
        n_common = min(self.n_ref, self.n_alt)
        out = np.zeros((self.width, alt.shape[1]), dtype=alt.dtype)
        last_common = self.anchor + n_common - 1
        n_before = min(last_common, self.width)
        out[:n_before] = alt[:n_before]
        if last_common < self.width:
            out[last_common] = alt[last_common : self.anchor + self.n_alt].max(axis=0)
        after = self.anchor + self.n_ref
        if after < self.width:
            out[after:] = alt[self.anchor + self.n_alt :]
        return out
