"""``benchmarks/accuracy.py``: its scores, by hand and by the definition."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pyBigWig
import pytest
from support import builders

PATH = Path(__file__).parents[1] / "benchmarks" / "accuracy.py"


@pytest.fixture(scope="module")
def accuracy():
    spec = importlib.util.spec_from_file_location("accuracy", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_agreement__by_hand(accuracy):
    found = accuracy.agreement(
        np.array([0.9, 0.1, 0.8, 0.6, 0.2], np.float32), np.array([True, False, False, True, True])
    )
    assert (found.n_sites, found.n_positions) == (3, 5)
    assert found.likely == pytest.approx(2 / 3)
    # 0.9, 0.8 and 0.6 are the top three; two of them are sites.
    assert found.top_k == pytest.approx(2 / 3)
    # Thresholds 0.9, 0.6 and 0.2 find one site each, with precisions 1, 2/3 and 3/4.
    assert found.pr_auc == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


def test_agreement__equal_probabilities_share_a_threshold(accuracy):
    """However they are ordered: half of what is found at 0.5 is a site."""
    for is_site in ([True, False], [False, True]):
        found = accuracy.agreement(np.array([0.5, 0.5], np.float32), np.array(is_site))
        assert found.pr_auc == 0.5
        assert found.likely == 0


def test_of_track__looks_at_spans_of_genes_once(accuracy, tmp_path):
    """Two overlapping genes on a contig of 100 bases; what is outside of them does not count."""
    values = np.zeros(100, np.float32)
    values[[20, 35, 60, 95]] = 0.75, 0.5, 0.25, 1
    with pyBigWig.open(str(tmp_path / "t.bw"), "w") as track:
        track.addHeader([("chr5", 100)])
        track.addEntries("chr5", 0, values=values[:98].tolist(), span=1, step=1)
    genes = [
        builders.gene("A", "5", "+", 10, 50, (10, 15), (20, 25), (40, 50)),
        builders.gene("B", "5", "+", 30, 70, (30, 32), (40, 45), (60, 70)),
        builders.gene("ELSEWHERE", "6", "+", 30, 70, (30, 32), (40, 45), (60, 70)),
    ]
    found = accuracy.of_track(tmp_path / "t.bw", genes, "acceptors")
    # Sites 20, 40 (of both) and 60; the top three are 20, 35 and 60.
    assert (found.n_sites, found.n_positions) == (3, 60)
    assert found.top_k == pytest.approx(2 / 3)
    assert found.likely == pytest.approx(1 / 3)
    # Recall 1/3 at 0.75, 2/3 at 0.25 with two of three; the third site is among 57 zeros.
    assert found.pr_auc == pytest.approx((1 + 2 / 3 + 3 / 60) / 3)
