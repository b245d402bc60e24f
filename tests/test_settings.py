"""What a user can choose is what there is."""

from __future__ import annotations

from spliceai_cli.scoring import mask
from spliceai_cli.settings import MASKS


def test_masks__are_those_of_either_kind_of_model():
    assert tuple(mask.MASKS) == MASKS
    assert tuple(mask.TISSUE_MASKS) == MASKS
