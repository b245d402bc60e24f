"""From variants to delta scores: the whole chain, without any VCF."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.device import choose_devices
from spliceai_cli.engine.kernels import native_kernels
from spliceai_cli.errors import UsageError
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.resolve import annotation_for
from spliceai_cli.genes.selection import Selection, check_inputs
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.open import open_chosen
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store
from spliceai_cli.notation.text import as_variant, as_variants
from spliceai_cli.parallel.computed import computed, follow
from spliceai_cli.parallel.opening import home_of
from spliceai_cli.parallel.scoring import ScoringOpening, ScoringStation
from spliceai_cli.parallel.strategy import strategy_of
from spliceai_cli.plan.edit import Edit
from spliceai_cli.plan.planner import Plan, Planner
from spliceai_cli.plan.windows import LEAST_COST, Tag, windows
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.provenance import Provenance, provenance_of
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.scoring.runner import predict_jobs
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
        warn: called with warnings about the annotation or a cluster.

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
        self._compute = compute or Compute()
        self._warn = warn
        home = home_of(self._compute)
        self.reference = Reference(reference)
        self.annotation = annotation_for(
            self.reference,
            str(annotation),
            Store(home, SPLICEAI),
            selection,
            is_cached=self._compute.annotation_cache,
            allow_foreign=allow_foreign_genes,
            warn=warn,
        )
        self.genes = GeneIndex(self.annotation.genes, self.reference.lengths)
        self.consequence = consequence
        # Before the weights are opened, which takes time.
        choose_devices(self._compute.device, self.settings.precision)
        self.models: tuple[Ensemble, ...] = open_chosen(self.settings.models, self._compute.weights, home)
        self._open_station()

    def _open_station(self) -> None:
        opening = ScoringOpening(
            self.reference.path,
            self.settings,
            self._compute,
            tuple(ensemble.identity for ensemble in self.models),
            consequence=self.consequence,
            has_coding=any(gene.coding for gene in self.annotation.genes),
        )
        alone = ScoringStation(opening, self.reference, self.models)
        self._strategy = strategy_of(opening, alone, self._warn)
        self._station = ScoringStation(
            opening.with_memory(self._strategy.memory or self._compute.memory), self.reference, self.models
        )
        self._planner = Planner(
            self.reference, self.genes, self._station.inputs, is_normalizing=self.settings.normalize
        )

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
        other._open_station()
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
        cut = windows(planned, self._waiting_bytes(n_bytes), self._least_cost)
        with closing(computed(cut, self._station, self._strategy, watcher)) as windows_done:
            for window, outcomes in windows_done:
                for tag, plans in window.records:
                    of_record = tuple(islice(outcomes, len(plans)))
                    watcher.finished(of_record)
                    yield tag, of_record

    def runs(
        self, planned: Iterable[tuple[Tag, Sequence[Plan]]], *, n_bytes: Callable[[Tag], int] = lambda _: 0
    ) -> Iterator[Sequence[tuple[Tag, Sequence[Plan]]]]:
        """Runs of tagged plans, between which a file can be cut: ``stream`` gives each the same bytes wherever it is.

        Args:
            planned: see ``stream``.
            n_bytes: see ``stream``.
        """
        return (window.records for window in windows(planned, self._waiting_bytes(n_bytes), 1))

    def cost_s(self, plans: Iterable[Plan]) -> float:
        """Predicted seconds that the plans of one run take on one core of the machine of docs/performance.md."""
        by_model: dict[int, list[Edit]] = defaultdict(list)
        for plan in plans:
            for job in plan.jobs:
                by_model[job.model].append(job.edit)
        return sum(self._station.runners[model].cost_s(edits) for model, edits in by_model.items())

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """How each model divides the memory."""
        return tuple(Budget(ensemble.spec, self._station.memory) for ensemble in self.models)

    @property
    def kernels(self) -> str:
        """Which kernels compute the models, in words."""
        device, precision, kernels = self._station.device, self.settings.precision, self._compute.kernels
        choices = [native_kernels(ensemble.spec, device, precision, kernels) for ensemble in self.models]
        return "; ".join(dict.fromkeys(map(str, choices)))

    def _waiting_bytes(self, n_bytes: Callable[[Tag], int]) -> Callable[[Tag, Sequence[Plan]], int]:
        return lambda tag, plans: n_bytes(tag) + sum(map(self._plan_bytes, plans))

    @property
    def _least_cost(self) -> int:
        return LEAST_COST[self._station.device.type]

    def _plan_bytes(self, plan: Plan) -> int:
        """Memory of a waiting plan, including the predictions that will be made for it."""
        return _PLAN_BYTES + sum(self._station.runners[job.model].n_bytes(job) for job in plan.jobs)

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
        advance = follow([variant], len(jobs), 1, watcher)
        pairs = list(zip(jobs, predict_jobs(self._station.runners, jobs, advance), strict=True))
        profiles = tuple(
            self._station.runners[job.model].profile(variant, job, prediction) for job, prediction in pairs
        )
        interpreter = self._station.interpreter
        if interpreter is None:
            return profiles
        found = (interpreter.interpret(variant, [pair]) for pair in pairs)
        return tuple(
            replace(profile, consequences=consequences, inclusions=inclusions)
            for profile, (consequences, inclusions) in zip(profiles, found, strict=True)
        )
