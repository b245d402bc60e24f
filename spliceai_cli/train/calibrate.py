"""Temperature: one number by which a model's logits are divided, so that probabilities are shares.

It changes no order of probabilities within a network, so accuracy stays nearly the same. It is folded into the weights
of the head, so that the result is a model like any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.evaluate.loci import SITE_NAMES, Locus
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.network import Ensemble
from spliceai_cli.models.spec import NEITHER
from spliceai_cli.models.tensors import FloatTensors, Weights, of_member
from spliceai_cli.plan.sequence import transcript_order

# Positions computed together; and the share of those that no network finds likely that are kept, with its inverse as
# weight.
_PIECE = 5000
_LIKELY, _KEPT = 1e-3, 0.01
_SEED = 1

# Bounds of the temperature, as natural logarithms, and the precision in them.
_LOW, _HIGH, _PRECISION = math.log(0.05), math.log(20), 1e-4
_GOLDEN = (math.sqrt(5) - 1) / 2


class Sample(NamedTuple):
    """Positions whose logits are known.

    Attributes:
        logits: (networks, n, 3).
        labels: (n,).
        sizes: (n,) positions that each stands for.
    """

    logits: Tensor
    labels: Tensor
    sizes: Tensor

    def loss(self, temperature: float) -> float:
        """Mean negative log-likelihood of the mean probability of the networks."""
        probabilities = torch.softmax(self.logits / temperature, dim=2).mean(dim=0)
        of_label = probabilities.gather(1, self.labels[:, None])[:, 0]
        return float(-(of_label.clamp_min(1e-30).log() * self.sizes).sum() / self.sizes.sum())


class Calibration(NamedTuple):
    """The result.

    Attributes:
        temperature: by which logits are divided.
        before, after: mean negative log-likelihood.
    """

    temperature: float
    before: float
    after: float

    @property
    def is_limit(self) -> bool:
        """Whether the loss still falls at the smallest or largest temperature that is tried."""
        at = math.log(self.temperature)
        return min(at - _LOW, _HIGH - at) < _PRECISION


@torch.inference_mode()
def sample_logits(
    ensemble: Ensemble,
    loci: Sequence[Locus],
    reference: Reference,
    *,
    is_alone: bool,
    device: torch.device,
    watch: Callable[[Locus, int], None] = lambda *_: None,
) -> Sample:
    """Logits of all sites, of likely positions, and of a seeded hundredth of the others.

    Args:
        ensemble: the model.
        loci: where to look.
        reference: the FASTA.
        is_alone: whether it sees N around a locus.
        device: where to compute.
        watch: called after each locus with the positions that are done.
    """
    random = np.random.default_rng(_SEED)
    networks = [network.to(device) for network in ensemble.networks]
    flank, n_done = ensemble.spec.flank, 0
    logits, labels, sizes = [], [], []
    for locus in loci:
        truth = np.zeros(locus.interval.length, np.int64)
        for site in SITE_NAMES:
            truth[locus.is_site(site)] = site
        start, end = transcript_order(locus.interval, locus.strand)
        truth = truth if locus.strand == "+" else truth[::-1]
        sequence = locus.sequence(reference, is_alone=is_alone)
        for first in range(start, end, _PIECE):
            last = min(first + _PIECE, end)
            codes = torch.tensor(sequence.codes(Interval(first - flank, last + flank)))[None].to(device)
            piece = torch.stack([network(codes)[0].T for network in networks]).cpu()
            here = torch.from_numpy(truth[first - start : last - start].copy())
            likely = (1 - torch.softmax(piece, dim=2)[..., NEITHER]).amax(dim=0) >= _LIKELY
            certain = (likely | (here != NEITHER)).numpy()
            kept = torch.from_numpy(certain | (random.random(len(certain)) < _KEPT))
            logits.append(piece[:, kept])
            labels.append(here[kept])
            sizes.append(torch.where(torch.from_numpy(certain)[kept], 1.0, 1 / _KEPT))
        n_done += locus.interval.length
        watch(locus, n_done)
    return Sample(torch.cat(logits, dim=1), torch.cat(labels), torch.cat(sizes))


def calibrate(sample: Sample) -> Calibration:
    """The temperature of the smallest loss, by golden-section search of its logarithm."""
    low, high = _LOW, _HIGH

    def loss(at: float) -> float:
        return sample.loss(math.exp(at))

    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    of_left, of_right = loss(left), loss(right)
    while high - low > _PRECISION:
        if of_left < of_right:
            high, right, of_right = right, left, of_left
            left = high - _GOLDEN * (high - low)
            of_left = loss(left)
        else:
            low, left, of_left = left, right, of_right
            right = low + _GOLDEN * (high - low)
            of_right = loss(right)
    temperature = math.exp((low + high) / 2)
    return Calibration(temperature, sample.loss(1.0), sample.loss(temperature))


def at_temperature(ensemble: Ensemble, temperature: float, key: str) -> Weights:
    """The weights of a model whose logits are divided by a temperature.

    Args:
        ensemble: the model.
        temperature: above 0.
        key: its new name and INFO key.
    """
    tensors: FloatTensors = {}
    for member, network in enumerate(ensemble.networks, 1):
        state = {
            name: tensor.cpu().numpy()
            for name, tensor in network.state_dict().items()
            if not name.endswith("num_batches_tracked")
        }
        for name in ("head.weight", "head.bias"):
            state[name] = state[name] / np.float32(temperature)
        tensors |= of_member(member, {name: np.ascontiguousarray(array) for name, array in state.items()})
    return Weights(replace(ensemble.spec, name=key, key=key), tensors)
