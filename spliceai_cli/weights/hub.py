"""Checkpoints on the Hugging Face Hub, where its client is installed."""

from __future__ import annotations

import re
from pathlib import Path

from spliceai_cli.errors import WeightsError

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_FILES = ["config.json", "model.safetensors"]


def is_hub_name(source: str) -> bool:
    """Whether a text has the form of a repository's name, ``owner/name``."""
    return _NAME.fullmatch(source) is not None


def fetch_checkpoint(name: str) -> Path:
    """The folder of a checkpoint, from the client's cache if it is there.

    Raises:
        WeightsError: the client is not installed, or it failed.
    """
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ImportError as error:
        raise WeightsError(
            f"weights {name}: no such file or folder.",
            "For a checkpoint of that name on the Hugging Face Hub, install its client: pip install huggingface_hub",
        ) from error
    try:
        return Path(snapshot_download(name, allow_patterns=_FILES))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        said = next(iter(str(error).strip().splitlines()), "no message")
        raise WeightsError(
            f"weights {name}: no such file or folder, and none on the Hugging Face Hub: {said}"
        ) from error
