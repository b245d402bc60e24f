"""What a model is but for its numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spliceai_cli.models.published import BLOCKS, CISPLICEAI, PANGOLIN, SPLICEAI, openspliceai
from spliceai_cli.models.spec import NetworkSpec, Track
from spliceai_cli.scores.tissues import TISSUES

SPECS = {
    "spliceai": SPLICEAI.spec,
    "cispliceai": CISPLICEAI.spec,
    "pangolin": PANGOLIN,
    **{f"openspliceai {context}": openspliceai(context, 1) for context in BLOCKS},
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_json__round_trip(spec):
    assert NetworkSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_spec__says_what_it_is_of(spec):
    assert spec.key
    assert spec.licence


def test_spliceai__needs_5000_bases_on_each_side():
    assert SPLICEAI.spec.flank == 5000
    assert [block.reach for block in SPLICEAI.spec.blocks[::4]] == [5, 20, 100, 500]
    assert [i for i, block in enumerate(SPLICEAI.spec.blocks, 1) if block.is_tapped] == [4, 8, 12, 16]


def test_contexts__are_those_that_were_published():
    assert {context: len(blocks) for context, blocks in BLOCKS.items()} == {80: 4, 400: 8, 2_000: 12, 10_000: 16}
    for context, blocks in BLOCKS.items():
        assert openspliceai(context, 1).context == context
        assert blocks == SPLICEAI.spec.blocks[: len(blocks)]


def test_outputs__of_sites():
    spec = SPLICEAI.spec
    assert (spec.n_classes, spec.n_outputs, spec.n_answers, spec.group_size, spec.n_averaged) == (3, 3, 3, 5, 5)
    assert spec.columns == ("neither", "acceptor", "donor")
    assert spec.tracks == (Track("acceptor", 1), Track("donor", 2))


def test_outputs__of_tissues_are_left_apart_until_alt_is_laid_on_ref():
    assert (PANGOLIN.n_classes, PANGOLIN.n_outputs, PANGOLIN.n_answers) == (2, 8, 24)
    assert (PANGOLIN.group_size, PANGOLIN.n_averaged) == (3, 1)
    assert PANGOLIN.columns == tuple(
        f"{tissue}_{name}" for tissue in ("heart", "liver", "brain", "testis") for name in ("neither", "splice")
    )
    assert [track.column for track in PANGOLIN.tracks] == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"activation": "silu"}, "unknown activation 'silu'"),
        ({"scoring": "genes"}, "unknown scoring 'genes'"),
        ({"n_networks": 0}, "0 networks do not make 1 groups"),
        ({"n_networks": 10, "groups": ("a", "b", "c"), "scoring": TISSUES.name}, "10 networks do not make 3 groups"),
    ],
)
def test_spec__that_contradicts_itself_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        replace(SPLICEAI.spec, **changes)
