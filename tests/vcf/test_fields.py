from __future__ import annotations

import pytest
from support.written_fields import ALL, LARGEST, RAW, REASON, SCORES

from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import SITES, DeltaScore
from spliceai_cli.variants.variant import Outcome, SkipReason, Variant


def scored(symbol, *values, allele="C"):
    """Scores with the given values of AG, AL, DG, DL, at offsets 1 to 4, with probabilities 0 and the score."""
    effects = (Effect(value, offset, 0.0, value) for offset, value in enumerate(values, 1))
    return DeltaScore(allele, symbol, *effects)


DOTS = DeltaScore("C", "DOTS")


def outcome(*scores, reason=None, alt="C"):
    return Outcome(Variant("1", 5, "A", alt), scores, reason)


OUTSIDE = outcome(reason=SkipReason.OUTSIDE, alt="G")
COMPAT = outcome(DOTS, reason=SkipReason.COMPAT)
ONE = outcome(scored("ONE", 0.1, 0.2, 0.914, 0.0))
TWO = outcome(scored("ONE", 0.1, 0.2, 0.3, 0.0), scored("TWO", 0.0, 0.996, 0.0, 0.0))
NONE = outcome(scored("ONE", 0.0, 0.0, 0.0, 0.0))


def values(field, *outcomes):
    return field.values(outcomes)


def test_all__are_in_the_order_of_output_with_ids_of_their_keys():
    assert [field.key for field in ALL] == [
        "SpliceAI",
        "SpliceAI_TX",
        "SpliceAI_DS_max",
        "SpliceAI_RAW",
        "SpliceAI_SKIP",
        "SpliceAI_CSQ",
        "SpliceAI_EXON",
    ]
    for field in ALL:
        assert field.header_line.startswith(f"##INFO=<ID={field.key},Number=")
        assert field.header_line.endswith('">')
        assert "\n" not in field.header_line
    assert SCORES.header_line == SITES.header("SpliceAI")
    # One value for each ALT, so that slivar, echtvar and GEMINI read them.
    assert "Number=A,Type=Float" in LARGEST.header_line
    assert "Number=A,Type=String" in REASON.header_line


@pytest.mark.parametrize("field", ALL, ids=lambda field: field.key)
def test_field__of_no_outcome_is_left_out(field):
    assert values(field) == []


def test_scores__alleles_outer_genes_inner():
    assert values(SCORES, TWO, OUTSIDE, ONE, COMPAT) == [
        "C|ONE|0.10|0.20|0.30|0.00|1|2|3|4",
        "C|TWO|0.00|1.00|0.00|0.00|1|2|3|4",
        "C|ONE|0.10|0.20|0.91|0.00|1|2|3|4",
        "C|DOTS|.|.|.|.|.|.|.|.",
    ]
    assert values(SCORES, OUTSIDE) == []


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([ONE], ["0.91"]),
        # Over all genes.
        ([TWO], ["1.00"]),
        ([NONE], ["0.00"]),
        # One value for each ALT, a dot where there is none; nothing where no ALT has one.
        ([ONE, OUTSIDE, TWO], ["0.91", ".", "1.00"]),
        ([OUTSIDE, COMPAT], []),
        # 1.3.1's dots for one gene beside a score for another.
        ([outcome(DOTS, scored("ONE", 0.5, 0.0, 0.0, 0.0))], ["0.50"]),
        # As printed in INFO/SpliceAI, but never -0.00, which --compat prints there.
        ([outcome(scored("ONE", -0.02, -0.001, -0.0, -0.3))], ["0.00"]),
        ([outcome(scored("ONE", 0.005, 0.0, 0.0, 0.0))], ["0.01"]),
        ([outcome(scored("ONE", 0.0, 0.004999, 0.0, 0.0))], ["0.00"]),
    ],
)
def test_largest__is_of_an_allele_over_all_genes(outcomes, expected):
    assert LARGEST.values(outcomes) == expected


@pytest.mark.parametrize("reason", SkipReason)
def test_reason__is_the_code(reason):
    assert values(REASON, outcome(reason=reason)) == [reason.code]


def test_reason__is_for_each_alt():
    assert values(REASON, ONE, OUTSIDE, COMPAT) == [".", "outside", "compat"]
    assert values(REASON, ONE, TWO) == []


def test_reason__can_stand_in_info():
    # No separator of VCF's, no space.
    assert not any(set(reason.code) & set(",;= \t|") for reason in SkipReason)


def test_raw__has_probabilities_of_scored_genes():
    assert values(RAW, TWO, OUTSIDE, COMPAT) == [
        "C|ONE|0.0000|0.1000|0.0000|0.2000|0.0000|0.3000|0.0000|0.0000",
        "C|TWO|0.0000|0.0000|0.0000|0.9960|0.0000|0.0000|0.0000|0.0000",
    ]


def test_raw__is_dots_where_the_mask_left_no_position():
    masked = DeltaScore("C", "ONE", Effect(0.25, 3, 0.25, 0.5), Effect(0.0, 0), Effect(0.0, 0), Effect(1.0, -1, 1, 0))
    assert values(RAW, outcome(masked)) == ["C|ONE|0.2500|0.5000|.|.|.|.|1.0000|0.0000"]
    # Ten fields, as the other key has.
    assert values(RAW, outcome(masked))[0].count("|") == 9
