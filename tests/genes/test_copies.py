"""Features that share an ID: copies at several places, placeholders, and lines of one discontinuous feature."""

from __future__ import annotations

import pytest
from support.annotation_text import genes, lines

from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.gtf import read_gtf

A, B = "38433830 38433874", "38511561 38511610"
BOTH = [("+", 38433829, 38433874, 1), ("+", 38511560, 38511610, 1)]
JOINED = [("+", 38433829, 38511610, 2)]


def gtf(one, two=None, kind="exon"):
    return read_gtf(lines(f"19 {kind} {A} + . {one}\n19 {kind} {B} + . {two or one}"), "t")


def places(found):
    return [(gene.strand, gene.start, gene.end, len(gene.exons)) for gene in genes(found)]


COPIES = {
    "number-1": ('gene_id "MIR1"; transcript_id "NR_1"; exon_number "1"; exon_id "NR_1.1";', None),
    "number-1-bare": ("gene_id MIR1; transcript_id NR_1; exon_number 1;", None),
    "exon-id": ('gene_id "MIR1"; transcript_id "NR_1"; exon_id "NR_1.1";', None),
    "other-gene-names": (
        'gene_id ""; transcript_id "tRNA-Leu"; gene_name "A";',
        'gene_id ""; transcript_id "tRNA-Leu"; gene_name "B";',
    ),
    "no-gene-id": ('transcript_id "tRNA-Leu"; gene "A";', 'transcript_id "tRNA-Leu"; gene "B";'),
    "unknown-gene": ('gene_id "unknown_gene_1"; transcript_id "unknown_transcript_1";', None),
    "unknown": ('gene_id "unknown"; transcript_id "Unknown";', None),
    "capitals": ('gene_id ""; transcript_id "UNKNOWN_TRANSCRIPT_1";', None),
    "novel": ('gene_id "Novel"; transcript_id "novel";', None),
    "novel-with-names": ('transcript_id "novel"; gene_name "A";', 'transcript_id "novel"; gene_name "B";'),
    "gene-none": (
        'gene_id "none"; transcript_id "X"; gene_name "A";',
        'gene_id "none"; transcript_id "X"; gene_name "B";',
    ),
}


@pytest.mark.parametrize("case", COPIES)
def test_copies__are_not_one_transcript_from_the_first_to_the_last(case):
    """A variant in the 78 kb between them was scored."""
    assert places(gtf(*COPIES[case])) == BOTH


ONE = {
    "numbers": ('gene_id "G"; transcript_id "T"; exon_number "1";', 'gene_id "G"; transcript_id "T"; exon_number "2";'),
    "exon-ids": ('gene_id "G"; transcript_id "T"; exon_id "e1";', 'gene_id "G"; transcript_id "T"; exon_id "e2";'),
    "no-numbers": ('gene_id "G"; transcript_id "T";', None),
    "gene-is-transcript": ('gene_id "T"; transcript_id "T";', None),
    "no-gene": ('transcript_id "T";', None),
    "gene-on-one-line": ('transcript_id "T"; gene_name "A";', 'transcript_id "T";'),
    "id-on-one-line": ('gene_id "G"; transcript_id "T"; gene_name "A";', 'transcript_id "T"; gene_name "A";'),
    "gene-is-a-name": ('gene_id "NOVEL1A"; transcript_id "nan";', None),
}


@pytest.mark.parametrize("case", ONE)
def test_exons_far_apart__are_one_transcript_unless_they_are_copies(case):
    assert places(gtf(*ONE[case])) == JOINED


def test_copies__of_which_one_is_incomplete_are_told_apart():
    row = '1 exon {} {} + . gene_id "G"; transcript_id "T"; exon_number {};'
    exons = [(1001, 1050, 1), (2001, 2050, 2), (3001, 3050, 3), (50001, 50050, 1), (51001, 51050, 2)]
    found = read_gtf(lines("\n".join(row.format(*exon) for exon in exons)), "t")
    assert places(found) == [("+", 1000, 3050, 3), ("+", 50000, 51050, 2)]


def test_exon_in_pieces__is_no_copy():
    row = '1 exon {} {} + . gene_id "G"; transcript_id "T"; exon_number {};'
    exons = [(1001, 1050, 1), (2001, 2050, 2), (2053, 2080, 2), (3001, 3050, 3)]
    found = read_gtf(lines("\n".join(row.format(*exon) for exon in exons)), "t")
    assert places(found) == [("+", 1000, 3050, 4)]


def test_blank_transcript__is_none():
    found = read_gtf(
        lines('1 exon 1 9 + . gene_id "G"; transcript_id "T";\n1 exon 1 9 + . gene_id "G"; transcript_id "none";'), "t"
    )
    assert (found.ids, found.left_out.counts) == (["T"], {"exon lines without transcript_id": 1})


# The name of a gene at each place


def named(found):
    return [(gene.symbol, gene.start) for gene in genes(found)]


NAMED = [("A", 38433829), ("B", 38511560)]


@pytest.mark.parametrize("gene", ["", 'gene_id "G"; '], ids=["no-gene-id", "gene-id"])
def test_transcript_lines_at_two_places__have_the_names_that_each_says(gene):
    """Both had the name of the last."""
    text = "".join(
        f'19 {kind} {place} + . {gene}transcript_id "X"; gene_name "{name}";\n'
        for place, name in ((A, "A"), (B, "B"))
        for kind in ("transcript", "exon")
    )
    assert named(read_gtf(lines(text), "t")) == NAMED


def test_gene_lines_at_two_places__have_the_names_that_each_says():
    text = "".join(
        f'19 gene {place} + . gene_id "G"; gene_name "{name}";\n'
        f'19 transcript {place} + . gene_id "G"; transcript_id "T";\n'
        f'19 exon {place} + . gene_id "G"; transcript_id "T";\n'
        for place, name in ((A, "A"), (B, "B"))
    )
    assert named(read_gtf(lines(text), "t")) == NAMED


@pytest.mark.parametrize("has_mrna", [False, True])
def test_gff3_genes_of_one_id__have_the_names_that_each_says(has_mrna):
    text = "##gff-version 3\n" + "".join(
        f"19 gene {place} + . ID=G;Name={name}\n"
        + (
            f"19 mRNA {place} + . ID=T;Parent=G\n19 exon {place} + . Parent=T\n"
            if has_mrna
            else f"19 exon {place} + . Parent=G\n"
        )
        for place, name in ((A, "A"), (B, "B"))
    )
    assert named(read_gff3(lines(text), "t")) == NAMED


def test_gene__has_the_first_name_that_a_transcript_says():
    """By the order of isoforms SYMBOL was XLOC_1."""
    row = '1 exon {} {} + . gene_id "XLOC_1"; transcript_id "{}"; {}'
    rows = [
        (11, 20, "T1", ""),
        (11, 30, "T2", 'gene_name "RYR1"; gene_type "protein_coding";'),
        (11, 40, "T3", 'gene_name "X";'),
    ]
    found = read_gtf(lines("\n".join(row.format(*one) for one in rows)), "t")
    assert (found.symbols, found.gene_ids, found.biotypes) == (["RYR1"], ["XLOC_1"], ["protein_coding"])


# GFF3


def discontinuous(*spans, parents=("G", "G"), gene="1 200"):
    text = f"##gff-version 3\n1 gene {gene} + . ID=G\n1 gene {gene} + . ID=H\n"
    for (start, end), parent in zip(spans, parents, strict=True):
        text += f"1 mRNA {start} {end} + . ID=T;Parent={parent}\n1 exon {start} {end} + . Parent=T\n"
    return places(read_gff3(lines(text), "t"))


def test_discontinuous_transcript__is_one():
    """Each of its lines was a transcript with one exon."""
    assert discontinuous((11, 20), (101, 140)) == [("+", 10, 140, 2)]
    assert discontinuous((101, 140), (11, 20)) == [("+", 10, 140, 2)]


def test_lines_of_one_id__that_no_gene_holds_together_are_copies():
    apart = [("+", 10, 20, 1), ("+", 100, 140, 1)]
    assert discontinuous((11, 20), (101, 140), gene="1 120") == apart
    assert discontinuous((11, 20), (101, 140), parents=("G", "H")) == apart


def test_quotes_around_values_of_gff3__are_not_part_of_them():
    text = '##gff-version 3\n1 gene 1 9 + . ID="G1";Name="RYR1"\n'
    text += '1 mRNA 1 9 + . ID="T1";Parent="G1"\n1 exon 1 9 + . Parent="T1"'
    [gene] = genes(read_gff3(lines(text), "t"))
    assert gene.names == ("RYR1", "G1", "T1")


def test_source_that_the_file_lacks__gives_way_to_the_parent():
    """``Derives_from`` an EST elsewhere left the transcript out."""
    text = (
        "##gff-version 3\n1 gene 1 9 + . ID=G\n1 mRNA 1 9 + . ID=T;Parent=G;Derives_from=EST1\n1 exon 1 9 + . Parent=T"
    )
    [gene] = genes(read_gff3(lines(text), "t"))
    assert (gene.gene_id, gene.transcript_id) == ("G", "T")
