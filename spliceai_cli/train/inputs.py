"""What a run is made from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import NamedTuple

from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.fingerprint import fingerprint
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.train.config import TrainConfig


class Start(NamedTuple):
    """What training begins with.

    Attributes:
        ensemble: a model; None for random weights.
        n_frozen: number of its blocks that keep their weights, counted from the sequence.
    """

    ensemble: Ensemble | None = None
    n_frozen: int = 0

    @property
    def name(self) -> str:
        """The model and its licence, for the card; empty without one."""
        if self.ensemble is None:
            return ""
        return f"{self.ensemble.spec.name} ({self.ensemble.spec.licence or 'no licence stated'})"


@dataclass(frozen=True)
class Inputs:
    """What a run is made from.

    Attributes:
        reference: the FASTA.
        annotation: the genes.
        config: the recipe.
        start: what training begins with.
    """

    reference: Reference
    annotation: Annotation
    config: TrainConfig
    start: Start = Start()

    @property
    def spec(self) -> NetworkSpec:
        """The model that is trained: that of the recipe, or the one that it starts from under a new name."""
        ensemble, config = self.start.ensemble, self.config
        if ensemble is None:
            return config.spec
        return replace(
            ensemble.spec, name=config.name, key=config.name, licence=config.licence, n_networks=config.networks
        )

    @property
    def sha256(self) -> str:
        """Digest of everything that changes the weights; of the FASTA, its ``genome.fingerprint``."""
        ensemble = self.start.ensemble
        facts = (
            self.config.sha256,
            self.annotation.origin,
            fingerprint(self.reference),
            ensemble.sha256 if ensemble else "",
            self.start.n_frozen,
        )
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
