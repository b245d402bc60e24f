"""Lengths of tiles and sizes of batches that fit in memory. Integers only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.text import size

# Memory of the process before any sequence is scored: Python, PyTorch, genes, weights and their transforms (0.2 GB),
# records read ahead.
_BASE_BYTES = 700 << 20

# Longer tiles save nothing: the overhead of REF is 6,500 positions per tile.
_MAX_TILE = 32_768

# For a pass that keeps no activations. Its overhead is 5 % at this length; longer passes were no faster (57 µs per
# position).
_MAX_SCAN = 131_072

# Enough tiles of one edit each to fill a batch of 8 at a distance of 50, with which ALT runs at the processor's peak.
# More would only take memory; these take 0.4 GB.
_MAX_GROUP = 8 * 10_240

# REF passes of several networks, kept so that threads of one need not wait for those of another.
_MAX_KEPT_BYTES = 512 << 20

_FLOAT_BYTES = 4
# Layers of a batch that are alive at once: input, window, normalised window, middle, its window, output, and slack.
_LAYERS_ALIVE = 8


@dataclass(frozen=True)
class Budget:
    """Splits memory between REF passes, which are kept, and the batches that run beside them.

    Attributes:
        spec: spec of the network.
        memory: bytes that the whole process may use.
    """

    spec: NetworkSpec
    memory: int

    @property
    def _free(self) -> int:
        return max(0, self.memory - _BASE_BYTES)

    @property
    def _layer_bytes(self) -> int:
        """Bytes of one position of one layer."""
        return self.spec.channels * _FLOAT_BYTES

    @property
    def tile_bytes(self) -> int:
        """Bytes of one position of a REF pass, which keeps two layers of every block."""
        return (2 * len(self.spec.blocks) + _LAYERS_ALIVE) * self._layer_bytes

    @property
    def max_tile(self) -> int:
        """Scored positions of a tile; at least 1."""
        return max(1, min(_MAX_TILE, self._free // 2 // self.tile_bytes - self.spec.context))

    @property
    def max_group(self) -> int:
        """Positions of the tiles that are kept together, including their contexts."""
        return min(_MAX_GROUP, self._free // 2 // self.tile_bytes)

    @property
    def max_scan(self) -> int:
        """Positions of a tile that keeps only its outputs; at least 1."""
        return max(1, min(_MAX_SCAN, self._free // (_LAYERS_ALIVE * self._layer_bytes) - self.spec.context))

    @property
    def ample(self) -> int:
        """Bytes of the process at which memory limits nothing that is kept, and at which the longest tiles fit."""
        kept = self.tile_bytes * max(_MAX_TILE + self.spec.context, _MAX_GROUP)
        return _BASE_BYTES + 2 * max(kept, _MAX_KEPT_BYTES)

    def batch_size(self, length: int, most: int, n_layers: int = _LAYERS_ALIVE) -> int:
        """Sequences of ``length`` positions at a time; at least 1, at most ``most``.

        Args:
            length: positions of a sequence.
            most: largest batch.
            n_layers: layers of batches that are in memory at once.
        """
        return max(1, min(most, self._free // 2 // (n_layers * self._layer_bytes * length)))

    def networks_together(self, n_rows: int) -> int:
        """Networks whose REF passes may be kept at a time; at least 1.

        Args:
            n_rows: rows of features that are kept for each network.
        """
        n_bytes = max(1, n_rows * self._layer_bytes)
        return max(1, min(self.spec.n_networks, min(self._free // 2, _MAX_KEPT_BYTES) // n_bytes))

    def fits(self, length: int) -> bool:
        """Whether an edit that needs REF on ``length`` scored positions can be computed at all."""
        return self._bytes_of(length) <= self._free

    def least_free(self, length: int) -> int:
        """Bytes with which such an edit fits, and tiles and groups have their full size."""
        return max(self._bytes_of(length), 2 * _MAX_GROUP * self.tile_bytes)

    def _bytes_of(self, length: int) -> int:
        return (length + self.spec.context) * (self.tile_bytes + _LAYERS_ALIVE * self._layer_bytes)


def check_memory(settings: Settings, specs: Iterable[NetworkSpec], memory: int) -> None:
    """Before any work starts, refuse settings under which the longest allowed allele would not fit.

    Args:
        settings: gives the distance and the limits on alleles.
        specs: specs of the models.
        memory: bytes that the process may use.

    Raises:
        UsageError: the longest allowed allele would not fit.
    """
    length = _longest(settings)
    if not all(Budget(spec, memory).fits(length) for spec in specs):
        raise UsageError(
            f"{size(memory)} is too little for -D {settings.distance} with alleles of up to "
            f"{_longest_allele(settings):,} bp.",
            "Allow more (--memory), or lower -D, --max-allele-length or --max-sv-length.",
        )


def _longest_allele(settings: Settings) -> int:
    return max(settings.max_allele_length, settings.max_sv_length)


def _longest(settings: Settings) -> int:
    """Scored positions of the longest allele."""
    return 2 * settings.distance + 1 + _longest_allele(settings)


def most_workers(settings: Settings, specs: Iterable[NetworkSpec], memory: int, *, is_sharing: bool) -> int:
    """Workers whose shares of the memory do not limit their tiles and groups, so that no score depends on them.

    Args:
        settings: gives the distance and the limits on alleles.
        specs: specs of the models.
        memory: bytes that all workers together may use.
        is_sharing: whether they are threads of one process.
    """
    length = _longest(settings)
    least = max(Budget(spec, memory).least_free(length) for spec in specs)
    free = max(0, memory - _BASE_BYTES)
    return max(1, free // (least if is_sharing else least + _BASE_BYTES))


def share(memory: int, n_workers: int, *, is_sharing: bool) -> int:
    """Bytes that one of several workers may use, as if it were alone in its process.

    Args:
        memory: bytes that they may use together; without sharing, the process that reads and writes uses some, too.
        n_workers: number of workers.
        is_sharing: whether they are threads of one process.
    """
    of_all = (memory - _BASE_BYTES) // n_workers
    return of_all + _BASE_BYTES if is_sharing else of_all
