"""Temperature: one number that divides all logits of a model, so that its probabilities agree with observed shares.

At each position the most likely class stays the most likely one. The order of positions can change a little, so top-k
and PR-AUC stay nearly the same. The number is folded into the weights of the last layer, so that the result is a model
like any other. See Guo et al. 2017, "On calibration of modern neural networks".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.engine.device import Device
from spliceai_cli.engine.pytorch.computing import computing
from spliceai_cli.engine.pytorch.device import torch_device
from spliceai_cli.evaluate.loci import SITE_NAMES, Locus
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import NEITHER
from spliceai_cli.models.tensors import FloatTensors, Weights, of_member
from spliceai_cli.plan.sequence import transcript_order
from spliceai_cli.train.labels import LEFT_OUT, site_labels

# Positions computed together.
_PIECE = 5000

# From this probability of a site on, every position is kept; of the others only a share, each with its inverse as size.
_KEPT_FROM, _KEPT_SHARE = 1e-3, 0.01
_SEED = 1

# Bounds of the temperature, as natural logarithms, and the precision in them.
_LOW, _HIGH, _PRECISION = math.log(0.05), math.log(20), 1e-4
_GOLDEN = (math.sqrt(5) - 1) / 2


class Sample(NamedTuple):
    """Positions whose logits are known.

    Attributes:
        logits: (networks, n, 3) logits of each network.
        labels: (n,) class of each position.
        sizes: (n,) number of positions that each stands for.
    """

    logits: Tensor
    labels: Tensor
    sizes: Tensor

    def loss(self, temperature: float) -> float:
        """Mean negative log-likelihood of the networks' mean probabilities, with all logits divided by a number."""
        probabilities = torch.softmax(self.logits / temperature, dim=2).mean(dim=0)
        of_label = probabilities.gather(1, self.labels[:, None])[:, 0]
        return float(-(of_label.clamp_min(1e-30).log() * self.sizes).sum() / self.sizes.sum())


class Calibration(NamedTuple):
    """A temperature that was fitted.

    Attributes:
        temperature: divides logits.
        before, after: mean negative log-likelihood without and with it.
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
    device: Device,
    watch: Callable[[Locus, int], None] = lambda *_: None,
) -> Sample:
    """Logits of all sites, of likely positions, and of a seeded hundredth of the others.

    Exons of one base are left out.

    Args:
        ensemble: the model.
        loci: where to look; at least one.
        reference: the FASTA.
        is_alone: whether the model sees N around a locus rather than the genome.
        device: where to compute.
        watch: called after each locus with the number of positions done so far.
    """
    random = np.random.default_rng(_SEED)
    there, n_done = torch_device(device), 0
    networks = [network.to(there) for network in ensemble.networks]
    samples = []
    for locus in loci:
        sequence, labels = locus.sequence(reference, is_alone=is_alone), _labels(locus)
        whole = transcript_order(locus.interval, locus.strand)
        for start in range(whole.start, whole.end, _PIECE):
            end = min(start + _PIECE, whole.end)
            seen = sequence.codes(Interval(start - ensemble.spec.flank, end + ensemble.spec.flank))
            codes = torch.tensor(seen)[None].to(there)
            with computing(there):
                logits = torch.stack([network(codes)[0].T for network in networks]).cpu()
            samples.append(_thinned(logits, labels[start - whole.start : end - whole.start], random))
        n_done += locus.interval.length
        watch(locus, n_done)
    return Sample(
        torch.cat([sample.logits for sample in samples], dim=1),
        torch.cat([sample.labels for sample in samples]),
        torch.cat([sample.sizes for sample in samples]),
    )


def _labels(locus: Locus) -> Tensor:
    """(n,) labels of a locus in transcript order, see ``site_labels``."""
    sites = {site: np.array(locus.sites(site), np.int64) - locus.interval.start for site in SITE_NAMES}
    labels = site_labels(locus.interval.length, sites).astype(np.int64)
    return torch.from_numpy(labels if locus.strand == "+" else labels[::-1].copy())


def _thinned(logits: Tensor, labels: Tensor, random: np.random.Generator) -> Sample:
    """Sites, positions that a network finds likely, and a share of the others, which then stand for all others."""
    is_likely = (1 - torch.softmax(logits, dim=2)[..., NEITHER]).amax(dim=0) >= _KEPT_FROM
    is_always_kept = is_likely | (labels != NEITHER)
    is_kept = (labels != LEFT_OUT) & (is_always_kept | torch.from_numpy(random.random(len(labels)) < _KEPT_SHARE))
    return Sample(logits[:, is_kept], labels[is_kept], torch.where(is_always_kept[is_kept], 1.0, 1 / _KEPT_SHARE))


def fit_temperature(sample: Sample) -> Calibration:
    """The temperature of the smallest loss, by golden-section search along its logarithm."""

    def loss(logarithm: float) -> float:
        return sample.loss(math.exp(logarithm))

    low, high = _LOW, _HIGH
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    left_loss, right_loss = loss(left), loss(right)
    while high - low > _PRECISION:
        if left_loss < right_loss:
            high, right, right_loss = right, left, left_loss
            left = high - _GOLDEN * (high - low)
            left_loss = loss(left)
        else:
            low, left, left_loss = left, right, right_loss
            right = low + _GOLDEN * (high - low)
            right_loss = loss(right)
    temperature = math.exp((low + high) / 2)
    return Calibration(temperature, sample.loss(1.0), sample.loss(temperature))


def at_temperature(ensemble: Ensemble, temperature: float, key: str) -> Weights:
    """The weights of a model whose logits are divided by a temperature.

    Args:
        ensemble: the model.
        temperature: above 0.
        key: name and INFO key of the result.
    """
    tensors: FloatTensors = {}
    for number, member in enumerate(ensemble.members, 1):
        cooled = {name: member[name] / np.float32(temperature) for name in ("head.weight", "head.bias")}
        tensors |= of_member(number, {**member, **cooled})
    return Weights(replace(ensemble.spec, name=key, key=key), tensors)
