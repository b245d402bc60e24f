"""Test genes that resemble a training gene.

The rule: at least a twentieth of the 16-mers of a test gene's coding sequence (of its exons, where no coding part is
known) occur in that of one training gene. Two sequences with 85 % equal bases share about 7 % of their 16-mers (0.85 to
the power of 16), unrelated ones almost none. To save memory, only the eighth of all 16-mers is compared whose hash has
three zero bits at a fixed place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.bases import N, encode, reverse_complement
from spliceai_cli.genome.fasta import Reference

_K = 16
_SHARE = 1 / 20
_ONE_IN = np.uint64(8)

# A multiplier that mixes bits well (Knuth's multiplicative hashing, 64 bits).
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Likeness(NamedTuple):
    """A test gene with the training gene that it resembles most.

    Attributes:
        gene: the test gene.
        like: the training gene.
        share: share of the test gene's 16-mers that the training gene has.
    """

    gene: Gene
    like: Gene
    share: float


def find_paralogs(test: Sequence[Gene], train: Iterable[Gene], reference: Reference) -> Iterator[Likeness]:
    """The test genes that resemble a training gene, in their order. Memory grows with the test genes alone.

    Args:
        test: genes to compare.
        train: genes to compare them with.
        reference: the FASTA.
    """
    words = [_words(gene, reference) for gene in test]
    everything = np.concatenate([np.empty(0, np.uint64), *words])
    owners = np.repeat(np.arange(len(test)), [len(some) for some in words])
    order = np.argsort(everything, kind="stable")
    everything, owners = everything[order], owners[order]
    best: dict[int, Likeness] = {}
    for other in train:
        theirs = _words(other, reference)
        first, last = np.searchsorted(everything, theirs, "left"), np.searchsorted(everything, theirs, "right")
        shared = np.concatenate([owners[a:b] for a, b in zip(first, last, strict=True) if a < b] or [owners[:0]])
        for i, n in enumerate(np.bincount(shared)):
            share = n / len(words[i]) if n else 0.0
            if share >= _SHARE and (i not in best or share > best[i].share):
                best[i] = Likeness(test[i], other, float(share))
    return (best[i] for i in sorted(best))


def _words(gene: Gene, reference: Reference) -> NDArray[np.uint64]:
    """The sampled 16-mers of a gene along its transcript, each once, hashed."""
    chrom = reference.contigs.find(gene.chrom) or gene.chrom
    parts = gene.coding or gene.exons
    codes = encode(b"".join(reference.fetch(chrom, *part) for part in parts))
    codes = codes if gene.strand == "+" else reverse_complement(codes)
    n = len(codes) - _K + 1
    if n < 1:
        return np.empty(0, np.uint64)
    values, known = np.zeros(n, np.uint64), np.ones(n, bool)
    for i in range(_K):
        letters = codes[i : i + n]
        known &= letters != N
        values = values * np.uint64(4) + letters
    hashed = values[known] * _MIX
    return np.unique(hashed[(hashed >> np.uint64(32)) % _ONE_IN == 0])
