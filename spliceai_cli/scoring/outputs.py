"""The outputs of models that are shown, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.scoring.averaging import averaged


class Models:
    """The tracks of one or several models, side by side.

    Args:
        specs: one per model.

    Attributes:
        tracks: names of the tracks; with several models, each name begins with the model's INFO key.
        kinds: kind of score of each model.
    """

    def __init__(self, specs: Sequence[NetworkSpec]) -> None:
        self._specs = tuple(specs)
        self.tracks = tuple(
            track.name if len(specs) == 1 else f"{spec.key}_{track.name}" for spec in specs for track in spec.tracks
        )
        self.kinds = tuple(spec.kind for spec in specs)

    def side_by_side(self, outputs: Sequence[FloatArray]) -> FloatArray:
        """(n, outputs) for each model -> (n, tracks)."""
        shown = [
            values[:, [track.column for track in spec.tracks]]
            for spec, values in zip(self._specs, outputs, strict=True)
        ]
        return np.concatenate(shown, axis=1)

    def of_alleles(self, answers: Sequence[FloatArray]) -> FloatArray:
        """(n, answers) for each model, already laid on REF -> (n, tracks)."""
        return self.side_by_side([averaged(values, spec) for values, spec in zip(answers, self._specs, strict=True)])
