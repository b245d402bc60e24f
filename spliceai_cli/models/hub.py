"""Fetches checkpoints from the Hugging Face Hub, if its client is installed."""

from __future__ import annotations

from pathlib import Path

from spliceai_cli.errors import WeightsError

_PREFIX = "hf:"
_FILES = ["config.json", "model.safetensors"]


def is_hub_name(source: str) -> bool:
    """Whether a text names a repository: ``hf:owner/name``."""
    return source.startswith(_PREFIX)


def fetch_checkpoint(name: str) -> Path:
    """Download a checkpoint unless the client has it in its cache, and return its folder.

    Raises:
        WeightsError: the client is not installed, or it failed.
    """
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    except ImportError as error:
        raise WeightsError(
            f"weights {name} cannot be fetched: the client of the Hugging Face Hub is not installed.",
            "Install it: pip install huggingface_hub",
        ) from error
    try:
        return Path(snapshot_download(name.removeprefix(_PREFIX), allow_patterns=_FILES))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        reason = next(iter(str(error).strip().splitlines()), "no message")
        raise WeightsError(f"weights {name} cannot be fetched from the Hugging Face Hub: {reason}") from error
