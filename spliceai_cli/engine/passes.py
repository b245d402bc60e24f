"""What the networks compute in one go, and what computes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.reach import BlockReach, Geometry
from spliceai_cli.genome.bases import Codes
from spliceai_cli.genome.coords import Interval

Integers = NDArray[np.int64]


class RefTile(NamedTuple):
    """Consecutive REF positions.

    Attributes:
        span: the scored positions.
        codes: (L,) of the span with the networks' flank on both sides.
    """

    span: Interval
    codes: Codes


@dataclass(frozen=True, eq=False)
class EditBatch:
    """Edits of one geometry, on tiles that are computed together.

    Attributes:
        geometry: the geometry that they share.
        reaches: its intervals, one entry per block.
        codes: (N, changed) codes of ALT.
        tiles: (N,) index of each edit's tile, ascending.
        left, right: (N,) REF positions that correspond to 0 in the geometry, on either side of each edit.
    """

    geometry: Geometry
    reaches: Sequence[BlockReach]
    codes: Codes
    tiles: Integers
    left: Integers
    right: Integers


class Work(NamedTuple):
    """REF passes, and the ALT passes that look up what the REF passes keep."""

    tiles: Sequence[RefTile]
    batches: Sequence[EditBatch]


class Answers(NamedTuple):
    """Softmax outputs of an ensemble: the means of its networks, side by side.

    Attributes:
        ref: (L, answers) on the span of each tile.
        alt: (N, scored, answers) on the scored positions of each batch.
    """

    ref: Sequence[FloatArray]
    alt: Sequence[FloatArray]


class DeviceMemoryError(Exception):
    """The device has too little memory for this much at a time; less of it may fit."""


class Passes(Protocol):
    """Computes the networks of an ensemble on intervals."""

    @property
    def n_layers(self) -> int:
        """Number of layers, each of a whole batch of edits, that are in memory at once."""

    def run(self, work: Work, n_averaged: int, advance: Callable[[int], None] = lambda _: None) -> Answers:
        """The outputs for tiles and edits.

        Args:
            work: what to compute.
            n_averaged: consecutive networks of a mean.
            advance: called with the number of edits of each batch that a network has computed.

        Raises:
            DeviceMemoryError: it does not fit in the memory of the device.
        """

    def scan(self, codes: Codes, n_averaged: int, *, has_softmax: bool = True) -> FloatArray:
        """(L - context, answers) outputs from (L,) codes; nothing is kept.

        Args:
            codes: the sequence.
            n_averaged: consecutive networks of a mean.
            has_softmax: whether to average softmax outputs; otherwise logits are averaged.

        Raises:
            DeviceMemoryError: as for ``run``.
        """
