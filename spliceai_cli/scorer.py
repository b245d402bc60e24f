"""From variants to delta scores: the whole chain, without any VCF."""

from __future__ import annotations

import os
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from spliceai_cli.consequence.interpreter import Interpreter
from spliceai_cli.engine.budget import Budget, check_memory
from spliceai_cli.engine.device import available_memory, choose_device
from spliceai_cli.engine.kernels import native_kernels
from spliceai_cli.errors import UsageError
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.resolve import annotation_for
from spliceai_cli.genes.selection import Selection, check_inputs
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.network import Ensemble
from spliceai_cli.models.open import open_chosen
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store, default_home
from spliceai_cli.notation.text import as_variant, as_variants
from spliceai_cli.plan.compat import rules_of
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.planner import ModelInput, Plan, Planner
from spliceai_cli.plan.windows import Tag, windows
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.provenance import Provenance, provenance_of
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.scoring.runner import open_runners, predict_jobs
from spliceai_cli.scoring.watcher import NoWatcher, Watcher
from spliceai_cli.settings.checks import check_type
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.variants.variant import Outcome, Variant

# Memory of a waiting record in addition to its own bytes: plans, variants, Python objects.
_PLAN_BYTES = 2048

_NO_WATCHER = NoWatcher()


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
        allow_foreign_genes: whether to accept an annotation of an assembly other than the FASTA's.
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
        check_inputs(reference, annotation, selection, compute)
        check_type("settings", settings, Settings, is_optional=True)
        check_type("consequence", consequence, ConsequenceSettings, is_optional=True)
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
        self._compute = compute
        self._device = choose_device(compute.device, self.settings.precision)
        self.models: tuple[Ensemble, ...] = open_chosen(self.settings.models, compute.weights, home)
        self._memory = compute.memory or available_memory()
        self.consequence = consequence
        self._open_runners()

    def _open_runners(self) -> None:
        settings, consequence = self.settings, self.consequence
        distance = max(settings.distance, consequence.reach) if consequence else settings.distance
        widest = replace(settings, distance=distance)
        check_memory(widest, [ensemble.spec for ensemble in self.models], self._memory)
        self._runners = open_runners(self.models, settings, self._compute, device=self._device, memory=self._memory)
        self._interpreter = self._make_interpreter(consequence, widest) if consequence else None
        inputs = [self._with_reach(runner.input) for runner in self._runners]
        self._planner = Planner(self.reference, self.genes, inputs, is_normalizing=settings.normalize)

    def at_distance(self, distance: int, *, has_consequences: bool = True) -> Scorer:
        """A scorer that differs only in the distance, and shares everything that takes time to open.

        Args:
            distance: scored bp on either side of POS, 0 or more.
            has_consequences: whether it looks for consequences, if this scorer does. How far is not changed.
        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.settings = replace(self.settings, distance=distance)
        other.consequence = self.consequence if has_consequences else None
        other._open_runners()
        return other

    @property
    def provenance(self) -> Provenance:
        """Everything that the scores are made with."""
        identities = [ensemble.identity for ensemble in self.models]
        provenance = provenance_of(self.settings, identities, self.annotation.origin)
        if self.consequence is None:
            return provenance
        return replace(provenance, choices={**provenance.choices, **self.consequence.facts})

    def score(self, variants: Iterable[Variant | str]) -> Iterator[Outcome]:
        """One outcome per variant, in the order given. A bounded number of variants is read ahead.

        Args:
            variants: variants, or texts in any notation that ``spliceai-cli score`` reads.

        Raises:
            VariantError: ``variants`` is a single variant or text, or not iterable; or an element is neither variant
                nor text, or is a text that cannot be read. Raised at the call, except for elements that an iterator
                has not produced yet.
            AssemblyError: likewise, for an element of an assembly other than the FASTA's.
        """
        read = as_variants(variants, self.reference)
        planned = ((None, (self._planner.plan(variant),)) for variant in read)
        return (outcome for _, outcomes in self.stream(planned) for outcome in outcomes)

    def plan(self, variant: Variant) -> Plan:
        """The work that scoring a variant needs; planning itself is cheap."""
        return self._planner.plan(variant)

    def stream(
        self,
        planned: Iterable[tuple[Tag, Sequence[Plan]]],
        *,
        n_bytes: Callable[[Tag], int] = lambda _: 0,
        watcher: Watcher = _NO_WATCHER,
    ) -> Iterator[tuple[Tag, tuple[Outcome, ...]]]:
        """Outcomes of tagged plans, in the order given; reads ahead so that neighbours can share their REF pass.

        Args:
            planned: pairs of a tag, such as a VCF record, and the plans of its variants.
            n_bytes: memory that a tag takes up; used to limit how far to read ahead.
            watcher: follows the run.
        """
        for window in windows(planned, self._waiting_bytes(n_bytes)):
            jobs = [job for _, plans in window for plan in plans for job in plan.jobs]
            advance = _follow(
                [plan.variant for _, plans in window for plan in plans if plan.jobs], len(jobs), len(window), watcher
            )
            predictions = iter(predict_jobs(self._runners, jobs, advance) if jobs else ())
            for tag, plans in window:
                outcomes = tuple([self._outcome(plan, predictions) for plan in plans])
                watcher.finished(outcomes)
                yield tag, outcomes

    def runs(
        self, planned: Iterable[tuple[Tag, Sequence[Plan]]], *, n_bytes: Callable[[Tag], int] = lambda _: 0
    ) -> Iterator[Sequence[tuple[Tag, Sequence[Plan]]]]:
        """Runs of tagged plans, between which a file can be cut: ``stream`` gives each the same bytes wherever it is.

        Args:
            planned: see ``stream``.
            n_bytes: see ``stream``.
        """
        return windows(planned, self._waiting_bytes(n_bytes), 1)

    def cost_s(self, plans: Iterable[Plan]) -> float:
        """Predicted seconds that the plans of one run take on one core of the machine of docs/performance.md."""
        by_model: dict[int, list[Edit]] = defaultdict(list)
        for plan in plans:
            for job in plan.jobs:
                by_model[job.model].append(job.edit)
        return sum(self._runners[model].cost_s(edits) for model, edits in by_model.items())

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """How each model divides the memory."""
        return tuple(Budget(ensemble.spec, self._memory) for ensemble in self.models)

    @property
    def kernels(self) -> str:
        """Which kernels compute the models, in words."""
        device, precision, kernels = self._device, self.settings.precision, self._compute.kernels
        choices = [native_kernels(ensemble.spec, device, precision, kernels) for ensemble in self.models]
        return "; ".join(dict.fromkeys(map(str, choices)))

    def _waiting_bytes(self, n_bytes: Callable[[Tag], int]) -> Callable[[Tag, Sequence[Plan]], int]:
        return lambda tag, plans: n_bytes(tag) + sum(map(self._plan_bytes, plans))

    def _outcome(self, plan: Plan, predictions: Iterator[Prediction]) -> Outcome:
        runners = self._runners
        if self._interpreter is None or not plan.jobs:
            scores = tuple([runners[job.model].score(plan.variant, job, next(predictions)) for job in plan.jobs])
            return Outcome(plan.variant, scores or plan.unscored, plan.reason)
        pairs = [(job, next(predictions)) for job in plan.jobs]
        scores = tuple([runners[job.model].score(plan.variant, job, prediction) for job, prediction in pairs])
        return Outcome(plan.variant, scores, plan.reason, *self._interpreter.interpret(plan.variant, pairs))

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

    def profiles(self, variant: Variant | str, *, watcher: Watcher = _NO_WATCHER) -> tuple[Profile, ...]:
        """Probabilities of REF and ALT around a variant, position by position.

        Returns one profile per score, in the order of the scores: by model, then by gene that the variant lies in.
        Empty if the variant is not scored; ``score`` gives the reason.

        Args:
            variant: the variant.
            watcher: follows the computing.

        Raises:
            VariantError: the argument is neither a variant nor a text that can be read.
            AssemblyError: it is of an assembly other than the FASTA's.
        """
        variant = as_variant(variant, self.reference)
        jobs = self.plan(variant).jobs
        advance = _follow([variant], len(jobs), 1, watcher)
        pairs = list(zip(jobs, predict_jobs(self._runners, jobs, advance), strict=True))
        profiles = tuple(self._runners[job.model].profile(variant, job, prediction) for job, prediction in pairs)
        if self._interpreter is None:
            return profiles
        found = (self._interpreter.interpret(variant, [pair]) for pair in pairs)
        return tuple(
            replace(profile, consequences=consequences, inclusions=inclusions)
            for profile, (consequences, inclusions) in zip(profiles, found, strict=True)
        )


def _follow(variants: Sequence[Variant], n_jobs: int, n_records: int, watcher: Watcher) -> Callable[[float], None]:
    """Start a watcher on variants that were read ahead; returns a function to call with the number of jobs just done.

    Models and genes are computed in turn, so the variant that is named is an estimate: the share of variants before it
    is the share of jobs done.
    """
    n_done = 0.0

    def advance(n: float) -> None:
        nonlocal n_done
        # Work that is done again, after the device ran out of memory, counts twice.
        n_done = min(n_done + n, n_jobs)
        share = n_done / n_jobs
        at = variants[min(int(share * len(variants)), len(variants) - 1)]
        watcher.computing(at, share * n_records, share * len(variants))

    if n_jobs:
        advance(0)
    return advance
