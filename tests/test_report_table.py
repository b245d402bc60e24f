"""The table for the eye; values by hand."""

from __future__ import annotations

import builders
import pytest

from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.report.table import format_table, read_rows
from spliceai_cli.vcf import Record


def record(*values, ref="C", alt="T"):
    return Record(f"19\t100\t.\t{ref}\t{alt}\t.\t.\tSpliceAI={','.join(values)}\n".encode(), 5)


def reading(text, strand):
    genes = GeneIndex([builders.gene("G", "19", strand, 50, 200)] if strand else [])
    [row] = read_rows([record(text)], genes)
    return row.reading


@pytest.mark.parametrize(
    ("strand", "offset", "place"),
    [
        ("+", -2, "2 bp upstream"),
        ("+", 3, "3 bp downstream"),
        ("-", -2, "2 bp downstream"),
        ("-", 3, "3 bp upstream"),
        ("+", 0, "at the variant"),
        (None, -2, "-2 bp"),
    ],
)
def test_reading__follows_the_transcript(strand, offset, place):
    assert reading(f"T|G|0.00|0.00|0.91|0.08|-28|-46|{offset}|-31", strand) == f"donor gain 0.91, {place}"


def test_reading__names_what_reaches_the_cut_off_largest_first():
    assert reading("T|G|0.20|0.19|0.50|1.00|1|2|3|4", "+") == (
        "donor loss 1.00, 4 bp downstream; donor gain 0.50, 3 bp downstream; acceptor gain 0.20, 1 bp downstream"
    )
    assert reading("T|G|0.19|0.00|0.01|0.00|1|2|3|4", "+") == "no effect predicted (largest 0.19)"
    assert reading("T|G|.|.|.|.|.|.|.|.", "+") == "not scored"


def test_table__columns_are_aligned_and_long_alleles_cut():
    genes = GeneIndex([builders.gene("G", "19", "+", 50, 200)])
    rows = read_rows([record("T|G|0.00|0.00|0.91|0.08|-28|-46|-2|-31"), record(ref="C" * 20)], genes)
    assert list(format_table(rows)) == [
        "VARIANT     GENE  AG          AL          DG         DL          READING",
        "19:100 C>T  G     0.00 (-28)  0.00 (-46)  0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream",
    ]
