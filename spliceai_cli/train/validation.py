"""How well a network does on validation genes."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.engine.pytorch.computing import computing
from spliceai_cli.evaluate.loci import SITE_NAMES
from spliceai_cli.evaluate.tally import Tally
from spliceai_cli.models.network import Network
from spliceai_cli.train.labels import LEFT_OUT
from spliceai_cli.train.loss import weighted_loss
from spliceai_cli.train.windows import Example, Windows

# On a CPU larger batches are no faster.
_BATCH = 8


def validate(
    network: Network, windows: Windows, weights: Tensor, device: torch.device, *, most: int
) -> dict[str, float]:
    """Measure a network on examples.

    Args:
        network: the network; left in evaluation mode.
        windows: the examples, at least one.
        weights: (3,) weights of the classes in the loss.
        device: where the network is.
        most: largest number of examples; if there are more, a seeded sample is taken.

    Returns:
        ``loss``, the mean over the positions that count; ``acceptor_top_k``, ``acceptor_pr_auc`` and the same of
        donors, unless the examples have no such site.
    """
    network.eval()
    numbers = np.sort(np.random.default_rng(0).permutation(len(windows))[:most])
    tallies = {site: Tally() for site in SITE_NAMES}
    loss, n_positions = 0.0, 0
    for part in np.array_split(numbers, -(-len(numbers) // _BATCH)):
        logits, labels = _logits(network, [windows.example(int(number)) for number in part], device)
        loss += float(weighted_loss(logits, labels, weights.to(device)))
        classes, probabilities = labels.cpu().numpy(), torch.softmax(logits, dim=1).cpu().numpy()
        counts = classes != LEFT_OUT
        n_positions += int(counts.sum())
        for site, tally in tallies.items():
            tally.add(probabilities[:, site][counts], classes[counts] == site)
    measures = {"loss": loss / max(1, n_positions)}
    for site, name in SITE_NAMES.items():
        if len(tallies[site].of_sites()):
            curve = tallies[site].ranking().curve()
            measures |= {f"{name}_top_k": curve.top_k, f"{name}_pr_auc": curve.average_precision}
    return measures


@torch.no_grad()
def _logits(network: Network, examples: list[Example], device: torch.device) -> tuple[Tensor, Tensor]:
    codes = torch.from_numpy(np.stack([example.codes for example in examples]))
    labels = torch.from_numpy(np.stack([example.labels for example in examples]))
    with computing(device):
        return network(codes.to(device)).float(), labels.to(device)
