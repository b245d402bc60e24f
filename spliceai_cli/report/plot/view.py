"""Choice of the part of a profile to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.report.plot.sites import LEAST_MARKED, Mark
from spliceai_cli.scoring.profile import Profile

# Exon edges within this many bp of a change are shown with it: most exons are shorter.
_REACH = 300

_LEAST_WIDTH = 120
_PADDING = 0.12


def whole(profile: Profile) -> Interval:
    """All scored positions, 0-based, without those before the contig's first base."""
    return Interval(max(0, int(profile.positions[0]) - 1), int(profile.positions[-1]))


def zoom(profile: Profile, marks: Iterable[Mark]) -> Interval:
    """The interval of the allele, everything that it changes, and the exon edges near that.

    If nothing changes, it includes the exon edges next to the allele, however far away. 0-based, within the scored
    positions.
    """
    scored = whole(profile)
    columns = [track.column for track in profile.tracks]
    changes = np.abs(profile.change[:, columns]).max(axis=1) >= LEAST_MARKED
    changed = [mark.pos for mark in marks] + [int(pos) for pos in profile.positions[changes]]
    points = [profile.replaced.start, profile.replaced.end, *changed]
    first, last = max(min(points), scored.start), min(max(points), scored.end)
    for edge in _edges_near(profile.gene, first, last, scored):
        reach = max(_REACH, last - first) if changed else scored.length
        if first - reach <= edge <= last + reach:
            first, last = min(first, edge), max(last, edge)
    return _padded(Interval(first - 1, last), scored)


def with_room(view: Interval, marks: Sequence[Mark], scored: Interval, share: float) -> list[Interval]:
    """The view, and wider ones that have room for labels beyond the first mark, the last mark, and both.

    Args:
        view: the interval to widen; it stays part of each.
        marks: effects that are labelled.
        scored: where the widened views end.
        share: width of a label, as a fraction of the panel's; less than one half.
    """
    if not marks:
        return [view]
    first, last = min(mark.pos for mark in marks), max(mark.pos for mark in marks)
    left = view.end - round((view.end - first) / (1 - share))
    right = view.start + round((last - view.start) / (1 - share))
    beside = round((last - first) / (1 - 2 * share) * share)
    wanted = [(left, view.end), (view.start, right), (first - beside, last + beside)]
    wider = [
        Interval(max(scored.start, min(view.start, start)), min(scored.end, max(view.end, end)))
        for start, end in wanted
    ]
    return list(dict.fromkeys([view, *wider]))


def largest_change(profile: Profile, outside: Interval) -> float:
    """The largest change of any track's probability outside an interval; 0.0 if no position is outside."""
    is_outside = (profile.positions <= outside.start) | (profile.positions > outside.end)
    columns = [track.column for track in profile.tracks]
    return float(np.abs(profile.change[is_outside][:, columns]).max(initial=0.0))


def _edges_near(gene: Gene, first: int, last: int, scored: Interval) -> list[int]:
    """Scored edges of the exons that ``first`` to ``last`` overlaps, or else of those beside it, nearest first."""
    middle = (first + last) / 2
    touched = [exon for exon in gene.exons if exon.overlaps(first - 1, last)]
    if not touched:
        before = [exon for exon in gene.exons if exon.end < first][-1:]
        touched = before + [exon for exon in gene.exons if exon.start >= last][:1]
    edges = (edge for exon in touched for edge in (exon.start + 1, exon.end))
    return sorted((edge for edge in edges if scored.start < edge <= scored.end), key=lambda edge: abs(edge - middle))


def _padded(inner: Interval, scored: Interval) -> Interval:
    """The interval widened by a margin to at least ``_LEAST_WIDTH``, within the scored positions."""
    n_more = max(round(inner.length * _PADDING), 10, (_LEAST_WIDTH - inner.length + 1) // 2)
    return Interval(max(scored.start, inner.start - n_more), min(scored.end, inner.end + n_more))
