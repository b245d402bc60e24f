"""Probabilities of every base of a long sequence, tile by tile in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.device import Device
from spliceai_cli.engine.kernels import open_passes
from spliceai_cli.engine.passes import DeviceMemoryError
from spliceai_cli.engine.tiles import cut_tiles, tile_cost
from spliceai_cli.errors import DeviceError, NumericError, UsageError
from spliceai_cli.genome.bases import Codes, N
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.plan.sequence import transcript_order
from spliceai_cli.settings.words import AUTO, FLOAT32
from spliceai_cli.text import size


class Sequence(Protocol):
    """One strand of a sequence, extended with N beyond both ends."""

    @property
    def strand(self) -> str:
        """``"+"`` or ``"-"``."""

    def codes(self, interval: Interval) -> Codes:
        """(L,) codes of an interval in transcript order."""


class Stretch(NamedTuple):
    """Probabilities of consecutive positions.

    Attributes:
        interval: in genomic order.
        probabilities: (len(interval), outputs), in genomic order.
    """

    interval: Interval
    probabilities: FloatArray


class Scanner:
    """Runs an ensemble over long sequences; equal to one pass over the whole sequence, up to float rounding.

    Args:
        ensemble: the networks, on the CPU.
        device: where to compute.
        memory: bytes that the process may use.
        precision: one of ``settings.words.PRECISIONS``.
        kernels: one of ``settings.words.KERNELS``.
        has_softmax: whether the outputs of networks become probabilities before they are averaged; otherwise logits are
            averaged.

    Attributes:
        max_tile: largest number of positions computed together; lowered when the device runs out of memory.

    Raises:
        UsageError: the memory is too little for more than one position at a time.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        device: Device,
        memory: int,
        precision: str = FLOAT32,
        kernels: str = AUTO,
        *,
        has_softmax: bool = True,
    ) -> None:
        self._spec = ensemble.spec
        self._device = device
        self._has_softmax = has_softmax
        budget = Budget(ensemble.spec, memory)
        self.max_tile = budget.max_scan
        self._passes, cost, _ = open_passes(ensemble, device, precision, kernels, budget)
        self._gap = tile_cost(self._spec, cost).gap
        self._all_n_row: FloatArray | None = None
        if self.max_tile == 1:
            raise UsageError(f"{size(memory)} is too little for {self._spec.name}.", "Allow more (--memory).")

    def predict(self, sequence: Sequence, intervals: Iterable[Interval]) -> Iterator[Stretch]:
        """Probabilities on intervals, in ascending genomic order; one stretch per interval that is not empty.

        Args:
            sequence: gives the bases of the intervals and those around them.
            intervals: in genomic order, without overlaps. An interval longer than ``max_tile`` costs memory, not time.
        """
        pieces = (_Piece(interval) for interval in intervals if interval.length)
        for tile in cut_tiles(pieces, gap=self._gap, max_length=self.max_tile):
            values = self._run(sequence, tile.span)
            for (part,) in tile.items:
                yield Stretch(part, values[part.start - tile.span.start : part.end - tile.span.start])

    def _run(self, sequence: Sequence, span: Interval) -> FloatArray:
        """(len(span), outputs) probabilities in genomic order."""
        start, end = transcript_order(span, sequence.strand)
        codes = sequence.codes(Interval(start - self._spec.flank, end + self._spec.flank))
        values = np.concatenate([self._of_part(part) for part in self._parts(codes)])
        if not np.isfinite(values).all():
            raise NumericError(
                "the networks gave no finite number for a base.",
                "The hardware or driver may be faulty: run spliceai-cli selftest, or try --device cpu.",
            )
        return values if sequence.strand == "+" else values[::-1]

    def _parts(self, codes: Codes) -> list[Codes]:
        """(n + context,) codes -> the codes of the parts that are computed one at a time."""
        context = self._spec.context
        return [codes[start : end + context] for start, end in cut(Interval(0, len(codes) - context), self.max_tile)]

    def _of_part(self, codes: Codes) -> FloatArray:
        if (codes == N).all():
            n = len(codes) - self._spec.context
            return np.broadcast_to(self._probabilities_amid_n(), (n, *self._probabilities_amid_n().shape[1:]))
        return self._forward_or_split(codes)

    def _probabilities_amid_n(self) -> FloatArray:
        """(1, outputs) probabilities of an N whose whole context is N."""
        if self._all_n_row is None:
            self._all_n_row = self._forward_or_split(np.full(self._spec.context + 1, N, np.uint8))
        return self._all_n_row

    def _forward_or_split(self, codes: Codes) -> FloatArray:
        """Like ``_forward``; if the device runs out of memory, halves the tile, and keeps to that from then on."""
        n = len(codes) - self._spec.context
        if n <= self.max_tile:
            try:
                return self._forward(codes)
            except DeviceMemoryError:
                # Retried below, not here, because the error keeps what led to it in memory.
                pass
            if n == 1:
                raise DeviceError(f"{self._device} has too little memory for one base.", "Use --device cpu.")
            # Another thread may have lowered it further in the meantime.
            self.max_tile = min(self.max_tile, -(-n // 2))
        return np.concatenate([self._forward_or_split(part) for part in self._parts(codes)])

    def _forward(self, codes: Codes) -> FloatArray:
        """(n + context,) codes -> (n, outputs) probabilities."""
        return self._passes.scan(codes, self._spec.group_size, has_softmax=self._has_softmax)


class _Piece(NamedTuple):
    """An interval in the form that ``cut_tiles`` expects."""

    ref_hull: Interval


def cut(interval: Interval, most: int) -> Iterator[Interval]:
    """Parts of about equal length, at most ``most`` each."""
    n = -(-interval.length // most)
    bounds = [interval.start + i * interval.length // n for i in range(n + 1)] if n else []
    return (Interval(start, end) for start, end in zip(bounds, bounds[1:], strict=False))
