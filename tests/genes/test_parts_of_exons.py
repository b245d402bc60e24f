"""Transcripts whose exons are not written as exons: coding parts and UTRs are parts of exons too."""

from __future__ import annotations

import random

import pytest
from support.annotation_text import genes, lines

from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.gtf import read_gtf

EXONS = ((10, 20), (30, 50), (70, 100), (120, 130))
FIVE, THREE = ("5UTR", "3UTR"), ("five_prime_UTR", "three_prime_UTR")
NAMES = [FIVE, THREE, ("five_prime_utr", "three_prime_utr"), ("UTR", "UTR"), ("5'-UTR", "3'-UTR"), ("5'UTR", "3'UTR")]


def parts(first, last):
    """CDS from within the second exon to within the third; both UTRs have a whole exon and a part."""
    return [
        (first, 11, 20),
        (first, 31, 35),
        ("start_codon", 36, 38),
        ("CDS", 36, 50),
        ("CDS", 71, 87),
        ("stop_codon", 88, 90),
        (last, 91, 100),
        (last, 121, 130),
    ]


def gtf(rows):
    return read_gtf(
        lines("\n".join(f'1 {kind} {a} {b} + . gene_id "G"; transcript_id "T";' for kind, a, b in rows)), "t"
    )


def gff3(rows):
    head = "##gff-version 3\n1 gene 11 130 + . ID=G;Name=RYR1\n1 mRNA 11 130 + . ID=T;Parent=G\n"
    return read_gff3(lines(head + "\n".join(f"1 {kind} {a} {b} + . Parent=T" for kind, a, b in rows)), "t")


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[0])
@pytest.mark.parametrize("read", [gtf, gff3])
def test_transcript_without_exon_lines__has_the_joined_parts_as_exons(read, names):
    """GTF 2.2 and Phytozome: the span began at the first CDS, and no end of a UTR's exon was a site."""
    rows = parts(*names)
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        [gene] = genes(read(rows))
        assert (gene.start, gene.end, gene.exons) == (10, 130, EXONS)
        assert gene.coding[0].start == 35
    assert genes(read([("transcript" if read is gtf else "x", 11, 130), *rows]))[0].exons == EXONS


@pytest.mark.parametrize("read", [gtf, gff3])
def test_exon_that_is_written_as_utr_only__is_an_exon(read):
    """FlyBase's GTF: the exon was lost."""
    rows = [("5UTR", 11, 20), ("exon", 31, 50), ("5UTR", 31, 35), ("CDS", 36, 50), ("exon", 71, 100), ("CDS", 71, 87)]
    [gene] = genes(read([*rows, ("3UTR", 91, 100), ("3UTR", 121, 130)]))
    assert (gene.start, gene.end, gene.exons) == (10, 130, EXONS)


@pytest.mark.parametrize("read", [gtf, gff3])
def test_parts_within_exons__change_nothing(read):
    """Exons that touch stay two, as those of a transcript without exon lines would not."""
    exons = [("exon", 11, 20), ("exon", 21, 50), ("exon", 71, 100)]
    rows = [("UTR", 11, 20), ("UTR", 21, 30), ("CDS", 31, 50), ("CDS", 71, 80), ("UTR", 81, 100)]
    assert genes(read([*exons, *rows]))[0].exons == ((10, 20), (20, 50), (70, 100))


def test_exons_that_overlap__are_not_joined_because_of_a_utr():
    rows = [
        ("T", "exon", 11, 20),
        ("T", "exon", 15, 30),
        ("T", "CDS", 11, 14),
        ("T", "UTR", 41, 50),
        ("U", "exon", 1, 9),
    ]
    text = "\n".join(f'1 {kind} {a} {b} + . gene_id "{name}"; transcript_id "{name}";' for name, kind, a, b in rows)
    found = read_gtf(lines(text), "t")
    assert (found.ids, found.left_out.counts) == (["U"], {"transcripts with overlapping exons": 1})


@pytest.mark.parametrize("read", [gtf, gff3])
def test_utrs_alone__are_no_transcript(read):
    with pytest.raises(Exception, match="no transcripts with exons"):
        read([("5UTR", 11, 20), ("3UTR", 31, 40)])


@pytest.mark.parametrize(("exon", "coding"), [("Exon", "cds"), ("EXON", "Cds")])
def test_kinds__count_in_any_case(exon, coding):
    """Exons in other capitals were dropped, and nothing was said."""
    rows = [(exon, 11, 20), (exon, 31, 50), (coding, 15, 20)]
    for read in (gtf, gff3):
        [gene] = genes(read(rows))
        assert (gene.exons, gene.coding) == (((10, 20), (30, 50)), ((14, 20),))
    upper = read_gff3(
        lines("##gff-version 3\n1 GENE 1 9 + . ID=G\n1 MRNA 1 9 + . ID=T;Parent=G\n1 EXON 1 9 + . Parent=T"), "t"
    )
    assert (upper.ids, upper.gene_ids) == (["T"], ["G"])
