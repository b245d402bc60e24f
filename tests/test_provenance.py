"""What scores were made with: one value, and what is written of it."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from importlib import metadata

import pytest

import spliceai_cli
from spliceai_cli.models.spec import ModelIdentity
from spliceai_cli.provenance import Provenance, __version__, full_version, provenance_of
from spliceai_cli.settings.scoring import Settings

VERSION = full_version()
ONE, OTHER = ModelIdentity("one", "ONE", "a1", "b1"), ModelIdentity("other", "OTHER", "a2", "b2")
GENES = {"genes_sha256": "c", "transcripts": "all"}

CHANGED = {
    "distance": 51,
    "mask": 2,
    "compat": "1.3.1",
    "max_allele_length": 9,
    "max_sv_length": 9,
    "normalize": True,
    "precision": "fast",
}


def test_header__has_a_line_for_each_model():
    settings = Settings(distance=20, mask=1, normalize=True, max_sv_length=0)
    rest = (
        'GenesSHA256="c",Transcripts="all",Distance="20",Mask="1",MaxAlleleLength="10000",MaxSVLength="0",'
        'Normalize="true",Compat="none",Precision="float32">'
    )
    assert provenance_of(settings, [ONE, OTHER], GENES).header_lines() == (
        f'##spliceai-annotate=<ID=ONE,Version="{VERSION}",Model="one",WeightsSHA256="a1",NetworkSHA256="b1",{rest}',
        f'##spliceai-annotate=<ID=OTHER,Version="{VERSION}",Model="other",WeightsSHA256="a2",NetworkSHA256="b2",{rest}',
    )


def test_views__say_the_same():
    provenance = provenance_of(Settings(), [ONE, OTHER], GENES)
    together = provenance.together()
    models = together.pop("models")
    assert [model["model_key"] for model in models] == ["ONE", "OTHER"]
    assert provenance.by_model() == [{**model, **together} for model in models]
    for line, facts in zip(provenance.header_lines(), provenance.by_model(), strict=True):
        written = dict(re.findall(r'(\w+)="([^"]*)"', line))
        assert list(written.values()) == [
            {"False": "false", "None": "none"}.get(str(value), str(value))
            for name, value in facts.items()
            if name != "model_key"
        ]


def test_every_setting__is_part_of_it():
    # The models stand in it by their digests.
    assert {field.name for field in fields(Settings)} - {"models"} == set(CHANGED)


@pytest.mark.parametrize("name", CHANGED)
def test_cache_key__changes_with_every_setting(name):
    changed = provenance_of(replace(Settings(), **{name: CHANGED[name]}), [ONE], GENES)
    assert changed.cache_key() != provenance_of(Settings(), [ONE], GENES).cache_key()


def test_cache_key__is_that_of_equal_facts():
    plain = provenance_of(Settings(), [ONE], GENES)
    assert plain.cache_key() == provenance_of(Settings(), (ONE,), dict(reversed(GENES.items()))).cache_key()
    others = [
        provenance_of(Settings(), [OTHER], GENES),
        provenance_of(Settings(), [ONE, OTHER], GENES),
        provenance_of(Settings(), [ONE], {**GENES, "genes_sha256": "d"}),
        replace(plain, version="0"),
        *(provenance_of(Settings(), [ONE._replace(**{name: "x"})], GENES) for name in ONE._fields),
    ]
    assert len({plain.cache_key(), *(other.cache_key() for other in others)}) == len(others) + 1


def test_version__is_that_of_the_package():
    assert spliceai_cli.__version__ == __version__
    assert Provenance((), {}, {}).version == VERSION
    assert metadata.version("spliceai-cli") == __version__
