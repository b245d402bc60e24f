"""The files that models are published as, made from tensors of our own: each layout is written down by hand."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np
import safetensors.numpy
import torch
from support import toy_networks

from spliceai_cli.models.spec import NetworkSpec

Tensors = dict[str, np.ndarray]

NORM = ("weight", "bias", "running_mean", "running_var")


def toy_tensors(spec: NetworkSpec, seed: int = 0) -> Tensors:
    """Random weights of a spec as arrays."""
    return {name: tensor.numpy() for name, tensor in toy_networks.random_tensors(spec, seed).items()}


def member(tensors: Tensors, number: int) -> Tensors:
    """The tensors of one network, convolutions one-dimensional: (out, in, W)."""
    prefix = f"{number}."
    own = {name[len(prefix) :]: array for name, array in tensors.items() if name.startswith(prefix)}
    return {name: array[:, :, 0, :] if array.ndim == 4 else array for name, array in own.items()}


def renamed(network: Tensors, layers: Mapping[str, str]) -> Tensors:
    """The tensors of layers under other names."""
    return {
        f"{theirs}.{name[len(ours) + 1 :]}": array
        for ours, theirs in layers.items()
        for name, array in network.items()
        if name.startswith(f"{ours}.")
    }


# PyTorch

# Number of a residual block -> its place among the residual units of OpenSpliceAI, which count skips as well.
_UNITS = (0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 15, 16, 17, 18)
_SKIPS = (4, 9, 14, 19)


def openspliceai_state(network: Tensors, n_blocks: int) -> dict[str, torch.Tensor]:
    """A state dict of OpenSpliceAI."""
    layers = {"stem": "initial_conv", "taps.0": "initial_skip.conv", "head": "final_conv"}
    layers |= {f"taps.{i + 1}": f"residual_units.{_SKIPS[i]}.conv" for i in range(n_blocks // 4)}
    for block in range(n_blocks):
        for half in "12":
            layers[f"blocks.{block}.conv{half}"] = f"residual_units.{_UNITS[block]}.conv{half}"
            layers[f"blocks.{block}.norm{half}"] = f"residual_units.{_UNITS[block]}.batchnorm{half}"
    return as_state(renamed(network, layers))


def pangolin_state(network: Tensors, head: int) -> dict[str, torch.Tensor]:
    """A state dict of Pangolin, which has eight heads: ``head`` is this network's, the others are of no use."""
    layers = {"stem": "conv1", "taps.0": "skip", "head": f"conv_last{head}"}
    layers |= {f"taps.{i + 1}": f"convs.{i}" for i in range(4)}
    for block in range(16):
        for half in "12":
            layers[f"blocks.{block}.conv{half}"] = f"resblocks.{block}.conv{half}"
            layers[f"blocks.{block}.norm{half}"] = f"resblocks.{block}.bn{half}"
    state = as_state(renamed(network, layers))
    n_channels = network["stem.weight"].shape[0]
    for other in range(1, 9):
        if other != head:
            n_classes = 2 if other % 2 else 1
            state[f"conv_last{other}.weight"] = torch.full((n_classes, n_channels, 1), 99.0)
            state[f"conv_last{other}.bias"] = torch.full((n_classes,), 99.0)
    return state


def as_state(tensors: Tensors) -> dict[str, torch.Tensor]:
    """Tensors as PyTorch saves them, with the counts that it adds to normalisations."""
    state = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in tensors.items()}
    counts = [name.replace("running_mean", "num_batches_tracked") for name in state if name.endswith("running_mean")]
    return state | {name: torch.tensor(7) for name in counts}


# Keras

_KERAS_NORM = dict(zip(NORM, ("gamma", "beta", "moving_mean", "moving_variance"), strict=True))
_KERAS_TAPS = (2, 11, 20, 29, 38)
_KERAS_CONVS = (*range(3, 11), *range(12, 20), *range(21, 29), *range(30, 38))


def _keras_layers() -> Iterator[tuple[str, str, int]]:
    """Our layer, the kind of the Keras layer, its number."""
    yield "stem", "conv1d", 1
    yield "head", "conv1d", 39
    for i, number in enumerate(_KERAS_TAPS):
        yield f"taps.{i}", "conv1d", number
    for i, number in enumerate(_KERAS_CONVS):
        block, half = divmod(i, 2)
        yield f"blocks.{block}.conv{half + 1}", "conv1d", number
        yield f"blocks.{block}.norm{half + 1}", "batch_normalization", i + 1


def keras_file(network: Tensors) -> bytes:
    """A Keras HDF5 file; kernels are (W, in, out)."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as handle:
        for ours, kind, number in _keras_layers():
            group = handle.create_group(f"model_weights/{kind}_{number}/{kind}_{number}")
            if kind == "conv1d":
                group["kernel:0"] = network[f"{ours}.weight"].transpose(2, 1, 0)
                group["bias:0"] = network[f"{ours}.bias"]
            else:
                for here, there in _KERAS_NORM.items():
                    group[f"{there}:0"] = network[f"{ours}.{here}"]
    return buffer.getvalue()


# TensorFlow's graphs: protocol buffers, written here byte by byte.

_GRAPH_NORM = dict(
    zip(NORM, ("mul/ReadVariableOp", "ReadVariableOp_2", "ReadVariableOp_1", "ReadVariableOp"), strict=True)
)


def varint(value: int) -> bytes:
    """A whole number, seven bits a byte, lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, payload: bytes | int) -> bytes:
    """A field of a message: a whole number, or bytes with their length."""
    if isinstance(payload, int):
        return varint(number << 3) + varint(payload)
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def constant(name: str, array: np.ndarray, *, dtype: int = 1, how: str = "content") -> bytes:
    """A node that holds a tensor.

    Args:
        name: of the node.
        array: float32.
        dtype: TensorFlow's number of the type; 1 is float32.
        how: ``content`` for bytes; ``values`` for a list of floats; ``one`` for the one value that all of them have.
    """
    shape = field(2, b"".join(field(2, field(1, n)) for n in array.shape))
    floats = np.ascontiguousarray(array, "<f4").tobytes()
    if how == "one":
        assert (array == array.flat[0]).all()
        # One float outside a packed list: wire type 5.
        value = varint(5 << 3 | 5) + struct.pack("<f", array.flat[0])
    else:
        value = field(4 if how == "content" else 5, floats)
    tensor = field(8, field(1, dtype) + shape + value)
    return node(name, "Const", field(5, field(1, b"value") + field(2, tensor)), field(5, field(1, b"dtype")))


def node(name: str, op: str, *attributes: bytes) -> bytes:
    """A node of a graph with an input, which weights do not need."""
    return field(1, field(1, name.encode()) + field(2, op.encode()) + field(3, b"x") + b"".join(attributes))


def graph_constants(tensors: Tensors, n_networks: int, eps: float) -> dict[str, np.ndarray]:
    """The constants of CI-SpliceAI's graph: five networks, with the names of Keras' layers and their use's number."""
    found = {}
    for number in range(1, n_networks + 1):
        network, use = member(tensors, number), f"_{number - 1}" if number > 1 else ""
        for ours, kind, layer in _keras_layers():
            scope = f"model_1/{kind}_{layer}"
            if kind == "conv1d":
                kernel = network[f"{ours}.weight"].transpose(2, 1, 0)
                found[f"{scope}/conv1d{use}/ExpandDims_1/ReadVariableOp/resource"] = kernel
                found[f"{scope}/BiasAdd{use}/ReadVariableOp/resource"] = network[f"{ours}.bias"]
            else:
                found[f"{scope}/batchnorm{use}/add/y"] = np.float32(eps)
                for here, there in _GRAPH_NORM.items():
                    found[f"{scope}/batchnorm{use}/{there}/resource"] = network[f"{ours}.{here}"]
    return found


def graph(constants: Mapping[str, np.ndarray]) -> bytes:
    """A graph with constants between other nodes."""
    nodes = [constant(name, array) for name, array in constants.items()]
    return b"".join((node("x", "Placeholder"), *nodes, node("Identity", "Identity")))


# MultiMolecule

SMALL_STAGES = (
    {"num_blocks": 2, "kernel_size": 3, "dilation": 1},
    {"num_blocks": 1, "kernel_size": 5, "dilation": 2},
)
FULL_STAGES = tuple(
    {"num_blocks": 4, "kernel_size": kernel, "dilation": dilation}
    for kernel, dilation in ((11, 1), (11, 4), (21, 10), (41, 25))
)


def multimolecule_config(stages: Sequence[Mapping[str, int]], **changes) -> dict:
    """The configuration of a checkpoint, with what does not change a number left out."""
    context = sum(2 * stage["num_blocks"] * stage["dilation"] * (stage["kernel_size"] - 1) for stage in stages)
    config = {
        "model_type": "spliceai",
        "context": context,
        "hidden_size": 32,
        "hidden_act": "gelu",
        "batch_norm_eps": 0.001,
        "vocab_size": 5,
        "num_labels": 3,
        "stages": [dict(stage) for stage in stages],
    }
    return config | changes


def multimolecule_tensors(
    tensors: Tensors, stages: Sequence[Mapping[str, int]], n_networks: int, *, prefix: str = "members", n_bases: int = 5
) -> Tensors:
    """The tensors of a checkpoint.

    Args:
        tensors: ours.
        stages: as its configuration has them.
        n_networks: how many.
        prefix: ``members`` since 0.1.0, ``networks`` before.
        n_bases: 5 with a column for N, 4 before 0.1.0.
    """
    found: Tensors = {}
    for number in range(1, n_networks + 1):
        network, layers = member(tensors, number), {"taps.0": "encoder.conv", "head": "prediction"}
        block = 0
        for i, stage in enumerate(stages):
            layers[f"taps.{i + 1}"] = f"encoder.stages.{i}.conv"
            for j in range(stage["num_blocks"]):
                for part in ("norm1", "conv1", "norm2", "conv2"):
                    layers[f"blocks.{block}.{part}"] = f"encoder.stages.{i}.blocks.{j}.{part}"
                block += 1
        own = renamed(network, layers)
        stem = np.zeros((len(network["stem.bias"]), n_bases, 1), np.float32)
        stem[:, :4] = network["stem.weight"]
        own |= {"projection.weight": stem, "projection.bias": network["stem.bias"]}
        own |= {
            name.replace("running_mean", "num_batches_tracked"): np.array(3) for name in own if "running_mean" in name
        }
        found |= {f"{prefix}.{number - 1}.{name}": array for name, array in own.items()}
    return found


def write_multimolecule(folder: Path, config: Mapping, tensors: Tensors) -> Path:
    """A checkpoint's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    (folder / "model.safetensors").write_bytes(safetensors.numpy.save(whole, {"format": "pt"}))
    return folder
