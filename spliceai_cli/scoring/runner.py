"""Runs a model: from edits to its outputs, and from those to scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TypedDict

from spliceai_cli.engine.device import Device
from spliceai_cli.engine.engines import Engine, has_native_kernels, make_engine
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.plan.dedup import share
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.widened import cropped
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.profile import Profile, profile_of
from spliceai_cli.scoring.scoring import SCORINGS, Scoring
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.variants.variant import Variant


class _Kinds(TypedDict):
    device: Device
    precision: str
    kernels: str


class ModelRunner:
    """One model with the engine that computes it and the scoring that interprets its outputs.

    Args:
        ensemble: the networks.
        make: makes the engine that computes the networks; called when it is first needed, because it takes memory.
        scoring: turns their outputs into scores.

    Attributes:
        ensemble: the networks, with their identity.
        spec: spec of the networks.
        input: the input that the model is given for an allele.
        is_native: whether native kernels compute it.
    """

    def __init__(
        self, ensemble: Ensemble, make: Callable[[], Engine], scoring: Scoring, *, is_native: bool = False
    ) -> None:
        self.ensemble = ensemble
        self.spec = ensemble.spec
        self.input = scoring.input
        self.is_native = is_native
        self._make = make
        self._scoring = scoring

    @cached_property
    def engine(self) -> Engine:
        """What computes the networks."""
        return self._make()

    def predict(self, edits: Sequence[Edit], advance: Callable[[float], None] = lambda _: None) -> list[Prediction]:
        """The model's predictions, in the order of the edits; edits that look the same to it are computed once.

        Args:
            edits: the edits.
            advance: see ``Engine.predict``.
        """
        shared = share(edits, self.spec.flank)
        answers = self.engine.predict(shared.edits, lambda n: advance(n * len(edits) / len(shared.edits)))
        return [answers[row] for row in shared.rows]

    def cost_s(self, edits: Sequence[Edit]) -> float:
        """Predicted seconds for the edits, see ``Engine.cost_s``."""
        return self.engine.cost_s(share(edits, self.spec.flank).edits)

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> Score:
        """The score of an allele on a gene."""
        return self._scoring.score(variant, job, cropped(prediction, job.edit, job.alignment))

    def profile(self, variant: Variant, job: Job, prediction: Prediction) -> Profile:
        """The probabilities of an allele on a gene, position by position."""
        shown = cropped(prediction, job.edit, job.alignment)
        return profile_of(variant, job, shown, self.score(variant, job, prediction), self.spec)

    def n_bytes(self, job: Job) -> int:
        """Memory of the prediction for a job: 4 bytes per number, twice because of a copy."""
        return 8 * (job.edit.ref_scored.length + job.edit.alt_scored.length) * self.spec.n_answers


def open_runners(
    ensembles: Sequence[Ensemble], settings: Settings, compute: Compute, *, device: Device, memory: int
) -> tuple[ModelRunner, ...]:
    """One runner per model, in the order of the models.

    Args:
        ensembles: the networks of each model, on the CPU.
        settings: everything that can change a score.
        compute: gives the engine, the kernels and the batch size; the rest is not used.
        device: where to compute.
        memory: bytes that the process may use.

    Raises:
        UsageError: the engine does not support the precision or the kernels, or one of the models the settings.
    """
    kinds: _Kinds = {"device": device, "precision": settings.precision, "kernels": compute.kernels}
    return tuple(
        ModelRunner(
            ensemble,
            partial(make_engine, compute.engine, ensemble, batch_size=compute.batch_size, memory=memory, **kinds),
            SCORINGS[ensemble.spec.scoring](ensemble.spec, settings),
            is_native=has_native_kernels(compute.engine, ensemble.spec, **kinds),
        )
        for ensemble in ensembles
    )


def predict_jobs(
    runners: Sequence[ModelRunner], jobs: Sequence[Job], advance: Callable[[float], None] = lambda _: None
) -> list[Prediction]:
    """The models' predictions, in the order of the jobs.

    Args:
        runners: the models.
        jobs: jobs of these models.
        advance: see ``Engine.predict``; counts jobs.
    """
    by_model = [
        iter(runner.predict([job.edit for job in jobs if job.model == i], advance)) for i, runner in enumerate(runners)
    ]
    return [next(by_model[job.model]) for job in jobs]
