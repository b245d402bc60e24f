"""What the networks compute in one go, and what computes it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

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


class Logits(NamedTuple):
    """Outputs of one network before the softmax.

    Attributes:
        ref: (L, classes) on the span of each tile.
        alt: (N, scored, classes) on the scored positions of each batch.
    """

    ref: Sequence[Tensor]
    alt: Sequence[Tensor]


class Passes(Protocol):
    """Computes the networks of an ensemble on intervals. Close a generator that is not read to its end."""

    @property
    def n_layers(self) -> int:
        """Number of layers, each of a whole batch of edits, that are in memory at once."""

    def run(self, work: Work, advance: Callable[[int], None] = lambda _: None) -> Generator[Logits, None, None]:
        """The outputs of each network in turn.

        Args:
            work: what to compute.
            advance: called with the number of edits of each batch that a network has computed.
        """

    def scan(self, codes: Codes) -> Generator[Tensor, None, None]:
        """(L - context, classes) logits of each network in turn, from (L,) codes; nothing is kept."""
