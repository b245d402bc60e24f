"""The words that a user can choose from are those that the program knows."""

from __future__ import annotations

import pytest

from spliceai_cli.annotate import existing
from spliceai_cli.engine import engines
from spliceai_cli.engine.pytorch import kernels
from spliceai_cli.errors import UsageError
from spliceai_cli.genes import resolve
from spliceai_cli.genes.gene import Gene
from spliceai_cli.models import published
from spliceai_cli.plan import compat
from spliceai_cli.report.plot import figure, heading
from spliceai_cli.scoring import mask
from spliceai_cli.settings import words
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings, TrackSettings
from spliceai_cli.tracks import sinks
from spliceai_cli.vcf import layouts


@pytest.mark.parametrize(
    ("words", "registry"),
    [
        (words.MASKS, mask.MASKS),
        (words.MASKS, mask.TISSUE_MASKS),
        (words.MASKS, range(len(heading._MASKS))),
        ((None, *words.COMPAT_MODES), compat.RULES),
        (words.ENGINES, engines.ENGINES),
        (words.PRECISIONS, kernels.DTYPES),
        (words.EXISTING, existing.PLANNERS),
        (words.LAYOUTS, layouts.LAYOUTS),
        (words.TRACK_FORMATS, sinks._ENDINGS),
        (sorted({*words.PICTURES} - {words.HTML}), sorted(figure._METADATA)),
        (words.MODEL_NAMES, (*published.MODELS, *published.OTHERS)),
        (words.ANNOTATION_NAMES, resolve._MEANINGS),
    ],
    ids=lambda value: None,
)
def test_words__are_those_of_the_registry(words, registry):
    assert list(words) == list(registry)


def test_strands__are_named_in_the_order_of_files():
    assert set(words.STRANDS[words.BOTH]) == set(sinks.STRAND_NAMES)
    assert [words.STRANDS[strand] for strand in "+-"] == ["+", "-"]


def test_gene_ids__are_the_names_of_a_gene():
    gene = Gene("S", "1", "+", 0, 9, (), gene_id="G", transcript_id="T")
    assert tuple(getattr(gene, name) for name in words.GENE_IDS) == gene.names == ("S", "G", "T")


def test_defaults__are_words_that_can_be_chosen():
    assert Settings.precision in words.PRECISIONS
    assert Compute.engine in words.ENGINES
    assert words.BOTH in words.STRANDS
    assert set(Settings.models) <= set(words.MODEL_NAMES)
    assert words.DEFAULT_ANNOTATION in words.ANNOTATION_NAMES


@pytest.mark.parametrize(
    "values",
    [
        {"distance": -1},
        {"distance": 2.0},
        {"max_allele_length": 0},
        {"max_sv_length": -1},
        {"models": "spliceai"},
        {"models": ()},
        {"precision": "half"},
    ],
    ids=str,
)
def test_track_settings__refuse_what_is_out_of_range(values):
    with pytest.raises(UsageError):
        TrackSettings(**values)
