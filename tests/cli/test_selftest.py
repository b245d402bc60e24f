"""``spliceai-cli selftest`` and ``spliceai-cli weights``."""

from __future__ import annotations

import pytest

from spliceai_cli import Compute
from spliceai_cli.errors import SelftestError
from spliceai_cli.selftest import check_known_answers


def test_selftest__other_numbers_are_a_failure(toy_weights):
    """Networks that answer otherwise stand for hardware that computes wrongly."""
    lines = []
    with pytest.raises(SelftestError, match="8 of 8 known answers differ"):
        lines.extend(check_known_answers(Compute(device="cpu", weights=toy_weights, kernels="torch")))
    assert lines[0] == "kernels\tPyTorch's: asked for"


@pytest.mark.weights
def test_selftest__agrees_with_keras(cli, store, monkeypatch):
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    result = cli("selftest", "--device", "cpu")
    assert result.code == 0, result.stderr
    lines = result.stdout.decode().splitlines()
    assert [line.split("\t")[0] for line in lines[:-1]] == ["kernels", *["ok"] * 8]
    assert lines[-1].startswith("8 known answers agree within 1e-05")


@pytest.mark.weights
def test_weights__installed_ones_are_listed_and_verified(cli, store, monkeypatch):
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    assert cli("weights", "verify").code == 0
    assert cli("weights", "path").stdout.decode().strip() == str(store.folder)
    listed = cli("weights", "list").stdout.decode()
    assert "spliceai\tinstalled\t10000\t5\tSpliceAI\tCC BY-NC 4.0\t" in listed


def test_weights__missing_ones_are_listed_as_such(cli, home):
    assert "spliceai\tnot installed" in cli("weights", "list").stdout.decode()
    result = cli("weights", "verify")
    assert result.code == 1
    assert "spliceai-cli weights install" in result.stderr
