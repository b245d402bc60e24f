from __future__ import annotations

import numpy as np
import pytest
import torch

from spliceai_cli.errors import AnnotationError
from spliceai_cli.train.loss import class_weights, weighted_loss
from spliceai_cli.train.windows import LEFT_OUT


def test_weights__balance_positives_and_negatives_and_acceptors_and_donors():
    counts = np.array([9_900, 75, 25])
    total = class_weights(counts, "balanced") * counts
    assert total == pytest.approx([5_000, 2_500, 2_500])
    assert class_weights(counts, "equal").tolist() == [1, 1, 1]


def test_weights__need_every_class():
    with pytest.raises(AnnotationError, match="no acceptor, no donor"):
        class_weights(np.array([10, 1, 0]), "balanced")


def test_loss__by_hand():
    logits = torch.log(torch.tensor([[[0.7, 0.2, 0.5], [0.2, 0.5, 0.25], [0.1, 0.3, 0.25]]]))
    labels = torch.tensor([[0, 2, LEFT_OUT]], dtype=torch.uint8)
    loss = weighted_loss(logits, labels, torch.tensor([0.5, 2.0, 3.0]))
    assert float(loss) == pytest.approx(-0.5 * np.log(0.7) - 3 * np.log(0.3), rel=1e-6)


def test_loss__gradient_equals_finite_differences():
    random = np.random.default_rng(1)
    values = random.normal(size=(2, 3, 7))
    labels = torch.from_numpy(random.choice([0, 1, 2, LEFT_OUT], (2, 7)).astype(np.uint8))
    weights = torch.from_numpy(class_weights(np.array([90, 6, 4]), "balanced"))
    logits = torch.tensor(values, dtype=torch.float32, requires_grad=True)
    weighted_loss(logits, labels, weights).backward()
    step = 1e-2
    for index in np.ndindex(values.shape):
        moved = [values.copy(), values.copy()]
        moved[0][index] += step
        moved[1][index] -= step
        up, down = (float(weighted_loss(torch.tensor(v, dtype=torch.float32), labels, weights)) for v in moved)
        assert float(logits.grad[index]) == pytest.approx((up - down) / (2 * step), abs=2e-3)
