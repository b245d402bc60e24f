"""The words that a user can choose from are those that the program knows."""

from __future__ import annotations

import pytest

from spliceai_cli import settings
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
from spliceai_cli.settings import Compute, Settings, TrackSettings
from spliceai_cli.tracks import sinks
from spliceai_cli.vcf import layouts


@pytest.mark.parametrize(
    ("words", "registry"),
    [
        (settings.MASKS, mask.MASKS),
        (settings.MASKS, mask.TISSUE_MASKS),
        (settings.MASKS, range(len(heading._MASKS))),
        ((None, *settings.COMPAT_MODES), compat.RULES),
        (settings.ENGINES, engines.ENGINES),
        (settings.PRECISIONS, kernels.DTYPES),
        (settings.EXISTING, existing.PLANNERS),
        (settings.LAYOUTS, layouts.LAYOUTS),
        (settings.TRACK_FORMATS, sinks._ENDINGS),
        (sorted({*settings.PICTURES} - {settings.HTML}), sorted(figure._METADATA)),
        (settings.MODEL_NAMES, (*published.MODELS, *published.OTHERS)),
        (settings.ANNOTATION_NAMES, resolve._MEANINGS),
    ],
    ids=lambda value: None,
)
def test_words__are_those_of_the_registry(words, registry):
    assert list(words) == list(registry)


def test_strands__are_named_in_the_order_of_files():
    assert set(settings.STRANDS[settings.BOTH]) == set(sinks.STRAND_NAMES)
    assert [settings.STRANDS[strand] for strand in "+-"] == ["+", "-"]


def test_gene_ids__are_the_names_of_a_gene():
    gene = Gene("S", "1", "+", 0, 9, (), gene_id="G", transcript_id="T")
    assert tuple(getattr(gene, name) for name in settings.GENE_IDS) == gene.names == ("S", "G", "T")


def test_defaults__are_words_that_can_be_chosen():
    assert Settings.precision in settings.PRECISIONS
    assert Compute.engine in settings.ENGINES
    assert settings.BOTH in settings.STRANDS
    assert set(Settings.models) <= set(settings.MODEL_NAMES)
    assert settings.DEFAULT_ANNOTATION in settings.ANNOTATION_NAMES


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
