"""The course of a run, as JSON lines, and for TensorBoard where that is installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spliceai_cli.train.folder import METRICS, append_line, write_file


class Metrics:
    """Writes measures, each with its network and step.

    Args:
        folder: folder of the run.
        network: number of the network that is trained next, from 1.
        step: number of steps that it has done. Lines of later steps, from before the run was stopped, are dropped.

    Raises:
        OutputError: the file cannot be written; from the methods as well.
    """

    def __init__(self, folder: Path, network: int, step: int) -> None:
        self._path = folder / METRICS
        lines = self._path.read_text("utf-8").splitlines() if self._path.exists() else []
        write_file(self._path, "".join(f"{line}\n" for line in lines if _is_before(line, network, step)))
        self._board = _tensorboard(folder)

    def write(self, network: int, step: int, kind: str, measures: Mapping[str, float]) -> None:
        """Add a line.

        Args:
            network: number of the network, from 1.
            step: number of the step, from 1.
            kind: ``step`` or ``validation``.
            measures: name -> value.
        """
        append_line(self._path, json.dumps({"network": network, "step": step, "kind": kind, **measures}))
        if self._board is not None:
            for name, value in measures.items():
                self._board.add_scalar(f"network {network}/{kind} {name}", value, step)

    def last_validations(self) -> dict[int, dict[str, float]]:
        """The last validation of each network: its number -> name -> value."""
        rows = [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]
        return {row["network"]: row for row in rows if row["kind"] == "validation"}

    def close(self) -> None:
        """Flush TensorBoard's file."""
        if self._board is not None:
            self._board.close()


def _is_before(line: str, network: int, step: int) -> bool:
    try:
        row = json.loads(line)
        return bool((row["network"], row["step"]) <= (network, step))
    except (ValueError, LookupError, TypeError):
        # The last line of a run that was killed may be cut.
        return False


def _tensorboard(folder: Path) -> Any:  # noqa: ANN401 (a library that may be absent)
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder / "tensorboard"))
