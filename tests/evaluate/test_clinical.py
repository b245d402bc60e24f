"""``data/recipes/clinical.py`` and what ``evaluate variants`` counts on a part of it, against scikit-learn."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

RECIPE = Path(__file__).parents[2] / "data" / "recipes" / "clinical.py"


@pytest.fixture(scope="module")
def clinical(shared, chr19, store, tmp_path_factory):
    """The folder that the recipe makes."""
    folder = tmp_path_factory.mktemp("clinical")
    spec = importlib.util.spec_from_file_location("clinical", RECIPE)
    recipe = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPLICEAI_CLI_HOME", str(store.home))
        spec.loader.exec_module(recipe)
        patch.setattr(recipe, "CHR19", chr19)
        recipe.main(shared, folder)
    return folder


def rows_of(folder):
    heading, *rows = (line.split("\t") for line in (folder / "variants.tsv").read_text().splitlines())
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.mark.weights
def test_recipe__has_the_labels_of_the_publication(clinical):
    rows = rows_of(clinical)
    counts = Counter((row["chrom"], row["label"]) for row in rows)
    assert counts == {
        ("17", "1"): 137, ("17", "0"): 124, ("15", "1"): 21, ("15", "0"): 67, ("19", "1"): 11, ("19", "0"): 2,
    }  # fmt: skip
    # NM_016145.3:c.156+1G>T, with scores on three genes, of which 0.99 is the largest.
    (several,) = (row for row in rows if row["pos"] == "12669127")
    assert (several["gene"], several["published"]) == ("", "0.99")


@pytest.mark.weights
def test_evaluate__of_a_part_equals_scikit_learn(cli, clinical, store, monkeypatch, tmp_path):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    rows = rows_of(clinical)[14::20]
    table = tmp_path / "part.csv"
    table.write_text("".join(f"{','.join(row)}\n" for row in (rows[0].keys(), *(row.values() for row in rows))))
    genome = ("-R", str(clinical / "genome.fa"), "-A", str(clinical / "genes.txt"), "--device", "cpu", "--json")
    done = cli("evaluate", "variants", str(table), *genome, "--gene", "gene", "--bootstrap", "0")
    assert done.code == 0, done.stderr
    (accuracy,) = json.loads(done.stdout)["accuracy"]
    answers = json.loads(cli("score", *(":".join(list(row.values())[:4]) for row in rows), *genome).stdout)
    scores = np.array([
        max(score["max_score"] for score in answer["scores"] if row["gene"] in ("", score["symbol"]))
        for row, answer in zip(rows, answers, strict=True)
    ])  # fmt: skip
    labels = np.array([int(row["label"]) for row in rows])
    assert (accuracy["n_variants"], accuracy["n_affecting"]) == (18, 14)
    assert accuracy["pr_auc"]["value"] == pytest.approx(metrics.average_precision_score(labels, scores))
    assert accuracy["auroc"]["value"] == pytest.approx(metrics.roc_auc_score(labels, scores))
    for cutoff in accuracy["cutoffs"]:
        # Our thresholds are float32, like the scores.
        called = scores >= np.float32(cutoff["threshold"]) - 1e-7
        assert cutoff["sensitivity"] == pytest.approx(metrics.recall_score(labels, called))
        assert cutoff["specificity"] == pytest.approx(metrics.recall_score(1 - labels, ~called))
        assert cutoff["precision"] == pytest.approx(metrics.precision_score(labels, called))
