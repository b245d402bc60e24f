"""Checkpoints: what a run needs to go on as if it had not been stopped."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from spliceai_cli.errors import OutputError, TrainingError
from spliceai_cli.files.atomic import write_whole

CHECKPOINT = "checkpoint.pt"

# The digest of the rest comes first: PyTorch accepts damaged numbers, and fails on other damage in many ways.
_DIGEST_BYTES = hashlib.sha256().digest_size
_ANEW = "Name another folder, or remove this one to begin anew."


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
        raw = stream.getvalue()
        try:
            write_whole(folder / CHECKPOINT, hashlib.sha256(raw).digest() + raw)
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
    checkpoint = _read(path)
    if checkpoint.digest == digest:
        return checkpoint
    if checkpoint.step or checkpoint.finished:
        raise TrainingError(f"{folder} has a run with another recipe, reference or annotation.", _ANEW)
    # A run that has not come to its first checkpoint is nothing to keep.
    return Checkpoint(digest)


def _read(path: Path) -> Checkpoint:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TrainingError(f"{path} cannot be read: {error.strerror}.", _ANEW) from error
    if hashlib.sha256(raw[_DIGEST_BYTES:]).digest() != raw[:_DIGEST_BYTES]:
        raise TrainingError(f"{path} is damaged.", _ANEW)
    # Tensors and plain values only: no code of the file runs.
    values = torch.load(io.BytesIO(raw[_DIGEST_BYTES:]), map_location="cpu", weights_only=True)
    try:
        return Checkpoint(**values)
    except TypeError as error:
        raise TrainingError(f"{path} is of another version of spliceai-cli.", _ANEW) from error
