"""Probabilities of contigs, regions and genes, as rows."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from operator import attrgetter

from spliceai_cli.engine.scan import Scanner, cut
from spliceai_cli.predict.overlay import overlay
from spliceai_cli.predict.places import Place, overlapping_places
from spliceai_cli.scoring.outputs import Models
from spliceai_cli.tracks.columns import Probabilities
from spliceai_cli.tracks.rows import Rows


class RegionProbabilities:
    """A source of rows: the probabilities of contigs, regions or genes.

    Args:
        places: the places, sorted, which is the order in which they are written.
        models: the models whose probabilities are written.
        scanners: one per model, in the order of ``models``.

    Attributes:
        columns: columns of the values.
        labels: names of the label columns.
    """

    def __init__(self, places: Sequence[Place], models: Models, scanners: Sequence[Scanner]) -> None:
        self.columns = Probabilities(models.tracks)
        self.labels: tuple[str, ...] = ("symbol",) if places and places[0].labels else ()
        self._places = places
        self._models = models
        self._scanners = scanners
        self._max_length = min(scanner.max_tile for scanner in scanners)

    @property
    def strands(self) -> tuple[str, ...]:
        """Strands of all places."""
        present = {place.strand for place in self._places}
        return tuple(strand for strand in "+-" if strand in present)

    @property
    def n_bases(self) -> int:
        """Positions of all places."""
        return sum(place.n_bases for place in self._places)

    def rows(self) -> Iterator[Rows]:
        """Rows, place by place."""
        for place in self._places:
            yield from self._along(place)

    def signals(self) -> Iterator[Rows]:
        """Rows, strand by strand, ascending; where genes overlap, the larger value is shown."""
        for strand in self.strands:
            places = [place for place in self._places if place.strand == strand]
            if not self.labels:
                for place in places:
                    yield from self._along(place)
                continue
            for run in overlapping_places(places):
                rows = heapq.merge(*map(self._along, run), key=attrgetter("start"))
                yield from overlay(rows, self.columns)

    def _along(self, place: Place) -> Iterator[Rows]:
        # All models get the same pieces; a scanner that later has to lower its tile length splits and joins by itself.
        pieces = [piece for interval in place.intervals for piece in cut(interval, self._max_length)]
        answers = [
            scanner.predict(sequence, pieces) for scanner, sequence in zip(self._scanners, place.sequences, strict=True)
        ]
        for stretches in zip(*answers, strict=True):
            values = self._models.side_by_side([stretch.probabilities for stretch in stretches])
            yield Rows(place.chrom, stretches[0].interval.start, place.strand, values, place.labels)
