"""From probabilities of acceptors and donors in REF and ALT to delta scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.errors import NumericError
from spliceai_cli.genes.gene import Gene
from spliceai_cli.models.spec import ACCEPTOR, DONOR, NetworkSpec
from spliceai_cli.plan.compat import rules_of
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job, ModelInput
from spliceai_cli.plan.rules import Rules
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import KEY, SITES, DeltaScore
from spliceai_cli.scoring.mask import MASKS, Effects, NoMask
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.variants.variant import Variant


class SiteScoring:
    """Gain and loss of acceptors and donors, with N outside the gene: SpliceAI and similar models.

    Args:
        spec: spec of the model.
        settings: everything that can change a score.
    """

    def __init__(self, spec: NetworkSpec, settings: Settings) -> None:
        self.input = ModelInput(rules_of(settings), SITES, spec.key)
        self._key = spec.key
        self._mask = MASKS[settings.mask]

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> DeltaScore:
        """The score of an allele on a gene."""
        return delta_score(variant, job, prediction, rules=self.input.rules, mask=self._mask, key=self._key)


def delta_score(
    variant: Variant, job: Job, prediction: Prediction, *, rules: Rules, mask: NoMask, key: str = KEY
) -> DeltaScore:
    """The largest gain and loss of acceptor and donor, and where they are.

    A tie takes the lowest genomic position on both strands; where the mask leaves no position, score and offset are 0.
    The difference is taken in float32. spliceai 1.3.1 uses float64 for deletions, which changes no printed digit.

    Raises:
        NumericError: a probability is not a finite number.
    """
    is_reversed = job.gene.strand == "-"
    ref = prediction.ref[::-1] if is_reversed else prediction.ref
    alt = prediction.alt[::-1] if is_reversed else prediction.alt
    laid = job.alignment.lay(alt)
    gain, loss = laid - ref, ref - laid  # (width, 3), genomic order
    check_finite(gain, variant, job.gene)
    anchor, n_trimmed = job.alignment.anchor, job.alignment.n_trimmed
    candidates = mask.candidates(job.gene, job.alignment.ref_scored)

    def largest(change: FloatArray, site: int, at: BoolArray) -> Effect:
        # Excluded positions rank last; argmax keeps the first of equal values, which has the lowest genomic position.
        i = int(np.where(at, change[:, site], -np.inf).argmax())
        return Effect(float(change[i, site]), i - anchor, float(ref[i, site]), float(laid[i, site]))

    largest_effects = Effects(
        acceptor_gain=largest(gain, ACCEPTOR, candidates.acceptor_gain),
        acceptor_loss=largest(loss, ACCEPTOR, candidates.acceptor_loss),
        donor_gain=largest(gain, DONOR, candidates.donor_gain),
        donor_loss=largest(loss, DONOR, candidates.donor_loss),
    )
    shown = mask.hide(largest_effects, job.gene, job.alignment.pos)
    final = (
        replace(effect, score=rules.final_score(effect.score), offset=effect.offset + n_trimmed)
        if at.any()
        else Effect(0.0, 0)
        for effect, at in zip(shown, candidates, strict=True)
    )
    return DeltaScore(variant.alt, job.gene.symbol, *final, model_key=key, **job.gene.ids)


def check_finite(change: FloatArray, variant: Variant, gene: Gene) -> None:
    """Make sure that all changes of probability are finite.

    Raises:
        NumericError: a value is not a finite number.
    """
    if not np.isfinite(change).all():
        raise NumericError(
            f"the networks gave no finite number for {variant} in {gene.symbol}.",
            "The hardware or driver may be faulty: run spliceai-cli selftest, or try --device cpu.",
        )
