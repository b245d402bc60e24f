from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import SITES, DeltaScore

name = st.text(st.characters(blacklist_characters="|", blacklist_categories=["Cs"]), min_size=1, max_size=12)
effect = st.builds(Effect, st.integers(0, 100).map(lambda n: n / 100), st.integers(-5000, 5000))
scores = st.builds(DeltaScore, name, name, effect, effect, effect, effect) | st.builds(DeltaScore, name, name)


@given(scores)
def test_delta_score__parse_of_text_is_identity(score):
    assert DeltaScore.parse(str(score)) == score


def test_delta_score__text_has_ten_fields_and_two_decimals():
    effects = [Effect(0.005, 0), Effect(0.015001, -50), Effect(1.0, 50), Effect(0.994999, 3)]
    assert str(DeltaScore("T", "RYR1", *effects)) == "T|RYR1|0.01|0.02|1.00|0.99|0|-50|50|3"
    assert str(DeltaScore("CC", "A1")) == "CC|A1|.|.|.|.|.|.|.|."


def test_raw__has_the_probabilities_where_they_are_known():
    effects = [Effect(0.25, 3, 0.5, 0.75), Effect(0.0, 0), Effect(0.00004, -1, 0.00004, 0.00005), Effect(1.0, 0, 1, 0)]
    assert DeltaScore("T", "RYR1", *effects).raw == "T|RYR1|0.5000|0.7500|.|.|0.0000|0.0001|1.0000|0.0000"


def test_max_score__is_the_largest_of_the_four():
    assert DeltaScore("T", "A", *(Effect(score, 0) for score in (0.1, 0.4, 0.3, 0.2))).max_score == 0.4
    assert DeltaScore("T", "A").max_score == 0.0


@pytest.mark.parametrize("text", ["", "A|B", "A|B|0|0|0|0|1|1|1", "A|B|x|0|0|0|1|1|1|1", "A|B|0|0|0|0|1|1|1|1.5"])
def test_delta_score__refuses_what_is_malformed(text):
    with pytest.raises(ValueError):  # noqa: PT011 (the contract is the type)
        DeltaScore.parse(text)


def test_header_line__is_that_of_1_3_1():
    # As published with the tool's examples; consumers parse it.
    assert SITES.header("SpliceAI") == (
        '##INFO=<ID=SpliceAI,Number=.,Type=String,Description="SpliceAIv1.3.1 variant annotation. These include delta '
        "scores (DS) and delta positions (DP) for acceptor gain (AG), acceptor loss (AL), donor gain (DG), and donor "
        'loss (DL). Format: ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|DP_AG|DP_AL|DP_DG|DP_DL">'
    )
