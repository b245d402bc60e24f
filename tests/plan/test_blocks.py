"""Blocks are decided by coordinates alone."""

from __future__ import annotations

import numpy as np
import pytest

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.blocks import BLOCK_BP, Block, block_of
from spliceai_cli.plan.edit import Edit
from spliceai_cli.plan.sequence import GeneSequence

NOTHING = np.zeros(0, np.uint8)
SCORED = Interval(0, 101)


@pytest.mark.parametrize(
    ("strand", "replaced", "block"),
    [
        # On - a position p has the number -p - 1 in transcript order.
        ("+", Interval(0, 1), 0),
        ("+", Interval(BLOCK_BP - 1, BLOCK_BP), 0),
        ("+", Interval(BLOCK_BP, BLOCK_BP + 1), 1),
        ("-", Interval(-1, 0), 0),
        ("-", Interval(-BLOCK_BP, -BLOCK_BP + 1), 0),
        ("-", Interval(-BLOCK_BP - 1, -BLOCK_BP), 1),
        # A deletion belongs where it begins in genomic order, on either strand.
        ("+", Interval(BLOCK_BP - 2, BLOCK_BP + 3), 0),
        ("-", Interval(-BLOCK_BP - 3, -BLOCK_BP + 2), 0),
        ("-", Interval(-BLOCK_BP - 3, -BLOCK_BP), 1),
        # An insertion replaces nothing, and stands before the base whose number it has.
        ("+", Interval(BLOCK_BP, BLOCK_BP), 1),
        ("-", Interval(-BLOCK_BP, -BLOCK_BP), 1),
        ("-", Interval(-BLOCK_BP + 1, -BLOCK_BP + 1), 0),
    ],
)
def test_block_of__is_where_an_edit_begins(strand, replaced, block):
    # Neither the transcript nor what is scored matters.
    for span in (Interval(0, 99_999), Interval(16_000, 17_000)):
        for scored in (SCORED, Interval(-40_000, -39_000)):
            edit = Edit(GeneSequence(None, "7", strand, span), replaced, NOTHING, scored, scored)
            assert block_of(edit) == Block("7", strand, block)


def test_block_of__strands_and_contigs_have_their_own():
    blocks = {
        block_of(Edit(GeneSequence(None, chrom, strand, Interval(0, 10)), Interval(-5, 5), NOTHING, SCORED, SCORED))
        for chrom in ("1", "2")
        for strand in "+-"
    }
    assert len(blocks) == 4
