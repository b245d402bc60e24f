"""A network whose REF and ALT passes run in one native call each."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.engine.folded import FoldedConvolution, FoldedNetwork
from spliceai_cli.engine.native.interface import FEATURES, GELU, RECTIFY, BlockStruct, NetworkStruct
from spliceai_cli.engine.native.layer import Layer
from spliceai_cli.engine.native.library import Library
from spliceai_cli.engine.native.memory import Floats, Pool, aligned
from spliceai_cli.engine.passes import EditBatch, Integers
from spliceai_cli.engine.reach import BlockReach
from spliceai_cli.genome.bases import Codes
from spliceai_cli.genome.coords import Interval

_ROW_BYTES = FEATURES * 4

#: ``NetworkSpec.activation`` -> function and slope.
FUNCTIONS = {"relu": (RECTIFY, 0.0), "leaky_relu_0.1": (RECTIFY, 0.1), "gelu": (GELU, 0.0)}


class Kept(NamedTuple):
    """The rows that a REF pass keeps of each layer, one layer after the other.

    Attributes:
        values: (sum of lengths, F).
        starts: (layers,) REF position of each layer's first row.
        ends: (layers,) REF position after each layer's last row.
        rows: (layers,) index of each layer's first row in ``values``.
    """

    values: Floats
    starts: Integers
    ends: Integers
    rows: Integers


class Reference(NamedTuple):
    """The result of a REF pass.

    Attributes:
        logits: (L, classes).
        kept: the rows that ALT passes look up.
    """

    logits: Floats
    kept: Kept


class PreparedBatch:
    """A batch of edits as the library takes it, the same for all networks of an ensemble.

    Args:
        edits: the edits.
        tapped: number of blocks before each tap.

    Attributes:
        edits: the edits.
        codes: (N, changed) codes of ALT.
        reaches: (blocks, 5, 2) start and end of the intervals of each ``BlockReach``.
        scored: (2,) start and end of the scored positions.
        windows: see ``layer_windows``.
        tiles: indices of the tiles that the edits lie on.
    """

    def __init__(self, edits: EditBatch, tapped: Sequence[int]) -> None:
        self.edits = edits
        self.codes = np.ascontiguousarray(edits.codes, np.uint8)
        self.reaches = np.array(edits.reaches, np.int64)
        self.scored = np.array(edits.geometry.scored, np.int64)
        self.windows = layer_windows(edits.reaches, tapped, edits.geometry.scored)
        self.tiles = np.unique(edits.tiles).tolist()

    def addresses(self, kept: Mapping[int, Kept]) -> tuple[Integers, Integers]:
        """(N, layers) addresses of the REF rows at position 0 of the geometry, left and right of the edits.

        Args:
            kept: index of the tile -> what its REF pass kept.

        Raises:
            ValueError: a row that an edit looks up was not kept: a bug in the caller, which the library cannot detect.
        """
        sides = np.empty((2, len(self.codes), len(self.windows)), np.int64)
        for tile in self.tiles:
            is_here, rows = self.edits.tiles == tile, kept[tile]
            left, right = self.edits.left[is_here, None], self.edits.right[is_here, None]
            if (left + self.windows[:, 0] < rows.starts).any() or (right + self.windows[:, 1] > rows.ends).any():
                raise ValueError("the REF pass did not keep what an edit needs")
            row_of_zero = rows.rows - rows.starts
            for side, origins in zip(sides, (left, right), strict=True):
                side[is_here] = rows.values.ctypes.data + (origins + row_of_zero) * _ROW_BYTES
        return sides[0], sides[1]


class NativeNetwork:
    """A network as a library takes it. Any number of threads may call it at the same time.

    Args:
        library: the kernels.
        pool: where scratch memory comes from.
        network: the network, which the kernels can compute (see ``kernels.fits``).
    """

    def __init__(self, library: Library, pool: Pool, network: FoldedNetwork) -> None:
        self._library = library
        self._pool = pool
        self._held: list[Floats] = []
        self._layers = [
            tuple(_layer(library, convolution) for convolution in (block.first, block.second))
            for block in network.blocks
        ]
        self._n_classes = len(network.bias)
        taps = {n_before: self._hold(tap.T) for n_before, tap in network.taps.items()}
        blocks = [
            BlockStruct(
                ctypes.pointer(first.struct),
                ctypes.pointer(second.struct),
                self._hold(block.scale),
                self._hold(block.shift),
                taps.get(i),
            )
            for i, (block, (first, second)) in enumerate(zip(network.blocks, self._layers, strict=True), 1)
        ]
        function, slope = FUNCTIONS[network.spec.activation]
        self._struct = NetworkStruct(
            len(blocks),
            self._n_classes,
            function,
            slope,
            self._hold(network.stem),
            taps[0],
            self._hold(network.bias),
            (BlockStruct * len(blocks))(*blocks),
        )
        self.flank = network.spec.flank

    def _hold(self, values: Floats) -> int:
        """Address of a copy of the values that lives as long as this object."""
        copy = aligned(*values.shape)
        copy[:] = values
        self._held.append(copy)
        return copy.ctypes.data

    def logits(self, codes: Codes) -> Floats:
        """(L - 2 flank, classes) from (L,) codes."""
        return self._run_reference(codes, None)

    def reference(self, codes: Codes, start: int, wanted: Integers) -> Reference:
        """Run REF and keep what ALT looks up.

        Args:
            codes: (L,) codes of the scored positions with the flank on both sides.
            start: position of the first code.
            wanted: (layers, 2) start and end of the positions to keep of each layer, see ``layer_windows``; positions
                that the pass does not compute are left out.
        """
        kept = self._room(wanted, start, len(codes))
        addresses = kept.values.ctypes.data + kept.rows * _ROW_BYTES
        table = np.stack((kept.starts - start, kept.ends - kept.starts, addresses), axis=1)
        return Reference(self._run_reference(codes, table.ctypes.data), kept)

    def _run_reference(self, codes: Codes, table: int | None) -> Floats:
        layers = [layer for layers in self._layers for layer in layers]
        sizes = self._library.reference_sizes(self._struct, len(layers), len(codes))
        for layer, sizes_of_layer in zip(layers, sizes, strict=True):
            layer.pack(sizes_of_layer)
        codes = np.ascontiguousarray(codes, np.uint8)
        logits = np.empty((len(codes) - 2 * self.flank, self._n_classes), np.float32)
        n_bytes = self._library.count("reference_scratch", self._struct, len(codes))
        with self._pool.lease(n_bytes) as scratch:
            self._library.call(
                "reference",
                self._struct,
                *(codes.ctypes.data, len(codes), table),
                *(logits.ctypes.data, scratch.ctypes.data, scratch.nbytes),
            )
        return logits

    def alternate(self, batch: PreparedBatch, kept: Mapping[int, Kept]) -> Floats:
        """Run ALT: (N, scored, classes) logits.

        Args:
            batch: the edits.
            kept: index of the tile -> what its REF pass kept, which must include all that the batch looks up.
        """
        for (first, second), reach in zip(self._layers, batch.edits.reaches, strict=True):
            first.prepare(reach.middle.length)
            second.prepare(reach.out.length)
        codes, left, right = batch.codes, *batch.addresses(kept)
        table = np.stack([_addresses(codes), _addresses(left), _addresses(right)], axis=1)
        n = len(codes)
        logits = np.empty((n, batch.edits.geometry.scored.length, self._n_classes), np.float32)
        n_bytes = self._library.count("alternate_scratch", self._struct, batch.reaches.ctypes.data, n)
        with self._pool.lease(n_bytes) as scratch:
            self._library.call(
                "alternate",
                self._struct,
                *(batch.reaches.ctypes.data, batch.scored.ctypes.data, table.ctypes.data, n),
                *(logits.ctypes.data, scratch.ctypes.data, scratch.nbytes),
            )
        return logits

    def reference_operations(self, length: int) -> float:
        """Floating-point operations of REF on ``length`` positions, context included."""
        return self._library.operations("reference", self._struct, length)

    def alternate_operations(self, batch: PreparedBatch) -> float:
        """Floating-point operations of ALT for a batch."""
        per_edit = self._library.operations("alternate", self._struct, batch.reaches.ctypes.data)
        return per_edit * len(batch.codes)

    def _room(self, wanted: Integers, start: int, length: int) -> Kept:
        """Memory for the wanted rows that the pass computes."""
        reaches = [layer.reach // 2 for layers in self._layers for layer in layers]
        lost = np.cumsum([0, *reaches])
        starts = np.maximum(wanted[:, 0], start + lost)
        ends = np.maximum(np.minimum(wanted[:, 1], start + length - lost), starts)
        rows = np.concatenate([[0], np.cumsum(ends - starts)])
        return Kept(aligned(int(rows[-1]), FEATURES), starts, ends, rows[:-1])


def layer_windows(reaches: Sequence[BlockReach], tapped: Sequence[int], scored: Interval) -> Integers:
    """(layers, 2) start and end of the rows that ALT reads of each layer, in positions of the geometry.

    Args:
        reaches: intervals of each block.
        tapped: number of blocks before each tap.
        scored: positions that taps read.
    """
    windows = []
    for reach in reaches:
        # A block's input is also its residual, which is read on the positions of its output.
        windows += [_hull(reach.window, reach.out), tuple(reach.middle_window)]
    windows.append(tuple(reaches[-1].out))
    for n_before in tapped:
        windows[2 * n_before] = _hull(windows[2 * n_before], scored)
    return np.array(windows, np.int64)


def _hull(one: Sequence[int], other: Sequence[int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def _layer(library: Library, convolution: FoldedConvolution) -> Layer:
    return Layer(library, convolution.weight[:, :, 0], convolution.bias, convolution.dilation)


def _addresses(values: NDArray[np.generic]) -> Integers:
    """Addresses of the rows of a contiguous array."""
    return values.ctypes.data + np.arange(len(values), dtype=np.int64) * values.strides[0]
