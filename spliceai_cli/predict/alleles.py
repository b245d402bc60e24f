"""Probabilities of REF and ALT around alleles, on REF positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import NamedTuple

from spliceai_cli.errors import VcfError
from spliceai_cli.parallel.side_by_side import side_by_side
from spliceai_cli.parallel.strategy import Strategy
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job, ModelInput, Plan, Planner
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.plan.rules import Rules
from spliceai_cli.plan.windows import LEAST_COST, Window, windows
from spliceai_cli.predict.overlay import overlay
from spliceai_cli.predict.stations import AlleleStation
from spliceai_cli.scoring.outputs import Models
from spliceai_cli.scoring.sites import check_finite
from spliceai_cli.summary import Summary
from spliceai_cli.tracks.columns import Changes, changes
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.variants.variant import Outcome, Variant


class PlacedAllele(NamedTuple):
    """A variant that can be predicted.

    Attributes:
        contig: index of its contig in the FASTA.
        start: first predicted position, 0-based; may be negative.
        strands: strands on which it is predicted, each once.
        n_positions: number of predicted positions, on all strands and genes together.
        variant: the variant.
    """

    contig: int
    start: int
    strands: str
    n_positions: int
    variant: Variant


def model_inputs(rules: Rules, models: Models) -> list[ModelInput]:
    """Input of each model: all get the same positions; outside genes, each sees N or the genome, as in scoring."""
    return [ModelInput(rules, kind) for kind in models.kinds]


def place_alleles(
    records: Iterable[Sequence[Variant]], planner: Planner, lengths: Mapping[str, int], summary: Summary, refs: RefCheck
) -> PlacedAlleles:
    """The variants that can be predicted, sorted by contig in the order of the FASTA, then by position.

    Args:
        records: the variants of each record, in any order; those that can be predicted are held in memory.
        planner: decides which variants can be predicted.
        lengths: lengths of the FASTA's contigs.
        summary: counts all variants.
        refs: checks that they are of the FASTA's assembly.

    Raises:
        AssemblyError: too many REF alleles differ from the FASTA.
        VcfError: no variant can be predicted.
    """
    order = {chrom: i for i, chrom in enumerate(lengths)}
    placed = []
    for variants in records:
        plans = [planner.plan(variant) for variant in variants]
        n_genes = sum(job.model == 0 for plan in plans for job in plan.jobs)
        summary.count_predicted([Outcome(plan.variant, reason=plan.reason) for plan in plans], n_genes)
        refs.add(plans)
        placed += [_placed(plan, order) for plan in plans if plan.jobs]
    refs.judge()
    if not placed:
        raise VcfError(f"{refs.name} has no allele to predict.\n{summary}")
    return PlacedAlleles(sorted(placed, key=lambda allele: (allele.contig, allele.start)), planner, lengths)


class PlacedAlleles(NamedTuple):
    """Alleles in the order in which they are written.

    Attributes:
        alleles: the alleles, sorted.
        planner: the planner that they were placed with.
        lengths: lengths of the FASTA's contigs.
    """

    alleles: Sequence[PlacedAllele]
    planner: Planner
    lengths: Mapping[str, int]


class _Asked(NamedTuple):
    """A variant on one gene, with one job per model; all jobs have the same positions."""

    variant: Variant
    jobs: tuple[Job, ...]


class Alleles:
    """A source of rows: the probabilities around alleles.

    Args:
        placed: the alleles.
        models: the models whose probabilities are written.
        station: computes them in this process.
        strategy: says who computes them where there are many.

    Attributes:
        columns: columns of the values.
        labels: names of the label columns.
    """

    labels = ("symbol", "variant")

    def __init__(self, placed: PlacedAlleles, models: Models, station: AlleleStation, strategy: Strategy) -> None:
        self.columns = Changes(models.tracks)
        self._placed = placed
        self._models = models
        self._station = station
        self._strategy = strategy

    @property
    def strands(self) -> tuple[str, ...]:
        """Strands on which any allele is predicted."""
        return tuple(strand for strand in "+-" if any(strand in allele.strands for allele in self._placed.alleles))

    @property
    def n_bases(self) -> int:
        """Positions of all alleles."""
        return sum(allele.n_positions for allele in self._placed.alleles)

    def rows(self) -> Iterator[Rows]:
        """Rows, allele by allele."""
        return self._rows("+-")

    def signals(self) -> Iterator[Rows]:
        """Rows, strand by strand, ascending; where alleles overlap, the one with the larger change is shown."""
        for strand in self.strands:
            yield from overlay(self._rows(strand), self.columns)

    def _planned(self, strands: str) -> Iterator[tuple[None, tuple[Plan, ...]]]:
        for allele in self._placed.alleles:
            plan = self._placed.planner.plan(allele.variant)
            yield None, (plan._replace(jobs=tuple(job for job in plan.jobs if job.gene.strand in strands)),)

    def _rows(self, strands: str) -> Iterator[Rows]:
        least = LEAST_COST[self._station.device.type]
        cut = windows(self._planned(strands), lambda _, plans: sum(map(self._n_bytes, plans)), least)
        done = side_by_side(cut, self._station, self._strategy, _task, n_bytes=lambda window: window.n_bytes)
        with closing(done):
            for window, predictions in done:
                answers = iter(predictions or ())
                for plan in _plans(window):
                    yield from self._of_plan(plan, list(islice(answers, len(plan.jobs))))

    def _of_plan(self, plan: Plan, predictions: Sequence[Prediction]) -> Iterator[Rows]:
        """Rows gene by gene; jobs have models outer, genes inner."""
        n_genes = len(plan.jobs) // len(self._station.runners)
        for i in range(n_genes):
            yield self._laid(_Asked(plan.variant, plan.jobs[i::n_genes]), predictions[i::n_genes])

    def _n_bytes(self, plan: Plan) -> int:
        return sum(self._station.runners[job.model].n_bytes(job) for job in plan.jobs)

    def _laid(self, asked: _Asked, predictions: Sequence[Prediction]) -> Rows:
        """REF, ALT and their difference, on those REF positions that lie on the contig."""
        gene, edit, alignment = asked.jobs[0].gene, asked.jobs[0].edit, asked.jobs[0].alignment
        order = slice(None, None, 1 if gene.strand == "+" else -1)
        ref = self._models.of_alleles([prediction.ref[order] for prediction in predictions])
        alt = self._models.of_alleles([alignment.lay(prediction.alt[order]) for prediction in predictions])
        scored, length = alignment.ref_scored, self._placed.lengths[edit.sequence.chrom]
        first, last = max(scored.start, 0), min(scored.end, length)
        values = changes(ref, alt)[first - scored.start : last - scored.start]
        check_finite(values, asked.variant, gene)
        return Rows(edit.sequence.chrom, first, gene.strand, values, (gene.symbol, _name(asked.variant)))


def _plans(window: Window) -> list[Plan]:
    return [plan for _, plans in window.records for plan in plans]


def _task(window: Window) -> list[Job] | None:
    return [job for plan in _plans(window) for job in plan.jobs] or None


def _placed(plan: Plan, order: Mapping[str, int]) -> PlacedAllele:
    strands = "".join(sorted({job.gene.strand for job in plan.jobs}))
    n_positions = sum(job.alignment.width for job in plan.jobs if job.model == 0)
    # All genes give the same position.
    job = plan.jobs[0]
    start = job.alignment.ref_scored.start
    return PlacedAllele(order[job.edit.sequence.chrom], start, strands, n_positions, plan.variant)


def _name(variant: Variant) -> str:
    return f"{variant.chrom}:{variant.pos}:{variant.ref}:{variant.alt}"
