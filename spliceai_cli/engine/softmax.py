"""Probabilities from logits, where numpy computes them."""

from __future__ import annotations

import numpy as np

from spliceai_cli.arrays import FloatArray

# The smallest normal number of float32.
_SMALLEST = 2.0**-126


def softmax(logits: FloatArray) -> FloatArray:
    """The softmax over the last axis, rounded once; a new array.

    Denormal numbers become 0, as in PyTorch's passes. Logits that are not finite give NaN.

    Args:
        logits: (…, classes).

    Returns:
        (…, classes), float32.
    """
    # Classes first: numpy then adds whole rows, and not three numbers at a time.
    values = np.moveaxis(logits, -1, 0).astype(np.float64, order="C")
    with np.errstate(invalid="ignore"):
        values -= values.max(axis=0)
        np.exp(values, out=values)
        values /= values.sum(axis=0)
        values[values < _SMALLEST] = 0
    return np.ascontiguousarray(np.moveaxis(values, 0, -1), dtype=np.float32)
