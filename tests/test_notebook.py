"""The notebook of the documentation runs, and shows what is stored in it."""

from __future__ import annotations

import nbformat
import pytest
from support import notebooks

from spliceai_cli.models.published import CISPLICEAI
from spliceai_cli.models.store import Store


def test_tour__is_stored_without_what_differs_from_run_to_run():
    stored = notebooks.TOUR.read_text("utf-8")
    assert stored.rstrip("\n") == nbformat.writes(notebooks.cleaned(nbformat.reads(stored, as_version=4)))
    assert len(stored) < 200_000


def test_tour__has_shown_something_in_every_cell_of_code():
    cells = nbformat.read(notebooks.TOUR, as_version=4).cells
    assert all(cell.outputs for cell in cells if cell.cell_type == "code")


@pytest.mark.weights
@pytest.mark.timeout(300)
def test_tour__prints_what_is_stored(store, chr19, monkeypatch):
    if not Store(store.home, CISPLICEAI).is_installed:
        pytest.skip("weights are not installed: spliceai-cli weights install cispliceai")
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    stored = nbformat.read(notebooks.TOUR, as_version=4)
    assert notebooks.texts(notebooks.run(notebooks.TOUR)) == notebooks.texts(stored)
