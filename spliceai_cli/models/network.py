"""The network as a module of PyTorch.

A stack of dilated residual blocks (Jaganathan et al., Cell 2019, doi 10.1016/j.cell.2018.12.015): every block applies
normalisation, activation and convolution twice, and adds the result to its input. 1×1 convolutions tap the stem and the
ends of some blocks; the sum of the taps goes through a 1×1 head.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import torch
from torch import Tensor, nn

from spliceai_cli.models.averaging import GroupMean
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.models.tensors import FloatTensors

#: ``NetworkSpec.activation`` -> the function that computes it.
FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": nn.functional.relu,
    "gelu": nn.functional.gelu,
    "leaky_relu_0.1": partial(nn.functional.leaky_relu, negative_slope=0.1),
}


class Block(nn.Module):
    """One residual block on shrinking intervals: its output is ``2 * reach`` shorter at each end than its input."""

    def __init__(self, spec: BlockSpec, network: NetworkSpec) -> None:
        super().__init__()
        channels = network.channels
        self.reach = spec.reach
        self.activate = FUNCTIONS[network.activation]
        self.norm1 = nn.BatchNorm2d(channels, eps=network.norm_eps)
        self.conv1 = nn.Conv2d(channels, channels, (1, spec.kernel), dilation=(1, spec.dilation))
        self.norm2 = nn.BatchNorm2d(channels, eps=network.norm_eps)
        self.conv2 = nn.Conv2d(channels, channels, (1, spec.kernel), dilation=(1, spec.dilation))

    def forward(self, x: Tensor) -> Tensor:
        """(N, F, 1, L) -> (N, F, 1, L - 4 * reach)."""
        y = self.conv1(self.activate(self.norm1(x)))
        y = self.conv2(self.activate(self.norm2(y)))
        total: Tensor = crop(x, 2 * self.reach) + y
        return total


class Network(nn.Module):
    """One member of an ensemble.

    Convolutions are 2-D of height 1, channels last: the fastest form on CPUs (2–3× conv1d on AVX-512).
    """

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.spec = spec
        self.stem = nn.Conv2d(4, spec.channels, 1)
        self.blocks = nn.ModuleList(Block(block, spec) for block in spec.blocks)
        self.taps = nn.ModuleList(nn.Conv2d(spec.channels, spec.channels, 1) for _ in range(spec.n_taps))
        self.head = nn.Conv2d(spec.channels, spec.n_classes, 1)
        # One row per code; the row of N is all-zero. On the CPU also where the rest is on the meta device.
        self.one_hot: Tensor
        rows = [[float(code == base) for base in range(4)] for code in range(5)]
        self.register_buffer("one_hot", torch.tensor(rows, device="cpu"), persistent=False)

    def forward(self, codes: Tensor) -> Tensor:
        """Logits of every position that has its whole context.

        Args:
            codes: (N, L) integers, see ``encode``; L is more than ``spec.context``.

        Returns:
            (N, n_classes, L - spec.context).
        """
        x = self.one_hot[codes.long()]  # (N, L, 4)
        x = x.permute(0, 2, 1).unsqueeze(2).contiguous(memory_format=torch.channels_last)
        x = self.stem(x)  # (N, F, 1, L)
        ahead = self.spec.flank
        taps = iter(self.taps)
        total = next(taps)(crop(x, ahead))
        for block, spec in zip(self.blocks, self.spec.blocks, strict=True):
            x = block(x)
            ahead -= 2 * spec.reach
            if spec.is_tapped:
                total = total + next(taps)(crop(x, ahead))
        logits: Tensor = self.head(total)
        return logits.squeeze(2)


def crop(x: Tensor, n: int) -> Tensor:
    """Drop ``n`` positions at each end of the last axis."""
    return x[..., n : x.shape[-1] - n]


def build_networks(spec: NetworkSpec, members: Iterable[FloatTensors]) -> tuple[Network, ...]:
    """Networks that compute with these arrays, in evaluation mode and without gradients.

    Args:
        spec: shared by all.
        members: tensors of each network by parameter name (see ``ensemble.tensor_shapes``); they are not copied.
    """
    networks = []
    for tensors in members:
        # Without memory or random numbers: every tensor is replaced.
        with torch.device("meta"):
            network = Network(spec)
        state = {name: torch.from_numpy(tensor) for name, tensor in tensors.items()}
        network.load_state_dict(state, strict=True, assign=True)
        networks.append(network.eval().requires_grad_(requires_grad=False))
    return tuple(networks)


def moved(networks: Iterable[Network], device: torch.device) -> tuple[Network, ...]:
    """The same networks on a device."""
    there = tuple(network.to(device) for network in networks)
    for network in there:
        for parameter in network.parameters():
            if parameter.dim() == 4:  # noqa: PLR2004 (convolution weights)
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return there


def answers(networks: Iterable[Network], codes: Tensor, n_averaged: int) -> Tensor:
    """Softmax outputs, the mean of every ``n_averaged`` consecutive networks side by side.

    Args:
        networks: networks of one spec.
        codes: (N, L), see ``Network.forward``.
        n_averaged: networks per mean.

    Returns:
        (N, answers, L - spec.context), float32.
    """
    mean: GroupMean[Tensor] = GroupMean(n_averaged)
    for network in networks:
        mean.add(torch.softmax(network(codes), dim=1))
    return torch.cat(mean.groups(), dim=1)
