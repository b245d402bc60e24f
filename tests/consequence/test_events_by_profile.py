"""The profile method on the toy gene (see ``support.toy_transcript``), with answers derived on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.toy_transcript import EXONS, Toy

from spliceai_cli.consequence.interpreter import Interpreter
from spliceai_cli.settings.consequence import ConsequenceSettings

A, D = "acceptor", "donor"

# The first base of intron 2 and of intron 1, in the gene's direction.
BROKEN_2 = (220, "G", "A")
BROKEN_1 = (60, "G", "A")


def seen(consequence):
    """What the paper says of an event."""
    return consequence.event, consequence.exon_text, consequence.size, consequence.rna, consequence.protein


def test_unchanged_profile__is_the_annotated_chain(toy):
    (only,) = toy.consequences(toy.variant(*BROKEN_2), alt={})
    assert (only.event, only.weight, only.rna, only.protein) == ("no_effect", 0.0, "", "")
    assert only.exons == tuple(sorted(toy.on_contig(*exon) for exon in EXONS))


def test_skipping__of_an_exon_of_whole_codons(toy):
    # Donor 2 is lost and acceptor 2 weakens with it: exon 2, codons 11 to 30, is left out, bases 31 to 90 of the CDS.
    (only,) = toy.consequences(toy.variant(*BROKEN_2), alt={(D, 219): 0.0, (A, 160): 0.3})
    assert seen(only) == ("exon_skipping", "2/4", 60, "NM_1.1:r.(31_90del)", "p.(Gly11_Gly30del)")
    assert (only.frame, only.aa_lost, only.aa_gained, only.nmd) == ("in_frame", 20, 0, "no_new_stop")
    assert only.weight == pytest.approx(0.9)


def test_skipping__that_shifts_the_frame(toy):
    # Without exon 3, bases 91 to 140, codon 31 reads AGC AGC ATA ACT TGA: Ser Ser Ile Thr stop, in the last exon.
    (only,) = toy.consequences(toy.variant(320, "C", "T"), alt={(A, 320): 0.1, (D, 369): 0.2})
    assert seen(only) == ("exon_skipping", "3/4", 50, "NM_1.1:r.(91_140del)", "p.(Pro31SerfsTer5)")
    assert (only.frame, only.codons_to_stop, only.nmd) == ("frameshift", 5, "escapes_last_exon")
    assert (only.aa_lost, only.aa_gained) == (19, 4)  # Pro 17 and Ala 2 of the old; Ser Ser Ile Thr of the new


def test_skipping__of_two_exons_together(toy):
    lost = {(A, 160): 0.1, (D, 219): 0.1, (A, 320): 0.1, (D, 369): 0.1}
    (only,) = toy.consequences(toy.variant(*BROKEN_2), alt=lost)
    assert seen(only)[:4] == ("exon_skipping", "2-3/4", 110, "NM_1.1:r.(31_140del)")


def test_retention__of_an_intron(toy):
    # Donor 2 and acceptor 3 are lost, and the outer ends of both exons stay. Intron 2 begins GTA AGT TAA, in frame.
    (only,) = toy.consequences(toy.variant(221, "T", "A"), alt={(D, 219): 0.0, (A, 320): 0.1})
    assert seen(only)[:4] == ("intron_retention", "2/4", 100, "NM_1.1:r.(90_91ins90+1_91-1)")
    # With the allele itself, T>A at the second base: GAA is Glu.
    assert seen(only)[4] == "p.(Pro31GlufsTer3)"
    # 30 codons and two more precede the stop: 96 coding bases, fewer than 100.
    assert only.nmd == "escapes_near_start"
    assert (
        toy.consequences(
            toy.variant(221, "T", "A"), alt={(D, 219): 0.0, (A, 320): 0.1}, settings=ConsequenceSettings(nmd_start=96)
        )[0].nmd
        == "expected"
    )


@pytest.mark.parametrize(
    ("kind", "at", "exon", "event", "size", "rna"),
    [
        # 12 bases of exon 2 from its end: GGT four times; HGVS does not shift a deletion across a junction.
        (D, 207, "2/4", "partial_exon_deletion", 12, "79_90del"),
        (D, 225, "2/4", "partial_intron_retention", 6, "90_91ins90+1_90+6"),
        # Of 16 CCA the first two; the same two further on cannot be told apart: 16 CCA and CC end at 140.
        (A, 326, "3/4", "partial_exon_deletion", 6, "135_140del"),
        (A, 310, "3/4", "partial_intron_retention", 10, "90_91ins91-10_91-1"),
    ],
    ids=["donor in exon", "donor in intron", "acceptor in exon", "acceptor in intron"],
)
def test_moved_ends(toy, kind, at, exon, event, size, rna):
    own = (D, 219) if kind == D else (A, 320)
    (only,) = toy.consequences(toy.variant(*BROKEN_2), alt={own: 0.0, (kind, at): 0.9})
    assert seen(only)[:4] == (event, exon, size, f"NM_1.1:r.({rna})")
    assert only.sites == ((kind, toy.pos(at)),)


def test_gain_without_a_loss__counts_with_its_gain(toy):
    (only,) = toy.consequences(toy.variant(*BROKEN_2), alt={(D, 207): 0.4})
    assert (only.event, only.size, only.weight) == ("partial_exon_deletion", 12, pytest.approx(0.4))


def test_loss__is_shared_among_all_that_alt_supports(toy):
    # Evidence: 0.6 for the new donor, 0.3 for a second one; acceptor 2 loses 0.1, which counts 4.5 times.
    # The loss of 0.9 is shared as 0.6 : 0.3 : 0.45, of 1.35.
    alt = {(D, 219): 0.0, (D, 207): 0.6, (D, 225): 0.3, (A, 160): 0.8}
    found = toy.consequences(toy.variant(*BROKEN_2), alt=alt)
    assert [c.event for c in found] == ["partial_exon_deletion", "exon_skipping", "partial_intron_retention"]
    assert [c.weight for c in found] == pytest.approx([0.4, 0.3, 0.2], abs=1e-5)


def test_site_that_ref_has__takes_the_use_of_its_neighbour(toy):
    # It gains nothing, but it is there: 0.8 against 0.5 times what nobody takes up of 0.9, which is 0.9 - 0.9 * 0.8.
    two = {(D, 207): 0.8}
    first, *_ = toy.consequences(toy.variant(*BROKEN_2), ref=two, alt={**two, (D, 219): 0.0})
    assert (first.event, first.size) == ("partial_exon_deletion", 12)
    assert first.weight == pytest.approx(0.9 * 0.8 / (0.8 + 0.5 * 0.18), abs=1e-5)


# Both sites of exon 2 fall from 0.99 to 0.9: no delta says so, but the odds of each fall to a tenth.
WEAKER = {"ref": {(A, 160): 0.99, (D, 219): 0.99}, "alt": {(A, 160): 0.9, (D, 219): 0.9}}


def test_exon__whose_sites_both_weaken_a_little_is_skipped(toy):
    # Twice (0.901 / 0.101) / (0.991 / 0.011) = 0.0990 of REF's odds. Included in 98 %: 49 * 0.0990 ** 2 = 0.480.
    (only,) = toy.consequences(toy.variant(201, "T", "A"), **WEAKER)
    assert seen(only)[:4] == ("exon_skipping", "2/4", 60, "NM_1.1:r.(31_90del)")
    assert only.weight == pytest.approx(0.99 * (0.98 - 0.480 / 1.480), abs=1e-3)
    # Where REF includes it always, as much is left of the odds: 999 * 0.0098 = 9.79.
    (none,) = toy.consequences(toy.variant(201, "T", "A"), **WEAKER, settings=ConsequenceSettings(ref_inclusion=0.999))
    assert (none.event, none.weight) == ("no_effect", pytest.approx(0.99 * (0.999 - 9.79 / 10.79), abs=1e-3))


def test_exon__that_ref_hardly_uses_is_not_skipped(toy):
    """From 0.01 to 0.001 the odds fall as much, and mean nothing."""
    weak = {"ref": {(A, 160): 0.01, (D, 219): 0.01}, "alt": {(A, 160): 0.0, (D, 219): 0.0}}
    (only,) = toy.consequences(toy.variant(201, "T", "A"), **weak)
    assert (only.event, only.weight < 0.01) == ("no_effect", True)


def test_exon__that_weakens_for_a_new_site_is_not_skipped(toy):
    # The new donor takes up 0.6 of the 0.656 that the log-odds lose.
    alt = {**WEAKER["alt"], (D, 207): 0.6}
    (only,) = toy.consequences(toy.variant(201, "T", "A"), ref=WEAKER["ref"], alt=alt)
    assert (only.event, only.size) == ("partial_exon_deletion", 12)


def test_log_odds__need_probabilities(toy):
    """From scores alone a site counts as certain in REF, where every change of its odds is large."""
    variant = toy.variant(201, "T", "A")
    job = toy.job(variant)
    score = toy.score(variant, job, toy.prediction(job, **WEAKER))
    bare = replace(score, **{name: replace(one, ref=None, alt=None) for name, one in score.effects_by_name.items()})
    interpreter = Interpreter(ConsequenceSettings(), has_coding=True, build=None)
    assert [c.event for c in interpreter.consequences(job, bare, None)] == ["no_effect"]
    assert [c.event for c in interpreter.consequences(job, score, None)] == ["exon_skipping"]


def test_loss__that_nothing_takes_up_is_skipping(toy):
    (only,) = toy.consequences(toy.variant(*BROKEN_2), alt={(D, 219): 0.2})
    assert (only.event, only.exon_text, only.weight) == ("exon_skipping", "2/4", pytest.approx(0.7))


def test_pseudoexon__in_a_long_intron(toy):
    # Margins of 10 and a size of 20 fit the toy: GTAAGTTAA, T …: bases 101 to 120 of intron 2 come in as 20 T.
    settings = ConsequenceSettings(intron_margin=10, min_exon=20)
    alt = {(A, 250): 0.5, (D, 269): 0.6}
    (only,) = toy.consequences(toy.variant(240, "T", "C"), alt=alt, settings=settings)
    assert seen(only)[:4] == ("pseudoexon", "2/4", 20, "NM_1.1:r.(90_91ins90+31_90+50)")
    assert only.sites == ((A, toy.pos(250)), (D, toy.pos(269)))


def test_inclusion__of_an_annotated_exon(toy):
    ref = {(A, 320): 0.3, (D, 369): 0.4}
    (only,) = toy.consequences(toy.variant(310, "T", "C"), alt={}, ref=ref)
    assert (only.event, only.exon_text, only.rna, only.frame) == ("increased_exon_inclusion", "3/4", "", "unchanged")


@pytest.mark.parametrize(
    ("site", "event", "exon"), [((D, 59), "first_exon_donor_loss", "1/4"), ((A, 470), "last_exon_acceptor_loss", "4/4")]
)
def test_end_exons__that_lose_their_site(toy, site, event, exon):
    (only,) = toy.consequences(toy.variant(*BROKEN_1), alt={site: 0.0})
    assert seen(only) == (event, exon, 0, "NM_1.1:r.(spl?)", "p.?")


def test_start_codon__that_is_cut_off(toy):
    # A donor at base 19 of exon 1 leaves out bases 20 to 59; base 29 is c.-1, so 20 is c.-10.
    (only,) = toy.consequences(toy.variant(*BROKEN_1), alt={(D, 59): 0.0, (D, 19): 0.9})
    assert (only.size, only.frame, only.protein, only.rna) == (40, "start_lost", "p.(Met1?)", "NM_1.1:r.(-10_30del)")


def test_stop_codon__that_is_cut_off(toy):
    # An acceptor at base 478 of the gene leaves out AGCAGCAT, or the eight one further on: CCA ACT TGA.
    (only,) = toy.consequences(toy.variant(469, "G", "A"), alt={(A, 470): 0.0, (A, 478): 0.9})
    assert (only.event, only.size, only.rna) == ("partial_exon_deletion", 8, "NM_1.1:r.(142_149del)")
    assert (only.frame, only.protein) == ("frameshift", "p.(Ala48ThrfsTer2)")


def test_without_coding__frame_and_protein_are_unknown(toy):
    import dataclasses

    toy.gene = dataclasses.replace(toy.gene, coding=())
    alt = {(D, 219): 0.0, (A, 160): 0.3}
    (table,) = toy.consequences(toy.variant(*BROKEN_2), alt, has_coding=False)
    assert (table.frame, table.rna, table.protein, table.nmd) == ("unknown", "NM_1.1:r.(spl?)", "p.?", "unknown")
    # A transcript that does not code, of an annotation that says what does: bases count from its first.
    (noncoding,) = toy.consequences(toy.variant(*BROKEN_2), alt)
    assert (noncoding.frame, noncoding.rna, noncoding.protein) == ("noncoding", "NM_1.1:r.(61_120del)", "p.?")


def test_insertion__moves_everything_right_of_it(toy):
    # Four bases into exon 2, and its donor lost: the exon is 64 long in ALT, and skipping leaves out all of it.
    variant = toy.variant(199, "G", "GACAC")
    assert toy.consequences(variant, alt={})[0].event == "no_effect"
    (only,) = toy.consequences(variant, alt={(D, 223): 0.0, (A, 160): 0.2})
    assert seen(only) == ("exon_skipping", "2/4", 60, "NM_1.1:r.(31_90del)", "p.(Gly11_Gly30del)")


def test_site_in_inserted_bases__is_named_by_the_base_before(toy):
    variant = toy.variant(199, "G", "GACAC")
    (only,) = toy.consequences(variant, alt={(D, 223): 0.0, (D, 202): 0.9})
    assert (only.event, only.size, only.rna) == ("partial_exon_deletion", 21, "NM_1.1:r.(spl?)")
    assert only.sites == ((D, toy.pos(199)),)


def test_deletion_of_a_site__that_alt_has_again_is_no_event(toy):
    # CC of CCACCA at the start of exon 3: the acceptor stands at the next base.
    variant = toy.variant(319, "GCC", "G")
    alt = {(A, 320): 0.9}
    assert toy.consequences(variant, alt)[0].event == "no_effect"


def test_accession__of_the_chromosome(toy):
    (only,) = toy.consequences(toy.variant(*BROKEN_2), {(D, 219): 0.0, (A, 160): 0.3}, build="GRCh38")
    assert only.rna == "NC_000007.14(NM_1.1):r.(31_90del)"


def test_bases_after_the_stop__count_from_its_end_without_stop_in_the_cds(tmp_path):
    """GTF without ``stop_codon`` lines: the stop codon itself used to be *1 to *3."""
    with_stop, without = (Toy(tmp_path, "+", coding=(30, end)) for end in (480, 477))
    for toy in (with_stop, without):
        (only,) = toy.consequences(toy.variant(469, "G", "A"), alt={(A, 470): 0.0, (A, 485): 0.9})
        assert only.rna == "NM_1.1:r.(141_*5del)"
        # CCA AAC TTG ACC TTT … : 46 codons, then CC and the CC of *6 and *7.
        assert (only.frame, only.nmd) == ("stop_lost", "no_stop")
