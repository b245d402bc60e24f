"""Blocks of a contig. Only edits of one block share a REF pass.

Float rounding of a REF pass depends on where it begins and ends. That must not depend on where a window of records, or
a part of a file, happened to begin: the same allele could then have other bytes. So it is decided by coordinates.
"""

from __future__ import annotations

from typing import NamedTuple

from spliceai_cli.plan.edit import Edit
from spliceai_cli.plan.sequence import transcript_order

# Twice as long would save 1 % of the time where there is a variant every 80 bp, and let twice as many records wait.
BLOCK_BP = 16_384


class Block(NamedTuple):
    """A block of one strand of a contig; ``number`` counts blocks from the start of the contig, from 0 on."""

    chrom: str
    strand: str
    number: int


def block_of(edit: Edit) -> Block:
    """The block in which an edit begins, in genomic order."""
    sequence = edit.sequence
    start = transcript_order(edit.replaced, sequence.strand).start
    return Block(sequence.chrom, sequence.strand, start // BLOCK_BP)
