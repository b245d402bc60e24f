"""The course of a run, as JSON lines and for TensorBoard where that is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spliceai_cli.errors import OutputError
from spliceai_cli.files.atomic import write_whole

METRICS = "metrics.jsonl"


class Metrics:
    """Writes measures with the network and step that they belong to.

    Args:
        folder: of the run.
        network: number of the network that is trained next, from 1.
        step: steps that it has done. Lines of later ones, from before the run was stopped, are dropped.

    Raises:
        OutputError: a file cannot be written; so do the methods.
    """

    def __init__(self, folder: Path, network: int, step: int) -> None:
        self._path = folder / METRICS
        self._begun = (network, step)
        self._boards: dict[int, Any] = {}
        with self._written():
            lines = self._path.read_text("utf-8", "replace").splitlines() if self._path.exists() else []
            kept = [line for line in lines if _is_before(line, network, step)]
            write_whole(self._path, "".join(f"{line}\n" for line in kept).encode())

    def write(self, network: int, step: int, kind: str, measures: Mapping[str, float]) -> None:
        """Add measures of a kind: ``step`` or ``validation``."""
        line = json.dumps({"network": network, "step": step, "kind": kind, **measures})
        with self._written():
            with self._path.open("a", encoding="utf-8") as handle:
                handle.write(f"{line}\n")
            if network not in self._boards:
                self._boards[network] = self._board(network)
            if board := self._boards[network]:
                for name, value in measures.items():
                    board.add_scalar(f"{kind} {name}", value, step)

    def last_validations(self) -> dict[int, dict[str, float]]:
        """The last validation of each network."""
        rows = [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]
        return {row["network"]: row for row in rows if row["kind"] == "validation"}

    def close(self) -> None:
        """Write what TensorBoard holds back."""
        with self._written():
            for board in self._boards.values():
                if board:
                    board.close()

    @contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror}.") from error

    def _board(self, network: int) -> Any:  # noqa: ANN401 (a library that may be absent)
        """What TensorBoard reads, a folder for each network; None without it. Events of later steps are dropped."""
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            return None
        begun, step = self._begun
        folder = self._path.with_name("tensorboard") / f"network {network}"
        return SummaryWriter(str(folder), purge_step=1 + (step if network == begun else 0))


def _is_before(line: str, network: int, step: int) -> bool:
    try:
        row = json.loads(line)
        return bool((row["network"], row["step"]) <= (network, step))
    except (ValueError, LookupError, TypeError):
        # The last line of a run that was killed may be cut.
        return False
