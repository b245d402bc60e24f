"""How well a network does on genes that it is not trained with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.evaluate.loci import SITE_NAMES
from spliceai_cli.evaluate.ranking import Ranking
from spliceai_cli.evaluate.sites import FLOOR
from spliceai_cli.models.network import Network
from spliceai_cli.train.loss import weighted_loss
from spliceai_cli.train.windows import LEFT_OUT, Example, Windows

# On a CPU larger batches are no faster.
_BATCH = 8


def validate(
    network: Network, windows: Windows, weights: Tensor, device: torch.device, *, most: int
) -> dict[str, float]:
    """Loss, and top-k and PR-AUC of both kinds of sites; without those of a kind that the examples do not have.

    Args:
        network: the network; left in evaluation mode.
        windows: the examples.
        weights: (3,) weights of the classes in the loss.
        device: where the network is.
        most: examples that are looked at; if there are more, a seeded sample.
    """
    network.eval()
    numbers = np.sort(np.random.default_rng(0).permutation(len(windows))[:most])
    kept: dict[int, list[np.ndarray]] = {site: [] for site in SITE_NAMES}
    masks: dict[int, list[np.ndarray]] = {site: [] for site in SITE_NAMES}
    n_below = dict.fromkeys(SITE_NAMES, 0)
    loss, n_positions = 0.0, 0
    for part in np.array_split(numbers, -(-len(numbers) // _BATCH)):
        logits, labels = _logits(network, [windows.example(int(number)) for number in part], device)
        loss += float(weighted_loss(logits, labels, weights.to(device)))
        truth = labels.cpu().numpy()
        counts = truth != LEFT_OUT
        n_positions += int(counts.sum())
        probabilities = torch.softmax(logits, dim=1).cpu().numpy()
        for site in SITE_NAMES:
            values, is_site = probabilities[:, site][counts], truth[counts] == site
            chosen = is_site | (values >= FLOOR)
            kept[site].append(np.where(values < FLOOR, 0, values)[chosen])
            masks[site].append(is_site[chosen])
            n_below[site] += int((~chosen).sum())
    measures = {"loss": loss / max(1, n_positions)}
    for site, name in SITE_NAMES.items():
        measures.update(_measures(name, np.concatenate(kept[site]), np.concatenate(masks[site]), n_below[site]))
    return measures


@torch.no_grad()
def _logits(network: Network, examples: list[Example], device: torch.device) -> tuple[Tensor, Tensor]:
    codes = torch.from_numpy(np.stack([example.codes for example in examples]))
    labels = torch.from_numpy(np.stack([example.labels for example in examples]))
    return network(codes.to(device)).float(), labels.to(device)


def _measures(name: str, scores: np.ndarray, is_site: np.ndarray, n_below: int) -> Iterator[tuple[str, float]]:
    if not is_site.any():
        return
    scores, is_site = np.append(scores, 0), np.append(is_site, False)
    sizes = np.append(np.ones(len(scores) - 1, np.int64), n_below)
    curve = Ranking(scores, is_site, np.zeros(len(scores), np.int64), sizes).curve()
    yield f"{name}_top_k", curve.top_k
    yield f"{name}_pr_auc", curve.average_precision
