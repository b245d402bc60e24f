"""What models of tissues are shown of an allele, and their scores against a literal reading of Pangolin's rules."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support import builders, oracle, toy_networks

from spliceai_cli import Compute, Scorer, Settings, SkipReason, Variant
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.plan.rules import TissueRules
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.variants.variant import Structure


@pytest.mark.parametrize(
    ("ref", "alt", "pos", "first", "width", "alt_width"),
    [
        ("A", "C", 101, 91, 21, 21),
        # Ten either side of all of REF.
        ("ACGT", "A", 101, 91, 24, 21),
        ("A", "ACGT", 101, 91, 21, 24),
        ("AC", "GT", 101, 91, 22, 22),
        # Shared bases do not count: this is G>A at 103.
        ("ACGT", "ACAT", 103, 93, 21, 21),
        ("ACGT", "CT", 101, 91, 23, 21),
        # A deletion longer than the distance has no rule of its own.
        ("A" + "C" * 50, "A", 101, 91, 71, 21),
    ],
)
def test_rules__score_on_either_side_of_all_of_ref(ref, alt, pos, first, width, alt_width):
    found = TissueRules(10, 1000).alignment(Variant("1", 101, ref, alt))
    assert (found.pos, found.n_trimmed) == (pos, pos - 101)
    assert found.ref_scored == Interval(first - 1, first - 1 + width)
    assert (found.width, found.alt_width) == (width, alt_width)


def test_rules__of_an_inversion_see_both_of_its_ends():
    inversion = Variant._make(("1", 101, "A" * 41, "A" + "C" * 40, Structure("INV", 40)))
    found = TissueRules(10, 1000, 1000).alignment(inversion)
    # POS itself is not turned.
    assert (found.ref_scored, found.alt_width) == (Interval(91, 151), 60)


@pytest.fixture
def planner(genome):
    reference = Reference(genome.fasta)
    return builders.planner(reference, genome.genes, TissueRules(5, 100), kind=TISSUES)


def bases_of(codes) -> str:
    return "".join("ACGTN"[code] for code in codes)


PAIRS = str.maketrans("ACGT", "TGCA")


@pytest.mark.parametrize(("pos", "symbol"), [(101, "PLUS"), (500, "PLUS"), (401, "MINUS"), (900, "MINUS")])
def test_plan__sees_the_genome_beyond_the_gene(planner, genome, pos, symbol):
    """The first and the last base of a gene: SpliceAI would see N beside it."""
    plan = planner.plan(Variant("chr1", pos, genome.base("chr1", pos), genome.other("chr1", pos)))
    job = next(job for job in plan.jobs if job.gene.symbol == symbol)
    seen = bases_of(job.edit.ref_codes(job.edit.ref_scored))
    around = genome.base("chr1", pos - 5, 11)
    assert seen == (around if symbol == "PLUS" else around[::-1].translate(PAIRS))


def test_plan__alt_across_the_end_of_a_gene_keeps_its_letters(planner, genome):
    """A change that begins before the gene: SpliceAI's ALT would be N there."""
    ref = genome.base("chr1", 98, 6)
    alt = "".join("ACGT"[("ACGT".index(base) + 1) % 4] for base in ref)
    [job] = planner.plan(Variant("chr1", 98, ref, alt)).jobs
    assert bases_of(job.edit.alt_codes(Interval(97, 103))) == alt


def test_plan__contig_ends_are_n(planner, genome):
    [job] = planner.plan(Variant("chr2", 2, genome.base("chr2", 2), genome.other("chr2", 2))).jobs
    assert bases_of(job.edit.ref_codes(job.edit.ref_scored)) == "NNNN" + genome.base("chr2", 1, 7)


# The whole chain


TOY = NetworkSpec(
    name="toy_tissues",
    blocks=(BlockSpec(3, 1), BlockSpec(5, 2, is_tapped=True)),
    key="Toy",
    scoring=TISSUES.name,
    classes=("neither", "splice"),
    groups=("liver", "brain", "heart"),
    channels=5,
    norm_eps=1e-5,
    n_networks=6,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tissues")
    genome = builders.small_genome(folder)
    tensors = toy_networks.random_tensors(TOY, seed=4)
    weights = toy_networks.save(folder / "w", TOY, tensors)
    literal = {"blocks": [(b.kernel, b.dilation, b.is_tapped) for b in TOY.blocks], "eps": TOY.norm_eps}
    scorers = {}

    def scorer(distance, mask=0):
        if (distance, mask) not in scorers:
            scorers[distance, mask] = Scorer(
                reference=genome.fasta,
                annotation=genome.table,
                settings=Settings(distance=distance, mask=mask),
                compute=Compute(device="cpu", weights=weights),
            )
        return scorers[distance, mask]

    nets = [oracle.net_from_tensors(tensors, f"{i}.", literal, torch.float64) for i in range(1, 7)]
    return SimpleNamespace(genome=genome, scorer=scorer, nets=nets)


def predicted(line, strand, nets):
    """(L - 2 flanks, networks) probabilities of a splice site in genome order."""
    one_each = [oracle.probabilities(line, strand, [net], TOY.flank)[:, 1] for net in nets]
    return np.stack(one_each, axis=1)


def literal_score(contig, strand, variant, distance, nets):
    """Gain and loss, each as (size, offset, lead over the next position); Pangolin's rules one after the other."""
    pos, ref, alt = oracle.trim(variant.pos, variant.ref, variant.alt)
    n_beside = distance + TOY.flank

    def bases(first, last):
        return "".join(contig[g - 1] if 1 <= g <= len(contig) else "N" for g in range(first, last + 1))

    left, right = bases(pos - n_beside, pos - 1), bases(pos + len(ref), pos + len(ref) - 1 + n_beside)
    y_ref, y_alt = (predicted(left + allele + right, strand, nets) for allele in (ref, alt))
    n_common = min(len(ref), len(alt))
    rows = [y_alt[i] for i in range(distance + n_common - 1)]
    rows.append(y_alt[distance + n_common - 1 : distance + len(alt)].max(axis=0))
    rows += [np.zeros(len(nets))] * (len(ref) - n_common)
    rows += [y_alt[i] for i in range(distance + len(alt), len(y_alt))]
    change = (np.array(rows) - y_ref).reshape(len(y_ref), 3, 2).mean(axis=2)
    found = []
    for most in (change.max(axis=1), -change.min(axis=1)):
        row = int(np.argmax(most))
        lead = most[row] - np.delete(most, row).max() if len(most) > 1 else np.inf
        found.append((max(0.0, most[row]), row - distance + pos - variant.pos, lead))
    return found


@st.composite
def alleles(draw):
    chrom, length = draw(st.sampled_from([("chr1", 1000), ("chr2", 300)]))
    near_ends = st.sampled_from([1, 2, 99, 100, 101, 499, 500, 501, 899, 900, 1000])
    pos = draw((near_ends | st.integers(1, length)).filter(lambda p: p <= length))
    n_ref = draw(st.integers(1, min(30, length - pos + 1)))
    return chrom, pos, n_ref, draw(st.text("ACGT", min_size=1, max_size=20) | st.none())


@pytest.mark.usefixtures("one_thread")
@settings(deadline=None, max_examples=150)
@given(allele=alleles(), distance=st.sampled_from([0, 1, 5, 30]))
def test_score__equals_the_literal_reading(world, allele, distance):
    chrom, pos, n_ref, alt = allele
    genome = world.genome
    ref = genome.base(chrom, pos, n_ref)
    variant = Variant(chrom, pos, ref, ref[0] if alt is None else alt)
    [outcome] = world.scorer(distance).score([variant])
    literal = {gene.symbol: gene for gene in genome.genes if f"chr{gene.chrom}" == chrom}
    covering = [
        gene.symbol
        for gene in literal.values()
        if oracle.covers(oracle.Gene(gene.strand, gene.start + 1, gene.end), (pos, ref, variant.alt))
    ]
    assert [score.symbol for score in outcome.scores] == covering
    for score in outcome.scores:
        expected = literal_score(genome.contigs[chrom], literal[score.symbol].strand, variant, distance, world.nets)
        for effect, (value, offset, lead) in zip(score.effects, expected, strict=True):
            assert abs(effect.score - value) <= 2e-6
            if lead > 1e-5:
                assert effect.offset == offset


def test_score__has_reasons_as_other_models_have(world):
    genome = world.genome
    ref, alt = genome.base("chr1", 150), genome.other("chr1", 150)
    variants = [Variant("chr1", 150, ref, "."), Variant("chr1", 150, alt, ref), Variant("chr1", 5, "N", "A")]
    assert [outcome.reason for outcome in world.scorer(5).score(variants)] == [
        SkipReason.NO_ALT, SkipReason.REF_MISMATCH, SkipReason.OUTSIDE,
    ]  # fmt: skip
