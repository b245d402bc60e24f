"""What a model's outputs mean for an allele: from what it is shown to its score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import SITES, TISSUES, NetworkSpec
from spliceai_cli.plan.compat import rules_of
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job, ModelInput
from spliceai_cli.plan.rules import TissueRules
from spliceai_cli.scores import DeltaScore, Score, TissueScore
from spliceai_cli.scoring.mask import MASKS, TISSUE_MASKS
from spliceai_cli.scoring.sites import delta_score
from spliceai_cli.scoring.tissues import tissue_score
from spliceai_cli.settings import Settings
from spliceai_cli.variants.variant import Variant


class Scoring(Protocol):
    """How the alleles of one model are scored.

    Attributes:
        input: what the model is shown.
    """

    input: ModelInput

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> Score:
        """The score of an allele on a gene."""


class SiteScoring:
    """Acceptors and donors gained and lost, on the gene's own sequence: SpliceAI and its like.

    Args:
        spec: of the model.
        settings: what can change a score.
    """

    def __init__(self, spec: NetworkSpec, settings: Settings) -> None:
        self.input = ModelInput(rules_of(settings), is_gene_alone=True, key=spec.key)
        self._key = spec.key
        self._mask = MASKS[settings.mask]

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> DeltaScore:
        """The score of an allele on a gene."""
        return delta_score(variant, job, prediction, rules=self.input.rules, mask=self._mask, key=self._key)


class TissueScoring:
    """Use for splicing gained and lost in any tissue, on the genome as it is: Pangolin.

    Args:
        spec: of the model.
        settings: what can change a score.

    Raises:
        UsageError: the settings ask for the rules of spliceai 1.3.1.
    """

    def __init__(self, spec: NetworkSpec, settings: Settings) -> None:
        if settings.compat is not None:
            raise UsageError(f"--compat {settings.compat} is about SpliceAI's scores; {spec.name} has others.")
        rules = TissueRules(settings.distance, settings.max_allele_length, settings.max_sv_length)
        self.input = ModelInput(rules, is_gene_alone=False, key=spec.key)
        self._spec = spec
        self._mask = TISSUE_MASKS[settings.mask]

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> TissueScore:
        """The score of an allele on a gene."""
        return tissue_score(variant, job, prediction, spec=self._spec, mask=self._mask)


#: ``NetworkSpec.scoring`` -> what makes a scoring.
SCORINGS: dict[str, Callable[[NetworkSpec, Settings], Scoring]] = {SITES: SiteScoring, TISSUES: TissueScoring}
