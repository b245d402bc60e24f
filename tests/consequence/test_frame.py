"""Reading frames whose proteins are written out."""

from __future__ import annotations

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.frame import read
from spliceai_cli.consequence.nmd import decay
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


def test_read__of_a_stop_that_is_lost_for_good(toy):
    """TAA>CAA without another stop behind it was in_frame."""
    skip = {("donor", 219): 0.0, ("acceptor", 160): 0.2}
    (only,) = toy.consequences(toy.variant(477, "T", "C"), alt=skip)
    assert (only.event, only.frame, only.nmd) == ("exon_skipping", "stop_lost", "no_stop")
    assert only.protein == "p.?"


def test_position__is_the_inverse_of_index():
    assert [REF.position(i) for i in range(30)] == [*range(15), *range(25, 40)]
    assert [REF.index(REF.position(i)) for i in range(30)] == [*range(30)]
