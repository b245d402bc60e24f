"""Profiles: against arithmetic, against a plain forward pass, and against the scores that are reported."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from support import builders, toy_networks
from support.plain import probabilities

from spliceai_cli import Compute, Scorer, Settings, Variant
from spliceai_cli.genome.bases import encode
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.variants.variant import Structure

pytestmark = pytest.mark.usefixtures("one_thread")

ACCEPTOR, DONOR = 1, 2


@pytest.fixture(scope="module")
def arithmetic(tmp_path_factory, arithmetic_weights):
    """G is an acceptor with 1/2 and T a donor with 1/2; P and M cover the contig on + and on -."""
    folder = tmp_path_factory.mktemp("arithmetic")
    fasta = builders.write_fasta(folder / "a.fa", {"1": "AACAACAAGAACAACAA"})
    genes = [builders.gene("P", "1", "+", 0, 17), builders.gene("M", "1", "-", 0, 17)]
    table = builders.write_table(folder / "t.txt", genes)
    return Scorer(reference=fasta, annotation=table, distance=2, compute=Compute(weights=arithmetic_weights))


def values(profile, column):
    return profile.ref[:, column].tolist(), profile.alt[:, column].tolist()


def test_profiles__snv_by_hand(arithmetic):
    plus, minus = arithmetic.profiles(Variant("1", 9, "G", "T"))
    assert (plus.gene.symbol, minus.gene.symbol) == ("P", "M")
    assert plus.positions.tolist() == minus.positions.tolist() == [7, 8, 9, 10, 11]
    assert plus.bases == minus.bases == "AAGAA"
    assert values(plus, ACCEPTOR) == ([0, 0, 0.5, 0, 0], [0, 0, 0, 0, 0])
    assert values(plus, DONOR) == ([0, 0, 0, 0, 0], [0, 0, 0.5, 0, 0])
    # On the minus strand A reads T, which is a donor; G reads C and T reads A, which are nothing.
    assert values(minus, ACCEPTOR) == ([0] * 5, [0] * 5)
    assert values(minus, DONOR) == ([0.5, 0.5, 0, 0.5, 0.5], [0.5, 0.5, 0, 0.5, 0.5])
    assert str(plus.score) == "T|P|0.00|0.50|0.50|0.00|-2|0|0|-2"
    assert [(track.name, track.column) for track in plus.tracks] == [("acceptor", ACCEPTOR), ("donor", DONOR)]
    assert_array_equal(plus.change[:, DONOR], [0, 0, 0.5, 0, 0])


@pytest.mark.parametrize(
    ("ref", "alt", "acceptor", "donor", "replaced", "n_inserted"),
    [
        ("AG", "A", [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], Interval(8, 9), 0),
        ("A", "AT", [0, 0, 0.5, 0, 0], [0, 0.5, 0, 0, 0], Interval(8, 8), 1),
        ("AG", "CTT", [0, 0, 0, 0, 0], [0, 0, 0.5, 0, 0], Interval(7, 9), 3),
    ],
    ids=["deletion", "insertion", "delins"],
)
def test_profiles__alt_lies_on_ref_positions(arithmetic, ref, alt, acceptor, donor, replaced, n_inserted):
    # REF has its one acceptor at 9. Positions of POS 8 are 6 to 10; of what is inserted the largest stands before it.
    profile = arithmetic.profiles(Variant("1", 8, ref, alt))[0]
    first = profile.positions.tolist().index(7)
    at_7_to_10 = slice(first, first + 4)
    assert profile.alt[at_7_to_10, ACCEPTOR].tolist() == acceptor[:4]
    assert profile.alt[at_7_to_10, DONOR].tolist() == donor[:4]
    assert (profile.replaced, profile.n_inserted) == (replaced, n_inserted)


def test_profiles__replaced_is_genomic_on_both_strands(arithmetic):
    deleted = Variant("1", 5, "A", "<DEL>", Structure("DEL", length=3))
    assert [profile.replaced for profile in arithmetic.profiles(deleted)] == [Interval(5, 8)] * 2


def test_profiles__are_empty_for_what_has_no_score(arithmetic):
    assert arithmetic.profiles(Variant("1", 9, "G", ".")) == ()
    assert arithmetic.profiles(Variant("1", 9, "C", "T")) == ()
    assert arithmetic.profiles(Variant("2", 9, "C", "T")) == ()


@pytest.fixture(scope="module")
def world(tmp_path_factory, toy_weights):
    """The small genome, and what makes scorers on it."""
    genome = builders.small_genome(tmp_path_factory.mktemp("world"))

    def scorer(engine="incremental"):
        compute = Compute(device="cpu", weights=toy_weights, engine=engine)
        return Scorer(reference=genome.fasta, annotation=genome.table, settings=Settings(distance=30), compute=compute)

    return genome, scorer


def variants(genome):
    for pos, n_ref, alt in [(150, 1, None), (450, 1, None), (430, 4, "A"), (620, 1, "GATTACA"), (450, 40, "C")]:
        ref = genome.base("chr1", pos, n_ref)
        yield Variant("chr1", pos, ref, genome.other("chr1", pos) if alt is None else ref[0] + alt[1:])


def test_profiles__equal_a_plain_forward_pass(world):
    genome, scorer = world
    variant = Variant("chr1", 450, genome.base("chr1", 450), genome.other("chr1", 450))
    ensemble = toy_networks.random_ensemble()
    flank = ensemble.spec.flank
    for profile in scorer().profiles(variant):
        gene = profile.gene
        bases = genome.contigs["chr1"]
        masked = "N" * gene.start + bases[gene.start : gene.end] + "N" * (len(bases) - gene.end)
        for found, allele in ((profile.ref, variant.ref), (profile.alt, variant.alt)):
            text = masked[:449] + allele + masked[450:]
            window = text[449 - 30 - flank : 450 + 30 + flank]
            codes = encode(window.encode())
            if gene.strand == "-":
                codes = np.where(codes < 4, 3 - codes, codes)[::-1].astype(codes.dtype)
            plain = probabilities(ensemble, torch.from_numpy(codes.copy())[None])[0].T.numpy()
            assert_allclose(found, plain if gene.strand == "+" else plain[::-1], rtol=0, atol=2e-6)


def test_profiles__are_what_the_score_says(world):
    genome, scorer = world
    incremental, plain = scorer(), scorer("plain")
    for variant in variants(genome):
        [outcome] = incremental.score([variant])
        found = incremental.profiles(variant)
        assert [str(profile.score) for profile in found] == [str(score) for score in outcome.scores]
        for profile, other in zip(found, plain.profiles(variant), strict=True):
            assert_allclose(profile.alt, other.alt, rtol=0, atol=2e-6)
            columns = [ACCEPTOR, ACCEPTOR, DONOR, DONOR]
            for effect, column, sign in zip(profile.score.effects, columns, [1, -1, 1, -1], strict=True):
                change = sign * profile.change[:, column]
                i = profile.positions.tolist().index(variant.pos + effect.offset)
                assert effect.score == pytest.approx(max(0, float(change[i])), abs=1e-7)
                assert float(change[i]) == float(change.max())
                assert (effect.ref, effect.alt) == (float(profile.ref[i, column]), float(profile.alt[i, column]))


def test_profiles__of_several_models_and_of_tissues(world, tmp_path):
    genome, _ = world
    spec = NetworkSpec(
        name="tissues",
        key="Tissues",
        blocks=toy_networks.RANDOM_SPEC.blocks,
        scoring=TISSUES.name,
        classes=("none", "splice"),
        groups=("heart", "liver"),
        channels=6,
        n_networks=4,
    )
    sites = toy_networks.save(tmp_path / "sites", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())
    tissues = toy_networks.save(tmp_path / "tissues", spec, toy_networks.random_tensors(spec))
    scorer = Scorer(
        reference=genome.fasta,
        annotation=genome.table,
        settings=Settings(distance=30, models=(f"{sites}", f"{tissues}")),
        compute=Compute(device="cpu"),
    )
    for variant in variants(genome):
        [outcome] = scorer.score([variant])
        found = scorer.profiles(variant)
        assert [str(profile.score) for profile in found] == [str(score) for score in outcome.scores]
        assert [profile.model_key for profile in found] == [score.model_key for score in outcome.scores]
        for profile in found[len(found) // 2 :]:
            assert [(track.name, track.column) for track in profile.tracks] == [
                ("heart_splice", 1),
                ("liver_splice", 3),
            ]
            assert profile.ref.shape == profile.alt.shape == (len(profile.positions), 4)
            change = profile.change[:, [1, 3]]
            i = profile.positions.tolist().index(variant.pos + profile.score.gain.offset)
            assert profile.score.gain.score == pytest.approx(change.max(), abs=1e-7)
            assert change[i].max() == change.max()
