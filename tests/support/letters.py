"""A contig as the oracles want it."""

from __future__ import annotations


class Letters:
    """Reads letters by index, 0-based, without loading the contig whole."""

    def __init__(self, reference, chrom):
        self._reference = reference
        self._chrom = chrom

    def __len__(self):
        return self._reference.lengths[self._chrom]

    def __getitem__(self, index):
        return self._reference.fetch(self._chrom, index, index + 1).decode()
