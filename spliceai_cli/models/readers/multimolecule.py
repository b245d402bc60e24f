"""SpliceAI in the format of MultiMolecule: ``config.json`` beside ``model.safetensors``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from spliceai_cli.errors import WeightsError
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.models.tensors import FloatTensors, Weights, kernel_2d, of_member

#: File name of a checkpoint's configuration.
CONFIG = "config.json"
_MODEL = "model.safetensors"

_PREFIX = re.compile(r"((?:networks|members|model\.networks|model\.members)\.(\d+))\.")
_NORM = ("weight", "bias", "running_mean", "running_var")
_N_BASES = 4
_MOST_BLOCKS = 1000

# Activations that have the same name there and here.
_ACTIVATIONS = ("relu", "gelu")


class _Layer(NamedTuple):
    """A layer's name in MultiMolecule and here."""

    theirs: str
    ours: str
    is_norm: bool = False


def read_multimolecule(folder: Path) -> Weights:
    """Read the weights from a checkpoint.

    The activation is the one that its configuration names. Checkpoints of SpliceAI name GELU, although SpliceAI was
    trained with ReLU, so their outputs differ from SpliceAI's, including the logits in their model card.

    Raises:
        WeightsError: the checkpoint is unreadable, or not one of SpliceAI.
    """
    path = folder / _MODEL
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        with safe_open(path, framework="np") as handle:
            raw = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118 (not a dict)
    except OSError as error:
        raise WeightsError(f"checkpoint {folder} cannot be read: {error.strerror or error}.") from error
    except (SafetensorError, ValueError) as error:
        raise WeightsError(f"checkpoint {folder} is damaged: {error}.") from error
    except TypeError as error:
        raise WeightsError(f"checkpoint {folder} has tensors of a type that NumPy lacks: {error}.") from error
    prefixes = {int(match[2]): match[1] for name in raw if (match := _PREFIX.match(name))}
    try:
        spec = _spec(config, len(prefixes))
        layers = list(_layers(config["stages"]))
        tensors: FloatTensors = {}
        for member, (_, prefix) in enumerate(sorted(prefixes.items()), 1):
            tensors |= of_member(member, _read_member(raw, prefix, layers))
    except (LookupError, TypeError, ValueError) as error:
        raise WeightsError(f"checkpoint {folder} is not one of SpliceAI: {error}.") from error
    return Weights(spec, tensors)


def _spec(config: Mapping[str, Any], n_networks: int) -> NetworkSpec:
    """The spec that a configuration describes."""
    if config["model_type"] != "spliceai" or config["hidden_act"] not in _ACTIVATIONS:
        raise ValueError(f"its model_type is {config['model_type']}, its hidden_act {config['hidden_act']}")
    if sum(stage["num_blocks"] for stage in config["stages"]) > _MOST_BLOCKS:
        raise ValueError(f"it has more than {_MOST_BLOCKS} blocks")
    blocks = tuple(
        BlockSpec(stage["kernel_size"], stage["dilation"], is_tapped=i == stage["num_blocks"] - 1)
        for stage in config["stages"]
        for i in range(stage["num_blocks"])
    )
    spec = NetworkSpec(
        name="multimolecule",
        blocks=blocks,
        # With an activation other than the one it was trained with, its scores are not SpliceAI's.
        key="SpliceAI" if config["hidden_act"] == "relu" else "MultiMolecule",
        licence="CC BY-NC 4.0",
        channels=config["hidden_size"],
        activation=config["hidden_act"],
        norm_eps=config["batch_norm_eps"],
        n_networks=n_networks,
    )
    if spec.context != config["context"]:
        raise ValueError(f"its blocks make a context of {spec.context}, but it states {config['context']}")
    return spec


def _layers(stages: Sequence[Mapping[str, int]]) -> Iterator[_Layer]:
    yield _Layer("encoder.conv", "taps.0")
    yield _Layer("prediction", "head")
    number = 0
    for i, stage in enumerate(stages):
        for j in range(stage["num_blocks"]):
            theirs = f"encoder.stages.{i}.blocks.{j}"
            for half in (1, 2):
                yield _Layer(f"{theirs}.norm{half}", f"blocks.{number}.norm{half}", is_norm=True)
                yield _Layer(f"{theirs}.conv{half}", f"blocks.{number}.conv{half}")
            number += 1
        yield _Layer(f"encoder.stages.{i}.conv", f"taps.{i + 1}")


def _read_member(raw: Mapping[str, NDArray[Any]], prefix: str, layers: Sequence[_Layer]) -> FloatTensors:
    stem = raw[f"{prefix}.projection.weight"]
    if stem[:, _N_BASES:].any():
        raise ValueError("its first layer has weights for N, which is all-zero here")
    tensors = {"stem.weight": kernel_2d(stem[:, :_N_BASES]), "stem.bias": raw[f"{prefix}.projection.bias"]}
    for theirs, ours, is_norm in layers:
        if is_norm:
            tensors |= {f"{ours}.{key}": raw[f"{prefix}.{theirs}.{key}"] for key in _NORM}
        else:
            tensors[f"{ours}.weight"] = kernel_2d(raw[f"{prefix}.{theirs}.weight"])
            tensors[f"{ours}.bias"] = raw[f"{prefix}.{theirs}.bias"]
    return {name: np.asarray(tensor, dtype=np.float32) for name, tensor in tensors.items()}
