"""Places insertions and deletions in repeats where HGVS does: as far downstream as the sequence is the same."""

from __future__ import annotations

from collections.abc import Callable

from spliceai_cli.consequence.change import Change
from spliceai_cli.genome.coords import Interval

# Bases that are read at a time, while the repeat goes on.
_STEP = 100

#: Returns the letters of an interval of REF, transcript order.
BasesOf = Callable[[Interval], str]


def placed(change: Change, bases_of: BasesOf) -> Change:
    """The change at the downstream end of its repeat.

    A VCF has it at the end with the lower coordinates, which is upstream on one strand and downstream on the other: at
    the end of an exon, in the exon or in the intron. ALT is the same sequence, and so are its sites.

    Args:
        change: the allele.
        bases_of: the bases of REF; N beyond the transcript.
    """
    if bool(change.inserted) == bool(change.replaced.length):
        return change
    unit = change.inserted or bases_of(change.replaced)
    n_same = _n_same(unit, change.replaced.end, bases_of)
    start, end = change.replaced
    turned = n_same % len(unit)
    inserted = change.inserted and unit[turned:] + unit[:turned]
    return Change(Interval(start + n_same, end + n_same), inserted)


def _n_same(unit: str, start: int, bases_of: BasesOf) -> int:
    """REF bases from ``start`` on that repeat a unit."""
    n_same = 0
    while True:
        for base in bases_of(Interval(start + n_same, start + n_same + _STEP)):
            if base == "N" or base != unit[n_same % len(unit)]:
                return n_same
            n_same += 1
