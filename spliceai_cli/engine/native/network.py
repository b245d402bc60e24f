"""A network whose REF and ALT passes run in one native call each."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.encode import Codes
from spliceai_cli.engine.native.layer import Layer
from spliceai_cli.engine.native.library import (
    GELU,
    RECTIFY,
    BlockStruct,
    Library,
    NetworkStruct,
)
from spliceai_cli.engine.native.memory import Floats, Pool, aligned
from spliceai_cli.engine.reach import BlockReach

Integers = NDArray[np.int64]

#: ``NetworkSpec.activation`` -> function and slope.
FUNCTIONS = {"relu": (RECTIFY, 0.0), "leaky_relu_0.1": (RECTIFY, 0.1), "gelu": (GELU, 0.0)}


class BlockWeights(NamedTuple):
    """One residual block.

    Attributes:
        scale, shift: (F,) of the first normalisation.
        first, second: its convolutions.
    """

    scale: Floats
    shift: Floats
    first: Layer
    second: Layer


class Kept(NamedTuple):
    """What a REF pass keeps of each layer, the layers one after the other.

    Attributes:
        values: (sum of lengths, F).
        starts: (layers,) REF position of the first row of each.
        ends: (layers,) of the row after the last.
        rows: (layers,) index of the first row of each in ``values``.
    """

    values: Floats
    starts: Integers
    ends: Integers
    rows: Integers


@dataclass(frozen=True, eq=False)
class AlternateEdits:
    """Edits of one geometry on tiles.

    Attributes:
        reaches: intervals of every block.
        scored: start and end of the scored positions.
        codes: (N, changed) of ALT.
        tiles: (N,) index of the tile of each.
        left, right: (N,) REF positions that are 0 in the geometry on either side of each edit.
    """

    reaches: Sequence[BlockReach]
    scored: tuple[int, int]
    codes: Codes
    tiles: Integers
    left: Integers
    right: Integers


class NativeNetwork:
    """A network as a library is given it. Any number of threads may call it.

    Args:
        library: of kernels.
        pool: for scratch.
        activation: of ``NetworkSpec``.
        stem: (5, F), by base code.
        blocks: in order of computation.
        taps: (F, classes) by the number of blocks before it.
        bias: (classes,).
    """

    def __init__(
        self,
        library: Library,
        pool: Pool,
        activation: str,
        stem: Floats,
        blocks: Sequence[BlockWeights],
        taps: Mapping[int, Floats],
        bias: Floats,
    ) -> None:
        self._library = library
        self._pool = pool
        self._blocks = tuple(blocks)
        self._held: list[Floats] = []
        self._n_classes = len(bias)
        self._tapped = sorted(taps)
        structs = [
            BlockStruct(
                ctypes.pointer(block.first.struct),
                ctypes.pointer(block.second.struct),
                self._hold(block.scale),
                self._hold(block.shift),
                self._hold(taps[i].T) if i in taps else None,
            )
            for i, block in enumerate(self._blocks, 1)
        ]
        function, slope = FUNCTIONS[activation]
        self._struct = NetworkStruct(
            len(structs),
            self._n_classes,
            function,
            slope,
            self._hold(stem),
            self._hold(taps[0].T),
            self._hold(bias),
            (BlockStruct * len(structs))(*structs),
        )
        self._flank = sum(block.first.reach for block in self._blocks)

    def _hold(self, values: Floats) -> int:
        """Address of a copy that lives as long as this object."""
        copy = aligned(*values.shape)
        copy[:] = values
        self._held.append(copy)
        return copy.ctypes.data

    def reference(self, codes: Codes, start: int, wanted: Integers | None = None) -> tuple[Floats, Kept | None]:
        """Run REF.

        Args:
            codes: (L,) of the scored positions and the flank on both sides.
            start: position of the first code.
            wanted: (layers, 2) start and end of the positions to keep of each layer, see ``layer_windows``; those that
                the pass does not compute are left out.

        Returns:
            (L - 2 flank, classes) logits, and what was kept.
        """
        self._prepare_reference(len(codes))
        codes = np.ascontiguousarray(codes, np.uint8)
        logits = np.empty((len(codes) - 2 * self._flank, self._n_classes), np.float32)
        kept, table = None, None
        if wanted is not None:
            kept = self._room(wanted, start, len(codes))
            addresses = kept.values.ctypes.data + kept.rows * kept.values.itemsize * kept.values.shape[1]
            table = np.stack((kept.starts - start, kept.ends - kept.starts, addresses), axis=1)
        n_bytes = self._library.count("reference_scratch", self._struct, len(codes))
        with self._pool.lease(n_bytes // 4 + 1) as scratch:
            self._library.call(
                "reference",
                self._struct,
                *(codes.ctypes.data, len(codes), None if table is None else table.ctypes.data),
                *(logits.ctypes.data, scratch.ctypes.data, scratch.nbytes),
            )
        return logits, kept

    def alternate(self, edits: AlternateEdits, kept: Sequence[Kept]) -> Floats:
        """Run ALT: (N, scored, classes) logits.

        Args:
            edits: of one geometry.
            kept: of the REF passes, by tile, with all that ``layer_windows`` names.
        """
        for block, reach in zip(self._blocks, edits.reaches, strict=True):
            block.first.prepare(reach.middle.length)
            block.second.prepare(reach.out.length)
        self._check_kept(edits, kept)
        n, n_layers = len(edits.codes), 2 * len(self._blocks) + 1
        left, right = np.empty((2, n, n_layers), np.int64)
        for tile in np.unique(edits.tiles):
            here, one = edits.tiles == tile, kept[tile]
            row_of_zero = one.rows - one.starts
            row_bytes = one.values.itemsize * one.values.shape[1]
            for side, origins in ((left, edits.left), (right, edits.right)):
                side[here] = one.values.ctypes.data + (origins[here, None] + row_of_zero) * row_bytes
        codes = np.ascontiguousarray(edits.codes, np.uint8)
        table = np.stack([_addresses(codes), _addresses(left), _addresses(right)], axis=1)
        reaches = np.array([[tuple(interval) for interval in reach] for reach in edits.reaches], np.int64)
        scored = np.array(edits.scored, np.int64)
        logits = np.empty((n, edits.scored[1] - edits.scored[0], self._n_classes), np.float32)
        n_bytes = self._library.count("alternate_scratch", self._struct, reaches.ctypes.data, n)
        with self._pool.lease(n_bytes // 4 + 1) as scratch:
            self._library.call(
                "alternate",
                self._struct,
                *(reaches.ctypes.data, scored.ctypes.data, table.ctypes.data, n),
                *(logits.ctypes.data, scratch.ctypes.data, scratch.nbytes),
            )
        return logits

    def _check_kept(self, edits: AlternateEdits, kept: Sequence[Kept]) -> None:
        """The library takes addresses: all that it will read has to be there."""
        windows = layer_windows(edits.reaches, self._tapped, edits.scored)
        starts, ends = edits.left[:, None] + windows[:, 0], edits.right[:, None] + windows[:, 1]
        for tile in np.unique(edits.tiles):
            here = edits.tiles == tile
            if (starts[here] < kept[tile].starts).any() or (ends[here] > kept[tile].ends).any():
                raise ValueError("the REF pass did not keep what an edit needs")

    def _prepare_reference(self, length: int) -> None:
        for block in self._blocks:
            for layer in (block.first, block.second):
                length -= layer.reach
                layer.prepare(length)

    def _room(self, wanted: Integers, start: int, length: int) -> Kept:
        """Memory for what is to be kept, within what the pass computes."""
        reaches = [layer.reach // 2 for block in self._blocks for layer in (block.first, block.second)]
        lost = np.cumsum([0, *reaches])
        starts = np.maximum(wanted[:, 0], start + lost)
        ends = np.maximum(np.minimum(wanted[:, 1], start + length - lost), starts)
        rows = np.concatenate([[0], np.cumsum(ends - starts)])
        return Kept(aligned(int(rows[-1]), len(self._held[0])), starts, ends, rows[:-1])


def layer_windows(reaches: Sequence[BlockReach], tapped: Sequence[int], scored: tuple[int, int]) -> Integers:
    """(layers, 2) start and end of what ALT reads of each layer, in positions of the geometry.

    Args:
        reaches: of the geometry.
        tapped: numbers of blocks before each tap.
        scored: positions that taps read.
    """
    windows = []
    for reach in reaches:
        # The input is also what the output is added to.
        windows += [_hull(reach.window, reach.out), tuple(reach.middle_window)]
    windows.append(tuple(reaches[-1].out))
    for n_before in tapped:
        windows[2 * n_before] = _hull(windows[2 * n_before], scored)
    return np.array(windows, np.int64)


def _hull(one: Sequence[int], other: Sequence[int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def _addresses(values: NDArray[np.generic]) -> Integers:
    """Of the rows of a contiguous array."""
    return values.ctypes.data + np.arange(len(values), dtype=np.int64) * values.strides[0]
