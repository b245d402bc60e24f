from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.genome.bases import encode, reverse_complement
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.edit import place_edit
from spliceai_cli.plan.sequence import GeneSequence, transcript_order


class Bases:
    """A contig in memory, as ``Reference`` gives it."""

    def __init__(self, bases: str) -> None:
        self.bases = bases

    def fetch(self, chrom: str, start: int, end: int) -> bytes:
        return "".join(self.bases[i] if 0 <= i < len(self.bases) else "N" for i in range(start, end)).encode()


def sequence(bases, strand="+", start=0, end=None):
    return GeneSequence(Bases(bases), "1", strand, Interval(start, len(bases) if end is None else end))


def text(codes):
    return "".join("ACGTN"[code] for code in codes)


@given(st.integers(-50, 50), st.integers(0, 50), st.sampled_from("+-"))
def test_transcript_order__twice_is_identity(start, length, strand):
    interval = Interval(start, start + length)
    assert transcript_order(transcript_order(interval, strand), strand) == interval


def test_sequence__is_n_outside_the_gene_and_the_contig():
    assert text(sequence("ACGTACGT", start=2, end=6).codes(Interval(-2, 10))) == "NNNNGTACNNNN"


def test_sequence__minus_strand_is_the_reverse_complement():
    s = sequence("AACGG", strand="-")
    assert text(s.codes(Interval(-5, 0))) == "CCGTT"
    assert text(s.codes(Interval(-7, -4))) == "NNC"


def test_edit__plus_strand_deletion():
    # 0-based: A0 C1 G2 T3 A4 C5; CGT>C deletes G2 T3.
    edit = place_edit(sequence("ACGTAC"), Interval(1, 4), encode(b"C"), ref_scored=Interval(0, 6), alt_width=4)
    assert edit.replaced == Interval(2, 4)
    assert text(edit.alt) == ""
    assert edit.shift == -2
    assert text(edit.alt_codes(edit.alt_scored)) == "ACAC"
    assert text(edit.alt_codes(Interval(-2, 6))) == "NNACACNN"


def test_edit__minus_strand_insertion():
    # C1>CTT on the minus strand of ACGT: ACTTGT, which reads ACAAGT.
    edit = place_edit(
        sequence("ACGT", strand="-"), Interval(1, 2), encode(b"CTT"), ref_scored=Interval(0, 4), alt_width=6
    )
    assert text(edit.ref_codes(edit.ref_scored)) == "ACGT"
    assert text(edit.alt_codes(edit.alt_scored)) == "ACAAGT"


bases = st.text("ACGT", min_size=1, max_size=6)


@given(data=st.data(), strand=st.sampled_from("+-"), contig=st.text("ACGTN", min_size=8, max_size=30), alt=bases)
def test_edit__alt_is_the_literal_replacement(data, strand, contig, alt):
    start = data.draw(st.integers(0, len(contig) - 1))
    end = data.draw(st.integers(start + 1, len(contig)))
    lo = data.draw(st.integers(-5, start))
    literal = "N" * 40 + contig[:start] + alt + contig[end:] + "N" * 40
    width = data.draw(st.integers(1, len(contig) + 5))
    edit = place_edit(
        sequence(contig, strand),
        Interval(start, end),
        encode(alt.encode()),
        ref_scored=Interval(lo, 40),
        alt_width=width,
    )
    expected = encode(literal[lo + 40 : lo + 40 + width].encode())
    found = edit.alt_codes(edit.alt_scored)
    np.testing.assert_array_equal(found if strand == "+" else reverse_complement(found), expected)


@given(bases=st.text("ACGTN", max_size=20))
def test_reverse_complement__twice_is_identity(bases):
    codes = encode(bases.encode())
    np.testing.assert_array_equal(reverse_complement(reverse_complement(codes)), codes)


@pytest.mark.parametrize("letter", "RYSWKMBDHVX*]1")
def test_encode__every_other_letter_is_n(letter):
    assert encode(letter.encode()).tolist() == [4]
