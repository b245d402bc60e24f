"""How well models find the annotated splice sites of genes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.engine.scan import Sequence as Strand
from spliceai_cli.engine.scan import Stretch
from spliceai_cli.evaluate.calibration import Bin, Reliability
from spliceai_cli.evaluate.loci import SITE_NAMES, Locus
from spliceai_cli.evaluate.matrices import WINDOWS, Matrix, site_windows
from spliceai_cli.evaluate.ranking import Curve, Estimate
from spliceai_cli.evaluate.tally import Tally
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import ACCEPTOR

#: A site with at least this probability is found.
RECALL_FROM = 0.5

_MEASURES: dict[str, Callable[[Curve], float]] = {
    "top_k": lambda curve: curve.top_k,
    "pr_auc": lambda curve: curve.average_precision,
}
_N_STRENGTHS = 4


class SiteModel(Protocol):
    """Anything that gives (L, 3) probabilities of a strand, such as ``engine.scan.Scanner``."""

    def predict(self, sequence: Strand, intervals: Iterable[Interval]) -> Iterator[Stretch]:
        """See ``Scanner.predict``."""


@dataclass(frozen=True)
class Bootstrap:
    """How intervals are estimated.

    Attributes:
        n_resamples: samples of loci.
        seed: of the samples.
    """

    n_resamples: int = 200
    seed: int = 1


class Stratum(NamedTuple):
    """A part of the sites: those of similar strength, or of one class of genes.

    Attributes:
        name: what they have in common.
        n_sites: number of sites.
        recall: share of them with a probability of at least 0.5.
        top_k: share of them among the k largest probabilities. By strength, k is the number of all sites, among all
            positions; by class of genes, k is the number of its own sites, among its own positions.
        pr_auc: average precision among the positions of a class of genes; None by strength, because a position that
            is not a site belongs to no quarter.
    """

    name: str
    n_sites: int
    recall: float
    top_k: float
    pr_auc: float | None = None


@dataclass(frozen=True)
class SiteAccuracy:
    """The accuracy of one model for one kind of site.

    Attributes:
        model: name of the model.
        site: ``acceptor`` or ``donor``.
        n_loci, n_genes: numbers of loci, and of the genes in them.
        n_sites, n_positions: numbers of sites, and of all positions.
        consensus: share of the sites beside AG (acceptors) or GT (donors).
        recall: share of sites with a probability of at least 0.5.
        top_k, pr_auc: accuracy of the ranking; intervals from resampled loci.
        brier, ece, ece_of_calls, bins: calibration, see ``Reliability``.
        by_strength: quarters of the sites by their log-odds in a position weight matrix of all of them.
        by_class: the sites of each biotype, see ``Locus.gene_class``.
    """

    model: str
    site: str
    n_loci: int
    n_genes: int
    n_sites: int
    n_positions: int
    consensus: float
    recall: float
    top_k: Estimate
    pr_auc: Estimate
    brier: float
    ece: float
    ece_of_calls: float
    bins: tuple[Bin, ...]
    by_strength: tuple[Stratum, ...]
    by_class: tuple[Stratum, ...]


def evaluate_sites(
    models: Mapping[str, SiteModel],
    loci: Sequence[Locus],
    reference: Reference,
    *,
    is_alone: bool,
    bootstrap: Bootstrap,
    watch: Callable[[Locus, int], None] = lambda *_: None,
) -> list[SiteAccuracy]:
    """Predict loci, and compare with their sites.

    Args:
        models: name -> model.
        loci: at least one, each with a site of both kinds.
        reference: the FASTA.
        is_alone: whether models see N around a locus rather than the genome.
        bootstrap: how intervals are estimated.
        watch: called after each locus with the number of positions done so far.

    Returns:
        For each model its accuracy for acceptors, then for donors.
    """
    predictions = {(name, site): _Predictions() for name in models for site in SITE_NAMES}
    n_done = 0
    for locus in loci:
        sequence = locus.sequence(reference, is_alone=is_alone)
        truth = {site: locus.is_site(site) for site in SITE_NAMES}
        for name, model in models.items():
            (stretch,) = model.predict(sequence, [locus.interval])
            for site, mask in truth.items():
                predictions[name, site].add(stretch.probabilities[:, site], mask)
        n_done += locus.interval.length
        watch(locus, n_done)
    strengths = {site: Strengths(site, loci, reference) for site in SITE_NAMES}
    return [
        predicted.accuracy(name, site, loci, strengths[site], bootstrap)
        for (name, site), predicted in predictions.items()
    ]


class Strengths:
    """How much each site of some loci resembles all of them.

    Args:
        site: ``ACCEPTOR`` or ``DONOR``.
        loci: the loci.
        reference: the FASTA.

    Attributes:
        values: (sites,) log-odds, in the order of the loci and of ``Locus.sites``.
        consensus: share of sites with AG before or GT after the exon.
    """

    def __init__(self, site: int, loci: Iterable[Locus], reference: Reference) -> None:
        windows = site_windows(loci, site, reference)
        self.values = Matrix(windows).along(windows)[:, 0]
        # A C G T are 0 1 2 3. The intron is before an acceptor, after a donor.
        before = WINDOWS[site].before
        first, ends = (before - 2, (0, 2)) if site == ACCEPTOR else (before + 1, (2, 3))
        self.consensus = float((windows[:, first : first + 2] == ends).all(axis=1).mean())


@dataclass
class _Predictions:
    """What a model predicts for one kind of site, locus by locus."""

    tally: Tally = field(default_factory=Tally)
    reliability: Reliability = field(default_factory=Reliability)

    def add(self, probabilities: FloatArray, is_site: BoolArray) -> None:
        """Add the next locus: (n,) probabilities, and whether each position is a site."""
        self.tally.add(probabilities, is_site)
        self.reliability.add(probabilities, is_site)

    def accuracy(
        self, name: str, site: int, loci: Sequence[Locus], strengths: Strengths, bootstrap: Bootstrap
    ) -> SiteAccuracy:
        """The accuracy over all loci."""
        ranking, of_sites = self.tally.ranking(), self.tally.of_sites()
        estimates = ranking.estimates(_MEASURES, bootstrap.n_resamples, bootstrap.seed)
        return SiteAccuracy(
            model=name,
            site=SITE_NAMES[site],
            n_loci=len(loci),
            n_genes=sum(len(locus.genes) for locus in loci),
            n_sites=len(of_sites),
            n_positions=sum(locus.interval.length for locus in loci),
            consensus=strengths.consensus,
            recall=_recall(of_sites),
            brier=self.reliability.brier,
            ece=self.reliability.expected_error,
            ece_of_calls=self.reliability.expected_error_of_calls,
            bins=self.reliability.bins,
            by_strength=tuple(_by_strength(of_sites, strengths.values, ranking.among_top_k(of_sites))),
            by_class=tuple(self._by_class(loci)),
            **estimates,
        )

    def _by_class(self, loci: Sequence[Locus]) -> Iterator[Stratum]:
        classes = [locus.gene_class for locus in loci]
        for name in sorted(set(classes)):
            members = [i for i, gene_class in enumerate(classes) if gene_class == name]
            curve, of_sites = self.tally.ranking(members).curve(), self.tally.of_sites(members)
            yield Stratum(name, len(of_sites), _recall(of_sites), curve.top_k, curve.average_precision)


def _recall(of_sites: FloatArray) -> float:
    return float((of_sites >= RECALL_FROM).mean())


def _by_strength(
    of_sites: FloatArray, strengths: NDArray[np.floating], among_top_k: NDArray[np.floating]
) -> Iterator[Stratum]:
    """Sites in quarters of their strength, weakest first; ``among_top_k`` as from ``Ranking``."""
    for number, part in enumerate(np.array_split(np.argsort(strengths, kind="stable"), _N_STRENGTHS), 1):
        if len(part):
            name = f"quarter {number}, log-odds {strengths[part[0]]:.1f} to {strengths[part[-1]]:.1f}"
            yield Stratum(name, len(part), _recall(of_sites[part]), float(among_top_k[part].mean()))
