"""Gene tables in the format of 1.3.1."""

from __future__ import annotations

import hashlib

import builders
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spliceai_cli.coords import Interval
from spliceai_cli.genes.table import COLUMNS, read_table

HEADER = "\t".join(COLUMNS)


def table(tmp_path, *lines):
    path = tmp_path / "t.txt"
    path.write_text("\n".join(lines) + "\n")
    return read_table(path)


@pytest.mark.parametrize(("starts", "ends"), [("10,50,", "20,60,"), ("10,50", "20,60"), ("10,50,", "20,60")])
def test_exon_list__may_end_with_a_comma(tmp_path, starts, ends):
    # 1.3.1 loses the last exon of a list that ends without one.
    [gene] = table(tmp_path, HEADER, f"G\t1\t-\t10\t60\t{starts}\t{ends}").genes
    assert (gene.symbol, gene.chrom, gene.strand, gene.start, gene.end) == ("G", "1", "-", 10, 60)
    assert gene.exons == (Interval(10, 20), Interval(50, 60))


def test_columns__may_come_in_any_order_with_others_between(tmp_path):
    order = (6, 5, 4, 3, 2, 1, 0)
    row = ("G", "1", "+", "10", "60", "10,", "60,")
    lines = ("\t".join(["extra", *(values[i] for i in order)]) for values in (COLUMNS, row))
    [gene] = table(tmp_path, *lines).genes
    assert (gene.symbol, gene.start, gene.exons) == ("G", 10, (Interval(10, 60),))


def test_table__keeps_its_order_and_skips_blank_lines(tmp_path):
    found = table(tmp_path, HEADER, "B\t2\t+\t5\t9\t\t", "", "A\t1\t+\t5\t9\t5,\t9,\r")
    assert [(gene.symbol, len(gene.exons)) for gene in found.genes] == [("B", 0), ("A", 1)]


def test_table__is_known_by_the_hash_of_its_file(tmp_path):
    found = table(tmp_path, HEADER, "A\t1\t+\t5\t9\t5,\t9,")
    assert found.sha256 == hashlib.sha256((tmp_path / "t.txt").read_bytes()).hexdigest()
    assert found.name == str(tmp_path / "t.txt")


@st.composite
def genes(draw):
    cuts = sorted(draw(st.sets(st.integers(0, 10**9), min_size=2, max_size=8)))
    exons = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    strand = draw(st.sampled_from("+-"))
    return builders.gene(draw(st.from_regex(r"[A-Za-z0-9.-]+", fullmatch=True)), "1", strand, cuts[0], cuts[-1], *exons)


@settings(deadline=None)
@given(st.lists(genes(), min_size=1, max_size=3))
def test_table__reads_what_was_written(tmp_path_factory, genes):
    path = builders.write_table(tmp_path_factory.mktemp("table") / "t.txt", genes)
    assert read_table(path).genes == tuple(genes)
