"""The interface that scores of every kind share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from spliceai_cli.scores.effect import Effect

if TYPE_CHECKING:
    from spliceai_cli.scores.kind import ScoreKind


class Score(ABC):
    """The score of one model for one allele and gene.

    Attributes:
        allele: the record's ALT text, case kept.
        symbol: the gene's name as the annotation gives it.
        model_key: INFO key of the model.
        gene_id: ID of the gene; empty if the annotation does not give one.
        transcript_id: ID of the scored transcript; empty if the annotation does not give one.
        strand: ``"+"`` or ``"-"``; empty if unknown, as after parsing.
    """

    __slots__ = ()

    allele: str
    symbol: str
    model_key: str
    gene_id: str
    transcript_id: str
    strand: str

    @property
    @abstractmethod
    def kind(self) -> ScoreKind:
        """The kind of the score."""

    @property
    @abstractmethod
    def effects(self) -> tuple[Effect, ...]:
        """The effects in the order of ``ScoreKind.effects``; empty if missing."""

    @property
    @abstractmethod
    def numbers(self) -> tuple[str, ...]:
        """The numbers as texts, one per column of ``ScoreKind.columns``."""

    @abstractmethod
    def __str__(self) -> str:
        """The value of the INFO field."""

    @property
    def named(self) -> str:
        """The text of the score, made to name its allele; the same as ``str`` unless overridden."""
        return str(self)

    @property
    def effects_by_name(self) -> dict[str, Effect]:
        """The effects by their names in ``ScoreKind.effects``; empty if missing."""
        return dict(zip(self.kind.effects, self.effects, strict=True)) if self.effects else {}

    @property
    def is_missing(self) -> bool:
        """Whether the allele is named but has no score."""
        return not self.effects

    @property
    def max_score(self) -> float:
        """The largest score of the effects; 0.0 if missing."""
        return max((effect.score for effect in self.effects), default=0.0)

    @property
    def probabilities(self) -> tuple[str, ...]:
        """Probabilities of REF and ALT at the position of each effect, as texts; dots if missing."""
        effects = self.effects or (Effect(0.0, 0),) * len(self.kind.effects)
        return tuple(text for effect in effects for text in effect.probabilities)

    @property
    def raw(self) -> str:
        """``ALLELE|SYMBOL|``, then ``probabilities``."""
        return "|".join((self.allele, self.symbol, *self.probabilities))
