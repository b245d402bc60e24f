"""Checkpoints: what a run needs to continue as if it had not been stopped."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from spliceai_cli.errors import TrainingError
from spliceai_cli.train.folder import CHECKPOINT, write_file


@dataclass
class Checkpoint:
    """The state of a run.

    Attributes:
        digest: identifies recipe, genome and genes, see ``Inputs.sha256``.
        finished: tensors of each network that is done.
        step: number of steps that the next network has done.
        network: tensors of that network; empty before its first checkpoint.
        optimizer: state of its optimizer.
    """

    digest: str
    finished: list[dict[str, Tensor]] = field(default_factory=list)
    step: int = 0
    network: dict[str, Tensor] = field(default_factory=dict)
    optimizer: dict[str, Any] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Replace the checkpoint of a folder at once: a run that is killed leaves the old one or the new one.

        Raises:
            OutputError: it cannot be written.
        """
        stream = io.BytesIO()
        torch.save(dict(vars(self)), stream)
        write_file(folder / CHECKPOINT, stream.getvalue())


def load_checkpoint(folder: Path, digest: str) -> Checkpoint:
    """The checkpoint of a folder; a new one where there is none.

    Args:
        folder: folder of the run.
        digest: see ``Checkpoint``.

    Raises:
        TrainingError: the checkpoint is damaged, or belongs to a run with another recipe, genome or annotation.
    """
    path = folder / CHECKPOINT
    if not path.exists():
        return Checkpoint(digest)
    try:
        # Tensors and plain values only: no code of the file runs.
        checkpoint = Checkpoint(**torch.load(path, map_location="cpu", weights_only=True))
    except (OSError, RuntimeError, TypeError, EOFError, pickle.UnpicklingError) as error:
        raise TrainingError(f"{path} is damaged: {error}.", f"Remove {folder} to begin anew.") from error
    if checkpoint.digest != digest:
        raise TrainingError(
            f"{folder} has a run with another recipe, reference or annotation.",
            f"Name another folder, or remove {folder} to begin anew.",
        )
    return checkpoint
