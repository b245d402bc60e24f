"""What ``spliceai-cli predict`` has written, read back."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import numpy as np


def by_place(lines, n_labels=0):
    """(chrom, pos, strand, labels…) -> values."""
    found = {}
    for chrom, pos, strand, *rest in lines:
        place = chrom, int(pos), strand, *rest[:n_labels]
        assert place not in found
        found[place] = np.array(rest[n_labels:], float)
    return found


def bedgraph(path: Path) -> dict[tuple[str, int], float]:
    """(chrom, 1-based position) -> value; lines are sorted and do not overlap."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    lines = [line.split("\t") for line in text.splitlines()]
    found, contigs = {}, []
    for chrom, start, end, value in lines:
        if chrom not in contigs:
            contigs.append(chrom)
        for i in range(int(start), int(end)):
            assert (chrom, i + 1) not in found
            found[chrom, i + 1] = float(value)
    order = [(contigs.index(chrom), pos) for chrom, pos in found]
    assert order == sorted(order)
    for one, two in pairwise(lines):
        assert one[0] != two[0] or one[2] != two[1] or one[3] != two[3], "neighbours that print the same"
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
