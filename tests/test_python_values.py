"""Values of wrong types in the Python API: each is one clear ``SpliceAICliError``, whatever would fail inside."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import spliceai_cli
from spliceai_cli import (
    Compute,
    Outcome,
    Predictor,
    Scorer,
    Selection,
    Settings,
    SkipReason,
    SpliceAICliError,
    TrackSettings,
    Variant,
    load_model,
    parse_variant,
    plot,
    to_frame,
)

OUTCOME = Outcome(Variant("1", 5, "A", "C"), reason=SkipReason.OUTSIDE)

WRONG = {
    "distance": [None, "50", 50.0, True, -1, [], np.float64(50), b"50"],
    "max_allele_length": [None, "9", 0, False],
    "max_sv_length": [None, "9", -1, 2.5],
    "models": [None, "spliceai", ["spliceai"], (), (5,), ("",), (None,)],
    "precision": [None, 32, [], "half", {}],
}
SCORING = {**WRONG, "mask": [None, "1", 3, 1.0, True], "compat": ["1.3", 5], "normalize": [None, "yes", 1]}
COMPUTE = {
    "device": [None, 0],
    "batch_size": ["8", 0, 2.0, True],
    "memory": ["4G", -1, 0.5],
    "engine": [None, [], "fast"],
    "weights": [5, b"w", ""],
    "home": [5, b"h", ""],
    "annotation_cache": [None, "no"],
}
SELECTION = {
    "transcripts": [None, 5, b"all", ""],
    "genes": [5, b"g", "", ["RYR1"]],
    "biotypes": [None, "protein_coding", ["protein_coding"], (5,)],
    "gene_id": [None, "name", []],
    "strict": [None, "yes"],
}
OF_CLASS = [
    (kind, name, value)
    for kind, values in ((Settings, SCORING), (TrackSettings, WRONG), (Compute, COMPUTE), (Selection, SELECTION))
    for name, wrong in values.items()
    for value in wrong
]


@pytest.mark.parametrize(("kind", "name", "value"), OF_CLASS, ids=lambda value: getattr(value, "__name__", repr(value)))
def test_options__of_wrong_types_are_refused_by_name(kind, name, value):
    with pytest.raises(SpliceAICliError) as error:
        kind(**{name: value})
    assert re.search(name.replace("_", ".") if name != "compat" else "compatibility", error.value.message)


def test_options__take_whole_numbers_of_numpy_and_keep_plain_ones():
    settings = Settings(distance=np.int64(20), mask=np.uint8(1), max_sv_length=np.int32(7))
    assert settings == Settings(distance=20, mask=1, max_sv_length=7)
    assert {type(value) for value in (settings.distance, settings.mask, settings.max_sv_length)} == {int}
    assert type(TrackSettings(distance=np.int64(20)).distance) is int
    assert type(Compute(batch_size=np.int64(4)).batch_size) is int


@pytest.mark.parametrize("wrong", [5, None, b"hg38.fa", "", ["hg38.fa"], 1.5], ids=repr)
def test_paths__that_are_none_are_refused(wrong, genome):
    calls = [
        lambda: Scorer(reference=wrong, annotation="grch38"),
        lambda: Scorer(reference=genome.fasta, annotation=wrong),
        lambda: Predictor(reference=wrong),
        lambda: parse_variant("chr1:5:A:C", wrong),
    ]
    for call in calls:
        with pytest.raises(SpliceAICliError, match="a path expected"):
            call()


@pytest.mark.parametrize("name", ["selection", "settings", "compute"])
@pytest.mark.parametrize("wrong", ["all", {}, 5], ids=repr)
def test_values__of_other_classes_are_refused(name, wrong, genome):
    for call in (Scorer, Predictor):
        with pytest.raises(SpliceAICliError, match=f"{name} is .* expected"):
            call(reference=genome.fasta, annotation=genome.table, **{name: wrong})


def test_compute__refuses_workers_beside_a_cluster():
    """The number used to be ignored silently."""
    with pytest.raises(SpliceAICliError, match="workers is 4, but a Dask cluster has workers of its own"):
        Compute(dask="tcp://here:8786", workers=4)
    with pytest.raises(SpliceAICliError, match=r"dask is 8786 \(int\); a text expected"):
        Compute(dask=8786)
    assert Compute(dask="tcp://here:8786", workers=None).dask == "tcp://here:8786"


@pytest.fixture
def predictor(genome, toy_weights):
    return Predictor(
        reference=genome.fasta, annotation=genome.table, compute=Compute(device="cpu", weights=toy_weights)
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda p: p.regions(5),
        lambda p: p.regions([5]),
        lambda p: p.regions(b"chr1"),
        lambda p: p.regions("chr1", strand=[]),
        lambda p: p.regions("chr1", context=5),
        lambda p: p.genes(5),
        lambda p: p.genes([None]),
        lambda p: p.alleles(5),
        lambda p: p.alleles(None),
        lambda p: p.regions("chr1").write(5),
        lambda p: p.regions("chr1").write("x.tsv", min_probability="0.5"),
        lambda p: p.regions("chr1").write("x.tsv", output_format=5),
    ],
)
def test_predictor__refuses_what_it_cannot_read(call, predictor):
    with pytest.raises(SpliceAICliError, match="expected|choose from"):
        call(predictor)


@pytest.mark.parametrize("wrong", [5, None, OUTCOME, [Variant("1", 5, "A", "C")], [None], "outcome"], ids=str)
def test_to_frame__refuses_what_is_no_outcome(wrong):
    with pytest.raises(SpliceAICliError, match="an iterable of Outcomes expected, found"):
        to_frame(wrong)


@pytest.mark.parametrize("wrong", [5, None, b"chr1:5:A:C", ["chr1:5:A:C"]], ids=repr)
def test_parse_variant__refuses_what_is_no_text(wrong, genome):
    with pytest.raises(SpliceAICliError, match="text is .* expected"):
        parse_variant(wrong, genome.fasta)


@pytest.mark.parametrize("wrong", [5, None, Path("x")], ids=repr)
def test_load_model__refuses_what_is_no_name(wrong):
    with pytest.raises(SpliceAICliError, match="model is .* expected"):
        load_model(wrong)


@pytest.mark.parametrize("wrong", [b"ACGT", None, 5, ["A"]], ids=repr)
def test_model__refuses_what_is_no_sequence(wrong, toy_weights):
    model = load_model(f"Toy={toy_weights}", compute=Compute(device="cpu"))
    with pytest.raises(SpliceAICliError, match="sequence is .* expected"):
        model.predict(wrong)
    with pytest.raises(SpliceAICliError, match="strand"):
        model.predict("ACGT", strand=wrong)


def test_plot__refuses_what_is_no_scorer_or_variant(genome, toy_weights):
    with pytest.raises(SpliceAICliError, match="scorer is 5"):
        plot(5, "chr1:5:A:C")
    compute = Compute(device="cpu", weights=toy_weights)
    scorer = Scorer(reference=genome.fasta, annotation=genome.table, distance=20, compute=compute)
    ref, alt = genome.base("chr1", 150), genome.other("chr1", 150)
    for wrong, said in ((5, "a Variant or text expected"), ("chr1:1", "is not a variant that can be read"),
                        (f"chr1:990:{genome.base('chr1', 990)}:.", "has no score: without ALT")):  # fmt: skip
        with pytest.raises(SpliceAICliError, match=re.escape(said)):
            plot(scorer, wrong)
    with pytest.raises(SpliceAICliError, match=r"does not lie in NONE, but in PLUS\."):
        plot(scorer, f"chr1:150:{ref}:{alt}", gene="NONE")


def test_plot__is_a_picture_in_notebooks_and_files(genome, toy_weights, tmp_path):
    compute = Compute(device="cpu", weights=toy_weights)
    scorer = Scorer(reference=genome.fasta, annotation=genome.table, distance=20, compute=compute)
    ref, alt = genome.base("chr1", 450), genome.other("chr1", 450)
    picture = plot(scorer, f"chr1:450:{ref}:{alt}")
    assert len(picture.scenes) == 2
    assert len(plot(scorer, Variant("chr1", 450, ref, alt), gene="MINUS").scenes) == 1
    assert picture._repr_png_().startswith(b"\x89PNG")
    assert "PLUS" in repr(picture)
    picture.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_bytes() == picture.render("svg")
    for wrong in (5, "", tmp_path / "a", tmp_path / "a.gif"):
        with pytest.raises(SpliceAICliError):
            picture.save(wrong)


def test_outcome__has_its_reason_under_the_old_name_with_a_warning():
    with pytest.warns(DeprecationWarning, match=r"Outcome\.skip is now called Outcome\.reason"):
        assert OUTCOME.skip is OUTCOME.reason is SkipReason.OUTSIDE


def test_public_names__can_all_be_loaded():
    assert all(getattr(spliceai_cli, name) for name in spliceai_cli.__all__)
