"""Alleles that take whole exons and introns with them, on the toy gene (see ``support.toy_transcript``)."""

from __future__ import annotations

import pytest
from support.toy_transcript import BASES, Toy

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.frame import Reading
from spliceai_cli.consequence.nmd import decay
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.genome.bases import encode
from spliceai_cli.genome.coords import Interval
from spliceai_cli.settings.consequence import ConsequenceSettings

A, D = "acceptor", "donor"


def deletion(toy: Toy, start: int, end: int):
    """The allele without the bases ``start`` to ``end`` of the gene."""
    return toy.variant(start - 1, BASES[start - 1 : end], BASES[start - 1])


@pytest.mark.parametrize(
    ("start", "end"), [(151, 231), (160, 220), (155, 220)], ids=["and more", "exact", "acceptor too"]
)
def test_deleted_exon__is_skipped(toy, start, end):
    (only,) = toy.consequences(deletion(toy, start, end), alt={})
    assert (only.event, only.exon_text, only.rna, only.protein) == (
        "exon_skipping",
        "2/4",
        "NM_1.1:r.(31_90del)",
        "p.(Gly11_Gly30del)",
    )


def test_deleted_exon__neither_begins_nor_ends_elsewhere(toy):
    """A donor in intron 2 used to be a new end of exon 2, of which no base is left."""
    # Intron 2 begins at 220 in REF, 140 in ALT: the donor is 20 bases into it.
    found = toy.consequences(deletion(toy, 151, 231), alt={(D, 160): 0.9, (A, 130): 0.9})
    assert {(one.event, one.first_exon) for one in found} == {("exon_skipping", 2)}


@pytest.mark.parametrize(("start", "end"), [(370, 470), (365, 475)], ids=["exact", "and more"])
@pytest.mark.parametrize("method", ["profile", "sai10k"])
def test_deleted_intron__is_not_retained(toy, start, end, method):
    """It used to be retained with its 100 bases, none of which ALT has."""
    (only,) = toy.consequences(deletion(toy, start, end), alt={}, settings=ConsequenceSettings(method=method))
    assert (only.event, only.rna, only.protein) == ("no_effect", "", "")


def test_deleted_intron__leaves_other_events(toy):
    # Exons 3 and 4 are one. Without exon 2, 60 bases of CDS, the frame stays.
    found = toy.consequences(deletion(toy, 370, 470), alt={(A, 160): 0.0, (D, 219): 0.0})
    assert [(one.event, one.exon_text, one.protein) for one in found] == [
        ("exon_skipping", "2/4", "p.(Gly11_Gly30del)")
    ]


def test_retention__counts_the_bases_that_alt_has(toy):
    """The deleted ones used to count as well."""
    # 30 T of intron 2 are deleted: 70 bases stay.
    (only,) = toy.consequences(deletion(toy, 250, 280), alt={(D, 219): 0.0, (A, 290): 0.1})
    assert (only.event, only.size) == ("intron_retention", 70)


def test_nmd__knows_no_junction_where_the_intron_is_deleted():
    """A stop 61 bases before a junction that is none any more used to make the transcript decay."""
    # Exon 1 begins with ATG and a stop at 102; intron 1 has 20 bases, then comes exon 2.
    bases = "ATG" + 33 * "GCA" + "TAA" + 60 * "C" + "GT" + 16 * "T" + "AG" + 60 * "C"
    exons = (Interval(0, 165), Interval(185, 245))
    change = Change(Interval(165, 185))
    altered = bases[:165] + bases[185:]
    reading = Reading("frameshift", "MA*", "M*", "", 0, 102, is_new_stop=True)
    spliced = [
        Spliced.of(chain, lambda span, of=of: encode(of[span.start : span.end].encode()))
        for of, chain in ((bases, exons), (altered, tuple(map(change.span_to_alt, exons))))
    ]
    assert [decay(reading, one, ConsequenceSettings()) for one in spliced] == ["expected", "escapes_no_intron"]
    # The same if an allele deletes the last exon: what is left has no junction.
    emptied = (exons[0], Interval(175, 175))
    alone = Spliced.of(emptied, lambda span: encode(bases[span.start : span.end].encode()))
    assert decay(reading, alone, ConsequenceSettings()) == "escapes_no_intron"


def test_exon_that_begins_in_inserted_bases__has_the_bases_after_them_on_ref(toy):
    """It used to begin one base before them."""
    # An acceptor in bases inserted before 240, and the rest of intron 2 up to exon 3.
    variant = toy.variant(239, BASES[239], BASES[239] + "CCAGCC")
    (only,) = toy.consequences(variant, alt={(A, 326): 0.0, (A, 244): 0.9})
    expected = [(0, 60), (160, 220), (240, 370), (470, 540)]
    assert only.exons == tuple(sorted(toy.on_contig(*exon) for exon in expected))
    assert only.sites == ((A, toy.pos(239)),)


def test_exon_of_inserted_bases__has_no_length_on_ref():
    change = Change(Interval(40, 40), "ACGTACGT")
    assert change.span_to_ref(Interval(41, 47)) == Interval(40, 40)
    assert change.span_to_ref(Interval(30, 44)) == Interval(30, 40)
    assert change.span_to_ref(Interval(44, 58)) == Interval(40, 50)
    paired = Change(Interval(40, 42), "ACGT")
    assert paired.span_to_ref(Interval(41, 43)) == Interval(41, 42)
