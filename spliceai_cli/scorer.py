"""From variants to delta scores: the whole chain, without any VCF."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from spliceai_cli.consequence.interpreter import Interpreter
from spliceai_cli.engine.budget import check_memory
from spliceai_cli.engine.device import available_memory, choose_device
from spliceai_cli.errors import UsageError
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.resolve import annotation_for
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.network import Ensemble
from spliceai_cli.models.open import open_chosen
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store, default_home
from spliceai_cli.plan.compat import rules_of
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import ModelInput, Plan, Planner
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.provenance import Provenance, provenance_of
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.scoring.runner import open_runners, predict_jobs
from spliceai_cli.settings import Compute, ConsequenceSettings, Settings
from spliceai_cli.variants.variant import Outcome, Variant, check_variant, check_variants

Tag = TypeVar("Tag")

# Read ahead until there are this many edits to group, or until the waiting records get large. A read-ahead that ends
# inside a gene costs one more REF pass over a tile's edges: 0.4 % of the time that 1,024 edits take.
_MAX_EDITS = 1024
_MAX_AHEAD_BYTES = 64 << 20

# Memory of a waiting record in addition to its own bytes: plans, variants, Python objects.
_PLAN_BYTES = 2048


class Scorer(ProcessBound):
    """Scores variants against a reference genome and its genes. Threads may share it.

    Args:
        reference: FASTA (see ``Reference``).
        annotation: ``gencode``, ``grch37``, ``grch38``, or the path of a GTF, GFF3 or gene table.
        selection: which transcripts are used; None for one per gene.
        settings: everything that can change a score.
        compute: how to compute.
        distance: short for ``settings=Settings(distance=…)``.
        consequence: how to find consequences; None to leave them out.
        allow_foreign_genes: whether to accept an annotation of another assembly than the FASTA's.
        warn: called with warnings about the annotation.

    Raises:
        SpliceAICliError: the reference, annotation, weights or device cannot be used.

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
        consequence: ConsequenceSettings | None = None,
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
        distance = max(self.settings.distance, consequence.reach) if consequence else self.settings.distance
        widest = replace(self.settings, distance=distance)
        check_memory(widest, [ensemble.spec for ensemble in self.models], memory)
        self._runners = open_runners(self.models, self.settings, compute, device=device, memory=memory)
        self.consequence = consequence
        self._interpreter = self._make_interpreter(consequence, widest) if consequence else None
        inputs = [self._with_reach(runner.input) for runner in self._runners]
        self._planner = Planner(self.reference, self.genes, inputs, is_normalizing=self.settings.normalize)

    @property
    def provenance(self) -> Provenance:
        """Everything that the scores are made with."""
        identities = [ensemble.identity for ensemble in self.models]
        provenance = provenance_of(self.settings, identities, self.annotation.origin)
        if self.consequence is None:
            return provenance
        return replace(provenance, choices={**provenance.choices, **self.consequence.facts})

    def score(self, variants: Iterable[Variant]) -> Iterator[Outcome]:
        """One outcome per variant, in the order given. A bounded number of variants is read ahead.

        Raises:
            VariantError: ``variants`` is a single variant, is text, is not iterable, or contains an element that is not
                a ``Variant``. Raised at the call, except for elements that an iterator has not produced yet.
        """
        check_variants(variants)
        planned = ((None, (self.plan(variant),)) for variant in variants)
        return (outcome for _, outcomes in self.stream(planned) for outcome in outcomes)

    def plan(self, variant: Variant) -> Plan:
        """The work that scoring a variant needs; planning itself is cheap.

        Raises:
            VariantError: the argument is not a ``Variant``.
        """
        check_variant(variant)
        return self._planner.plan(variant)

    def stream(
        self, planned: Iterable[tuple[Tag, Sequence[Plan]]], *, n_bytes: Callable[[Tag], int] = lambda _: 0
    ) -> Iterator[tuple[Tag, tuple[Outcome, ...]]]:
        """Outcomes of tagged plans, in the order given; reads ahead so that neighbours can share their REF pass.

        Args:
            planned: pairs of a tag, such as a VCF record, and the plans of its variants.
            n_bytes: memory that a tag takes up; used to limit how far to read ahead.
        """
        ahead: list[tuple[Tag, Sequence[Plan]]] = []
        n_edits = n_ahead_bytes = 0
        for tag, plans in planned:
            # Lists instead of generators, because up to 100,000 records outside genes pass here per second.
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
        predictions = iter(
            predict_jobs(self._runners, [job for _, plans in ahead for plan in plans for job in plan.jobs])
        )
        for tag, plans in ahead:
            yield tag, tuple(self._outcome(plan, predictions) for plan in plans)

    def _outcome(self, plan: Plan, predictions: Iterator[Prediction]) -> Outcome:
        runners = self._runners
        if self._interpreter is None or not plan.jobs:
            scores = tuple(runners[job.model].score(plan.variant, job, next(predictions)) for job in plan.jobs)
            return Outcome(plan.variant, scores or plan.unscored, plan.skip)
        pairs = [(job, next(predictions)) for job in plan.jobs]
        scores = tuple(runners[job.model].score(plan.variant, job, prediction) for job, prediction in pairs)
        return Outcome(plan.variant, scores, plan.skip, *self._interpreter.interpret(plan.variant, pairs))

    def _make_interpreter(self, consequence: ConsequenceSettings, widest: Settings) -> Interpreter:
        """The interpreter of all models with acceptors and donors.

        Raises:
            UsageError: there is no such model.
        """
        keys = {i: runner.spec.key for i, runner in enumerate(self._runners) if runner.input.kind is SITES}
        if not keys:
            names = ", ".join(runner.spec.key for runner in self._runners)
            raise UsageError(
                f"consequences need a model of acceptors and donors; {names} predicts neither.",
                "Choose spliceai, cispliceai or openspliceai.",
            )
        return Interpreter(
            consequence,
            keys=keys,
            rules=rules_of(widest),
            has_coding=any(gene.coding for gene in self.annotation.genes),
            build=detect_build(self.reference.lengths),
        )

    def _with_reach(self, given: ModelInput) -> ModelInput:
        is_interpreted = self._interpreter is not None and given.kind is SITES
        return given._replace(reach=self._interpreter.rules) if self._interpreter and is_interpreted else given

    def _plan_bytes(self, plan: Plan) -> int:
        """Memory of a waiting plan, including the predictions that will be made for it."""
        return _PLAN_BYTES + sum(self._runners[job.model].n_bytes(job) for job in plan.jobs)

    def profiles(self, variant: Variant) -> tuple[Profile, ...]:
        """Probabilities of REF and ALT around a variant, position by position.

        Returns one profile per score, in the order of the scores: by model, then by gene that the variant lies in.
        Empty if the variant is not scored; the reason is then ``plan(variant).skip``.

        Raises:
            VariantError: the argument is not a ``Variant``.
        """
        jobs = self.plan(variant).jobs
        pairs = list(zip(jobs, predict_jobs(self._runners, jobs), strict=True))
        profiles = tuple(self._runners[job.model].profile(variant, job, prediction) for job, prediction in pairs)
        if self._interpreter is None:
            return profiles
        return tuple(
            replace(profile, consequences=self._interpreter.interpret(variant, [pair])[0])
            for profile, pair in zip(profiles, pairs, strict=True)
        )
