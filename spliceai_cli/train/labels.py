"""Labels of positions: the class that a network should predict, or that a position does not count."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import IntArray
from spliceai_cli.models.spec import ACCEPTOR, DONOR, NEITHER

#: Label of a position that does not count in a loss.
LEFT_OUT = 255


def site_labels(n: int, sites: Mapping[int, IntArray]) -> NDArray[np.uint8]:
    """Labels of ``n`` positions.

    Args:
        n: number of positions.
        sites: ``ACCEPTOR`` and ``DONOR`` -> indices of these positions.

    Returns:
        (n,) ``NEITHER``, ``ACCEPTOR`` or ``DONOR``; ``LEFT_OUT`` for an exon of one base, which is acceptor and donor,
        for which there is no class.
    """
    labels = np.full(n, NEITHER, np.uint8)
    for site, at in sites.items():
        labels[at] = site
    labels[np.intersect1d(sites[ACCEPTOR], sites[DONOR])] = LEFT_OUT
    return labels
