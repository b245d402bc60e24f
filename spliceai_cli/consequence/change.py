"""Maps positions of REF to those of ALT, in transcript order."""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.genome.coords import Interval


@dataclass(frozen=True, slots=True)
class Change:
    """The bases that an allele replaces; positions are in transcript order.

    Replaced bases are paired with inserted ones from the left; what is left over exists in one allele alone.

    Attributes:
        replaced: REF positions; empty for an insertion, which lies before ``replaced.start``.
        inserted: the bases in their place, as letters in transcript order; n for unknown ones.
    """

    replaced: Interval
    inserted: str = ""

    @property
    def shift(self) -> int:
        """ALT position minus REF position, right of the change."""
        return len(self.inserted) - self.replaced.length

    def to_alt(self, pos: int) -> int | None:
        """The ALT position of a REF base; None if it is deleted."""
        if pos < self.replaced.start:
            return pos
        if pos >= self.replaced.end:
            return pos + self.shift
        return pos if pos - self.replaced.start < len(self.inserted) else None

    def to_ref(self, pos: int) -> int | None:
        """The REF position of an ALT base; None if it is inserted."""
        if pos < self.replaced.start:
            return pos
        if pos >= self.replaced.start + len(self.inserted):
            return pos - self.shift
        return pos if pos < self.replaced.end else None

    def beside(self, pos: int) -> int:
        """The REF position of an ALT base, or for an inserted base that of the base before the insertion."""
        ref = self.to_ref(pos)
        return self.replaced.end - 1 if ref is None else ref

    def span_to_alt(self, span: Interval) -> Interval:
        """Where the bases of a REF interval are in ALT; bases inserted at its ends are outside it."""
        starts = (self.to_alt(pos) for pos in range(span.start, span.end))
        first = next((pos for pos in starts if pos is not None), None)
        if first is None:
            return Interval(self.replaced.start, self.replaced.start)
        ends = (self.to_alt(pos) for pos in range(span.end - 1, span.start - 1, -1))
        last = next(pos for pos in ends if pos is not None)
        return Interval(first, last + 1)

    def span_to_ref(self, span: Interval) -> Interval:
        """Where the bases of an ALT interval are in REF; inserted bases have no length there."""
        first, last = self.to_ref(span.start), self.to_ref(span.end - 1)
        end = self.replaced.end
        return Interval(end if first is None else first, end if last is None else last + 1)
