"""How an allele is scored: from the input that a model is given to the score made of its outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job, ModelInput
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.scoring.sites import SiteScoring
from spliceai_cli.scoring.tissues import TissueScoring
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.variants.variant import Variant


class Scoring(Protocol):
    """Scores alleles with one model.

    Attributes:
        input: the input that the model is given.
    """

    input: ModelInput

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> Score:
        """The score of an allele on a gene."""


#: Name of a ``ScoreKind`` -> its scoring. ``scores.kinds`` registers how the same kinds are written.
SCORINGS: dict[str, Callable[[NetworkSpec, Settings], Scoring]] = {
    SITES.name: SiteScoring,
    TISSUES.name: TissueScoring,
}
