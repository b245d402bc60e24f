"""Gene tables in the format of 1.3.1."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import builders

from spliceai_cli.genes.lines import Lines
from spliceai_cli.genes.table import COLUMNS, format_table, read_table
from spliceai_cli.genome.coords import Interval

HEADER = "\t".join(COLUMNS)


def table(tmp_path, *lines):
    path = tmp_path / "t.txt"
    path.write_text("\n".join(lines) + "\n")
    return read_table(Lines(path, "t.txt"), "t.txt").genes


@pytest.mark.parametrize(("starts", "ends"), [("10,50,", "20,60,"), ("10,50", "20,60"), ("10,50,", "20,60")])
def test_exon_list__may_end_with_a_comma(tmp_path, starts, ends):
    # 1.3.1 loses the last exon of a list that ends without one.
    [gene] = table(tmp_path, HEADER, f"G\t1\t-\t10\t60\t{starts}\t{ends}")
    assert (gene.symbol, gene.chrom, gene.strand, gene.start, gene.end) == ("G", "1", "-", 10, 60)
    assert gene.exons == (Interval(10, 20), Interval(50, 60))


def test_columns__may_come_in_any_order_with_others_between(tmp_path):
    order = (6, 5, 4, 3, 2, 1, 0)
    row = ("G", "1", "+", "10", "60", "10,", "60,")
    lines = ("\t".join(["extra", *(values[i] for i in order)]) for values in (COLUMNS, row))
    [gene] = table(tmp_path, *lines)
    assert (gene.symbol, gene.start, gene.exons) == ("G", 10, (Interval(10, 60),))


def test_table__keeps_its_order_and_skips_blank_lines(tmp_path):
    found = table(tmp_path, HEADER, "B\t2\t+\t5\t9\t\t", "", "A\t1\t+\t5\t9\t5,\t9,\r")
    assert [(gene.symbol, len(gene.exons)) for gene in found] == [("B", 0), ("A", 1)]


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
    assert read_table(Lines(path, "t.txt"), "t.txt").genes == tuple(genes)


# What GTF and GFF3 may have as an ID: anything without control characters.
ids = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=5)


@st.composite
def whole_genes(draw):
    """Genes with all that our own columns hold."""
    gene = draw(genes())
    coding = tuple(gene.exons[: draw(st.integers(0, len(gene.exons)))])
    texts = {name: draw(ids) for name in ("gene_id", "transcript_id", "biotype")}
    return replace(gene, coding=coding, phase=draw(st.integers(0, 2)), **texts)


@settings(deadline=None)
@given(st.lists(whole_genes(), min_size=1, max_size=3))
def test_format_table__is_read_as_it_was(tmp_path_factory, genes):
    path = tmp_path_factory.mktemp("table") / "t.txt"
    path.write_bytes(format_table(genes).encode())
    assert read_table(Lines(path, "t.txt"), "t.txt").genes == tuple(genes)


@pytest.fixture
def two_exons():
    gene = builders.gene("G", "chr1", "-", 10, 60, (10, 20), (50, 60))
    more = {
        "gene_id": "ENSG01.2",
        "transcript_id": "ENST01.3",
        "biotype": "protein_coding",
        "phase": 2,
        "aliases": ("OLD", "HGNC:7"),
    }
    return replace(gene, coding=(Interval(15, 20), Interval(50, 52)), **more)


def test_format_table__text(two_exons):
    header, row = format_table([two_exons]).splitlines()
    assert header == (
        "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END\t"
        "GENE_ID\tTRANSCRIPT_ID\tBIOTYPE\tCDS_START\tCDS_END\tPHASE\tALIASES"
    )
    assert row.split("\t")[:7] == ["G", "chr1", "-", "10", "60", "10,50,", "20,60,"]
    assert row.split("\t")[7:] == ["ENSG01.2", "ENST01.3", "protein_coding", "15,50,", "20,52,", "2", "OLD|HGNC:7"]


@pytest.mark.parametrize(
    ("text", "aliases"), [("", ()), ("OLD", ("OLD",)), ("OLD|A, B|HGNC:7", ("OLD", "A, B", "HGNC:7"))]
)
def test_aliases__are_read(two_exons, tmp_path, text, aliases):
    path = tmp_path / "t.txt"
    path.write_text(format_table([two_exons]).replace("OLD|HGNC:7", text))
    [gene] = read_table(Lines(path, "t.txt"), "t.txt").genes
    assert gene.aliases == aliases


def test_format_table__is_read_by_1_3_1(two_exons, tmp_path):
    """A literal reading as 1.3.1's: seven columns by name, exon lists without what follows the last comma."""
    path = tmp_path / "t.txt"
    path.write_text(format_table([two_exons]))
    with path.open() as handle:
        [row] = csv.DictReader(handle, delimiter="\t")
    starts, ends = ([int(item) for item in row[name].split(",")[:-1]] for name in ("EXON_START", "EXON_END"))
    assert (row["#NAME"], row["CHROM"], row["STRAND"]) == ("G", "chr1", "-")
    assert (int(row["TX_START"]), int(row["TX_END"]), starts, ends) == (10, 60, [10, 50], [20, 60])


def test_own_columns__may_be_some_and_rows_may_end_before_them(tmp_path):
    header = "\t".join((*COLUMNS, "BIOTYPE", "GENE_ID"))
    whole, short = table(tmp_path, header, "A\t1\t+\t5\t9\t5,\t9,\tlncRNA\tENSG01", "B\t1\t+\t5\t9\t5,\t9,")
    assert (whole.biotype, whole.gene_id, whole.transcript_id, whole.coding) == ("lncRNA", "ENSG01", "", ())
    assert (short.biotype, short.gene_id) == ("", "")
