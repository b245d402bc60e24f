"""Averages the outputs of a model's networks into the outputs of the model."""

from __future__ import annotations

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.models.spec import NetworkSpec


def averaged(answers: FloatArray, spec: NetworkSpec) -> FloatArray:
    """Average network outputs that were kept separate until ALT was laid on REF (see ``NetworkSpec.n_averaged``).

    Args:
        answers: (W, spec.n_answers).
        spec: spec of the model.

    Returns:
        (W, spec.n_outputs), float32.
    """
    n_apart = spec.group_size // spec.n_averaged
    if n_apart == 1:
        return answers
    apart = answers.reshape(len(answers), len(spec.groups), n_apart, spec.n_classes)
    mean: FloatArray = apart.mean(axis=2, dtype=np.float32)
    return mean.reshape(len(answers), spec.n_outputs)
