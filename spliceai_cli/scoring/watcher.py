"""Receives the progress of scoring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from spliceai_cli.variants.variant import Outcome, Variant


class Watcher(Protocol):
    """Follows a run of ``Scorer.stream``."""

    def computing(self, variant: Variant, n_records: float, n_alleles: float) -> None:
        """Called with zeros before the records that were read ahead are computed, then repeatedly while they are.

        Args:
            variant: a variant near the place that is being computed.
            n_records: how many of these records are computed, as a fraction where one is computed in part.
            n_alleles: how many of their alleles are computed.
        """

    def finished(self, outcomes: Sequence[Outcome]) -> None:
        """Called for each record with its outcomes."""


class NoWatcher:
    """A ``Watcher`` that does nothing."""

    def computing(self, variant: Variant, n_records: float, n_alleles: float) -> None:
        """Do nothing."""

    def finished(self, outcomes: Sequence[Outcome]) -> None:
        """Do nothing."""
