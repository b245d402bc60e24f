"""PyTorch state dicts of OpenSpliceAI and of Pangolin."""

from __future__ import annotations

import io
import pickle
import re
import struct
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.arrays import FloatArray
from spliceai_cli.errors import WeightsError
from spliceai_cli.models.published import BLOCKS, PANGOLIN, openspliceai
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.models.tensors import FloatTensors, Weights, kernel_2d, of_member

_State = Mapping[str, Tensor]

# Files are named final.REPLICATE.OUTPUT.…. Of Pangolin's eight outputs, the even ones are whether a position is used as
# a splice site in heart, liver, brain and testis. Every file holds all eight, but is trained for the one in its name.
# If files exist in two published versions, only the second is read.
_PANGOLIN_FILE = re.compile(r"final\.([1-9])\.([0-7])\.\d+(\.v2)?")
_PANGOLIN_OUTPUTS = (0, 2, 4, 6)

_KERNEL_DIMENSIONS = 3

# PyTorch does not validate what it reads, so bytes that it did not write can raise any of these.
_UNREADABLE = (
    RuntimeError, OSError, EOFError, pickle.UnpicklingError, LookupError, TypeError, ValueError, AttributeError,
    AssertionError, struct.error,
)  # fmt: skip

_NORM = ("weight", "bias", "running_mean", "running_var")


class _Layout(NamedTuple):
    """How a program names the layers of the network.

    Attributes:
        stem, taps, head: names of these layers; taps in order.
        blocks: names of the residual blocks.
        norm: name of their normalisations, without the number.
    """

    stem: str
    taps: tuple[str, ...]
    head: str
    blocks: tuple[str, ...]
    norm: str


def read_state_dicts(files: Sequence[Path]) -> Weights:
    """Read the networks from PyTorch files.

    Args:
        files: files of one model, in any order; members of an ensemble are ordered by name.

    Raises:
        WeightsError: a file is unreadable or of no known model, or the networks do not belong together.
    """
    states = {path: _load(path) for path in sorted(_wanted(files), key=lambda path: path.name)}
    readers: dict[str, Callable[[Mapping[Path, _State]], Weights]] = {
        "initial_conv.weight": _read_openspliceai,
        "conv_last1.weight": _read_pangolin,
    }
    kinds = {next((name for name in readers if name in state), None) for state in states.values()}
    if len(kinds) != 1 or None in kinds:
        names = ", ".join(path.name for path in states)
        raise WeightsError(f"{names}: not the networks of OpenSpliceAI or of Pangolin.")
    return readers[str(kinds.pop())](states)


def _wanted(files: Sequence[Path]) -> Sequence[Path]:
    """The files to read; from Pangolin's published files, only those that its scores use."""
    matches = {path: _PANGOLIN_FILE.fullmatch(path.name) for path in files}
    wanted = {path: match for path, match in matches.items() if match and int(match[2]) in _PANGOLIN_OUTPUTS}
    if not wanted:
        return files
    has_second = any(match[3] for match in wanted.values())
    others = [path for path, match in matches.items() if match is None]
    return [*others, *(path for path, match in wanted.items() if bool(match[3]) == has_second)]


def _load(path: Path) -> _State:
    """Load a file of tensors, without running any code in it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"weights {path} cannot be read: {error.strerror or error}.") from error
    try:
        with warnings.catch_warnings():
            # PyTorch warns about pickle protocols other than its own, then reads or refuses the file anyway.
            warnings.simplefilter("ignore")
            state = torch.load(io.BytesIO(raw), map_location="cpu", weights_only=True)
    except _UNREADABLE as error:
        raise WeightsError(f"weights {path} are not a PyTorch file of tensors, or are cut short.") from error
    if not isinstance(state, Mapping) or not all(map(_is_named_tensor, state.items())):
        raise WeightsError(f"weights {path} are not a state dict: save the network's state_dict().")
    return state


def _is_named_tensor(item: tuple[object, object]) -> bool:
    """Whether an entry is a plain tensor of numbers under a name."""
    name, value = item
    return (
        isinstance(name, str)
        and isinstance(value, Tensor)
        and value.layout == torch.strided
        and not (value.is_meta or value.is_quantized or value.is_nested or value.is_complex())
    )


def _read_openspliceai(states: Mapping[Path, _State]) -> Weights:
    contexts = {path: _context(path, state) for path, state in states.items()}
    if len(set(contexts.values())) > 1:
        counts = sorted(Counter(contexts.values()).items(), reverse=True)
        listing = ", ".join(f"{context:,} bp ({n} of them)" for context, n in counts)
        raise WeightsError(
            f"the networks in {next(iter(states)).parent} need different lengths of context: {listing}.",
            f"Name the files of one of them, e.g. '{next(iter(states)).parent}/model_10000nt_rs1*.pt'.",
        )
    spec = openspliceai(next(iter(contexts.values())), len(states))
    layout = _openspliceai_layout(spec.blocks)
    return _read(spec, [(path, state, layout) for path, state in states.items()])


def _context(path: Path, state: _State) -> int:
    """Bases of context that a network of OpenSpliceAI needs, deduced from the kernels of its blocks."""
    numbers = sorted(
        int(name.split(".")[1]) for name in state if re.fullmatch(r"residual_units\.\d+\.conv1\.weight", name)
    )
    kernels = [size for number in numbers for size in state[f"residual_units.{number}.conv1.weight"].shape[-1:]]
    for context, blocks in BLOCKS.items():
        if [block.kernel for block in blocks] == kernels:
            return context
    raise WeightsError(f"weights {path}: no network of OpenSpliceAI has kernels of {kernels}.")


def _openspliceai_layout(blocks: Iterable[BlockSpec]) -> _Layout:
    """OpenSpliceAI's layer names: blocks and taps share one numbering, each tap after the blocks that it follows."""
    prefixes, taps, number = [], ["initial_skip.conv"], 0
    for block in blocks:
        prefixes.append(f"residual_units.{number}")
        number += 1
        if block.is_tapped:
            taps.append(f"residual_units.{number}.conv")
            number += 1
    return _Layout("initial_conv", tuple(taps), "final_conv", tuple(prefixes), "batchnorm")


def _read_pangolin(states: Mapping[Path, _State]) -> Weights:
    by_output: dict[tuple[int, int], Path] = {}
    for path in states:
        match = _PANGOLIN_FILE.fullmatch(path.name)
        if match is None or int(match[2]) not in _PANGOLIN_OUTPUTS:
            raise WeightsError(
                f"weights {path}: a name like final.1.0.3.v2 is expected, which says what it is trained for."
            )
        by_output[_PANGOLIN_OUTPUTS.index(int(match[2])), int(match[1])] = path
    sizes = {output: len(list(run)) for output, run in groupby(sorted(by_output), key=lambda key: key[0])}
    if len(sizes) != len(_PANGOLIN_OUTPUTS) or len(set(sizes.values())) != 1 or len(by_output) != len(states):
        raise WeightsError(
            f"{len(states)} files of Pangolin: equal numbers for its four tissues (outputs 0, 2, 4, 6) are expected.",
            "Name the folder with final.1.0.3.v2 to final.3.6.3.v2.",
        )
    taps = ("skip", *(f"convs.{i}" for i in range(4)))
    blocks = tuple(f"resblocks.{i}" for i in range(len(PANGOLIN.blocks)))
    members = []
    for (output, _), path in sorted(by_output.items()):
        # Heads alternate: one with two classes (used as a splice site or not), one with a single value of usage.
        layout = _Layout("conv1", taps, f"conv_last{_PANGOLIN_OUTPUTS[output] + 1}", blocks, "bn")
        members.append((path, states[path], layout))
    return _read(replace(PANGOLIN, n_networks=len(members)), members)


def _read(spec: NetworkSpec, members: Sequence[tuple[Path, _State, _Layout]]) -> Weights:
    tensors: FloatTensors = {}
    for number, (path, state, layout) in enumerate(members, 1):
        try:
            tensors |= of_member(number, _read_member(state, layout))
        except KeyError as error:
            raise WeightsError(f"weights {path} lack the tensor {error.args[0]}.") from error
        except ValueError as error:
            raise WeightsError(f"weights {path}: {error}.") from error
    return Weights(spec, tensors)


def _read_member(state: _State, layout: _Layout) -> FloatTensors:
    tensors = _conv(state, layout.stem, "stem") | _conv(state, layout.head, "head")
    for i, tap in enumerate(layout.taps):
        tensors |= _conv(state, tap, f"taps.{i}")
    for i, block in enumerate(layout.blocks):
        for half in (1, 2):
            tensors |= _conv(state, f"{block}.conv{half}", f"blocks.{i}.conv{half}")
            theirs, ours = f"{block}.{layout.norm}{half}", f"blocks.{i}.norm{half}"
            tensors |= {f"{ours}.{key}": _array(state[f"{theirs}.{key}"]) for key in _NORM}
    return tensors


def _conv(state: _State, theirs: str, ours: str) -> FloatTensors:
    kernel = _array(state[f"{theirs}.weight"])
    if kernel.ndim != _KERNEL_DIMENSIONS:
        raise ValueError(f"tensor {theirs}.weight has the shape {kernel.shape}, which no kernel has")
    return {
        f"{ours}.weight": kernel_2d(kernel),
        f"{ours}.bias": _array(state[f"{theirs}.bias"]),
    }


def _array(tensor: Tensor) -> FloatArray:
    return np.ascontiguousarray(tensor.detach().float().numpy())
