"""Which kinds there are, and which of them a text is of."""

from __future__ import annotations

import pytest

from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kinds import KINDS, named_allele, parse_score
from spliceai_cli.scores.sites import SITES, DeltaScore
from spliceai_cli.scores.tissues import TISSUES, TissueScore
from spliceai_cli.scoring.scoring import SCORINGS

FOUR = (Effect(0.1, 1), Effect(0.2, -2), Effect(0.3, 0), Effect(0.4, 4))


def test_kinds__are_registered_with_what_computes_them():
    # Weights files have these names.
    assert list(KINDS) == list(SCORINGS) == ["sites", "tissues"]
    assert [kind.name for kind in KINDS.values()] == list(KINDS)


@pytest.mark.parametrize(
    "score",
    [
        DeltaScore("T", "RYR1", *FOUR, model_key="X"),
        DeltaScore("T", "RYR1", model_key="X"),
        DeltaScore("<DEL>", "A:1", *FOUR, model_key="X"),
        TissueScore("T", "RYR1", FOUR[0], FOUR[1], "X"),
        TissueScore("<DEL>", "1:A", FOUR[0], FOUR[1], "X"),
    ],
    ids=str,
)
def test_parse_score__detects_the_kind_from_the_text(score):
    assert parse_score(score.named, "X", "not this one") == score
    assert (len(score.numbers), len(score.kind.effects)) in ((8, 4), (4, 2))
    assert len(score.numbers) == len(score.kind.columns)


def test_parse_score__takes_the_allele_of_the_record_where_the_text_has_none():
    score = TissueScore("T", "RYR1", FOUR[0], FOUR[1], "X")
    assert parse_score(str(score), "X", "T") == score


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "INFO/X is malformed: 'nonsense' has 1 field, not 10"),
        ("T|G|x|0|0|0|1|1|1|1", "INFO/X is malformed: DS_AG is 'x', a number up to 1 expected"),
        ("G|1:x|2:0.1|Warnings:", "'G|1:x|2:0.1|Warnings:' is not SYMBOL|position:gain|position:loss|Warnings:"),
    ],
)
def test_parse_score__says_what_is_malformed(text, said):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 (the text is compared)
        parse_score(text, "X", "T")
    assert str(raised.value) == said


def test_missing__is_written_by_models_of_sites_alone():
    assert str(SITES.missing("T", "G", model_key="X", transcript_id="ENST1")) == "T|G|.|.|.|.|.|.|.|."
    assert TISSUES.missing is None


@pytest.mark.parametrize(
    ("text", "allele"),
    [
        ("T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31", "T"),
        ("T|RYR1", "T"),
        ("T", "T"),
        ("|RYR1|0.00", ""),
        ("RYR1|-2:0.85|-31:-0.01|Warnings:ALT=T", "T"),
        ("RYR1|-2:0.85|-31:-0.01|Warnings:", ""),
        ("RYR1|-2:0.85|-31:-0.01", ""),
    ],
)
def test_named_allele__is_that_of_the_text_or_none(text, allele):
    assert named_allele(text) == allele
