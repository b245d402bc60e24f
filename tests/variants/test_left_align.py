"""Left-alignment, against trying every placement; and what it does to scores."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from support import builders

from spliceai_cli import Compute, Scorer, Settings, SkipReason, Variant
from spliceai_cli.variants.left_align import left_align
from spliceai_cli.variants.variant import Structure

pytestmark = pytest.mark.usefixtures("one_thread")


def applied(bases, pos, ref, alt):
    """The sequence with the allele in it."""
    assert bases[pos - 1 : pos - 1 + len(ref)] == ref
    return bases[: pos - 1] + alt + bases[pos - 1 + len(ref) :]


def placements(bases, pos, ref, alt, longest=None):
    """Every (pos, REF, ALT) that says the same, REF no longer than ``longest``: all are tried."""
    wanted = applied(bases, pos, ref, alt)
    grown = len(wanted) - len(bases)
    found = []
    for n_ref in range(1, (longest or len(bases)) + 1):
        for at in range(1, len(bases) - n_ref + 2):
            n_alt = n_ref + grown
            one_ref, one_alt = bases[at - 1 : at - 1 + n_ref], wanted[at - 1 : at - 1 + n_alt]
            if n_alt >= 1 and applied(bases, at, one_ref, one_alt) == wanted:
                found.append((at, one_ref, one_alt))
    return found


def aligned(bases, pos, ref, alt):
    variant = Variant("1", pos, ref, alt)
    moved = left_align(variant, lambda start, end: bases[start:end])
    assert moved._replace(pos=pos, ref=ref, alt=alt) == variant
    return moved.pos, moved.ref, moved.alt


@pytest.mark.parametrize(
    ("pos", "ref", "alt", "expected"),
    [
        # One of three G: between the A and the C it is the same anywhere, and stands after the A.
        (4, "GG", "G", (2, "AG", "A")),
        (3, "GG", "G", (2, "AG", "A")),
        (2, "AG", "A", (2, "AG", "A")),
        (5, "GC", "C", (2, "AG", "A")),
        (2, "AGGGC", "AGGC", (2, "AG", "A")),
        (5, "G", "GG", (2, "A", "AG")),
        (2, "A", "AG", (2, "A", "AG")),
        # CACACA after the G: a unit less or more, wherever its first base is said to be; two units.
        (9, "ACA", "A", (5, "GCA", "G")),
        (8, "CAC", "C", (5, "GCA", "G")),
        (11, "A", "ACA", (5, "G", "GCA")),
        (10, "C", "CAC", (5, "G", "GCA")),
        (7, "ACACA", "A", (5, "GCACA", "G")),
        # At the contig's first base there is nothing left of it to stand after.
        (1, "TA", "A", (1, "TA", "A")),
        (1, "T", "TT", (1, "T", "TT")),
        # Nothing to move.
        (2, "A", "C", (2, "A", "C")),
        (2, "AGG", "AGC", (2, "AGG", "AGC")),
        (2, "AGG", "T", (2, "AGG", "T")),
        # Trimmed on both sides, case or not.
        (2, "AGGG", "AcG", (3, "GG", "C")),
        (2, "agg", "ag", (2, "AG", "A")),
    ],
)
def test_left_align__by_hand(pos, ref, alt, expected):
    #        12345678901
    bases = "TAGGGCACACA"
    assert aligned(bases, pos, ref, alt) == expected


few = st.text("AC", min_size=1, max_size=14) | st.text("ACGT", min_size=1, max_size=14)
unit = st.text("ACGT", min_size=1, max_size=3)


@st.composite
def indels(draw):
    """Sequences full of repeats, with an allele that changes the length."""
    bases = draw(few) + draw(unit) * draw(st.integers(1, 5)) + draw(few)
    pos = draw(st.integers(1, len(bases)))
    ref = bases[pos - 1 : pos - 1 + draw(st.integers(1, 6))]
    alt = draw(st.text("AC", min_size=1, max_size=6) | st.sampled_from([ref[0], ref + ref, ref[:1] + ref]))
    assume(len(alt) != len(ref))
    return bases, pos, ref, alt


@settings(deadline=None, max_examples=500)
@given(indels())
@example(("AAAA", 1, "AA", "A"))
@example(("AAAA", 4, "A", "AA"))
def test_left_align__is_the_leftmost_of_the_shortest_placements(indel):
    bases, pos, ref, alt = indel
    same = placements(bases, pos, ref, alt, longest=len(ref) + 1)
    n_least = min(len(one) for _, one, _ in same)
    assert aligned(bases, pos, ref, alt) == min(one for one in same if len(one[1]) == n_least)


@settings(deadline=None, max_examples=200)
@given(indels())
def test_left_align__changes_no_sequence_and_all_writings_meet(indel):
    bases, pos, ref, alt = indel
    found = aligned(bases, pos, ref, alt)
    assert applied(bases, *found) == applied(bases, pos, ref, alt)
    assert aligned(bases, *found) == found
    # Writings with up to three bases more than needed.
    writings = placements(bases, pos, ref, alt, longest=len(found[1]) + 3)
    assert {aligned(bases, *writing) for writing in writings} == {found}


@settings(deadline=None, max_examples=100)
@given(st.text("ACGT", min_size=4, max_size=20), st.integers(0, 3), st.text("ACGT", min_size=1, max_size=4))
def test_left_align__leaves_equal_lengths_alone(bases, start, alt):
    ref = bases[start : start + len(alt)]
    assume(len(ref) == len(alt))
    assert aligned(bases, start + 1, ref, alt) == (start + 1, ref, alt)


@pytest.mark.parametrize("n_repeats", [99, 100, 101, 199, 200, 350])
def test_left_align__goes_through_repeats_longer_than_a_look_up(n_repeats):
    bases = "G" + "CA" * n_repeats + "T"
    looked_up = []

    def fetch(start, end):
        looked_up.append(end - start)
        return bases[start:end]

    last = len(bases) - 1
    assert left_align(Variant("1", last, "A", "ACA"), fetch) == Variant("1", 1, "G", "GCA")
    assert left_align(Variant("1", last - 2, "ACA", "A"), fetch) == Variant("1", 1, "GCA", "G")
    # No more is read than the way takes, by the hundred.
    assert max(looked_up) <= 100
    assert sum(looked_up) <= 2 * (2 * n_repeats + 100)


def test_left_align__stops_at_pos_0_of_a_telomere():
    """POS 0 stands for what is before the first base; through N there used to be an IndexError."""
    bases = "NNNNACGT"

    def fetch(start, end):
        return "".join(bases[i] if i >= 0 else "N" for i in range(start, end))

    moved = left_align(Variant._make(("1", 0, "NNN", "N", None)), fetch)
    assert (moved.ref, moved.alt, moved.pos >= 0) == ("NNN", "N", True)


# Scores. The gene has a run of G (acceptors with 1/2 in the arithmetic network), a run of CA and a longer unit.

LEFT = "ACTTACATCCAT" * 3
RUN, UNITS, LONG = "GGGGG", "CACACACACA", "ACTGGACTGGACTGG"
RIGHT = "TCCATACTTCAA" * 3
BASES = LEFT + RUN + "TCA" + "T" + UNITS + "T" + "C" + LONG + RIGHT


@pytest.fixture(scope="module")
def scorer(tmp_path_factory, toy_weights, arithmetic_weights):
    """A scorer by (normalize, weights, distance); two genes over the repeats, one that ends in them."""
    folder = tmp_path_factory.mktemp("repeats")
    fasta = builders.write_fasta(folder / "a.fa", {"1": BASES})
    genes = [
        builders.gene("PLUS", "1", "+", 0, len(BASES)),
        builders.gene("MINUS", "1", "-", 10, len(BASES) - 10),
    ]
    table = builders.write_table(folder / "t.txt", genes)
    made = {}

    def make(*, normalize, is_arithmetic=False, distance=15):
        key = normalize, is_arithmetic, distance
        if key not in made:
            made[key] = Scorer(
                reference=fasta,
                annotation=table,
                settings=Settings(distance=distance, normalize=normalize),
                compute=Compute(device="cpu", weights=arithmetic_weights if is_arithmetic else toy_weights),
            )
        return made[key]

    return make


def first_of(part):
    """POS of the first base of a part of the sequence."""
    return BASES.index(part) + 1


INDELS = {
    "one G less": (first_of(RUN), "GG", "G"),
    "three G less": (first_of(RUN), "GGGG", "G"),
    "one G more": (first_of(RUN), "G", "GG"),
    "a unit less": (first_of(UNITS), "CAC", "C"),
    "a unit more": (first_of(UNITS), "C", "CAC"),
    "three units more": (first_of(UNITS), "C", "CACACAC"),
    "a long unit less": (first_of(LONG), "ACTGGA", "A"),
    "a long unit more": (first_of(LONG), "A", "ACTGGA"),
    "a repeat and a half": (first_of(UNITS), "CA", "CACACAC"),
}


def at_genome_positions(outcome):
    """Unrounded scores of all genes, with genome positions in place of offsets."""
    assert outcome.reason is None
    pos = outcome.variant.pos
    return [[(score.symbol, e.score, e.offset + pos) for e in score.effects] for score in outcome.scores]


def as_plain(expected):
    """The same but for float rounding: batches of other sizes round otherwise."""
    return [[(symbol, pytest.approx(value, abs=2e-6), at) for symbol, value, at in score] for score in expected]


@pytest.mark.parametrize("indel", INDELS.values(), ids=INDELS)
def test_normalize__all_writings_have_the_same_scores_at_the_same_places(scorer, indel):
    """Left- and right-aligned, anything between, and padded by up to three bases on either side."""
    found = aligned(BASES, *indel)
    ways = placements(BASES, *indel, longest=len(found[1]) + 3)
    assert len({pos for pos, _, _ in ways}) >= 4
    variants = [Variant("1", *way) for way in ways]
    outcomes = list(scorer(normalize=True).score(variants))
    assert [outcome.variant for outcome in outcomes] == variants
    expected = at_genome_positions(outcomes[0])
    assert [score.symbol for score in outcomes[0].scores] == ["PLUS", "MINUS"]
    assert any(value > 0.01 for score in expected for _, value, _ in score)
    for outcome in outcomes:
        assert at_genome_positions(outcome) == expected
        assert {score.allele for score in outcome.scores} == {outcome.variant.alt}
    # They are those of the left-aligned writing without the option.
    [plain] = scorer(normalize=False).score([Variant("1", *found)])
    assert at_genome_positions(plain) == as_plain(expected)


def test_normalize__symbolic_alleles_meet_their_spelled_out_writings(scorer):
    """<DUP> of the last unit and the insertion of a unit before the first are one event."""
    last = first_of(UNITS) + len(UNITS) - 1
    duplication = Variant("1", last - 2, "A", "<DUP>", Structure("DUP", 2))
    deletion = Variant("1", last - 2, "A", "<DEL>", Structure("DEL", 2))
    inserted, deleted = Variant("1", *INDELS["a unit more"]), Variant("1", *INDELS["a unit less"])
    outcomes = list(scorer(normalize=True).score([duplication, inserted, deletion, deleted]))
    one, other, third, fourth = map(at_genome_positions, outcomes)
    assert one == other
    assert third == fourth


def test_without_normalize__the_place_of_the_writing_is_that_of_its_scores(scorer):
    """What differs: where a deletion's zeros stand, where an insertion's maximum stands, and the window around POS.

    The sequences are the same, so by arithmetic one G less is one acceptor of 1/2 less, at the G that the record names.
    """
    first, last = first_of(RUN), first_of(RUN) + len(RUN) - 1
    left, right = Variant("1", first - 1, "TG", "T"), Variant("1", last - 1, "GG", "G")
    plain = scorer(normalize=False, is_arithmetic=True, distance=8)
    by_left, by_right = (outcome.scores[0].acceptor_loss for outcome in plain.score([left, right]))
    assert (by_left.score, left.pos + by_left.offset) == (0.5, first)
    assert (by_right.score, right.pos + by_right.offset) == (0.5, last)
    normalizing = scorer(normalize=True, is_arithmetic=True, distance=8)
    for outcome in normalizing.score([left, right]):
        loss = outcome.scores[0].acceptor_loss
        assert (loss.score, outcome.variant.pos + loss.offset) == (0.5, first)


def test_without_normalize__an_insertion_gains_at_the_base_it_is_written_after(scorer):
    """One G more: after the T an acceptor appears at the T; after a G there already was one."""
    first = first_of(RUN)
    left, right = Variant("1", first - 1, "T", "TG"), Variant("1", first, "G", "GG")
    plain = scorer(normalize=False, is_arithmetic=True, distance=8)
    by_left, by_right = (outcome.scores[0].acceptor_gain.score for outcome in plain.score([left, right]))
    assert (by_left, by_right) == (0.5, 0.0)
    normalizing = scorer(normalize=True, is_arithmetic=True, distance=8)
    assert [outcome.scores[0].acceptor_gain.score for outcome in normalizing.score([left, right])] == [0.5, 0.5]


def test_without_normalize__the_window_moves_with_pos(scorer):
    """At D=1 the left-aligned deletion of a unit sees other bases than the right-aligned one."""
    left, right = Variant("1", first_of(UNITS) - 1, "TCA", "T"), Variant("1", first_of(UNITS) + 7, "ACA", "A")
    plain = list(scorer(normalize=False, distance=1).score([left, right]))
    assert at_genome_positions(plain[0]) != at_genome_positions(plain[1])
    normalized = list(scorer(normalize=True, distance=1).score([left, right]))
    assert at_genome_positions(normalized[0]) == at_genome_positions(normalized[1])


@pytest.fixture(scope="module")
def short(tmp_path_factory, toy_weights):
    """A gene that begins and one that ends within a run of G: POS 21-40 are G, genes to POS 30 and from 31 on."""
    folder = tmp_path_factory.mktemp("short")
    bases = "ACTTACATCCATACTTCATC" + "G" * 20 + "ACTTACATCCATACTTCATC"
    fasta = builders.write_fasta(folder / "a.fa", {"1": bases})
    table = builders.write_table(
        folder / "t.txt", [builders.gene("LEFT", "1", "+", 0, 30), builders.gene("RIGHT", "1", "+", 30, 60)]
    )
    return Scorer(
        reference=fasta,
        annotation=table,
        settings=Settings(distance=5, normalize=True),
        compute=Compute(device="cpu", weights=toy_weights),
    )


@pytest.mark.parametrize(("ref", "alt"), [("GG", "G"), ("G", "GG")], ids=["deletion", "insertion"])
def test_normalize__genes_are_those_of_the_aligned_allele(short, ref, alt):
    """Every writing in the run is the one after POS 20, which lies in LEFT alone."""
    variants = [Variant("1", pos, ref, alt) for pos in range(21, 40)]
    outcomes = list(short.score(variants))
    assert [[score.symbol for score in outcome.scores] for outcome in outcomes] == [["LEFT"]] * len(variants)
    assert len({str(at_genome_positions(outcome)) for outcome in outcomes}) == 1


def normalizing(tmp_path, toy_weights, gene):
    """A scorer of one gene on a contig of 60 bp with a run of G from POS 21 to 40."""
    bases = "ACTTACATCCATACTTCATC" + "G" * 20 + "ACTTACATCCATACTTCATC"
    return Scorer(
        reference=builders.write_fasta(tmp_path / "a.fa", {"1": bases}),
        annotation=builders.write_table(tmp_path / "t.txt", [gene]),
        settings=Settings(distance=5, normalize=True),
        compute=Compute(device="cpu", weights=toy_weights),
    )


def test_normalize__an_allele_is_not_lost_for_being_written_right_of_its_gene(tmp_path, toy_weights):
    """Written after the gene's end, left-aligned inside: it used to be 'outside' before anyone looked."""
    scorer = normalizing(tmp_path, toy_weights, builders.gene("LEFT", "1", "+", 0, 30))
    inside, outside = scorer.score([Variant("1", 20, "C", "CG"), Variant("1", 40, "G", "GG")])
    assert outside.reason is None
    assert at_genome_positions(inside) == at_genome_positions(outside)


def test_normalize__an_allele_may_leave_its_gene(tmp_path, toy_weights):
    """Written inside, left-aligned before the gene: outside, as the left-aligned writing is."""
    scorer = normalizing(tmp_path, toy_weights, builders.gene("RIGHT", "1", "+", 30, 60))
    outcomes = scorer.score([Variant("1", 20, "C", "CG"), Variant("1", 35, "G", "GG")])
    assert [outcome.reason for outcome in outcomes] == [SkipReason.OUTSIDE, SkipReason.OUTSIDE]
