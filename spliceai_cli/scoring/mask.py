"""Masks, which hide changes that only confirm the annotation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from spliceai_cli.arrays import BoolArray
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.scores.effect import Effect


class Effects(NamedTuple):
    """The four changes of one allele in one gene."""

    acceptor_gain: Effect
    acceptor_loss: Effect
    donor_gain: Effect
    donor_loss: Effect


class Candidates(NamedTuple):
    """Positions at which each of the four changes may lie: four arrays of (width,), genomic order."""

    acceptor_gain: BoolArray
    acceptor_loss: BoolArray
    donor_gain: BoolArray
    donor_loss: BoolArray


class NoMask:
    """``-M 0``: nothing is hidden."""

    def candidates(self, gene: Gene, scored: Interval) -> Candidates:  # noqa: ARG002
        """The scored positions at which the largest changes may lie: all of them."""
        everywhere = np.ones(scored.length, dtype=np.bool_)
        return Candidates(everywhere, everywhere, everywhere, everywhere)

    def hide(self, effects: Effects, gene: Gene, pos: int) -> Effects:  # noqa: ARG002
        """The largest changes, with those that the mask hides set to 0.

        Args:
            effects: the largest changes; their offsets count from ``pos``.
            gene: the gene.
            pos: 1-based.
        """
        return effects


class NearestEdgeMask(NoMask):
    """``-M 1``: hides gains at the exon edge nearest to POS and losses anywhere else.

    As in spliceai 1.3.1, acceptors and donors are treated alike, and the mask acts after the maximum is found.
    Hiding multiplies by 0, so a negative score becomes -0.0.
    """

    def hide(self, effects: Effects, gene: Gene, pos: int) -> Effects:
        """Hidden changes have score 0; offsets stay."""
        edge = gene.nearest_edge(pos)

        def keep_if(effect: Effect, *, is_shown: bool) -> Effect:
            return effect if is_shown else replace(effect, score=effect.score * 0.0)

        return Effects(
            keep_if(effects.acceptor_gain, is_shown=effects.acceptor_gain.offset != edge),
            keep_if(effects.acceptor_loss, is_shown=effects.acceptor_loss.offset == edge),
            keep_if(effects.donor_gain, is_shown=effects.donor_gain.offset != edge),
            keep_if(effects.donor_loss, is_shown=effects.donor_loss.offset == edge),
        )


class ExactMask(NoMask):
    """``-M 2``: excludes gains at the transcript's own sites of the same class, and losses anywhere else."""

    def candidates(self, gene: Gene, scored: Interval) -> Candidates:
        """Gains may lie anywhere except at the gene's own acceptors or donors; losses only at those."""
        at_acceptor, at_donor = _marked(gene.acceptors, scored), _marked(gene.donors, scored)
        return Candidates(~at_acceptor, at_acceptor, ~at_donor, at_donor)


def _marked(sites: Iterable[int], scored: Interval) -> BoolArray:
    """(width,) mask of the scored positions, True at the 1-based ``sites``."""
    marked = np.zeros(scored.length, dtype=np.bool_)
    for site in sites:
        if scored.start < site <= scored.end:
            marked[site - 1 - scored.start] = True
    return marked


#: ``-M`` value -> mask.
MASKS: dict[int, NoMask] = {0: NoMask(), 1: NearestEdgeMask(), 2: ExactMask()}


class TissueCandidates(NamedTuple):
    """Positions at which gain and loss of a tissue model may lie: two arrays of (width,), genomic order."""

    gain: BoolArray
    loss: BoolArray


class TissueMask:
    """Mask for models that do not distinguish acceptors from donors.

    Excludes gains at the gene's sites, and losses anywhere else.

    Args:
        sites: gene -> its sites, 1-based; None to hide nothing.
    """

    def __init__(self, sites: Callable[[Gene], Iterable[int]] | None) -> None:
        self._sites = sites

    def candidates(self, gene: Gene, scored: Interval) -> TissueCandidates:
        """The scored positions at which the largest changes may lie."""
        if self._sites is None:
            everywhere = np.ones(scored.length, dtype=np.bool_)
            return TissueCandidates(everywhere, everywhere)
        at_site = _marked(self._sites(gene), scored)
        return TissueCandidates(~at_site, at_site)


#: ``-M`` value -> mask for tissue models. 1 uses all exon ends as sites, as Pangolin does; 2 only the splice sites.
TISSUE_MASKS: dict[int, TissueMask] = {
    0: TissueMask(None),
    1: TissueMask(lambda gene: gene.edges),
    2: TissueMask(lambda gene: (*gene.acceptors, *gene.donors)),
}
