from __future__ import annotations

import numpy as np
import pytest
import torch

from spliceai_cli.errors import AnnotationError
from spliceai_cli.train.labels import LEFT_OUT
from spliceai_cli.train.loss import class_weights, weighted_loss


def test_weights__balance_positives_and_negatives_and_acceptors_and_donors():
    counts = np.array([9_900, 75, 25])
    total = class_weights(counts, "balanced") * counts
    assert total == pytest.approx([5_000, 2_500, 2_500])
    assert class_weights(counts, "equal").tolist() == [1, 1, 1]


def test_weights__need_every_class():
    with pytest.raises(AnnotationError, match="the training genes lack acceptors, donors or other bases where"):
        class_weights(np.array([10, 1, 0]), "balanced")


def test_loss__by_hand():
    logits = torch.log(torch.tensor([[[0.7, 0.2, 0.5], [0.2, 0.5, 0.25], [0.1, 0.3, 0.25]]]))
    labels = torch.tensor([[0, 2, LEFT_OUT]], dtype=torch.uint8)
    loss = weighted_loss(logits, labels, torch.tensor([0.5, 2.0, 3.0]))
    assert float(loss) == pytest.approx(-0.5 * np.log(0.7) - 3 * np.log(0.3), rel=1e-6)


def loss_of(logits, labels, weights):
    """Sum of weight times minus the logarithm of the label's probability, in double precision."""
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    counted = [(i, label, j) for (i, j), label in np.ndenumerate(labels) if label != LEFT_OUT]
    return -sum(weights[label] * np.log(shares[i, label, j]) for i, label, j in counted)


def test_loss__gradient_equals_finite_differences():
    random = np.random.default_rng(1)
    values = random.normal(size=(2, 3, 7))
    labels = random.choice([0, 1, 2, LEFT_OUT], (2, 7)).astype(np.uint8)
    # Nine tenths of the positions share half of the weight, 6 % and 4 % a quarter each.
    weights = (0.5 / 0.9, 0.25 / 0.06, 0.25 / 0.04)
    logits = torch.tensor(values, dtype=torch.float32, requires_grad=True)
    balanced = torch.from_numpy(class_weights(np.array([90, 6, 4]), "balanced"))
    loss = weighted_loss(logits, torch.from_numpy(labels), balanced)
    loss.backward()
    assert loss.item() == pytest.approx(loss_of(values, labels, weights), rel=1e-6)
    step = 1e-4
    for index in np.ndindex(values.shape):
        moved = np.zeros_like(values)
        moved[index] = step
        up, down = (loss_of(values + sign * moved, labels, weights) for sign in (1, -1))
        assert float(logits.grad[index]) == pytest.approx((up - down) / (2 * step), abs=1e-5)
