"""The table for the eye; values by hand."""

from __future__ import annotations

import pytest
from support import builders

from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.report.table import Row, format_table, read_rows
from spliceai_cli.scores.sites import SITES, DeltaScore
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.variants.variant import Variant
from spliceai_cli.vcf.reader import Record, VcfReader


def record(*values, ref="C", alt="T"):
    return Record(f"19\t100\t.\t{ref}\t{alt}\t.\t.\tSpliceAI={','.join(values)}\n".encode(), 5)


def reading(text, strand):
    genes = GeneIndex([builders.gene("G", "19", strand, 50, 200)] if strand else [])
    [row] = read_rows([record(text)], ["SpliceAI"], genes)
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
    rows = read_rows([record("T|G|0.00|0.00|0.91|0.08|-28|-46|-2|-31"), record(ref="C" * 20)], ["SpliceAI"], genes)
    assert list(format_table(rows)) == [
        "VARIANT     GENE  AG          AL          DG         DL          READING",
        "19:100 C>T  G     0.00 (-28)  0.00 (-46)  0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream",
    ]


def test_table__says_why_an_allele_has_no_score():
    rows = [
        Row(Variant("19", 100, "C", "T"), DeltaScore.parse("T|G|0.00|0.00|0.91|0.08|-28|-46|-2|-31"), "+"),
        Row(Variant("chr19", 5, "A", "<DEL>"), reason="outside genes"),
        Row(Variant("19", 7, "A", "C"), DeltaScore.parse("C|G|.|.|.|.|.|.|.|."), reason="left out by 1.3.1"),
    ]
    assert list(format_table(rows)) == [
        "VARIANT          GENE  AG          AL          DG         DL          READING",
        "19:100 C>T       G     0.00 (-28)  0.00 (-46)  0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream",
        "chr19:5 A><DEL>  .     .           .           .          .           not scored: outside genes",
        "19:7 A>C         G     .           .           .          .           not scored: left out by 1.3.1",
    ]


def test_table__models_are_a_table_each():
    rows = [
        Row(Variant("1", 9, "C", "T"), DeltaScore.parse("T|ONE|0.00|0.00|0.91|0.08|-28|-46|-2|-31"), "+"),
        Row(Variant("1", 9, "C", "T"), DeltaScore.parse("T|TWO|0.00|0.00|0.10|0.08|0|0|0|0", "Other"), "+"),
        Row(Variant("1", 8, "A", "."), reason="without ALT"),
    ]
    assert list(format_table(rows)) == [
        "SpliceAI:",
        "VARIANT  GENE  AG          AL          DG         DL          READING",
        "1:9 C>T  ONE   0.00 (-28)  0.00 (-46)  0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream",
        "1:8 A>.  .     .           .           .          .           not scored: without ALT",
        "",
        "Other:",
        "VARIANT  GENE  AG         AL         DG         DL         READING",
        "1:9 C>T  TWO   0.00 (+0)  0.00 (+0)  0.10 (+0)  0.08 (+0)  no effect predicted (largest 0.10)",
        "1:8 A>.  .     .          .          .          .          not scored: without ALT",
    ]


def test_table__without_rows_is_its_heading():
    assert list(format_table([])) == ["VARIANT  GENE  AG  AL  DG  DL  READING"]


def test_table__reads_every_model_that_the_header_declares():
    declared = (
        SITES.header("SpliceAI"),
        TISSUES.header("Pangolin"),
        '##INFO=<ID=X,Number=1,Description="Format: A|B">',
    )
    info = "SpliceAI=T|G|0.00|0.00|0.91|0.08|-28|-46|-2|-31;Pangolin=G|-2:0.55|7:-0.86|Warnings:ALT=T"
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    text = "\n".join((*declared, columns, f"19\t100\t.\tC\tA,T\t.\t.\t{info}")) + "\n"
    reader = VcfReader(iter(text.encode().splitlines(keepends=True)), "in.vcf")
    assert reader.info_keys == ["SpliceAI", "Pangolin", "X"]
    assert reader.score_keys == ["SpliceAI", "Pangolin"]
    genes = GeneIndex([builders.gene("G", "19", "+", 50, 200)])
    rows = list(read_rows(reader, reader.score_keys, genes))
    assert [(row.variant.alt, row.score.model_key, row.reading) for row in rows] == [
        ("T", "SpliceAI", "donor gain 0.91, 2 bp upstream"),
        ("T", "Pangolin", "loss 0.86, 7 bp downstream; gain 0.55, 2 bp upstream"),
    ]
