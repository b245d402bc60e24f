"""An ensemble from the files that hold it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from spliceai_cli.errors import WeightsError
from spliceai_cli.network import Ensemble, NetworkSpec, build_ensemble
from spliceai_cli.weights.convert import SPEC_KEY, convert_keras
from spliceai_cli.weights.registry import Model


def load_safetensors(path: Path, *, expected_sha256: str | None = None) -> Ensemble:
    """The ensemble in a safetensors file that carries its spec.

    Args:
        path: the file.
        expected_sha256: digest that the tensors must have (see ``tensors_sha256``); None accepts any.

    Raises:
        WeightsError: unreadable, without a spec, not the tensors of its spec, or another digest.
    """
    remedy = None if expected_sha256 is None else REINSTALL
    try:
        with safe_open(path, framework="pt") as handle:
            metadata = handle.metadata() or {}
            tensors = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118 (not a dict)
        spec = NetworkSpec.from_json(metadata[SPEC_KEY])
    except OSError as error:
        raise WeightsError(f"weights {path} cannot be read: {error.strerror or error}.", remedy) from error
    except SafetensorError as error:
        raise WeightsError(f"weights {path} are not a safetensors file, or cut short.", remedy) from error
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"weights {path} do not say what network they are for.", remedy) from error
    found = tensors_sha256(tensors)
    if expected_sha256 is not None and found != expected_sha256:
        raise WeightsError(
            f"weights {path} are damaged: SHA-256 of the tensors is {found}, {expected_sha256} expected.", REINSTALL
        )
    return _build(spec, tensors, found, path)


def load_keras(folder: Path, model: Model) -> Ensemble:
    """The ensemble in a folder of the model's Keras files.

    Raises:
        WeightsError: a file is missing or has another SHA-256 than the published one.
    """
    files = []
    for member in model.source.networks:
        path = folder / member.name
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise WeightsError(f"weights file {path} cannot be read: {error.strerror}.") from error
        check_sha256(raw, member.sha256, str(path))
        files.append(raw)
    tensors = safetensors.torch.load(convert_keras(files, model.spec))
    return _build(model.spec, tensors, tensors_sha256(tensors), folder)


def tensors_sha256(tensors: Mapping[str, Tensor]) -> str:
    """Digest of names, shapes and numbers: the same for the same weights in any container, from any library version."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        array = tensors[name].numpy()
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def check_sha256(raw: bytes, expected: str, what: str) -> None:
    """Compare bytes with the hash they were published with.

    Raises:
        WeightsError: they differ.
    """
    found = hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise WeightsError(f"{what} is not the published file: SHA-256 is {found}, {expected} expected.")


REINSTALL = "Install them again: spliceai-cli weights install --force"


def _build(spec: NetworkSpec, tensors: Mapping[str, Tensor], sha256: str, path: Path) -> Ensemble:
    try:
        return build_ensemble(spec, tensors, sha256)
    except RuntimeError as error:
        raise WeightsError(f"weights {path} are not those of the network {spec.name} that they name.") from error
