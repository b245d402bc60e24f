"""What is told how far scoring has got."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from spliceai_cli.variants.variant import Outcome, Variant


class Watcher(Protocol):
    """Follows a run of ``Scorer.stream``."""

    def computing(self, variant: Variant, n_tags: float, n_alleles: float) -> None:
        """Called before a read-ahead is computed, with zeros, and again and again while it is.

        Args:
            variant: about where computing is.
            n_tags: how many of the records read ahead are computed; parts count.
            n_alleles: how many of their alleles.
        """

    def finished(self, outcomes: Sequence[Outcome]) -> None:
        """Called for each record with its outcomes."""


class NoWatcher:
    """A ``Watcher`` that does nothing."""

    def computing(self, variant: Variant, n_tags: float, n_alleles: float) -> None:
        """Nothing."""

    def finished(self, outcomes: Sequence[Outcome]) -> None:
        """Nothing."""
