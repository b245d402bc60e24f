"""Passes by native kernels: every REF tile and every batch of edits of a network is a task for one thread."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.computing import n_threads
from spliceai_cli.engine.folded import FoldedNetwork
from spliceai_cli.engine.native.library import Library
from spliceai_cli.engine.native.memory import Floats, Pool
from spliceai_cli.engine.native.network import NativeNetwork, PreparedBatch, Reference
from spliceai_cli.engine.passes import Integers, Logits, RefTile, Work
from spliceai_cli.genome.bases import Codes
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

    def run(self, work: Work, advance: Callable[[int], None] = lambda _: None) -> Generator[Logits, None, None]:
        """See ``Passes``."""
        batches = [PreparedBatch(batch, self._tapped) for batch in work.batches]
        wanted = wanted_rows(batches, len(work.tiles))
        n_rows = int((wanted[..., 1] - wanted[..., 0]).sum())
        # A single thread waits for nobody, so that keeping more than one network would only take memory.
        n_together = self._budget.networks_together(n_rows) if n_threads() > 1 else 1
        with _threads() as pool:
            for first in range(0, len(self._networks), n_together):
                yield from _run(pool, self._networks[first : first + n_together], work.tiles, wanted, batches, advance)

    def scan(self, codes: Codes) -> Generator[Tensor, None, None]:
        """See ``Passes``."""
        with _threads() as pool:
            for logits in pool.map(lambda network: network.logits(codes), self._networks):
                yield torch.from_numpy(logits)


def wanted_rows(batches: Sequence[PreparedBatch], n_tiles: int) -> Integers:
    """(tiles, layers, 2) start and end of the rows that the edits on each tile look up of each layer."""
    starts = np.concatenate([batch.edits.left[:, None] + batch.windows[:, 0] for batch in batches])
    ends = np.concatenate([batch.edits.right[:, None] + batch.windows[:, 1] for batch in batches])
    tiles = np.concatenate([batch.edits.tiles for batch in batches])
    order = np.argsort(tiles, kind="stable")
    first = np.searchsorted(tiles[order], np.arange(n_tiles))
    return np.stack((np.minimum.reduceat(starts[order], first), np.maximum.reduceat(ends[order], first)), axis=2)


def _run(
    pool: Executor,
    networks: Sequence[NativeNetwork],
    tiles: Sequence[RefTile],
    wanted: Integers,
    batches: Sequence[PreparedBatch],
    advance: Callable[[int], None],
) -> Iterator[Logits]:
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
            alt.append(torch.from_numpy(future.result()))
            advance(len(batch.edits.left))
        ref = [torch.from_numpy(future.result().logits) for future in refs]
        # Frees what the REF passes kept.
        refs.clear()
        yield Logits(ref, alt)


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
    """As many threads as PyTorch uses, for one run: threads that lived longer would be missing in a forked child."""
    # Each thread has its own setting for treating denormals as zero.
    pool = ThreadPoolExecutor(n_threads(), "spliceai", partial(torch.set_flush_denormal, True))
    try:
        pool.submit(int)
    except RuntimeError:
        # The main thread has ended, or exit handlers run; other threads may go on, but Python starts no pool any more.
        yield _ThisThread()
        return
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
