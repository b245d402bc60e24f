"""Reading frames whose proteins are written out."""

from __future__ import annotations

import pytest
from support.toy_transcript import Toy

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.frame import read, with_stop
from spliceai_cli.consequence.nmd import decay
from spliceai_cli.consequence.protein import describe_protein
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.genome.coords import Interval
from spliceai_cli.settings.consequence import ConsequenceSettings

# Met Ala Sec Ala Ala in exon 1, Ala Ala Ala Ala stop in exon 2, 10 bases of intron.
CHAIN = (Interval(0, 15), Interval(25, 40))
REF = Spliced(CHAIN, "ATGGCATGAGCAGCA" + "GCAGCAGCAGCATAA")
CODING = Interval(0, 40)


def test_read__selenocysteine_is_no_new_stop():
    """A shorter exon behind it used to be a new stop, 0 codons away, with NMD."""
    alt = Spliced((Interval(0, 15), Interval(28, 40)), "ATGGCATGAGCAGCA" + "GCAGCAGCATAA")
    reading = read(REF, alt, CODING, 0, Change(Interval(28, 28), ""))
    assert (reading.frame, reading.ref, reading.alt, reading.codons_to_stop) == ("unchanged", "MA*", "MA*", None)
    assert decay(reading, alt, ConsequenceSettings(nmd_junction=0, nmd_start=0)) == "no_new_stop"


def test_read__change_before_selenocysteine_is_in_frame():
    """It used to gain a stop."""
    alt = Spliced((Interval(0, 12), Interval(22, 37)), "ATGTGAGCAGCA" + "GCAGCAGCAGCATAA")
    reading = read(REF, alt, CODING, 0, Change(Interval(3, 6), ""))
    assert (reading.frame, reading.alt, reading.codons_to_stop) == ("in_frame", "M*", None)


@pytest.mark.parametrize(
    ("chrom", "known"), [("chrM", False), ("NC_012920.1", False), ("MT", False), ("NC_005089.1", True)]
)
def test_frame__of_another_genetic_code_is_unknown(tmp_path, chrom, known):
    """Mitochondria read UGA as tryptophan; nothing is guessed with the standard code."""
    toy = Toy(tmp_path, "+", chrom=chrom)
    skip = {("acceptor", 160): 0.0, ("donor", 219): 0.0}
    (only,) = toy.consequences(toy.variant(160, "G", "C"), alt=skip)
    assert (only.event, only.frame, only.protein) == (
        "exon_skipping",
        *(("in_frame", "p.(Gly11_Gly30del)") if known else ("unknown", "p.?")),
    )


def test_read__of_a_stop_that_is_lost_for_good(toy):
    """TAA>CAA without another stop behind it was in_frame."""
    skip = {("donor", 219): 0.0, ("acceptor", 160): 0.2}
    (only,) = toy.consequences(toy.variant(477, "T", "C"), alt=skip)
    assert (only.event, only.frame, only.nmd) == ("exon_skipping", "stop_lost", "no_stop")
    assert only.protein == "p.?"


def test_position__is_the_inverse_of_index():
    assert [REF.position(i) for i in range(30)] == [*range(15), *range(25, 40)]
    assert [REF.index(REF.position(i)) for i in range(30)] == [*range(30)]


# Met Ala Ala | Ala stop and CCC | two exons of a 3' UTR; introns of 10 bases.
UTR_EXONS = (Interval(0, 9), Interval(19, 28), Interval(38, 46), Interval(56, 61))
UTR_BASES = "ATGGCAGCA" + "GCATAACCC" + "CCCCCCCC" + "CCCCC"
NONE = Change(Interval(0, 0))


@pytest.mark.parametrize("end", [22, 25], ids=["without stop", "with stop"])
def test_read__stop_codon_may_be_left_out_of_the_cds(end):
    """GTF without ``stop_codon`` lines: skipping an exon of the 3' UTR used to lose the stop."""
    ref = Spliced(UTR_EXONS, UTR_BASES)
    alt = Spliced((*UTR_EXONS[:2], UTR_EXONS[3]), UTR_BASES[:18] + UTR_BASES[26:])
    coding = with_stop(ref, Interval(0, end), 0)
    assert coding == Interval(0, 25)
    for given in (Interval(0, end), coding):
        reading = read(ref, alt, given, 0, NONE)
        assert (reading.frame, reading.ref, describe_protein(reading)) == ("unchanged", "MAAA*", "p.(=)")
        assert decay(reading, alt, ConsequenceSettings()) == "no_new_stop"


def test_with_stop__adds_no_codon_that_is_no_stop():
    ref = Spliced(UTR_EXONS, UTR_BASES)
    for coding in (Interval(0, 9), Interval(0, 21), Interval(0, 61)):
        assert with_stop(ref, coding, 0) == coding


def test_read__phase_may_reach_into_the_next_exon():
    """With one coding base in its first exon, phase 2 used to leave the protein unknown."""
    # C | G, then GCA TAA: two bases of a codon that begins before the transcript.
    ref = Spliced((Interval(0, 4), Interval(14, 24)), "TTTC" + "GGCATAATTT")
    reading = read(ref, ref, Interval(3, 21), 2, NONE)
    assert (reading.frame, reading.ref, reading.start) == ("unchanged", "A*", 5)


def test_read__without_any_stop_has_no_new_one():
    """An allele in the last, incomplete codon of a CDS without an end used to stop the program."""
    ref = Spliced((Interval(0, 11),), "ATGGCAGCAGC")
    longer = Spliced((Interval(0, 14),), "ATGGCAGCAGACGC")
    reading = read(ref, longer, Interval(0, 11), 0, Change(Interval(10, 10), "ACG"))
    assert (reading.frame, reading.ref, reading.alt) == ("in_frame", "MAA", "MAAD")
    assert describe_protein(reading) == "p.?"
    stopped = Spliced((Interval(0, 11),), "ATGGCATAAGC")
    reading = read(ref, stopped, Interval(0, 11), 0, Change(Interval(6, 8), "TA"))
    assert (reading.frame, describe_protein(reading)) == ("stop_gained", "p.(Ala3Ter)")
