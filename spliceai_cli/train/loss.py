"""The loss: cross-entropy with a weight for each class."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spliceai_cli.errors import AnnotationError
from spliceai_cli.models.spec import ACCEPTOR, DONOR, NEITHER
from spliceai_cli.train.config import BALANCED
from spliceai_cli.train.labels import LEFT_OUT

# Shares of the total weight: positives as much as negatives, acceptors as donors.
_SHARES = {NEITHER: 1 / 2, ACCEPTOR: 1 / 4, DONOR: 1 / 4}


def class_weights(counts: NDArray[np.floating], weighting: str) -> NDArray[np.float32]:
    """(3,) weight of a position of each class. The mean weight over all positions is 1.

    >>> class_weights(np.array([80, 10, 10]), "balanced").tolist()
    [0.625, 2.5, 2.5]
    >>> class_weights(np.array([80, 10, 10]), "equal").tolist()
    [1.0, 1.0, 1.0]

    Args:
        counts: (3,) number of positions of each class.
        weighting: one of ``config.WEIGHTINGS``.

    Raises:
        AnnotationError: a class has no position.

    Source: the published model card, whose loss gives positives the weight of negatives and acceptors that of donors.
    """
    if not counts.all():
        raise AnnotationError(
            "the training genes lack acceptors, donors or other bases where they count.",
            "Check -A, train, biotypes, margin and empty, and whether the reference has N there.",
        )
    if weighting != BALANCED:
        return np.ones(3, np.float32)
    shares = np.array([_SHARES[site] for site in (NEITHER, ACCEPTOR, DONOR)])
    return np.asarray(shares * counts.sum() / counts, dtype=np.float32)


def weighted_loss(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Sum over positions of weight times cross-entropy.

    A sum, not a mean: parts of a batch, on one process or several, then add up to the loss of the batch.

    Args:
        logits: (N, 3, W).
        labels: (N, W) integers; positions labelled ``LEFT_OUT`` do not count.
        weights: (3,) weights of the classes.

    Returns:
        A scalar, float32.
    """
    return torch.nn.functional.cross_entropy(
        logits.float(), labels.long(), weight=weights, ignore_index=LEFT_OUT, reduction="sum"
    )
