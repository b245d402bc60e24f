"""A model at work: from edits to what it answers, and from that to scores."""

from __future__ import annotations

from collections.abc import Sequence

from spliceai_cli.engine.device import Device
from spliceai_cli.engine.engines import Engine, make_engine
from spliceai_cli.models.network import Ensemble
from spliceai_cli.plan.dedup import share
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.profile import Profile, profile_of
from spliceai_cli.scoring.scoring import SCORINGS, Scoring
from spliceai_cli.settings import Compute, Settings
from spliceai_cli.variants.variant import Variant


class ModelRunner:
    """One model with the engine that computes it and the scoring that reads it.

    Args:
        ensemble: the networks.
        engine: computes them.
        scoring: what their outputs mean.

    Attributes:
        ensemble: the networks, with what identifies them.
        spec: of the networks.
        input: what the model is shown of an allele that is scored.
    """

    def __init__(self, ensemble: Ensemble, engine: Engine, scoring: Scoring) -> None:
        self.ensemble = ensemble
        self.spec = ensemble.spec
        self.input = scoring.input
        self._engine = engine
        self._scoring = scoring

    def predict(self, edits: Sequence[Edit]) -> list[Prediction]:
        """What the model answers, in the order of the edits; computed once for those that look the same to it."""
        shared = share(edits, self.spec.flank)
        answers = self._engine.predict(shared.edits)
        return [answers[row] for row in shared.rows]

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> Score:
        """The score of an allele on a gene."""
        return self._scoring.score(variant, job, prediction)

    def profile(self, variant: Variant, job: Job, prediction: Prediction) -> Profile:
        """The probabilities of an allele on a gene, position by position."""
        return profile_of(variant, job, prediction, self.score(variant, job, prediction), self.spec)

    def n_bytes(self, job: Job) -> int:
        """Memory of the prediction of a job: 4 bytes a number, and a copy."""
        return 8 * (job.alignment.width + job.alignment.alt_width) * self.spec.n_answers


def open_runners(
    ensembles: Sequence[Ensemble], settings: Settings, compute: Compute, *, device: Device, memory: int
) -> tuple[ModelRunner, ...]:
    """The runners of models, in their order.

    Args:
        ensembles: the networks of each, on the CPU.
        settings: what can change a score.
        compute: of it, engine and batch size.
        device: where to compute.
        memory: bytes that the process may use.

    Raises:
        UsageError: the engine does not have the precision, or the settings are not for one of the models.
    """
    engines = [
        make_engine(
            compute.engine,
            ensemble,
            device=device,
            batch_size=compute.batch_size,
            memory=memory,
            precision=settings.precision,
        )
        for ensemble in ensembles
    ]
    return tuple(
        ModelRunner(ensemble, engine, SCORINGS[ensemble.spec.scoring](ensemble.spec, settings))
        for ensemble, engine in zip(ensembles, engines, strict=True)
    )


def predict_jobs(runners: Sequence[ModelRunner], jobs: Sequence[Job]) -> list[Prediction]:
    """What the models answer, in the order of the jobs."""
    by_model = [iter(runner.predict([job.edit for job in jobs if job.model == i])) for i, runner in enumerate(runners)]
    return [next(by_model[job.model]) for job in jobs]
