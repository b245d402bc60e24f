"""Running notebooks; ``python tests/support/notebooks.py`` runs docs/tour.ipynb anew and stores what it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

TOUR = Path(__file__).parents[2] / "docs" / "tour.ipynb"

_TIMEOUT_S = 300


def run(path: Path) -> Any:
    """The notebook with what its cells show now; they run in the folder that it is in.

    Raises:
        CellExecutionError: a cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=_TIMEOUT_S, resources={"metadata": {"path": str(path.parent)}}).execute()
    return cleaned(notebook)


def cleaned(notebook: Any) -> Any:
    """Without what differs from run to run: times, counts, versions, names of cells."""
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number}"
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
    return notebook


def texts(notebook: Any) -> list[list[str]]:
    """What each cell printed, pictures left out."""
    return [
        [
            output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
            for output in cell.get("outputs", ())
            if "image/png" not in output.get("data", ())
        ]
        for cell in notebook.cells
    ]


if __name__ == "__main__":
    nbformat.write(run(TOUR), TOUR)
