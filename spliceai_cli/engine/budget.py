"""How much fits in memory: lengths of tiles and sizes of batches. Integers only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.settings import Settings

# What the process holds before any sequence is scored: Python, PyTorch, genes, weights, records read ahead.
_BASE_BYTES = 700 << 20

# Longer tiles save nothing: the share of REF that is overhead is 6,500 positions a tile.
_MAX_TILE = 32_768

# A pass that keeps nothing: its overhead is 5 % at this length; longer ones gained nothing (57 µs a position).
_MAX_SCAN = 131_072

# Tiles of one edit each that fill a batch of 8 at a distance of 50, with which ALT runs at the processor's peak; more
# would only take memory (0.4 GB as it is).
_MAX_GROUP = 8 * 10_240

_FLOAT_BYTES = 4
# Layers of a batch that are alive at once: input, window, normalised window, middle, its window, output, and slack.
_LAYERS_ALIVE = 8


@dataclass(frozen=True)
class Budget:
    """Memory split between REF passes, which are kept, and the batches that run beside it.

    Attributes:
        spec: of the network.
        memory: bytes that the whole process may use.
    """

    spec: NetworkSpec
    memory: int

    @property
    def _free(self) -> int:
        return max(0, self.memory - _BASE_BYTES)

    @property
    def _layer_bytes(self) -> int:
        """One position of one layer."""
        return self.spec.channels * _FLOAT_BYTES

    @property
    def tile_bytes(self) -> int:
        """One position of a REF pass: two layers of every block are kept."""
        return (2 * len(self.spec.blocks) + _LAYERS_ALIVE) * self._layer_bytes

    @property
    def max_tile(self) -> int:
        """Scored positions of a tile; at least 1."""
        return max(1, min(_MAX_TILE, self._free // 2 // self.tile_bytes - self.spec.context))

    @property
    def max_group(self) -> int:
        """Positions of tiles that are kept together, their contexts included."""
        return min(_MAX_GROUP, self._free // 2 // self.tile_bytes)

    @property
    def max_scan(self) -> int:
        """Positions of a tile of which nothing but the outputs is kept; at least 1."""
        return max(1, min(_MAX_SCAN, self._free // (_LAYERS_ALIVE * self._layer_bytes) - self.spec.context))

    def batch_size(self, length: int, most: int) -> int:
        """Sequences of ``length`` positions at a time; at least 1, at most ``most``."""
        return max(1, min(most, self._free // 2 // (_LAYERS_ALIVE * self._layer_bytes * length)))

    def fits(self, length: int) -> bool:
        """Whether an edit that needs REF on ``length`` scored positions can be computed at all."""
        return (length + self.spec.context) * (self.tile_bytes + _LAYERS_ALIVE * self._layer_bytes) <= self._free


def check_memory(settings: Settings, specs: Iterable[NetworkSpec], memory: int) -> None:
    """Refuse settings under which the largest allowed allele would not fit, before any work starts.

    Args:
        settings: its distance, and the limits on alleles.
        specs: of the models.
        memory: bytes that the process may use.

    Raises:
        UsageError: it would not.
    """
    longest_allele = max(settings.max_allele_length, settings.max_sv_length)
    length = 2 * settings.distance + 1 + longest_allele
    if not all(Budget(spec, memory).fits(length) for spec in specs):
        raise UsageError(
            f"{memory / 2**30:.1f} GB is too little for -D {settings.distance} with alleles of up to "
            f"{longest_allele:,} bp.",
            "Allow more (--memory), or lower -D, --max-allele-length or --max-sv-length.",
        )
