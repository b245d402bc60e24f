"""Transcripts that look the same around an allele are computed once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import builders

from spliceai_cli import Compute, Scorer, Settings, Variant
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.dedup import share
from spliceai_cli.plan.rules import Rules
from spliceai_cli.plan.sequence import GeneSequence

FLANK, DISTANCE = 10, 5
# The networks see 0-based 184 to 215 around POS 200: itself, 5 bp and 10 bp on either side.
POS = 200


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    return builders.small_genome(tmp_path_factory.mktemp("genome"))


@pytest.fixture(scope="module")
def reference(genome):
    return Reference(genome.fasta)


@pytest.fixture(scope="module")
def edit(genome, reference):
    """An edit of a transcript on chr1, by default an SNV."""

    def make(strand, start, end, *, pos=POS, n_ref=1, alt=None):
        ref = genome.base("chr1", pos, n_ref)
        rules = Rules(DISTANCE, 1000)
        variant = Variant("chr1", pos, ref, genome.other("chr1", pos) if alt is None else ref[0] + alt)
        sequence = GeneSequence(reference, "chr1", strand, Interval(start, end))
        return rules.edit(variant, sequence, rules.alignment(variant))

    return make


@pytest.mark.parametrize("strand", "+-")
def test_share__transcripts_that_cover_all_that_is_seen(edit, strand):
    spans = [(184, 215), (100, 300), (0, 1000), (184, 900)]
    shared = share([edit(strand, *span) for span in spans], FLANK)
    assert (len(shared.edits), shared.rows) == (1, [0, 0, 0, 0])


@pytest.mark.parametrize("strand", "+-")
@pytest.mark.parametrize("span", [(185, 300), (100, 214), (195, 300), (100, 200)])
def test_share__not_transcripts_that_end_within_sight(edit, strand, span):
    shared = share([edit(strand, 100, 300), edit(strand, *span)], FLANK)
    assert shared.rows == [0, 1]


@pytest.mark.parametrize("strand", "+-")
def test_share__transcripts_that_end_at_the_same_place_within_sight(edit, strand):
    shared = share([edit(strand, 195, 300), edit(strand, 195, 215), edit(strand, 195, 210)], FLANK)
    assert shared.rows == [0, 0, 1]


def test_share__not_strands_places_or_alleles(edit):
    edits = [
        edit("+", 100, 300),
        edit("-", 100, 300),
        edit("+", 100, 300, pos=201),
        edit("+", 100, 300, alt="A"),
        edit("+", 100, 300, alt="C"),
        edit("+", 100, 300, n_ref=3, alt=""),
    ]
    assert share(edits, FLANK).rows == [0, 1, 2, 3, 4, 5]


def test_share__not_contigs(edit, reference):
    one = edit("+", 100, 300)
    other = replace(one, sequence=GeneSequence(reference, "chr2", "+", Interval(100, 300)))
    assert share([one, other], FLANK).rows == [0, 1]


def test_share__the_longest_transcript_answers_and_of_equal_ones_the_first(edit):
    edits = [edit("+", *span) for span in [(100, 300), (50, 400), (60, 410), (150, 250), (190, 300)]]
    shared = share(edits, FLANK)
    assert shared.rows == [0, 0, 0, 0, 1]
    assert shared.edits[0] is edits[1]
    assert shared.edits[1] is edits[4]


def test_share__nothing():
    assert share([], FLANK) == ([], [])


@st.composite
def transcripts(draw):
    """Strand and span around POS; few different ends, so that many are the same."""
    start = draw(st.sampled_from([0, 150, 170, 180, 183, 184, 185, 190, 195, 199]))
    end = draw(st.sampled_from([200, 201, 204, 210, 214, 215, 216, 220, 230, 250, 1000]))
    return draw(st.sampled_from("+-")), start, end


@settings(deadline=None)
@given(
    st.lists(transcripts(), min_size=2, max_size=30),
    st.integers(1, 25),
    st.text("ACGT", max_size=40) | st.none(),
)
def test_share__those_that_share_have_the_same_bases_in_sight(edit, drawn, n_ref, alt):
    edits = [edit(*transcript, n_ref=1 if alt is None else n_ref, alt=alt) for transcript in drawn]
    shared = share(edits, FLANK)
    for one, row in zip(edits, shared.rows, strict=True):
        other = shared.edits[row]
        assert (one.ref_scored, one.alt_scored) == (other.ref_scored, other.alt_scored)
        for codes, scored in (("ref_codes", one.ref_scored), ("alt_codes", one.alt_scored)):
            seen = Interval(scored.start - FLANK, scored.end + FLANK)
            np.testing.assert_array_equal(getattr(one, codes)(seen), getattr(other, codes)(seen))


# Spans around the variants below; exons so that masks differ where windows do not.
TRANSCRIPTS = [
    builders.gene(f"{strand}{start}-{end}-{i}", "1", strand, start, end, *exons)
    for strand in "+-"
    for start, end in [(100, 500), (100, 900), (150, 500), (195, 320), (280, 330), (0, 1000)]
    for i, exons in enumerate([((start, end),), ((start, 299), (310, end))])
]


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("mask", [0, 1])
def test_score__with_sharing_is_that_of_each_transcript_alone(genome, toy_weights, tmp_path, monkeypatch, mask):
    def scorer(name, genes):
        table = builders.write_table(tmp_path / name, genes)
        compute = Compute(device="cpu", weights=toy_weights)
        return Scorer(
            reference=genome.fasta, annotation=table, settings=Settings(distance=DISTANCE, mask=mask), compute=compute
        )

    alts = [(pos, n_ref, alt) for pos in (203, 298, 300, 311) for n_ref, alt in [(1, "TT"), (1, "A"), (8, "")]]
    refs = [(pos, genome.base("chr1", pos, n_ref), alt) for pos, n_ref, alt in alts]
    variants = [Variant("chr1", pos, ref, ref[0] + alt) for pos, ref, alt in refs]
    variants += [
        Variant("chr1", pos, genome.base("chr1", pos), genome.other("chr1", pos)) for pos in range(200, 320, 9)
    ]

    together = scorer("all.txt", TRANSCRIPTS)
    n_asked = []
    engine = together._station.runners[0].engine
    predict = engine.predict
    monkeypatch.setattr(engine, "predict", lambda edits, *more: n_asked.append(len(edits)) or predict(edits, *more))
    found = list(together.score(variants))
    n_scores = sum(len(outcome.scores) for outcome in found)
    assert 0 < sum(n_asked) < n_scores / 2

    by_gene = {(i, score.symbol): score for i, outcome in enumerate(found) for score in outcome.scores}
    n_alone = 0
    for gene in TRANSCRIPTS:
        for i, outcome in enumerate(scorer("one.txt", [gene]).score(variants)):
            for score in outcome.scores:
                n_alone += 1
                shared = by_gene[i, score.symbol]
                assert [effect.offset for effect in shared.effects] == [effect.offset for effect in score.effects]
                for one, other in zip(shared.effects, score.effects, strict=True):
                    assert abs(one.score - other.score) <= 2e-6
    assert n_alone == n_scores
