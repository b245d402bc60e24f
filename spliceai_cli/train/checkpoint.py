"""Checkpoints: what a run needs to go on as if it had not been stopped."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from spliceai_cli.errors import OutputError, TrainingError
from spliceai_cli.files.atomic import write_whole

CHECKPOINT = "checkpoint.pt"


@dataclass
class Checkpoint:
    """The state of a run.

    Attributes:
        digest: of recipe, genome and genes; a checkpoint of another run is refused.
        finished: tensors of the networks that are done.
        step: steps that the next network has done.
        network: its tensors; empty before the first step.
        optimizer: the state of its optimizer.
    """

    digest: str
    finished: list[dict[str, Tensor]] = field(default_factory=list)
    step: int = 0
    network: dict[str, Tensor] = field(default_factory=dict)
    optimizer: dict[str, Any] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Replace the checkpoint of a folder in one move.

        Raises:
            OutputError: it cannot be written.
        """
        stream = io.BytesIO()
        torch.save(dict(vars(self)), stream)
        try:
            write_whole(folder / CHECKPOINT, stream.getvalue())
        except OSError as error:
            raise OutputError(f"{folder / CHECKPOINT} cannot be written: {error.strerror}.") from error


def load_checkpoint(folder: Path, digest: str) -> Checkpoint:
    """The checkpoint of a folder; a new one where there is none.

    Raises:
        TrainingError: it is damaged, or that of a run with another recipe, genome or annotation.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return Checkpoint(digest)
    try:
        # Tensors and plain values only: no code of the file runs.
        checkpoint = Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise TrainingError(
            f"{path} is damaged: {error}.", "Name another folder, or remove this one to begin anew."
        ) from error
    if checkpoint.digest == digest:
        return checkpoint
    if checkpoint.step or checkpoint.finished:
        raise TrainingError(
            f"{folder} has a run with another recipe, reference or annotation.",
            "Name another folder, or remove this one to begin anew.",
        )
    # A run that has not come to its first checkpoint is nothing to keep.
    return Checkpoint(digest)
