"""The whole chain on a small genome, against arithmetic and against the literal oracle."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support import builders, oracle, toy_networks

from spliceai_cli import Compute, Scorer, Settings, SkipReason, SpliceAICliError, Variant, load_model, parse_variant
from spliceai_cli.engine.native import choice
from spliceai_cli.errors import AssemblyError, NumericError, UsageError, VariantError

pytestmark = pytest.mark.usefixtures("one_thread")

SPEC = toy_networks.RANDOM_SPEC


@pytest.fixture(scope="module")
def world(tmp_path_factory, toy_weights, arithmetic_weights):
    """A small genome with scorers on it and the oracle's view of it."""
    folder = tmp_path_factory.mktemp("world")
    genome = builders.small_genome(folder)
    literal = {"blocks": [(b.kernel, b.dilation, b.is_tapped) for b in SPEC.blocks], "eps": SPEC.norm_eps}
    tensors = toy_networks.random_tensors()
    scorers: dict[tuple[int, Path], Scorer] = {}

    def scorer(distance, weights=toy_weights):
        if (distance, weights) not in scorers:
            scorers[distance, weights] = Scorer(
                reference=genome.fasta,
                annotation=genome.table,
                settings=Settings(distance=distance),
                compute=Compute(device="cpu", weights=weights),
            )
        return scorers[distance, weights]

    return SimpleNamespace(
        genome=genome,
        scorer=scorer,
        arithmetic=lambda distance: scorer(distance, arithmetic_weights),
        # Double precision: what is left of the difference is ours.
        nets=[oracle.net_from_tensors(tensors, f"{i}.", literal, torch.float64) for i in (1, 2)],
    )


def text(outcome):
    return [str(score) for score in outcome.scores]


def test_score__arithmetic_network(tmp_path, arithmetic_weights):
    """G is an acceptor with 1/2 and T a donor with 1/2, whatever is around them."""
    fasta = builders.write_fasta(tmp_path / "a.fa", {"1": "AACAACAAGAACAACAA"})
    table = builders.write_table(
        tmp_path / "t.txt", [builders.gene("P", "1", "+", 0, 17), builders.gene("M", "1", "-", 0, 17)]
    )
    scorer = Scorer(reference=fasta, annotation=table, distance=2, compute=Compute(weights=arithmetic_weights))
    variants = [
        Variant("1", 9, "G", "T"),
        Variant("1", 8, "AG", "A"),
        Variant("1", 9, "G", "GT"),
        Variant("1", 8, "AGA", "ATA"),
    ]
    snv, deletion, insertion, mnv = scorer.score(variants)
    # On the minus strand G reads C and T reads A; the other A and C of the reference read T (donor) and G (acceptor).
    assert text(snv) == ["T|P|0.00|0.50|0.50|0.00|-2|0|0|-2", "T|M|0.00|0.00|0.00|0.00|-2|-2|-2|-2"]
    # Deleting G brings the A at +2 no nearer: it stays at +2, and +1, where the G was, becomes 0.
    assert text(deletion)[0] == "A|P|0.00|0.50|0.00|0.00|-2|1|-2|-2"
    assert text(insertion)[0] == "GT|P|0.00|0.00|0.50|0.00|-2|-2|0|-2"
    assert text(mnv)[0] == "ATA|P|0.00|0.50|0.50|0.00|-1|1|1|-1"


def test_score__outcomes_come_in_order_with_reasons(world):
    genome = world.genome
    ref = genome.base("chr1", 150)
    alt = genome.other("chr1", 150)
    variants = [
        Variant("chr1", 150, ref, alt),
        Variant("chr1", 150, ref, "."),
        Variant("chr1", 150, ref, "<DEL>"),
        Variant("chrX", 150, ref, alt),
        Variant("chr1", 5, genome.base("chr1", 5), alt),
        Variant("chr1", 150, alt, ref),
        Variant("chr1", 150, ref, "R"),
        Variant("1", 450, genome.base("chr1", 450), genome.other("chr1", 450)),
    ]
    outcomes = list(world.scorer(5).score(variants))
    assert [outcome.variant for outcome in outcomes] == variants
    assert [outcome.reason for outcome in outcomes] == [
        None,
        SkipReason.NO_ALT,
        SkipReason.SYMBOLIC,
        SkipReason.CONTIG,
        SkipReason.OUTSIDE,
        SkipReason.REF_MISMATCH,
        SkipReason.ALT_LETTERS,
        None,
    ]
    assert [score.symbol for score in outcomes[-1].scores] == ["PLUS", "MINUS"]


def test_score__a_single_variant_is_refused_at_the_call(world):
    # It is a tuple: its five fields were planned as variants, which failed on attributes of str.
    with pytest.raises(VariantError, match=r"an iterable of Variants or texts expected, found Variant\(chrom='chr1'"):
        world.scorer(5).score(Variant("chr1", 150, "A", "C"))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        5,
        "chr1:150:A:C",
        "",
        b"chr1",
        [b"chr1:150:A:C"],
        [("chr1", 150, "A", "C")],
        ("chr1", 150, "A", "C"),
        [None],
    ],
    ids=str,
)
def test_score__anything_else_than_variants_is_refused_at_the_call(world, wrong):
    with pytest.raises(SpliceAICliError, match="expected, found|is not a variant that can be read"):
        world.scorer(5).score(wrong)


def test_score__rows_of_a_frame_are_refused_with_what_to_do(world):
    frame = pd.DataFrame({"pos": [150], "chrom": ["chr1"], "ref": ["A"], "alt": ["C"]})
    for wrong in (frame.itertuples(index=False), frame.to_dict("records"), iter([("chr1", 150, "A", "C")])):
        with pytest.raises(VariantError) as error:
            list(world.scorer(5).score(wrong))
        assert "itertuples(index=False)" in error.value.hint
    # Iterating over a frame gives the names of its columns, which are texts.
    with pytest.raises(VariantError, match="'pos' is not a variant that can be read"):
        list(world.scorer(5).score(frame))


@pytest.mark.parametrize("wrong", [("chr1", 150, "A", "C"), None, [Variant("chr1", 150, "A", "C")]])
def test_profiles__anything_else_than_a_variant_is_refused(world, wrong):
    with pytest.raises(VariantError, match="a Variant or text expected, found"):
        world.scorer(5).profiles(wrong)


def test_score__reads_texts_as_the_command_does(world):
    genome = world.genome
    ref, alt, pair = genome.base("chr1", 150), genome.other("chr1", 150), genome.base("chr1", 150, 2)
    variants = [Variant("chr1", 150, ref, alt), Variant("1", 150, ref, alt), Variant("1", 150, pair, ref)]
    texts = [f"chr1:150:{ref}:{alt}", f"1:g.150{ref}>{alt}", "1:g.151del"]
    expected = list(world.scorer(5).score(variants))
    assert all(outcome.scores for outcome in expected)
    for mixed in (texts, tuple(texts), iter(texts), [texts[0], variants[1], texts[2]]):
        assert list(world.scorer(5).score(mixed)) == expected
    assert [parse_variant(text, world.genome.fasta) for text in texts] == variants
    assert [parse_variant(text, world.scorer(5).reference) for text in texts] == variants
    [ours], [theirs] = world.scorer(5).profiles(texts[0]), world.scorer(5).profiles(variants[0])
    assert ours.score == theirs.score


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NM_000540.3:c.38C>T", "is HGVS of coding DNA"),
        ("chr1:150:A", "is not a variant that can be read"),
        ("chr9:150:A:C", "has no contig chr9"),
        ("chr1:99999:A:C", "ends at 1000"),
        ("chr1:150:A:C,G", "has 2 ALT alleles"),
    ],
)
def test_score__text_that_cannot_be_read_is_an_error_at_the_call(world, text, said):
    with pytest.raises(VariantError, match=re.escape(said)):
        world.scorer(5).score([text])
    with pytest.raises(VariantError, match=re.escape(said)):
        world.scorer(5).profiles(text)
    # What an iterator gives is read when it comes.
    outcomes = world.scorer(5).score(iter([text]))
    with pytest.raises(VariantError, match=re.escape(said)):
        next(outcomes)


def test_score__accession_of_another_assembly_is_refused_in_a_variant_as_in_a_text(tmp_path, arithmetic_weights):
    """``Variant("NC_000001.10", …)`` was scored on GRCh38, at another place."""
    fasta = builders.write_fasta(tmp_path / "a.fa", {"NC_000001.11": "AACAACAAGAACAACAA"})
    table = builders.write_table(tmp_path / "t.txt", [builders.gene("P", "1", "+", 0, 17)])
    scorer = Scorer(reference=fasta, annotation=table, distance=2, compute=Compute(weights=arithmetic_weights))
    for right in (Variant("NC_000001.11", 9, "G", "T"), Variant("chr1", 9, "G", "T"), "NC_000001.11:g.9G>T"):
        [outcome] = scorer.score([right])
        assert outcome.scores
    for wrong in (Variant("NC_000001.10", 9, "G", "T"), "NC_000001.10:g.9G>T", "NC_000001.10:9:G:T"):
        for call in (lambda wrong=wrong: scorer.score([wrong]), lambda wrong=wrong: scorer.profiles(wrong)):
            with pytest.raises(AssemblyError, match=r"NC_000001\.10, which is GRCh37, is not NC_000001\.11"):
                call()


def test_score__one_snv_written_three_ways_is_at_the_same_place(world):
    genome = world.genome
    bases, alt = genome.base("chr1", 200, 4), genome.other("chr1", 203)
    ways = [
        Variant("chr1", 203, bases[3], alt),
        Variant("chr1", 202, bases[2:], bases[2] + alt),
        Variant("chr1", 200, bases, bases[:3] + alt),
    ]
    snv, two, four = (outcome.scores[0] for outcome in world.scorer(10).score(ways))
    assert [effect.score for effect in snv.effects] == [effect.score for effect in two.effects]
    assert [effect.score for effect in snv.effects] == [effect.score for effect in four.effects]
    assert [effect.offset + 1 for effect in snv.effects] == [effect.offset for effect in two.effects]
    assert [effect.offset + 3 for effect in snv.effects] == [effect.offset for effect in four.effects]


def test_score__does_not_depend_on_neighbours(world):
    genome = world.genome
    variants = [Variant("chr1", pos, genome.base("chr1", pos), genome.other("chr1", pos)) for pos in range(110, 890, 7)]
    scorer = world.scorer(20)
    alone = [next(iter(scorer.score([variant]))) for variant in variants]
    for expected, found in zip(alone, scorer.score(variants), strict=True):
        for one, other in zip(expected.scores, found.scores, strict=True):
            assert [e.offset for e in one.effects] == [e.offset for e in other.effects]
            assert max(abs(a.score - b.score) for a, b in zip(one.effects, other.effects, strict=True)) <= 2e-6


@st.composite
def alleles(draw):
    """Any place and any pair of alleles: SNV, MNV, insertion, deletion, delins; gene and contig ends included."""
    chrom, length = draw(st.sampled_from([("chr1", 1000), ("chr2", 300)]))
    near_ends = st.sampled_from([1, 2, 98, 99, 100, 101, 102, 399, 401, 499, 500, 501, 899, 900])
    pos = draw((near_ends | st.integers(1, length)).filter(lambda p: p <= length))
    n_ref = draw(st.integers(1, min(40, length - pos + 1)))
    return chrom, pos, n_ref, draw(st.text("ACGT", min_size=1, max_size=30) | st.none())


@settings(deadline=None, max_examples=250)
@given(allele=alleles(), distance=st.sampled_from([0, 1, 5, 30]))
def test_score__equals_the_literal_oracle(world, allele, distance):
    """Unrounded scores within 2e-6 of a literal reading in double precision; offsets where the winner is clear."""
    chrom, pos, n_ref, alt = allele
    genome = world.genome
    ref = genome.base(chrom, pos, n_ref)
    variant = Variant(chrom, pos, ref, ref[0] if alt is None else alt)
    [outcome] = world.scorer(distance).score([variant])
    literal = {gene: oracle.Gene(gene.strand, gene.start + 1, gene.end) for gene in genome.genes}
    covering = [
        gene
        for gene in genome.genes
        if f"chr{gene.chrom}" == chrom and oracle.covers(literal[gene], (pos, ref, variant.alt))
    ]
    assert [score.symbol for score in outcome.scores] == [gene.symbol for gene in covering]
    for gene, score in zip(covering, outcome.scores, strict=True):
        expected = oracle.score(
            genome.contigs[chrom], literal[gene], (pos, ref, variant.alt), distance, world.nets, SPEC.flank
        )
        for effect, (value, offset, gap) in zip(score.effects, expected.values(), strict=True):
            assert abs(effect.score - value) <= 2e-6
            if gap > 1e-5:
                assert effect.offset == offset


def test_score__of_several_models_has_models_outer_and_genes_inner(world, toy_weights, arithmetic_weights):
    genome = world.genome
    chosen = Settings(models=(f"Two={toy_weights}", f"One={arithmetic_weights}"), distance=5)
    scorer = Scorer(reference=genome.fasta, annotation=genome.table, settings=chosen, compute=Compute(device="cpu"))
    variants = [Variant("chr1", pos, genome.base("chr1", pos), genome.other("chr1", pos)) for pos in (450, 950, 200)]
    both, outside, one = scorer.score(variants)
    assert [(score.model_key, score.symbol) for score in both.scores] == [
        ("Two", "PLUS"), ("Two", "MINUS"), ("One", "PLUS"), ("One", "MINUS"),
    ]  # fmt: skip
    assert (outside.reason, [score.model_key for score in one.scores]) == (SkipReason.OUTSIDE, ["Two", "One"])
    alone = [next(iter(world.scorer(5).score([variants[0]]))), next(iter(world.arithmetic(5).score([variants[0]])))]
    assert [str(score) for score in both.scores] == [text for outcome in alone for text in map(str, outcome.scores)]


@pytest.mark.parametrize(
    "values",
    [
        {"distance": -1},
        {"mask": 3},
        {"compat": "1.3"},
        {"max_allele_length": 0},
        {"max_sv_length": -1},
        {"normalize": True, "compat": "1.3.1"},
        {"models": ()},
        # A text is no tuple of one.
        {"models": "spliceai"},
    ],
    ids=lambda v: next(iter(v)),
)
def test_settings__out_of_range_is_an_error(values):
    with pytest.raises(UsageError):
        Settings(**values)


@pytest.mark.parametrize("kernels", ["native", "torch"])
def test_score__values_that_overflow_are_an_error(world, tmp_path, kernels):
    """Weights that are not finite are refused when they are read; finite ones can still lead to what is no number."""
    if kernels == "native" and choice.choose().library is None:
        pytest.skip("native kernels are not built")
    spec = toy_networks.SPECS["native"]
    tensors = toy_networks.random_tensors(spec)
    for name in ("2.blocks.0.conv1.weight", "2.blocks.0.conv2.weight"):
        tensors[name] *= 1e38
    weights = toy_networks.save(tmp_path / "large", spec, tensors)
    scorer = Scorer(
        reference=world.genome.fasta,
        annotation=world.genome.table,
        settings=Settings(distance=20),
        compute=Compute(device="cpu", kernels=kernels, weights=weights),
    )
    variant = Variant("chr1", 300, world.genome.base("chr1", 300), world.genome.other("chr1", 300))
    with pytest.raises(NumericError, match="chr1:300"):
        list(scorer.score([variant]))
    with pytest.raises(NumericError, match="no finite number for a base"):
        load_model(str(weights), compute=Compute(device="cpu", kernels=kernels)).predict("ACGT" * 100)
