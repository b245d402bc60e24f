"""The station that scores plans: the part of a ``Scorer`` that computes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spliceai_cli.consequence.interpreter import Interpreter
from spliceai_cli.engine.budget import check_memory
from spliceai_cli.engine.device import available_memory, choose_devices
from spliceai_cli.errors import UsageError
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.parallel.opening import NetworkOpening
from spliceai_cli.parallel.station import Advance
from spliceai_cli.plan.compat import rules_of
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import ModelInput, Plan
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scoring.runner import open_runners, predict_jobs
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.variants.variant import Outcome


@dataclass(frozen=True)
class ScoringOpening(NetworkOpening):
    """What a station that scores plans is made from.

    Attributes:
        consequence: how to find consequences; None to leave them out.
        has_coding: whether the annotation says what is coding.
    """

    consequence: ConsequenceSettings | None = None
    has_coding: bool = False

    def open(self) -> ScoringStation:
        """See ``Opening``."""
        return ScoringStation(self, *self.read())

    @property
    def widest(self) -> Settings:
        """The settings with the distance at which consequences are looked for, if that is larger."""
        distance = self.settings.distance
        return replace(self.settings, distance=max(distance, self.consequence.reach) if self.consequence else distance)


class ScoringStation(ProcessBound):
    """Scores plans. Threads may share it.

    Args:
        opening: the settings.
        reference: the FASTA.
        models: the networks, on the CPU.

    Raises:
        UsageError: the memory or the models do not allow the settings.
        DeviceError: the device is not available.

    Attributes:
        reference: the FASTA.
        runners: one per model.
        interpreter: finds consequences; None if they are left out.
        device: where it computes.
        memory: bytes that it may use.
    """

    def __init__(self, opening: ScoringOpening, reference: Reference, models: Sequence[Ensemble]) -> None:
        settings, compute = opening.settings, opening.compute
        self.reference = reference
        self.device = choose_devices(compute.device, settings.precision)[0]
        self.memory = compute.memory or available_memory()
        check_memory(opening.widest, [model.spec for model in models], self.memory)
        self.runners = open_runners(models, settings, compute, device=self.device, memory=self.memory)
        self.interpreter = self._interpreter(opening) if opening.consequence else None

    @property
    def specs(self) -> list[NetworkSpec]:
        """The specs of the models."""
        return [runner.spec for runner in self.runners]

    @property
    def is_native(self) -> bool:
        """Whether native kernels compute all models."""
        return all(runner.is_native for runner in self.runners)

    @property
    def inputs(self) -> list[ModelInput]:
        """The input of each model."""
        reach = self.interpreter.rules if self.interpreter is not None else None
        inputs = [runner.input for runner in self.runners]
        return [given._replace(reach=reach) if given.kind is SITES else given for given in inputs]

    def run(self, task: Sequence[Plan], advance: Advance = lambda _: None) -> list[Outcome]:
        """The outcome of each plan.

        Args:
            task: the plans.
            advance: called with the number of jobs done since the last call, which may be a fraction.
        """
        return list(self.outcomes(task, advance))

    def outcomes(self, plans: Sequence[Plan], advance: Advance = lambda _: None) -> Iterator[Outcome]:
        """The same one by one; the networks run before the first."""
        predictions = iter(predict_jobs(self.runners, [job for plan in plans for job in plan.jobs], advance))
        return (self._outcome(plan, predictions) for plan in plans)

    def _outcome(self, plan: Plan, predictions: Iterator[Prediction]) -> Outcome:
        if not plan.jobs:
            return unscored(plan)
        pairs = [(job, next(predictions)) for job in plan.jobs]
        scores = tuple([self.runners[job.model].score(plan.variant, job, prediction) for job, prediction in pairs])
        outcome = Outcome(plan.variant, scores, plan.reason)
        if self.interpreter is None:
            return outcome
        consequences, inclusions = self.interpreter.interpret(plan.variant, pairs)
        return outcome._replace(consequences=consequences, inclusions=inclusions)

    def _interpreter(self, opening: ScoringOpening) -> Interpreter:
        """The interpreter of all models with acceptors and donors.

        Raises:
            UsageError: there is no such model.
        """
        assert opening.consequence is not None
        keys = {i: runner.spec.key for i, runner in enumerate(self.runners) if runner.input.kind is SITES}
        if not keys:
            names = ", ".join(runner.spec.key for runner in self.runners)
            raise UsageError(
                f"consequences need a model of acceptors and donors; {names} predicts neither.",
                "Choose spliceai, cispliceai or openspliceai.",
            )
        return Interpreter(
            opening.consequence,
            keys=keys,
            rules=rules_of(opening.widest),
            has_coding=opening.has_coding,
            build=detect_build(self.reference.lengths),
        )


def unscored(plan: Plan) -> Outcome:
    """The outcome of a plan without jobs."""
    return Outcome(plan.variant, plan.unscored, plan.reason)
