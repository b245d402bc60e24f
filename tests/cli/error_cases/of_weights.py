"""The networks' weights."""

from __future__ import annotations

import safetensors.torch
import torch
from cli.error_cases import Case, Folder
from support import toy_networks

KINDS = (
    "weights.safetensors, the Keras files spliceai1.h5 … spliceai5.h5, CI-SpliceAI.pb, PyTorch files of OpenSpliceAI "
    "or Pangolin, or a MultiMolecule checkpoint (config.json with model.safetensors)"
)


def damaged_weights(f: Folder) -> list:
    raw = (f.path / "weights" / "weights.safetensors").read_bytes()
    return ["--weights", f.write("w/weights.safetensors", raw[: len(raw) // 2]).parent]


def weights_without_spec(f: Folder) -> list:
    path = f.write("w/weights.safetensors", safetensors.torch.save({"a": torch.zeros(1)}))
    return ["--weights", path.parent]


def weights_of_another_network(f: Folder) -> list:
    toy_networks.save(f.path / "w", toy_networks.RANDOM_SPEC, toy_networks.arithmetic_tensors())
    return ["--weights", f.path / "w"]


def other_installed_weights(f: Folder) -> list:
    toy_networks.save(f.path / "home" / "spliceai", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())
    return []


CASES = {
    "no-weights-folder": Case(
        lambda f: ["--weights", f.path / "none"],
        1,
        "weights DIR/none: it does not exist.",
        f"Expected: a file or folder with {KINDS}.",
    ),
    "weights-empty": Case(
        lambda f: ["--weights", f.write("w/readme", "").parent],
        1,
        "weights DIR/w: no files of a known format.",
        f"Expected: {KINDS}.",
    ),
    "weights-damaged": Case(
        damaged_weights,
        1,
        "weights DIR/w/weights.safetensors are not a safetensors file, or are cut short.",
    ),
    "weights-no-spec": Case(
        weights_without_spec, 1, "weights DIR/w/weights.safetensors do not say which network they are for."
    ),
    "weights-misfit": Case(
        weights_of_another_network,
        1,
        "weights DIR/w do not fit the network that they name, toy.",
    ),
    "keras-damaged": Case(
        lambda f: ["--weights", f.write("w/spliceai1.h5", "x").parent],
        1,
        "DIR/w/spliceai1.h5 is not the published file: SHA-256 is "
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, "
        "e1fd5adcef7489d604b10e79c40078ef790d51ef048c4ce3869c9119ac5de42b expected.",
    ),
    "weights-not-installed": Case(
        lambda f: [],
        1,
        "the weights of spliceai are not installed (no DIR/home/spliceai/weights.safetensors).",
        "Install them with one command: spliceai-cli weights install",
        "--weights",
    ),
    "installed-weights-other": Case(
        other_installed_weights,
        1,
        "weights DIR/home/spliceai/weights.safetensors are damaged: SHA-256 of the tensors is "
        "28cc9cef9aab7c97ee0c68267bd564e9c0d735cea4a012001cd77c30b16696e4, "
        "a646cc67949e3edca5c321468c8bd672de24433fd27aebc3d51e6c4d51dd84d4 expected.",
        "Install them again: spliceai-cli weights install --force",
        "--weights",
    ),
}
