"""A change of probability: its size and position."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """One of the changes that a score reports: its size and position.

    Attributes:
        score: largest change of probability, 0 to 1, unrounded.
        offset: bp from POS in genome orientation; negative = lower coordinate.
        ref, alt: probabilities at that position; None if unknown or if a mask left no position.
    """

    score: float
    offset: int
    ref: float | None = None
    alt: float | None = None

    @property
    def probabilities(self) -> tuple[str, str]:
        """Probabilities of REF and ALT as texts with four decimals; dots if unknown."""
        return (".", ".") if self.ref is None or self.alt is None else (f"{self.ref:.4f}", f"{self.alt:.4f}")
