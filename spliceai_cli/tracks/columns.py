"""Column layouts of track rows: probabilities, or REF, ALT and delta."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from spliceai_cli.arrays import BoolArray, FloatArray

#: What there is of each track with alleles.
KINDS = ("ref", "alt", "delta")


class Columns(Protocol):
    """Names of columns, and what follows from their meaning."""

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of the values."""

    def from_on(self, least: float) -> Columns:
        """The same, where smaller probabilities are not worth writing."""

    def kept(self, values: FloatArray) -> BoolArray:
        """(n, columns) whether a value is worth writing."""

    def stronger(self, one: FloatArray, other: FloatArray) -> FloatArray:
        """(n, columns) of two answers for the same positions the one to show; ``one`` where they are as strong."""


class Probabilities:
    """One column a track.

    Args:
        tracks: names.
        least: smaller probabilities are left out.
    """

    def __init__(self, tracks: Sequence[str], least: float = 0.0) -> None:
        self._tracks = self._names = tuple(tracks)
        self._least = least

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of the values."""
        return self._names

    def from_on(self, least: float) -> Probabilities:
        """The same, where smaller probabilities are not worth writing."""
        return Probabilities(self._tracks, least)

    def kept(self, values: FloatArray) -> BoolArray:
        """Those that are large enough."""
        return np.asarray(values >= self._least)

    def stronger(self, one: FloatArray, other: FloatArray) -> FloatArray:
        """The larger."""
        return np.maximum(one, other)


class Changes:
    """REF, ALT and ALT less REF of every track.

    Args:
        tracks: names.
        least: positions are left out where both REF and ALT are smaller.
    """

    def __init__(self, tracks: Sequence[str], least: float = 0.0) -> None:
        self._tracks = tuple(tracks)
        self._names = tuple(f"{track}_{kind}" for track in tracks for kind in KINDS)
        self._least = least

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of the values."""
        return self._names

    def from_on(self, least: float) -> Changes:
        """The same, where positions of smaller REF and ALT are not worth writing."""
        return Changes(self._tracks, least)

    def kept(self, values: FloatArray) -> BoolArray:
        """All three of a track, or none."""
        either = _by_track(values)[..., :2].max(axis=2) >= self._least
        return np.repeat(either, len(KINDS), axis=1)

    def stronger(self, one: FloatArray, other: FloatArray) -> FloatArray:
        """All three of the one with the larger change, track by track."""
        ones, others = _by_track(one), _by_track(other)
        is_larger = abs(others[..., 2:]) > abs(ones[..., 2:])
        return np.where(is_larger, others, ones).reshape(one.shape)


def changes(ref: FloatArray, alt: FloatArray) -> FloatArray:
    """(n, tracks) of REF and of ALT -> (n, columns) as ``Changes`` has them."""
    return np.stack((ref, alt, alt - ref), axis=2).reshape(len(ref), -1)


def _by_track(values: FloatArray) -> FloatArray:
    """(n, columns) -> (n, tracks, kinds)."""
    return values.reshape(len(values), -1, len(KINDS))
