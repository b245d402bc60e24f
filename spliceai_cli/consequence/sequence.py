"""The sequence of a spliced transcript, and where the bases of the gene are in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from spliceai_cli.consequence.transcript import merged
from spliceai_cli.genome.bases import Codes
from spliceai_cli.genome.coords import Interval

_LETTERS = np.frombuffer(b"ACGTN", dtype=np.uint8)

#: Returns the codes of an interval in transcript order, see ``plan.edit``.
CodesOf = Callable[[Interval], Codes]


def letters_of(codes: Codes) -> str:
    """The letters of codes.

    >>> letters_of(np.array([0, 1, 2, 3, 4], dtype=np.uint8))
    'ACGTN'
    """
    return _LETTERS[codes].tobytes().decode("ascii")


@dataclass(frozen=True)
class Spliced:
    """A spliced transcript.

    Attributes:
        chain: its exons, transcript order.
        bases: its sequence; N where it is unknown.
    """

    chain: tuple[Interval, ...]
    bases: str

    @classmethod
    def of(cls, chain: Sequence[Interval], codes_of: CodesOf) -> Spliced:
        """Splice a chain of exons, some of which an allele may have emptied or joined."""
        exons = merged(chain)
        return cls(exons, "".join(letters_of(codes_of(exon)) for exon in exons))

    @cached_property
    def junctions(self) -> tuple[int, ...]:
        """Index of the first base after each junction."""
        return self._firsts[1:]

    @cached_property
    def _firsts(self) -> tuple[int, ...]:
        lengths = (exon.length for exon in self.chain[:-1])
        return tuple(accumulate(lengths, initial=0))

    def position(self, index: int) -> int:
        """The base of the gene at an index of the transcript; the inverse of ``index``."""
        row = bisect_right(self._firsts, index) - 1
        return self.chain[row].start + index - self._firsts[row]

    def index(self, pos: int) -> int | None:
        """Index of a base of the gene in the transcript; None if it is not part of it."""
        row = bisect_right(self.chain, pos, key=lambda exon: exon.start) - 1
        if row < 0 or pos >= self.chain[row].end:
            return None
        return self._firsts[row] + pos - self.chain[row].start
