"""Probabilities of contigs, regions and genes, as rows."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from typing import NamedTuple

from spliceai_cli.engine.scan import cut
from spliceai_cli.engine.tiles import cut_tiles
from spliceai_cli.genome.coords import Interval
from spliceai_cli.parallel.side_by_side import side_by_side
from spliceai_cli.parallel.strategy import Strategy
from spliceai_cli.predict.overlay import overlay
from spliceai_cli.predict.places import Place, overlapping_places
from spliceai_cli.predict.stations import ScanStation, Stretches
from spliceai_cli.scoring.outputs import Models
from spliceai_cli.tracks.columns import Probabilities
from spliceai_cli.tracks.rows import Rows

# Bytes of a position while it waits: the tracks of one model.
_POSITION_BYTES = 16


class _Part(NamedTuple):
    """Neighbouring intervals of a place.

    Attributes:
        run: number of the places that it overlaps with, directly or through others.
        place: the place.
        intervals: the intervals.
    """

    run: int
    place: Place
    intervals: tuple[Interval, ...]


class RegionProbabilities:
    """A source of rows: the probabilities of contigs, regions or genes.

    Args:
        places: the places, sorted, which is the order in which they are written.
        models: the models whose probabilities are written.
        station: computes them in this process.
        strategy: says who computes them where there are many.

    Attributes:
        columns: columns of the values.
        labels: names of the label columns.
    """

    def __init__(self, places: Sequence[Place], models: Models, station: ScanStation, strategy: Strategy) -> None:
        self.columns = Probabilities(models.tracks)
        self.labels: tuple[str, ...] = ("symbol",) if places and places[0].labels else ()
        self._places = places
        self._station = station
        self._strategy = strategy

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
        return (row for _, row in self._predicted(part for place in self._places for part in self._parts(0, place)))

    def signals(self) -> Iterator[Rows]:
        """Rows, strand by strand, ascending; where genes overlap, the larger value is shown."""
        if not self.labels:
            ordered = sorted(self._places, key=lambda place: self.strands.index(place.strand))
            yield from (row for _, row in self._predicted(part for place in ordered for part in self._parts(0, place)))
            return
        with closing(self._predicted(self._ascending())) as predicted:
            for _, of_run in groupby(predicted, key=lambda pair: pair[0]):
                yield from overlay((row for _, row in of_run), self.columns)

    def _ascending(self) -> Iterator[_Part]:
        """Parts of genes, strand by strand; those of genes that overlap ascend together."""
        number = 0
        for strand in self.strands:
            for run in overlapping_places([place for place in self._places if place.strand == strand]):
                number += 1
                parts = [part for place in run for part in self._parts(number, place)]
                yield from sorted(parts, key=lambda part: part.intervals[0].start)

    def _parts(self, run: int, place: Place) -> Iterator[_Part]:
        """Pieces that are short enough to be computed at a time; small neighbours are computed together."""
        longest = self._station.max_length
        pieces = (_Piece(piece) for interval in place.intervals for piece in cut(interval, longest))
        for tile in cut_tiles(pieces, gap=longest, max_length=longest):
            yield _Part(run, place, tuple(piece.ref_hull for piece in tile.items))

    def _predicted(self, parts: Iterable[_Part]) -> Generator[tuple[int, Rows], None, None]:
        """The rows of each part with its run."""
        done = side_by_side(
            parts,
            self._station,
            self._strategy,
            lambda part: Stretches(part.place.sequences, part.intervals),
            n_bytes=lambda part: _POSITION_BYTES * sum(interval.length for interval in part.intervals),
        )
        with closing(done):
            for (run, place, intervals), answers in done:
                for interval, values in zip(intervals, answers, strict=True):
                    yield run, Rows(place.chrom, interval.start, place.strand, values, place.labels)


class _Piece(NamedTuple):
    """An interval in the form that ``cut_tiles`` expects."""

    ref_hull: Interval
