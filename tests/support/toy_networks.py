"""Small ensembles: one whose answer is arithmetic, one with random numbers."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch
import torch

from spliceai_cli.models.ensemble import Ensemble, build_ensemble
from spliceai_cli.models.network import Network
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.models.tensors import SPEC_KEY, Weights
from spliceai_cli.scores.tissues import TISSUES

# Needs 10 bases on each side; every base of them matters.
RANDOM_SPEC = NetworkSpec(
    name="toy",
    blocks=(BlockSpec(kernel=3, dilation=1), BlockSpec(kernel=5, dilation=2, is_tapped=True)),
    channels=6,
    n_networks=2,
)
ARITHMETIC_SPEC = NetworkSpec(
    name="arithmetic", blocks=(BlockSpec(kernel=3, dilation=1, is_tapped=True),), channels=4, n_networks=1
)
TISSUES_SPEC = NetworkSpec(
    name="toy_tissues",
    blocks=(BlockSpec(kernel=3, dilation=2, is_tapped=True),),
    key="Tissues",
    scoring=TISSUES.name,
    classes=("neither", "splice"),
    groups=("heart", "brain"),
    channels=4,
    n_networks=4,
)

# One for each thing that engines treat in a way of its own.
SPECS = {
    "two blocks": RANDOM_SPEC,
    "dilated": NetworkSpec(
        "dilated",
        (BlockSpec(3, 1, is_tapped=True), BlockSpec(5, 3), BlockSpec(3, 8, is_tapped=True), BlockSpec(7, 5)),
        channels=5,
        n_networks=2,
    ),
    "gelu": NetworkSpec("gelu", (BlockSpec(3, 2, is_tapped=True),), channels=4, activation="gelu", n_networks=1),
    "spectral": NetworkSpec(
        "spectral", (BlockSpec(3, 1), BlockSpec(41, 8, is_tapped=True), BlockSpec(45, 9)), channels=3, n_networks=1
    ),
    # With 32 features native kernels run where they are built.
    "native": NetworkSpec(
        "native",
        (BlockSpec(11, 1, is_tapped=True), BlockSpec(11, 4), BlockSpec(21, 2, is_tapped=True), BlockSpec(41, 3)),
        n_networks=2,
    ),
    "native leaky": NetworkSpec(
        "native_leaky", (BlockSpec(5, 1), BlockSpec(17, 6, is_tapped=True)), activation="leaky_relu_0.1", n_networks=1
    ),
    "native gelu": NetworkSpec(
        "native_gelu", (BlockSpec(1, 1), BlockSpec(31, 3, is_tapped=True)), activation="gelu", n_networks=1
    ),
    "leaky": NetworkSpec(
        "leaky",
        (BlockSpec(3, 1, is_tapped=True), BlockSpec(5, 3), BlockSpec(3, 8, is_tapped=True)),
        channels=5,
        activation="leaky_relu_0.1",
        norm_eps=1e-5,
        n_networks=2,
    ),
    "tissues": NetworkSpec(
        "tissues",
        (BlockSpec(3, 1), BlockSpec(5, 4, is_tapped=True)),
        scoring=TISSUES.name,
        classes=("neither", "splice"),
        groups=("liver", "brain", "testis"),
        channels=4,
        norm_eps=1e-5,
        n_networks=6,
    ),
    "untapped": NetworkSpec("untapped", (BlockSpec(3, 2), BlockSpec(3, 4)), channels=4, n_networks=1),
}

# exp(-200) is 0 in float32, so that nothing but the two bases has any probability.
_LARGE = 200.0

_WIDE = 16


def random_tensors(spec: NetworkSpec = RANDOM_SPEC, seed: int = 0) -> dict[str, torch.Tensor]:
    """Random weights, scaled so that probabilities spread over 0 to 1."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for member in range(1, spec.n_networks + 1):
        for name, tensor in Network(spec).state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            values = torch.rand(tensor.shape, generator=generator)
            is_variance = name.endswith("running_var")
            tensors[f"{member}.{name}"] = values + 0.5 if is_variance else _spread(spec, tensor) * (values - 0.5)
    return tensors


def _spread(spec: NetworkSpec, tensor: torch.Tensor) -> float:
    """Wide layers would make values, and with them what rounding does, grow from block to block."""
    n_inputs = tensor[0].numel() if tensor.dim() > 1 else 1
    return 1.5 if spec.channels < _WIDE or n_inputs == 1 else 3 / n_inputs**0.5


def arithmetic_tensors() -> dict[str, torch.Tensor]:
    """G has acceptor probability 1/2, T has donor probability 1/2, every other base and N have neither."""
    spec = ARITHMETIC_SPEC
    tensors = {f"1.{name}": torch.zeros_like(t) for name, t in Network(spec).state_dict().items() if t.dim() > 0}
    for name in tensors:
        if name.endswith("running_var"):
            tensors[name] += 1
    identity = torch.eye(4)[:, :, None, None]
    tensors["1.stem.weight"] = identity.clone()
    tensors["1.taps.0.weight"] = identity.clone()
    head = torch.zeros(3, 4)
    head[1, 2] = head[2, 3] = _LARGE
    tensors["1.head.weight"] = head[:, :, None, None]
    tensors["1.head.bias"] = torch.tensor([0.0, -_LARGE, -_LARGE])
    return tensors


def random_ensemble(spec: NetworkSpec = RANDOM_SPEC, seed: int = 0) -> Ensemble:
    return ensemble_of(spec, random_tensors(spec, seed))


def arithmetic_ensemble() -> Ensemble:
    return ensemble_of(ARITHMETIC_SPEC, arithmetic_tensors())


def ensemble_of(spec: NetworkSpec, tensors: dict[str, torch.Tensor]) -> Ensemble:
    arrays = {name: tensor.numpy() for name, tensor in tensors.items()}
    return build_ensemble(Weights(spec, arrays), sha256="toy")


def save(folder: Path, spec: NetworkSpec, tensors: dict[str, torch.Tensor]) -> Path:
    """A folder as ``--weights`` takes it."""
    folder.mkdir(parents=True, exist_ok=True)
    safetensors.torch.save_file(tensors, folder / "weights.safetensors", metadata={SPEC_KEY: spec.to_json()})
    return folder
