"""The table for the eye; values by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import builders

from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.report.annotated import ScoreFields
from spliceai_cli.report.table import by_position, by_score, format_table, largest, reading
from spliceai_cli.scores.sites import SITES, DeltaScore
from spliceai_cli.scores.tissues import TISSUES, TissueScore
from spliceai_cli.variants.rows import Row
from spliceai_cli.variants.variant import SkipReason, Variant
from spliceai_cli.vcf.reader import Record, VcfReader


def scored(variant, text, key="SpliceAI"):
    return Row(variant, score=replace(DeltaScore.parse(text, key), strand="+"))


def record(*values, ref="C", alt="T"):
    return Record(f"19\t100\t.\t{ref}\t{alt}\t.\t.\tSpliceAI={','.join(values)}\n".encode(), 5)


def read(text, strand):
    genes = GeneIndex([builders.gene("G", "19", strand, 50, 200)] if strand else [])
    [row] = ScoreFields(["SpliceAI"], genes).rows([record(text)])
    return reading(row)


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
    assert read(f"T|G|0.00|0.00|0.91|0.08|-28|-46|{offset}|-31", strand) == f"donor gain 0.91, {place}"


def test_reading__names_what_reaches_the_cut_off_largest_first():
    assert read("T|G|0.20|0.19|0.50|1.00|1|2|3|4", "+") == (
        "donor loss 1.00, 4 bp downstream; donor gain 0.50, 3 bp downstream; acceptor gain 0.20, 1 bp downstream"
    )
    assert read("T|G|0.19|0.00|0.01|0.00|1|2|3|4", "+") == "no effect predicted (largest 0.19)"
    assert read("T|G|.|.|.|.|.|.|.|.", "+") == "not scored"


def test_table__columns_are_aligned_and_long_alleles_cut():
    genes = GeneIndex([builders.gene("G", "19", "+", 50, 200)])
    records = [record("T|G|0.00|0.00|0.91|0.08|-28|-46|-2|-31"), record(ref="C" * 20)]
    rows = ScoreFields(["SpliceAI"], genes).rows(records)
    assert list(format_table(rows)) == [
        "VARIANT                GENE  AG    AL    DG         DL          READING",
        "19:100 C>T             G     0.00  0.00  0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream",
        "19:100 CCCC…(20 bp)>T  .     .     .     .          .           not scored",
    ]


def test_table__says_why_an_allele_has_no_score():
    rows = [
        scored(Variant("19", 100, "C", "T"), "T|G|0.00|0.00|0.91|0.08|-28|-46|-2|-31"),
        Row(Variant("chr19", 5, "A", "<DEL>"), SkipReason.OUTSIDE, reason_text="outside genes"),
        scored(Variant("19", 7, "A", "C"), "C|G|.|.|.|.|.|.|.|.")._replace(reason_text="left out by 1.3.1"),
    ]
    assert list(format_table(rows)) == [
        "VARIANT          GENE  AG    AL    DG         DL          READING",
        "19:100 C>T       G     0.00  0.00  0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream",
        "chr19:5 A><DEL>  .     .     .     .          .           not scored: outside genes",
        "19:7 A>C         G     .     .     .          .           not scored: left out by 1.3.1",
    ]


def test_table__models_are_a_table_each():
    rows = [
        scored(Variant("1", 9, "C", "T"), "T|ONE|0.00|0.00|0.91|0.08|-28|-46|-2|-31"),
        scored(Variant("1", 9, "C", "T"), "T|TWO|0.00|0.00|0.10|0.08|0|0|0|0", "Other"),
        Row(Variant("1", 8, "A", "."), reason_text="without ALT"),
    ]
    assert list(format_table(rows)) == [
        "SpliceAI:",
        "VARIANT  GENE  AG    AL    DG         DL          READING",
        "1:9 C>T  ONE   0.00  0.00  0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream",
        "1:8 A>.  .     .     .     .          .           not scored: without ALT",
        "",
        "Other:",
        "VARIANT  GENE  AG    AL    DG         DL         READING",
        "1:9 C>T  TWO   0.00  0.00  0.10 (+0)  0.08 (+0)  no effect predicted (largest 0.10)",
        "1:8 A>.  .     .     .     .          .          not scored: without ALT",
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
    every = list(ScoreFields(reader.score_keys, genes).rows(reader))
    rows, unscored = ([row for row in every if bool(row.score) is has_score] for has_score in (True, False))
    assert [(row.variant.alt, reading(row)) for row in unscored] == [("A", "not scored")]
    assert [(row.variant.alt, row.score.model_key, reading(row)) for row in rows] == [
        ("T", "SpliceAI", "donor gain 0.91, 2 bp upstream"),
        ("T", "Pangolin", "loss 0.86, 7 bp downstream; gain 0.55, 2 bp upstream"),
    ]


SITES_ROW = scored(Variant("1", 9, "C", "T"), "T|ONE|0.80|0.50|0.20|0.19|-28|-46|-2|-31")
LONG = "acceptor gain 0.80, 28 bp upstream; acceptor loss 0.50, 46 bp upstream; donor gain 0.20, 2 bp upstream"


def test_table__values_of_one_key_may_be_of_two_kinds():
    # It ended in a KeyError: the first value decided the columns of all.
    rows = [
        SITES_ROW,
        Row(Variant("1", 9, "C", "T"), score=TissueScore.parse("TWO|-2:0.55|7:-0.86|Warnings:", "SpliceAI", "T")),
    ]
    assert [line.split()[:6] for line in format_table(rows) if line] == [
        ["SpliceAI:"],
        ["VARIANT", "GENE", "AG", "AL", "DG", "DL"],
        ["1:9", "C>T", "ONE", "0.80", "(-28)", "0.50"],
        ["SpliceAI:"],
        ["VARIANT", "GENE", "GAIN", "LOSS", "READING"],
        ["1:9", "C>T", "TWO", "0.55", "(-2)", "0.86"],
    ]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_table__fits_the_terminal_and_loses_no_word(width):
    lines = list(format_table([SITES_ROW], width=width))
    assert max(map(len, lines)) <= width
    assert sorted(" ".join(lines).split()) == sorted(" ".join(format_table([SITES_ROW])).split())


def test_table__only_the_reading_wraps_while_there_is_room_for_it():
    assert list(format_table([SITES_ROW], width=100)) == [
        "VARIANT  GENE  AG          AL          DG         DL          READING",
        "1:9 C>T  ONE   0.80 (-28)  0.50 (-46)  0.20 (-2)  0.19 (-31)  acceptor gain 0.80, 28 bp upstream;",
        "                                                              acceptor loss 0.50, 46 bp upstream;",
        "                                                              donor gain 0.20, 2 bp upstream",
    ]


def test_table__colours_are_those_of_the_cut_offs_as_printed():
    [_, line] = format_table([SITES_ROW], is_coloured=True)
    shown = ("\x1b[1;31m0.80 (-28)\x1b[0m", "\x1b[31m0.50 (-46)\x1b[0m", "\x1b[33m0.20 (-2)\x1b[0m", "0.19 (-31)")
    assert line == f"1:9 C>T  ONE   {'  '.join(shown)}  \x1b[1;31m{LONG}\x1b[0m"


def test_rows__are_sorted_by_place_or_by_score():
    def row(chrom, pos, score):
        return scored(Variant(chrom, pos, "C", "T"), f"T|G|0.00|0.00|{score}|0.00|0|0|0|0")

    rows = [row("2", 5, "0.30"), row("10", 7, "0.70"), row("2", 3, "0.70"), Row(Variant("2", 3, "C", "."))]
    assert [(r.variant.chrom, r.variant.pos) for r in by_position(rows, ["10", "2"])] == [
        ("10", 7), ("2", 3), ("2", 3), ("2", 5),
    ]  # fmt: skip
    assert [(largest(r), r.variant.chrom) for r in by_score(rows)] == [(0.7, "10"), (0.7, "2"), (0.3, "2"), (None, "2")]
