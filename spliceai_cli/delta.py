"""From probabilities of REF and ALT to a delta score."""

from __future__ import annotations

import numpy as np

from spliceai_cli.alignment import FloatArray
from spliceai_cli.edit import Prediction
from spliceai_cli.errors import NumericError
from spliceai_cli.info import DeltaScore, Effect
from spliceai_cli.mask import Effects, Mask
from spliceai_cli.network import ACCEPTOR, DONOR
from spliceai_cli.plan import Job
from spliceai_cli.rules import Rules
from spliceai_cli.variant import Variant


def delta_score(variant: Variant, job: Job, prediction: Prediction, *, rules: Rules, mask: Mask) -> DeltaScore:
    """The largest gain and loss of acceptor and donor, and where they are.

    A tie takes the lowest genomic position on both strands. The difference is taken in float32; spliceai 1.3.1 takes it
    in float64 for deletions, which no printed digit shows.

    Raises:
        NumericError: a probability is not a finite number.
    """
    is_reversed = job.gene.strand == "-"
    ref = prediction.ref[::-1] if is_reversed else prediction.ref
    alt = prediction.alt[::-1] if is_reversed else prediction.alt
    laid = job.alignment.lay(alt)
    gain, loss = laid - ref, ref - laid  # (width, 3), genomic order
    if not np.isfinite(gain).all():
        raise NumericError(
            f"the networks gave no number for {variant} in {job.gene.symbol}.",
            "This hardware computes wrongly; spliceai-cli selftest shows it. Try --device cpu.",
        )
    found = Effects(
        acceptor_gain=_largest(gain[:, ACCEPTOR], job.alignment.anchor),
        acceptor_loss=_largest(loss[:, ACCEPTOR], job.alignment.anchor),
        donor_gain=_largest(gain[:, DONOR], job.alignment.anchor),
        donor_loss=_largest(loss[:, DONOR], job.alignment.anchor),
    )
    shown = mask(found, job.gene, job.alignment.pos)
    final = (Effect(rules.final_score(effect.score), effect.offset + job.alignment.n_trimmed) for effect in shown)
    return DeltaScore(variant.alt, job.gene.symbol, *final)


def _largest(change: FloatArray, anchor: int) -> Effect:
    """The maximum of (width,) changes; ``argmax`` keeps the first, which is the lowest genomic position."""
    i = int(change.argmax())
    return Effect(float(change[i]), i - anchor)
