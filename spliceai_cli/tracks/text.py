"""How values are printed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import FloatArray

#: Decimals. Values are computed to within 2e-6.
DECIMALS = 6


def as_printed(values: FloatArray) -> NDArray[np.floating]:
    """Rounded to the decimals that are printed; never -0."""
    # In float32 the rounding itself would be wrong in the last digit.
    return np.round(values.astype(np.float64), DECIMALS) + 0.0
