"""Stations that predict: tiles of sequences, and alleles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.device import Device, available_memory, choose_devices
from spliceai_cli.engine.kernels import native_kernels
from spliceai_cli.engine.scan import Scanner
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.parallel.opening import NetworkOpening
from spliceai_cli.parallel.station import Advance
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.sequence import GeneSequence
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.scoring.outputs import Models
from spliceai_cli.scoring.runner import open_runners, predict_jobs


class Stretches(NamedTuple):
    """Positions that are predicted together.

    Attributes:
        sequences: one per model.
        intervals: the positions, ascending in genomic order.
    """

    sequences: tuple[GeneSequence, ...]
    intervals: tuple[Interval, ...]


@dataclass(frozen=True)
class ScanOpening(NetworkOpening):
    """What a station that predicts sequences is made from."""

    def open(self) -> ScanStation:
        """See ``Opening``."""
        return ScanStation(self, *self.read())


class ScanStation(ProcessBound):
    """Predicts sequences. Threads may share it.

    Args:
        opening: the settings.
        reference: the FASTA.
        models: the networks, on the CPU.

    Raises:
        DeviceError: the device is not available.
        UsageError: the memory is too little.

    Attributes:
        reference: the FASTA.
        device: where it computes.
        memory: bytes that it may use.
        specs: the specs of the models.
        is_native: whether native kernels compute all models.
    """

    def __init__(self, opening: NetworkOpening, reference: Reference, models: Sequence[Ensemble]) -> None:
        precision, compute = opening.settings.precision, opening.compute
        self.reference = reference
        self.device: Device = choose_devices(compute.device, precision)[0]
        self.memory = compute.memory or available_memory()
        self.specs: Sequence[NetworkSpec] = [model.spec for model in models]
        self.is_native = all(
            native_kernels(spec, self.device, precision, compute.kernels).library is not None for spec in self.specs
        )
        self._models = Models(self.specs)
        self._scanners = [Scanner(model, self.device, self.memory, precision, compute.kernels) for model in models]
        self.max_length = min(scanner.max_tile for scanner in self._scanners)

    def run(self, task: Stretches, advance: Advance = lambda _: None) -> list[FloatArray]:
        """For each interval the tracks of all models, side by side."""
        answers = []
        for scanner, sequence in zip(self._scanners, task.sequences, strict=True):
            answers.append([stretch.probabilities for stretch in scanner.predict(sequence, task.intervals)])
            advance(1)
        return [self._models.side_by_side(values) for values in zip(*answers, strict=True)]


@dataclass(frozen=True)
class AlleleOpening(NetworkOpening):
    """What a station that predicts alleles is made from."""

    def open(self) -> AlleleStation:
        """See ``Opening``."""
        return AlleleStation(self, *self.read())


class AlleleStation(ProcessBound):
    """Predicts alleles. Threads may share it.

    Args:
        opening: the settings.
        reference: the FASTA.
        models: the networks, on the CPU.

    Raises:
        DeviceError: the device is not available.
        UsageError: the engine does not support the settings.

    Attributes:
        reference: the FASTA.
        runners: one per model.
        device: where it computes.
        memory: bytes that it may use.
        specs: the specs of the models.
        is_native: whether native kernels compute all models.
    """

    def __init__(self, opening: NetworkOpening, reference: Reference, models: Sequence[Ensemble]) -> None:
        self.reference = reference
        self.device: Device = choose_devices(opening.compute.device, opening.settings.precision)[0]
        self.memory = opening.compute.memory or available_memory()
        self.runners = open_runners(models, opening.settings, opening.compute, device=self.device, memory=self.memory)
        self.specs: Sequence[NetworkSpec] = [runner.spec for runner in self.runners]
        self.is_native = all(runner.is_native for runner in self.runners)

    def run(self, task: Sequence[Job], advance: Advance = lambda _: None) -> list[Prediction]:
        """The prediction of each job."""
        return predict_jobs(self.runners, task, advance)
