from __future__ import annotations

import pytest
from support import builders

from spliceai_cli.genome.fasta import Reference
from spliceai_cli.variants.expand import fill, to_sequence
from spliceai_cli.variants.variant import INEXACT, Structure, Variant

#      POS:  12345678901
BASES = "AACGTTRNccA"


@pytest.fixture
def reference(tmp_path):
    return Reference(builders.write_fasta(tmp_path / "a.fa", {"1": BASES}))


@pytest.mark.parametrize(
    ("pos", "structure", "ref", "alt"),
    [
        (2, Structure("DEL", 3), "ACGT", "A"),
        (2, Structure("DEL", 1), "AC", "A"),
        (2, Structure("DEL", 3, "GG"), "ACGT", "AGG"),
        # A C G T turned is A C G T; C G T T turned is A A C G.
        (1, Structure("INV", 4), "AACGT", "AACGT"),
        (2, Structure("INV", 4), "ACGTT", "AAACG"),
        (2, Structure("INV", 1), "AC", "AG"),
        (2, Structure("DUP", 3), "A", "ACGT"),
        (2, Structure("DUP", 1), "A", "AC"),
        (2, Structure("INS", inserted="GGN"), "A", "AGGN"),
        # Lower case in the FASTA counts as upper case.
        (8, Structure("DEL", 2), "NCC", "N"),
        (8, Structure("DUP", 3), "N", "NCCA"),
        (8, Structure("INV", 3), "NCCA", "NTGG"),
        # R is no base that anyone knows, nor is a copy of it.
        (5, Structure("DUP", 3), "T", "TTNN"),
        (5, Structure("INV", 3), "TTNN", "TNNA"),
        (5, Structure("DEL", 3), "TTNN", "T"),
        # After one, or at POS itself, it is as good as N.
        (7, Structure("DEL", 2), "NNC", "N"),
        (7, Structure("INS", inserted="G"), "N", "NG"),
        # Up to the contig's last base.
        (10, Structure("DEL", 1), "CA", "C"),
        (11, Structure("INS", inserted="G"), "A", "AG"),
        # A telomere: POS 0 is the base before the first.
        (0, Structure("DEL", 2), "NAA", "N"),
    ],
)
def test_spell__writes_the_sequence_before_and_after(reference, pos, structure, ref, alt):
    symbolic = Variant._make(("1", pos, "N", f"<{structure.kind}>", structure))
    assert to_sequence(symbolic, reference, "1") == Variant._make(("1", pos, ref, alt, structure))


def test_spell__takes_the_base_of_the_fasta_for_an_unknown_one(reference):
    assert to_sequence(Variant("1", 3, "N", "<DEL>", Structure("DEL", 1)), reference, "1").ref == "CG"


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "structure", "expected"),
    [
        # N for the base before, in both.
        (2, "N", "NTT", None, (2, "A", "ATT")),
        (2, "n", "ntt", None, (2, "A", "Att")),
        (2, "NCG", "N", None, (2, "ACG", "A")),
        (2, "NCG", "NTT", None, (2, "ACG", "ATT")),
        (2, "NNG", "NN", None, (2, "ACG", "AC")),
        # REF after it is not looked at here.
        (2, "NTT", "N", None, (2, "ATT", "A")),
        # R is no known base, nor is what lies beyond the contig.
        (7, "N", "NTT", None, (7, "N", "NTT")),
        (8, "N", "NTT", None, (8, "N", "NTT")),
        (0, "N", "NTT", None, (0, "N", "NTT")),
        # N for nothing.
        (2, "N", "TT", Structure("INS", inserted="TT"), (2, "A", "ATT")),
        (2, "CG", "N", Structure("DEL", 2), (2, "ACG", "A")),
        (3, "CG", "N", Structure("DEL", 2), (2, "ACG", "A")),
        (3, "cg", "n", Structure("DEL", 2), (2, "Acg", "A")),
        (1, "AA", "N", Structure("DEL", 2), (0, "NAA", "N")),
        # In a run of T both fit: REF is at POS.
        (5, "T", "N", Structure("DEL", 1), (4, "GT", "G")),
        # Neither fits.
        (2, "TT", "N", Structure("DEL", 2), (2, "TT", "N")),
        # Letters like any other.
        (2, "N", "TT", None, (2, "N", "TT")),
        (2, "N", "A", None, (2, "N", "A")),
        (2, "ANG", "A", None, (2, "ANG", "A")),
        (2, "A", "N", None, (2, "A", "N")),
        (2, "A", "ATT", INEXACT, (2, "A", "ATT")),
        (2, "A", "DEL", Structure("DEL", 1), (2, "A", "DEL")),
    ],
)
def test_fill__puts_the_base_of_the_fasta_for_an_unknown_anchor(reference, pos, ref, alt, structure, expected):
    def fetch(start, end):
        return reference.fetch("1", start, end).decode()

    # As the VCF reader makes them, which passes on what a caller of the API could not write.
    filled = fill(Variant._make(("1", pos, ref, alt, structure)), fetch)
    assert filled == Variant._make(("1", *expected, None))
