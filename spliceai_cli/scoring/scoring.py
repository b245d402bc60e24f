"""What a model's outputs mean for an allele: from what it is shown to its score."""

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


#: Name of a ``ScoreKind`` -> what makes a scoring: the registration of what ``scores.kinds`` has the texts of.
SCORINGS: dict[str, Callable[[NetworkSpec, Settings], Scoring]] = {
    SITES.name: SiteScoring,
    TISSUES.name: TissueScoring,
}
