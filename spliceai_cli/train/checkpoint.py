"""Checkpoints: what a run needs to continue as if it had not been stopped."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from spliceai_cli.errors import TrainingError
from spliceai_cli.train.folder import CHECKPOINT, write_file

# The digest of the rest comes first: PyTorch accepts damaged numbers, and fails on other damage in many ways.
_DIGEST_BYTES = hashlib.sha256().digest_size


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
        raw = stream.getvalue()
        write_file(folder / CHECKPOINT, hashlib.sha256(raw).digest() + raw)


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
    checkpoint = _read(path)
    if checkpoint.digest == digest:
        return checkpoint
    if checkpoint.step or checkpoint.finished:
        raise TrainingError(f"{folder} has a run with another recipe, reference or annotation.", _anew(path))
    # A run that has not come to its first checkpoint is nothing to keep.
    return Checkpoint(digest)


def _read(path: Path) -> Checkpoint:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TrainingError(f"{path} cannot be read: {error.strerror}.", _anew(path)) from error
    if hashlib.sha256(raw[_DIGEST_BYTES:]).digest() != raw[:_DIGEST_BYTES]:
        raise TrainingError(f"{path} is damaged.", _anew(path))
    # Tensors and plain values only: no code of the file runs.
    values = torch.load(io.BytesIO(raw[_DIGEST_BYTES:]), map_location="cpu", weights_only=True)
    try:
        return Checkpoint(**values)
    except TypeError as error:
        raise TrainingError(f"{path} is of another version of spliceai-cli.", _anew(path)) from error


def _anew(path: Path) -> str:
    return f"Choose another folder, or delete {path.parent} to start again."
