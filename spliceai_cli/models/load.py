"""Builds an ensemble from weights."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from spliceai_cli.errors import UsageError, WeightsError
from spliceai_cli.models.ensemble import Ensemble, build_ensemble
from spliceai_cli.models.info_keys import check_key
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.models.tensors import SPEC_KEY, FloatTensors, Weights


def load_safetensors(path: Path, *, expected_sha256: str | None = None, remedy: str | None = None) -> Ensemble:
    """Load the ensemble from a safetensors file that carries its spec.

    Args:
        path: the file.
        expected_sha256: digest that the tensors must have (see ``tensors_sha256``); None accepts any.
        remedy: hint for the user if the file is damaged.

    Raises:
        WeightsError: the file is unreadable or has no spec, the tensors do not fit the spec, or the digest differs.
    """
    ensemble = build(read_safetensors(path, remedy), str(path))
    if expected_sha256 is not None and ensemble.sha256 != expected_sha256:
        raise WeightsError(
            f"weights {path} are damaged: SHA-256 of the tensors is {ensemble.sha256}, {expected_sha256} expected.",
            remedy,
        )
    return ensemble


def read_safetensors(path: Path, remedy: str | None = None) -> Weights:
    """Read the weights from a safetensors file that carries its spec.

    Args:
        path: the file.
        remedy: hint for the user if the file is damaged.

    Raises:
        WeightsError: the file is unreadable, or has no spec.
    """
    try:
        with safe_open(path, framework="np") as handle:
            metadata = handle.metadata() or {}
            tensors = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118 (not a dict)
        spec = NetworkSpec.from_json(metadata[SPEC_KEY])
        check_key(spec.key)
        return Weights(spec, tensors)
    except OSError as error:
        raise WeightsError(f"weights {path} cannot be read: {error.strerror or error}.", remedy) from error
    except SafetensorError as error:
        raise WeightsError(f"weights {path} are not a safetensors file, or are cut short.", remedy) from error
    except (AttributeError, KeyError, RecursionError, TypeError, UsageError, ValueError) as error:
        raise WeightsError(f"weights {path} do not say which network they are for.", remedy) from error


def build(weights: Weights, source: str) -> Ensemble:
    """Build the ensemble that weights describe.

    Args:
        weights: spec and tensors.
        source: where the weights come from, for messages.

    Raises:
        WeightsError: a tensor is missing, unknown or not of the shape that the spec requires.
    """
    _check_numbers(weights.tensors, source)
    try:
        return build_ensemble(weights, tensors_sha256(weights.tensors))
    except ValueError as error:
        raise WeightsError(f"weights {source} do not fit the network that they name, {weights.spec.name}.") from error


def _check_numbers(tensors: FloatTensors, source: str) -> None:
    """Refuse values that no network can compute with.

    Raises:
        WeightsError: a value is not a finite float, or a variance is below 0.
    """
    for name, tensor in tensors.items():
        if (
            tensor.dtype.kind != "f"
            or not np.isfinite(tensor).all()
            or (name.endswith("running_var") and tensor.min() < 0)
        ):
            raise WeightsError(f"weights {source}: the tensor {name} has values that cannot be weights.")


def tensors_sha256(tensors: FloatTensors) -> str:
    """Digest of names, types, shapes and values; the same for every file format and library version."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        array = tensors[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
