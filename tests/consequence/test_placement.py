"""Insertions and deletions in repeats: the consequences of a sequence do not depend on how it is written."""

from __future__ import annotations

import random

import pytest

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.placement import placed
from spliceai_cli.genome.coords import Interval

A, D = "acceptor", "donor"


@pytest.mark.parametrize(("at", "ref", "alt"), [(367, "A", "AC"), (369, "C", "CC")], ids=["in exon", "at its end"])
def test_duplicated_end_of_an_exon__is_a_new_donor(toy, at, ref, alt):
    """Exon 3 ends in CC, a third C is c.140+1dup in HGVS. As a VCF has it for the + strand, nothing used to happen."""
    variant, probabilities = toy.variant(at, ref, alt), {(D, 369): 0.0, (D, 370): 0.9}
    (only,) = toy.consequences(variant, probabilities)
    # CCA CCC AGC AGC ATA ACT TGA: Ser Ser Ile Thr stop after Pro 47.
    assert (only.event, only.exon_text, only.size) == ("partial_intron_retention", "3/4", 1)
    assert (only.frame, only.protein) == ("frameshift", "p.(Ala48SerfsTer5)")
    own = next(one for one in toy.inclusions(variant, probabilities) if one.exon == 3)
    assert own.donor == pytest.approx((0.9, 0.0))


@pytest.mark.parametrize(("at", "ref", "alt"), [(367, "ACC", "AC"), (368, "CC", "C")], ids=["first", "second"])
def test_deleted_end_of_an_exon__is_in_the_exon(toy, at, ref, alt):
    # Intron 3 begins with G: the exon has one C less, and its donor at the C that is left.
    (only,) = toy.consequences(toy.variant(at, ref, alt), {(D, 368): 0.9})
    assert only.event == "no_effect"


@pytest.mark.parametrize("at", [26, 29])
def test_repeated_start_codon__is_not_lost(at):
    """ATGATG without three bases begins with ATG; without the first three the start used to be lost."""
    bases = 26 * "C" + "ATGATGGCATAA"
    found = placed(Change(Interval(at, at + 3)), lambda span: bases[span.start : span.end].ljust(span.length, "N"))
    assert found == Change(Interval(29, 32))


def test_placed__is_the_same_for_every_spelling():
    rng = random.Random(7)
    n_moved = 0
    for _ in range(400):
        unit = "".join(rng.choices("ACGT", k=rng.randint(1, 3)))
        left, right = ("".join(rng.choices("ACGT", k=20)) for _ in range(2))
        n_units = rng.choice((2, 3, 6, 120))
        bases = left + unit * n_units + right
        found = set()
        for k in {0, 1, n_units - 1}:
            at = 20 + k * len(unit)
            for change in (Change(Interval(at, at), unit), Change(Interval(at, at + len(unit)))):
                there = placed(change, lambda span, of=bases: of[span.start : span.end].ljust(span.length, "N"))
                assert altered(bases, there) == altered(bases, change)
                # One base further on, ALT would be another sequence.
                assert there.replaced.end == len(bases) or not can_move(bases, there)
                n_moved += there != change
                found.add((bool(change.inserted), there))
        assert len(found) == 2
    assert n_moved > 1000


def altered(bases: str, change: Change) -> str:
    return bases[: change.replaced.start] + change.inserted + bases[change.replaced.end :]


def can_move(bases: str, change: Change) -> bool:
    start, end = change.replaced
    unit = change.inserted or bases[start:end]
    inserted = change.inserted and unit[1:] + bases[end]
    return altered(bases, Change(Interval(start + 1, end + 1), inserted)) == altered(bases, change)


def test_placed__leaves_other_alleles():
    change = Change(Interval(4, 6), "AC")
    assert placed(change, lambda span: "AC" * span.length) == change
