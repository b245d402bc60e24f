"""Rounding of values for printing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import FloatArray

#: Decimals that are printed. Values are exact to within 2e-6.
DECIMALS = 6


def as_printed(values: FloatArray) -> NDArray[np.floating]:
    """Values rounded to the printed decimals; never -0."""
    # In float64, because rounding in float32 would get the last digit wrong.
    return np.round(values.astype(np.float64), DECIMALS) + 0.0
