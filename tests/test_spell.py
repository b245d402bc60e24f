from __future__ import annotations

import builders
import pytest

from spliceai_cli.fasta import Reference
from spliceai_cli.spell import spell
from spliceai_cli.variant import Structure, Variant

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
    symbolic = Variant("1", pos, "N", f"<{structure.kind}>", structure)
    assert spell(symbolic, reference, "1") == Variant("1", pos, ref, alt, structure)


def test_spell__takes_the_base_of_the_fasta_for_an_unknown_one(reference):
    assert spell(Variant("1", 3, "N", "<DEL>", Structure("DEL", 1)), reference, "1").ref == "CG"
