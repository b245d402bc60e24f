"""From variants to delta scores: the whole chain, no VCF in sight."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from spliceai_cli.engine.device import available_memory, choose_device
from spliceai_cli.engine.engines import make_engine
from spliceai_cli.errors import UsageError
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.resolve import annotation_for
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.network import Ensemble
from spliceai_cli.models.open import open_chosen
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store, default_home
from spliceai_cli.plan.dedup import share
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.planner import Job, Plan, Planner
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.scores import Score
from spliceai_cli.scoring.profile import Profile, profile_of
from spliceai_cli.scoring.scoring import SCORINGS
from spliceai_cli.settings import Compute, Settings
from spliceai_cli.variants.variant import Outcome, Variant, check_variant, check_variants

Tag = TypeVar("Tag")

# Read ahead until there are this many edits to group, or until what waits gets large. An end of the read-ahead inside a
# gene costs one more REF pass over a tile's edges, 0.4 % of the time that 1,024 edits take.
_MAX_EDITS = 1024
_MAX_AHEAD_BYTES = 64 << 20

# What a waiting record weighs beside its own bytes: plans, variants, Python objects.
_PLAN_BYTES = 2048


class Scorer(ProcessBound):
    """Scores variants against a reference genome and its genes. Threads may share it.

    Args:
        reference: FASTA (see ``Reference``).
        annotation: ``gencode``, ``grch37``, ``grch38`` or the path of GTF, GFF3 or a gene table.
        selection: which transcripts are used; None for one per gene.
        settings: what can change a score.
        compute: how to compute.
        distance: short for ``settings=Settings(distance=…)``.
        allow_foreign_genes: whether the annotation may be of another assembly than the FASTA.
        warn: called with doubts about the annotation.

    Raises:
        SpliceAICliError: any of reference, annotation, weights or device is not as it should be.

    Example:
        >>> scorer = Scorer(reference="chr19.fa", annotation="grch38", distance=50)  # doctest: +SKIP
        >>> [outcome] = scorer.score([Variant("19", 38467722, "C", "T")])  # doctest: +SKIP
        >>> str(outcome.scores[0])  # doctest: +SKIP
        'T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31'
    """

    def __init__(
        self,
        *,
        reference: Path | str,
        annotation: Path | str,
        selection: Selection | None = None,
        distance: int | None = None,
        settings: Settings | None = None,
        compute: Compute | None = None,
        allow_foreign_genes: bool = False,
        warn: Callable[[str], None] = warnings.warn,
    ) -> None:
        if distance is not None and settings is not None:
            raise UsageError("give distance or settings, not both.")
        self.settings = settings or (Settings() if distance is None else Settings(distance=distance))
        compute = compute or Compute()
        home = Path(compute.home) if compute.home else default_home(os.environ)
        self.reference = Reference(reference)
        self.annotation = annotation_for(
            self.reference,
            str(annotation),
            Store(home, SPLICEAI),
            selection,
            is_cached=compute.annotation_cache,
            allow_foreign=allow_foreign_genes,
            warn=warn,
        )
        self.genes = GeneIndex(self.annotation.genes, self.reference.lengths)
        device = choose_device(compute.device)
        self.models: tuple[Ensemble, ...] = open_chosen(self.settings.models, compute.weights, home)
        memory = compute.memory or available_memory()
        self.settings.check_memory([one.spec for one in self.models], memory)
        self._engines = tuple(
            make_engine(
                compute.engine,
                ensemble,
                device=device,
                batch_size=compute.batch_size,
                memory=memory,
                precision=self.settings.precision,
            )
            for ensemble in self.models
        )
        self._scorings = tuple(SCORINGS[one.spec.scoring](one.spec, self.settings) for one in self.models)
        inputs = [scoring.input for scoring in self._scorings]
        self._planner = Planner(self.reference, self.genes, inputs, is_normalizing=self.settings.normalize)

    def score(self, variants: Iterable[Variant]) -> Iterator[Outcome]:
        """One outcome per variant, in the order given. Variants are read ahead in bounded numbers.

        Raises:
            VariantError: ``variants`` is a single variant, text or not iterable, or has an element that is not a
                ``Variant``; at the call, except for elements that an iterator has not produced yet.
        """
        check_variants(variants)
        planned = ((None, (self.plan(variant),)) for variant in variants)
        return (outcome for _, outcomes in self.stream(planned) for outcome in outcomes)

    def plan(self, variant: Variant) -> Plan:
        """What has to be computed for a variant; cheap.

        Raises:
            VariantError: it is not a ``Variant``.
        """
        check_variant(variant)
        return self._planner.plan(variant)

    def stream(
        self, planned: Iterable[tuple[Tag, Sequence[Plan]]], *, n_bytes: Callable[[Tag], int] = lambda _: 0
    ) -> Iterator[tuple[Tag, tuple[Outcome, ...]]]:
        """Outcomes of tagged plans, in the order given; reads ahead, so that neighbours can share their REF.

        Args:
            planned: any tag (a VCF record) with the plans of its variants.
            n_bytes: memory that a tag holds; what is read ahead is bounded by it.
        """
        ahead: list[tuple[Tag, Sequence[Plan]]] = []
        n_edits = n_ahead_bytes = 0
        for tag, plans in planned:
            # Lists and loops, not generators, on the way of records outside genes: there are up to 100,000 a second.
            n_jobs = sum([len(plan.jobs) for plan in plans])
            if not ahead and not n_jobs:
                yield tag, tuple([Outcome(plan.variant, plan.unscored, plan.skip) for plan in plans])
                continue
            ahead.append((tag, plans))
            n_edits += n_jobs
            n_ahead_bytes += n_bytes(tag) + sum(map(self._plan_bytes, plans))
            if n_edits >= _MAX_EDITS or n_ahead_bytes >= _MAX_AHEAD_BYTES:
                yield from self._resolve(ahead)
                ahead, n_edits, n_ahead_bytes = [], 0, 0
        yield from self._resolve(ahead)

    def _resolve(self, ahead: Sequence[tuple[Tag, Sequence[Plan]]]) -> Iterator[tuple[Tag, tuple[Outcome, ...]]]:
        predictions = iter(self._predict([job for _, plans in ahead for plan in plans for job in plan.jobs]))
        for tag, plans in ahead:
            yield tag, tuple(self._outcome(plan, predictions) for plan in plans)

    def _outcome(self, plan: Plan, predictions: Iterator[Prediction]) -> Outcome:
        scores = tuple(self._score(plan.variant, job, next(predictions)) for job in plan.jobs)
        return Outcome(plan.variant, scores or plan.unscored, plan.skip)

    def _plan_bytes(self, plan: Plan) -> int:
        """What a waiting plan holds, with the predictions that will be made for it: 4 bytes a number, and a copy."""
        n_numbers = sum(
            (job.alignment.width + job.alignment.alt_width) * self.models[job.model].spec.n_answers for job in plan.jobs
        )
        return _PLAN_BYTES + 8 * n_numbers

    def profiles(self, variant: Variant) -> tuple[Profile, ...]:
        """Probabilities of REF and ALT around a variant, position by position.

        One for each score, in their order: models outer, genes that it lies in inner. Empty if the variant is not
        scored; ``plan(variant).skip`` is the reason then.

        Raises:
            VariantError: it is not a ``Variant``.
        """
        jobs = self.plan(variant).jobs
        predicted = self._predict(jobs)
        return tuple(
            profile_of(variant, job, prediction, self._score(variant, job, prediction), self.models[job.model].spec)
            for job, prediction in zip(jobs, predicted, strict=True)
        )

    def _predict(self, jobs: Sequence[Job]) -> list[Prediction]:
        """What the models answer, in the order of the jobs."""
        by_model = [self._answers(i, [job.edit for job in jobs if job.model == i]) for i in range(len(self.models))]
        return [next(by_model[job.model]) for job in jobs]

    def _answers(self, model: int, edits: Sequence[Edit]) -> Iterator[Prediction]:
        """What one model answers, in the order of the edits."""
        shared = share(edits, self.models[model].spec.flank)
        answers = self._engines[model].predict(shared.edits)
        return (answers[row] for row in shared.rows)

    def _score(self, variant: Variant, job: Job, prediction: Prediction) -> Score:
        return self._scorings[job.model].score(variant, job, prediction)
