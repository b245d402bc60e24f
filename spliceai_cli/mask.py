"""What masking hides: changes that only confirm the annotation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from spliceai_cli.gene import Gene
from spliceai_cli.info import Effect


class Effects(NamedTuple):
    """The four changes of one allele in one gene."""

    acceptor_gain: Effect
    acceptor_loss: Effect
    donor_gain: Effect
    donor_loss: Effect


#: (effects, gene, pos the offsets count from) -> effects with what is hidden at 0; offsets stay.
Mask = Callable[[Effects, Gene, int], Effects]


def no_mask(effects: Effects, gene: Gene, pos: int) -> Effects:  # noqa: ARG001
    """``-M 0``: nothing is hidden."""
    return effects


def nearest_edge_mask(effects: Effects, gene: Gene, pos: int) -> Effects:
    """``-M 1``: hide gains at the exon edge nearest to ``pos`` and losses anywhere else.

    Acceptors and donors are not told apart, and the mask acts after the maximum was found, as in spliceai 1.3.1.
    Hiding multiplies by 0, so a negative score becomes -0.0.
    """
    edge = gene.nearest_edge(pos)

    def hide(effect: Effect, *, is_hidden: bool) -> Effect:
        return Effect(effect.score * 0.0, effect.offset) if is_hidden else effect

    return Effects(
        hide(effects.acceptor_gain, is_hidden=effects.acceptor_gain.offset == edge),
        hide(effects.acceptor_loss, is_hidden=effects.acceptor_loss.offset != edge),
        hide(effects.donor_gain, is_hidden=effects.donor_gain.offset == edge),
        hide(effects.donor_loss, is_hidden=effects.donor_loss.offset != edge),
    )


#: ``-M`` value -> mask.
MASKS: dict[int, Mask] = {0: no_mask, 1: nearest_edge_mask}
