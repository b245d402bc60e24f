"""Passes by native kernels: every REF tile and every batch of edits of a network is a task for one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.folded import FoldedNetwork
from spliceai_cli.engine.native.library import Library
from spliceai_cli.engine.native.memory import Floats, Pool
from spliceai_cli.engine.native.network import NativeNetwork, PreparedBatch, Reference
from spliceai_cli.engine.passes import Answers, Integers, RefTile, Work
from spliceai_cli.engine.softmax import softmax
from spliceai_cli.engine.threads import n_threads
from spliceai_cli.errors import exhausted
from spliceai_cli.genome.bases import Codes
from spliceai_cli.models.averaging import GroupMean
from spliceai_cli.models.spec import BlockSpec

T = TypeVar("T")


#: Seconds of a core for a position of one convolution: every base of chr19:8.0–8.5 Mb took 13.0 µs on two cores.
UNIT_S = 0.16e-6


def cost(_: BlockSpec) -> float:
    """Time that a block's convolution takes per output position, in any unit: about the same for all kernel lengths."""
    return 1.0


class NativePasses:
    """Computes networks of 32 features on the CPU. Threads may share it.

    Args:
        library: the kernels.
        networks: the networks.
        budget: the memory that may be used.
    """

    def __init__(self, library: Library, networks: Sequence[FoldedNetwork], budget: Budget) -> None:
        pool = Pool()
        self._networks = [NativeNetwork(library, pool, network) for network in networks]
        self._budget = budget
        self._tapped = sorted(networks[0].taps)

    @property
    def n_layers(self) -> int:
        """See ``Passes``: two buffers for each thread."""
        return 2 * n_threads()

    def run(self, work: Work, n_averaged: int, advance: Callable[[int], None] = lambda _: None) -> Answers:
        """See ``Passes``."""
        batches = [PreparedBatch(batch, self._tapped) for batch in work.batches]
        wanted = wanted_rows(batches, len(work.tiles))
        n_rows = int((wanted[..., 1] - wanted[..., 0]).sum())
        # A single thread waits for nobody, so that keeping more than one network would only take memory.
        n_together = self._budget.networks_together(n_rows) if n_threads() > 1 else 1
        ref: list[GroupMean[FloatArray]] = [GroupMean(n_averaged) for _ in work.tiles]
        alt: list[GroupMean[FloatArray]] = [GroupMean(n_averaged) for _ in batches]
        with _threads() as pool:
            for first in range(0, len(self._networks), n_together):
                networks = self._networks[first : first + n_together]
                for logits in _run(pool, networks, work.tiles, wanted, batches, advance):
                    for mean, values in zip((*ref, *alt), (*logits.ref, *logits.alt), strict=True):
                        mean.add(softmax(values))
        return Answers(list(map(_side_by_side, ref)), list(map(_side_by_side, alt)))

    def scan(self, codes: Codes, n_averaged: int, *, has_softmax: bool = True) -> FloatArray:
        """See ``Passes``."""
        mean: GroupMean[FloatArray] = GroupMean(n_averaged)
        with _threads() as pool:
            for logits in pool.map(lambda network: network.logits(codes), self._networks):
                mean.add(softmax(logits) if has_softmax else logits)
        return _side_by_side(mean)


def _side_by_side(mean: GroupMean[FloatArray]) -> FloatArray:
    return np.concatenate(mean.groups(), axis=-1)


def wanted_rows(batches: Sequence[PreparedBatch], n_tiles: int) -> Integers:
    """(tiles, layers, 2) start and end of the rows that the edits on each tile look up of each layer."""
    starts = np.concatenate([batch.edits.left[:, None] + batch.windows[:, 0] for batch in batches])
    ends = np.concatenate([batch.edits.right[:, None] + batch.windows[:, 1] for batch in batches])
    tiles = np.concatenate([batch.edits.tiles for batch in batches])
    order = np.argsort(tiles, kind="stable")
    first = np.searchsorted(tiles[order], np.arange(n_tiles))
    return np.stack((np.minimum.reduceat(starts[order], first), np.maximum.reduceat(ends[order], first)), axis=2)


class _Logits(NamedTuple):
    """Outputs of one network before the softmax, for each tile and for each batch."""

    ref: list[Floats]
    alt: list[Floats]


def _run(
    pool: Executor,
    networks: Sequence[NativeNetwork],
    tiles: Sequence[RefTile],
    wanted: Integers,
    batches: Sequence[PreparedBatch],
    advance: Callable[[int], None],
) -> Iterator[_Logits]:
    # Tasks start in the order in which they are submitted: when the first ALT task starts, every REF task has started,
    # so waiting for one cannot deadlock.
    references = [
        [
            pool.submit(network.reference, tile.codes, tile.span.start - network.flank, rows)
            for tile, rows in zip(tiles, wanted, strict=True)
        ]
        for network in networks
    ]
    alternates = [
        [pool.submit(_alternate, network, batch, refs) for batch in batches]
        for network, refs in zip(networks, references, strict=True)
    ]
    for refs, alts in zip(references, alternates, strict=True):
        alt = []
        for future, batch in zip(alts, batches, strict=True):
            alt.append(future.result())
            advance(len(batch.edits.left))
        ref = [future.result().logits for future in refs]
        # Frees what the REF passes kept.
        refs.clear()
        yield _Logits(ref, alt)


def _alternate(network: NativeNetwork, batch: PreparedBatch, references: Sequence[Future[Reference]]) -> Floats:
    return network.alternate(batch, {tile: references[tile].result().kept for tile in batch.tiles})


class _ThisThread(Executor):
    """Runs each task when it is submitted."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401 (as Executor has it)
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@contextmanager
def _threads() -> Iterator[Executor]:
    """The threads of one run: if they lived longer, a forked child would miss them."""
    pool = ThreadPoolExecutor(n_threads(), "spliceai")
    try:
        pool.submit(int)
    except RuntimeError as error:
        if exhausted(error) is not None:
            raise
        # The main thread has ended, or exit handlers run; other threads may go on, but Python starts no pool any more.
        yield _ThisThread()
        return
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
