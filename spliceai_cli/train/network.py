"""The network that is trained: its first weights, its mode, and its tensors as files have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from spliceai_cli.models.network import Ensemble, Network
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.models.tensors import FloatTensors, Weights, of_member

# Share of a batch in the running mean and variance, as in Keras; PyTorch's is 0.1.
_MOMENTUM = 0.01


def new_network(spec: NetworkSpec, seed: int) -> Network:
    """A network with random weights as the paper's began: Glorot's uniform distribution, and no biases.

    Args:
        spec: architecture.
        seed: seed of the weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Network(spec)
        for module in network.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_uniform_(module.weight)
                assert module.bias is not None
                nn.init.zeros_(module.bias)
    return network


def copied_network(ensemble: Ensemble, member: int) -> Network:
    """A copy of a network of a model, to train on.

    Args:
        ensemble: the model.
        member: number of the network to train, from 0; if the model has fewer, they are taken in turn.
    """
    network = Network(ensemble.spec)
    network.load_state_dict(ensemble.networks[member % len(ensemble.networks)].state_dict())
    return network


def prepare(network: Network, n_frozen: int) -> None:
    """Make a network ready to be trained.

    Args:
        network: the network.
        n_frozen: number of blocks, counted from the sequence, that keep their weights and running means; if it is not
            0, so does the stem.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = _MOMENTUM
    network.requires_grad_(requires_grad=True)
    for block in network.blocks:
        # The next normalisation cancels this bias: its gradient is rounding error, which Adam would scale up.
        block.get_parameter("conv1.bias").requires_grad = False
    for frozen in [network.stem, *network.blocks[:n_frozen]] if n_frozen else []:
        frozen.requires_grad_(requires_grad=False)


def set_training(network: Network, n_frozen: int) -> None:
    """Put a network in training mode, except the normalisations of its first ``n_frozen`` blocks."""
    network.train()
    for block in network.blocks[:n_frozen]:
        block.eval()


def state_of(network: nn.Module) -> dict[str, Tensor]:
    """The tensors of a network as a model's file has them, on the CPU."""
    return {
        name: tensor.detach().cpu().clone()
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }


def weights_of(spec: NetworkSpec, states: Sequence[Mapping[str, Tensor]]) -> Weights:
    """The weights of a model.

    Args:
        spec: the model.
        states: tensors of each of its networks, as ``state_of`` gives them.
    """
    tensors: FloatTensors = {}
    for member, state in enumerate(states, 1):
        tensors |= of_member(member, {name: _as_array(tensor) for name, tensor in state.items()})
    return Weights(spec, tensors)


def _as_array(tensor: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.ascontiguousarray(tensor.numpy(), dtype=np.float32)
