"""The course of a run, as JSON lines, and for TensorBoard where that is installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spliceai_cli.train.folder import METRICS, append_line, write_file, writing


class Metrics:
    """Writes measures, each with its network and step.

    Args:
        folder: folder of the run.
        network: number of the network that is trained next, from 1.
        step: number of steps that it has done. Lines of later steps, from before the run was stopped, are dropped.

    Raises:
        OutputError: a file cannot be written; from the methods as well.
    """

    def __init__(self, folder: Path, network: int, step: int) -> None:
        self._path = folder / METRICS
        self._begun = (network, step)
        self._boards: dict[int, Any] = {}
        with writing(self._path):
            lines = self._path.read_text("utf-8", "replace").splitlines() if self._path.exists() else []
        write_file(self._path, "".join(f"{line}\n" for line in lines if _is_before(line, network, step)))

    def write(self, network: int, step: int, kind: str, measures: Mapping[str, float]) -> None:
        """Add a line.

        Args:
            network: number of the network, from 1.
            step: number of the step, from 1.
            kind: ``step`` or ``validation``.
            measures: name -> value.
        """
        append_line(self._path, json.dumps({"network": network, "step": step, "kind": kind, **measures}))
        if network not in self._boards:
            self._boards[network] = self._board(network)
        if board := self._boards[network]:
            with writing(self._board_folder):
                for name, value in measures.items():
                    board.add_scalar(f"{kind} {name}", value, step)

    def last_validations(self) -> dict[int, dict[str, float]]:
        """The last validation of each network: its number -> name -> value."""
        rows = [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]
        return {row["network"]: row for row in rows if row["kind"] == "validation"}

    def close(self) -> None:
        """Flush TensorBoard's files."""
        with writing(self._board_folder):
            for board in self._boards.values():
                if board:
                    board.close()

    @property
    def _board_folder(self) -> Path:
        return self._path.with_name("tensorboard")

    def _board(self, network: int) -> Any:  # noqa: ANN401 (a library that may be absent)
        """TensorBoard's writer of a network, each in its folder; None without TensorBoard. Later events are dropped."""
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            return None
        begun, step = self._begun
        with writing(self._board_folder):
            return SummaryWriter(
                str(self._board_folder / f"network {network}"), purge_step=1 + (step if network == begun else 0)
            )


def _is_before(line: str, network: int, step: int) -> bool:
    try:
        row = json.loads(line)
        return bool((row["network"], row["step"]) <= (network, step) and row["kind"])
    except (ValueError, LookupError, TypeError):
        # The last line of a run that was killed may be cut, and a file can be damaged otherwise.
        return False
