"""Which outputs of which models are shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spliceai_cli.alignment import FloatArray
from spliceai_cli.network import ACCEPTOR, DONOR, NetworkSpec


class Models:
    """The tracks of one or several models, side by side.

    Args:
        specs: of the models.

    Attributes:
        tracks: names; of several models they begin with the model's.
    """

    def __init__(self, specs: Sequence[NetworkSpec]) -> None:
        tracks = [_tracks(spec) for spec in specs]
        self._outputs = [list(of_model.values()) for of_model in tracks]
        self.tracks = tuple(
            track if len(specs) == 1 else f"{spec.name}_{track}"
            for spec, of_model in zip(specs, tracks, strict=True)
            for track in of_model
        )

    def side_by_side(self, outputs: Sequence[FloatArray]) -> FloatArray:
        """(n, outputs) of every model -> (n, tracks)."""
        shown = [found[:, wanted] for found, wanted in zip(outputs, self._outputs, strict=True)]
        return np.concatenate(shown, axis=1)


def _tracks(spec: NetworkSpec) -> dict[str, int]:
    """Name -> output."""
    return dict(getattr(spec, "tracks", (("acceptor", ACCEPTOR), ("donor", DONOR))))
