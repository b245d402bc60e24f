"""From probabilities by tissue to gain and loss, as Pangolin defines them."""

from __future__ import annotations

import numpy as np

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job, ModelInput
from spliceai_cli.plan.rules import TissueRules
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.tissues import TISSUES, TissueScore
from spliceai_cli.scoring.averaging import averaged
from spliceai_cli.scoring.mask import TISSUE_MASKS, TissueMask
from spliceai_cli.scoring.sites import check_finite
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.variants.variant import Variant


class TissueScoring:
    """Gain and loss of splice site usage in any tissue, with the genome's bases outside the gene: Pangolin.

    Args:
        spec: spec of the model.
        settings: everything that can change a score.

    Raises:
        UsageError: the settings ask for the rules of spliceai 1.3.1.
    """

    def __init__(self, spec: NetworkSpec, settings: Settings) -> None:
        if settings.compat is not None:
            raise UsageError(f"--compat {settings.compat} applies to SpliceAI's scores; {spec.name} has others.")
        rules = TissueRules(settings.distance, settings.max_allele_length, settings.max_sv_length)
        self.input = ModelInput(rules, TISSUES, spec.key)
        self._spec = spec
        self._mask = TISSUE_MASKS[settings.mask]

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> TissueScore:
        """The score of an allele on a gene."""
        return tissue_score(variant, job, prediction, spec=self._spec, mask=self._mask)


def tissue_score(
    variant: Variant, job: Job, prediction: Prediction, *, spec: NetworkSpec, mask: TissueMask
) -> TissueScore:
    """The largest gain and loss over all tissues, and where they are.

    At each position, gain is the largest increase in any tissue and loss the largest decrease. A tie takes the lowest
    genomic position on both strands; where the mask leaves no position, score and offset are 0. Neither score is ever
    below 0.

    Raises:
        NumericError: a probability is not a finite number.

    Source: Zeng & Li, Genome Biology 2022, Methods; Pangolin rounds to two decimals and prints losses as negative.
    """
    order = slice(None, None, -1) if job.gene.strand == "-" else slice(None)
    # Laid before averaging over replicates: for an insertion, the maximum of means differs from the mean of maxima.
    ref = averaged(prediction.ref[order], spec)
    laid = averaged(job.alignment.lay(prediction.alt[order]), spec)
    check_finite(laid - ref, variant, job.gene)
    columns = [track.column for track in spec.tracks]
    ref, laid = ref[:, columns], laid[:, columns]
    candidates = mask.candidates(job.gene, job.alignment.ref_scored)
    first = job.alignment.anchor - job.alignment.n_trimmed

    def largest(change: FloatArray, at: BoolArray) -> Effect:
        if not at.any():
            return Effect(0.0, 0)
        i = int(np.where(at, change.max(axis=1), -np.inf).argmax())
        tissue = int(change[i].argmax())
        return Effect(max(0.0, float(change[i, tissue])), i - first, float(ref[i, tissue]), float(laid[i, tissue]))

    gain = largest(laid - ref, candidates.gain)
    loss = largest(ref - laid, candidates.loss)
    gene = job.gene
    return TissueScore(variant.alt, gene.symbol, gain, loss, spec.key, **gene.ids)
