from __future__ import annotations

import pytest
from support import builders

from spliceai_cli.genome.bases import encode
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.compat import CompatRules
from spliceai_cli.plan.rules import Rules, trim
from spliceai_cli.variants.variant import INEXACT, SkipReason, Structure, Variant

RULES = Rules(50, 10_000)
COMPAT = CompatRules(50, 10_000)


def variant(ref, alt, pos=100):
    return Variant._make(("1", pos, ref, alt, None))


@pytest.mark.parametrize(
    ("ref", "alt", "expected"),
    [
        ("G", "A", (100, "G", "A")),
        ("TG", "TA", (101, "G", "A")),
        ("GCTG", "GCTA", (103, "G", "A")),
        ("GCTG", "TCTG", (100, "G", "T")),
        ("CAT", "CT", (100, "CA", "C")),
        ("CT", "CAT", (100, "C", "CA")),
        ("ATTG", "ATG", (100, "AT", "A")),
        ("CAGT", "CTTT", (101, "AG", "TT")),
        ("CGA", "T", (100, "CGA", "T")),
        ("C", "TC", (100, "C", "TC")),
        ("ac", "AG", (101, "c", "G")),
        ("GC", "GC", (100, "G", "G")),
    ],
)
def test_trim__drops_suffix_then_prefix_and_keeps_one_base(ref, alt, expected):
    assert tuple(trim(variant(ref, alt))) == expected


@pytest.mark.parametrize(
    ("alt", "default", "compat"),
    [
        (".", SkipReason.NO_ALT, SkipReason.NO_ALT),
        ("*", SkipReason.SYMBOLIC, SkipReason.SYMBOLIC),
        ("<DEL>", SkipReason.SYMBOLIC, SkipReason.SYMBOLIC),
        ("<NON_REF>", SkipReason.SYMBOLIC, SkipReason.SYMBOLIC),
        ("G]17:198982]", SkipReason.SYMBOLIC, None),
        ("[2:5[C", SkipReason.SYMBOLIC, None),
        ("G.", SkipReason.SYMBOLIC, SkipReason.COMPAT),
        (".G", SkipReason.SYMBOLIC, SkipReason.COMPAT),
        ("A", None, None),
        ("acgtn", None, None),
    ],
)
def test_skip_by_alt__names_what_is_no_sequence(alt, default, compat):
    assert RULES.skip_by_alt(variant("G", alt)) is default
    assert COMPAT.skip_by_alt(variant("G", alt)) is compat


@pytest.mark.parametrize("kind", ["DEL", "DUP", "INV", "INS"])
def test_skip_by_alt__symbolic_with_a_structure_passes_by_default(kind):
    symbolic = Variant._make(("1", 100, "G", f"<{kind}>", Structure(kind, length=5)))
    assert RULES.skip_by_alt(symbolic) is None
    assert COMPAT.skip_by_alt(symbolic) is SkipReason.SYMBOLIC


@pytest.mark.parametrize(
    ("ref", "alt", "structure", "default"),
    [
        ("TGC", "N", None, SkipReason.SYMBOLIC),
        ("tgc", "n", None, SkipReason.SYMBOLIC),
        ("TGC", "N", Structure("DEL", 3), None),
        ("NGC", "N", None, None),
        ("T", "N", None, None),
        ("TGC", "NN", None, None),
        ("N", "NTT", INEXACT, SkipReason.SYMBOLIC),
        ("A", "ATT", INEXACT, SkipReason.SYMBOLIC),
    ],
)
def test_skip_by_alt__names_what_is_not_known_to_the_base(ref, alt, structure, default):
    unknown = Variant("1", 100, ref, alt, structure)
    assert RULES.skip_by_alt(unknown) is default
    assert COMPAT.skip_by_alt(unknown) is None


@pytest.mark.parametrize("alt", ["R", "AYG", "U", "A-", "Z", ""])
def test_skip_in_gene__alt_letters(alt):
    assert RULES.skip_in_gene(variant("G", alt)) is SkipReason.ALT_LETTERS


def test_skip_in_gene__long_alleles():
    rules = Rules(50, 5)
    assert rules.skip_in_gene(variant("ACGTA", "A")) is None
    assert rules.skip_in_gene(variant("ACGTAC", "A")) is SkipReason.TOO_LONG
    assert rules.skip_in_gene(variant("A", "ACGTAC")) is SkipReason.TOO_LONG


def test_skip_in_gene__symbolic_alleles_have_a_limit_of_their_own():
    rules = Rules(50, max_allele_length=2, max_sv_length=5)
    inside = Variant._make(("1", 100, "ACGTAC", "A", Structure("DEL", length=5)))
    assert rules.skip_in_gene(inside) is None
    assert rules.skip_in_gene(Variant._make((*inside[:3], "ACGTACG", inside.structure))) is SkipReason.TOO_LONG


@pytest.mark.parametrize(
    ("ref", "fasta", "agrees"),
    [
        ("ACG", "ACG", True),
        ("acg", "ACG", True),
        ("A", "R", True),
        ("G", "R", True),
        ("R", "R", True),
        ("C", "R", False),
        ("T", "B", True),
        ("A", "B", False),
        ("N", "N", True),
        ("A", "N", False),
        ("N", "A", False),
        # Older writers put N where the FASTA has another ambiguous letter.
        ("N", "R", True),
        ("n", "B", True),
        ("R", "A", False),
        ("", "", False),
    ],
)
def test_agrees_with_fasta__by_the_letters_set(ref, fasta, agrees):
    assert RULES.agrees_with_fasta(variant(ref, "T"), fasta) is agrees


def test_agrees_with_fasta__compat_takes_letters_as_they_are():
    assert COMPAT.agrees_with_fasta(variant("a", "T"), "A") is False
    assert COMPAT.agrees_with_fasta(variant("A", "T"), "R") is False


def test_agrees_with_fasta__n_stands_for_any_base_before_a_structure():
    # Callers write N where they did not look the base up.
    symbolic = Variant("1", 100, "N", "<DEL>", Structure("DEL", length=5))
    assert RULES.agrees_with_fasta(symbolic, "A")
    assert not RULES.agrees_with_fasta(symbolic._replace(ref="C"), "A")


@pytest.mark.parametrize(
    ("ref", "alt", "anchor", "width", "shift"),
    [
        ("G", "A", 50, 101, 0),
        ("A" * 51, "A", 50, 101, 0),
        ("A" * 52, "A", 50, 152, 0),
        ("GCTG", "GCTA", 50, 101, 3),
        # One shared base goes: A59 C > G deletes 59.
        ("A" * 60 + "C", "AG", 50, 50 + 1 + 50 + 59, 1),
    ],
    ids=["snv", "deleted=D", "deleted=D+1", "mnv", "delins"],
)
def test_alignment__scored_positions(ref, alt, anchor, width, shift):
    a = RULES.alignment(variant(ref, alt))
    assert (a.anchor, a.width, a.n_trimmed) == (anchor, width, shift)


@pytest.mark.parametrize(("length", "width"), [(50, 101), (51, 101), (52, 101 + 51)])
def test_alignment__sees_the_far_end_of_a_long_inversion(length, width):
    """POS, which both alleles keep, is trimmed; the last base turned is then ``length - 1`` on."""
    inversion = Variant._make(("1", 100, "G" + "A" * length, "G" + "T" * length, Structure("INV", length)))
    a = RULES.alignment(inversion)
    assert (a.pos, a.anchor, a.width, a.n_trimmed) == (101, 50, width, 1)
    assert RULES.alignment(inversion._replace(structure=None)).width == 101


def test_alignment__distance_0_scores_pos_alone():
    assert Rules(0, 100).alignment(variant("G", "A")).width == 1


# The gene covers 0-based 100-200, so POS 101 to 200.
@pytest.mark.parametrize(
    ("pos", "ref", "alt", "is_covered"),
    [
        (100, "A", "C", False),
        (101, "A", "C", True),
        (200, "A", "C", True),
        (201, "A", "C", False),
        (100, "AC", "A", True),
        (98, "ACGT", "A", True),
        (97, "ACGT", "A", False),
        (100, "A", "AT", False),
        (98, "ACGT", "ACGC", True),
        (98, "ACGT", "CCGT", False),
        (200, "AC", "AG", True),
    ],
)
def test_is_covered__by_pos_or_a_changed_base(pos, ref, alt, is_covered):
    gene = builders.gene("G", "1", "+", 100, 200)
    v = variant(ref, alt, pos)
    assert RULES.is_covered(v, gene) is is_covered
    span = RULES.lookup_span(v)
    assert not is_covered or gene.covers(span.start, span.end)


# The gene covers POS 101 to 200; what follows POS is deleted or turned, but a copy is put behind POS.
@pytest.mark.parametrize(
    ("kind", "pos", "length", "is_covered"),
    [
        ("DEL", 100, 1, True),
        ("DEL", 90, 10, False),
        ("DEL", 90, 11, True),
        ("INV", 90, 11, True),
        ("DEL", 50, 500, True),
        ("DEL", 200, 5, True),
        ("DEL", 201, 5, False),
        ("DUP", 100, 50, False),
        ("DUP", 101, 50, True),
        ("DUP", 200, 50, True),
        ("INS", 100, 0, False),
        ("INS", 101, 0, True),
    ],
)
def test_is_covered__symbolic(kind, pos, length, is_covered):
    gene = builders.gene("G", "1", "+", 100, 200)
    symbolic = Variant._make(("1", pos, "A", f"<{kind}>", Structure(kind, length)))
    assert RULES.is_covered(symbolic, gene) is is_covered
    assert gene.covers(*RULES.lookup_span(symbolic)) is is_covered


def test_lookup_span__compat_is_pos_alone():
    assert COMPAT.lookup_span(variant("ACGT", "A")) == Interval(99, 100)


@pytest.mark.parametrize(("pos", "is_near"), [(5050, True), (5051, False), (14_950, False), (14_951, True)])
def test_compat__skips_contig_ends(pos, is_near):
    assert COMPAT.is_near_end(variant("A", "C", pos), 20_000) is is_near


@pytest.mark.parametrize("pos", [0, 1, 20_000])
def test_default__has_no_margin_at_contig_ends(pos):
    assert RULES.is_near_end(variant("A", "C", pos), 20_000) is False


@pytest.mark.parametrize(("n_ref", "reason"), [(100, None), (101, SkipReason.COMPAT)])
def test_compat__skips_long_ref(n_ref, reason):
    assert COMPAT.skip_in_gene(variant("A" * n_ref, "A", 10_000)) is reason


def test_compat__dots_where_both_alleles_are_longer_than_one():
    assert COMPAT.has_dots(variant("AC", "GT"))
    assert not COMPAT.has_dots(variant("AC", "A"))
    assert not RULES.has_dots(variant("AC", "GT"))


@pytest.mark.parametrize(("letters", "read_as"), [("RYSWKMBDHV", "CTGCNCAGCA"), ("][:", "GAG"), ("acgtn", "ACGTN")])
def test_compat__aliases_other_letters(letters, read_as):
    # Behaviour of 1.3.1, observed: any other byte modulo 5.
    assert encode(letters.encode(), COMPAT.table).tolist() == encode(read_as.encode()).tolist()
