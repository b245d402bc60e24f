"""What every station is opened from: genome, networks, settings."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from spliceai_cli.errors import ReferenceGenomeError, WeightsError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.fingerprint import fingerprint
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.open import absolute_model, open_chosen
from spliceai_cli.models.spec import ModelIdentity
from spliceai_cli.models.store import default_home
from spliceai_cli.parallel.station import Station
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings

Self = TypeVar("Self", bound="NetworkOpening")


@dataclass(frozen=True)
class NetworkOpening:
    """What a station is made from.

    Attributes:
        reference: path of the FASTA.
        settings: everything that can change a result.
        compute: how to compute; the device and the memory are those of one station.
        identities: the models that are expected.
        genome: fingerprint of the FASTA that is expected; empty on the machine where the program runs.
    """

    reference: Path
    settings: Settings
    compute: Compute
    identities: tuple[ModelIdentity, ...]
    genome: str = ""

    @property
    def widest(self) -> Settings:
        """The settings at the largest distance that is computed."""
        return self.settings

    def open(self) -> Station[Any, Any]:
        """See ``Opening``."""
        raise NotImplementedError

    def on(self: Self, device: str) -> Self:
        """The same on a device."""
        return replace(self, compute=replace(self.compute, device=device))

    def with_memory(self: Self, memory: int | None) -> Self:
        """The same with so much memory."""
        return replace(self, compute=replace(self.compute, memory=memory))

    def elsewhere(self: Self, genome: str) -> Self:
        """The same for another machine, which has the same files but may have another home and working folder.

        Args:
            genome: fingerprint of the FASTA.
        """
        home = home_of(self.compute).absolute()
        weights = None if self.compute.weights is None else absolute_model(str(self.compute.weights), home)
        models = tuple(absolute_model(text, home) for text in self.settings.models)
        return replace(
            self,
            # Not resolved: what a link leads to may have another place there, and the index lies beside the link.
            reference=self.reference.absolute(),
            settings=replace(self.settings, models=models),
            compute=replace(self.compute, home=home, weights=weights),
            genome=genome,
        )

    def read(self) -> tuple[Reference, tuple[Ensemble, ...]]:
        """The FASTA and the networks.

        Raises:
            SpliceAICliError: they cannot be read, or are not those expected.
        """
        reference = Reference(self.reference)
        if self.genome and fingerprint(reference) != self.genome:
            raise ReferenceGenomeError(f"{self.reference} is not the genome that the program was given.")
        models = open_chosen(self.settings.models, self.compute.weights, home_of(self.compute))
        if self.identities != tuple(model.identity for model in models):
            raise WeightsError(f"{', '.join(self.settings.models)}: these weights are not those that the program read.")
        return reference, models


def home_of(compute: Compute) -> Path:
    """The folder of installed models."""
    return Path(compute.home) if compute.home else default_home(os.environ)
