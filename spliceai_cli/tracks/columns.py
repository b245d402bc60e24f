"""Column layouts of track rows: probabilities, or REF, ALT and delta."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from spliceai_cli.arrays import BoolArray, FloatArray

#: Values per track around alleles.
KINDS = ("ref", "alt", "delta")


class Columns(Protocol):
    """Names of columns, and the rules that follow from their meaning."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names, in the order of the values."""

    def from_on(self, least: float) -> Columns:
        """The same columns, with ``least`` as the smallest probability worth writing."""

    def kept(self, values: FloatArray) -> BoolArray:
        """(n, columns) whether each value is worth writing."""

    def stronger(self, one: FloatArray, other: FloatArray) -> FloatArray:
        """(n, columns) the values to show where two sets of rows overlap; ties take ``one``."""


class Probabilities:
    """One column per track.

    Args:
        tracks: names of the tracks.
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
        """The same columns, with ``least`` as the smallest probability worth writing."""
        return Probabilities(self._tracks, least)

    def kept(self, values: FloatArray) -> BoolArray:
        """(n, columns) whether each probability is large enough."""
        return np.asarray(values >= self._least)

    def stronger(self, one: FloatArray, other: FloatArray) -> FloatArray:
        """(n, columns) the larger of both probabilities."""
        return np.maximum(one, other)


class Changes:
    """Three columns per track: REF, ALT and ALT minus REF.

    Args:
        tracks: names of the tracks.
        least: positions are left out where both REF and ALT are smaller than this.
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
        """The same columns; positions are worth writing where REF or ALT is at least ``least``."""
        return Changes(self._tracks, least)

    def kept(self, values: FloatArray) -> BoolArray:
        """(n, columns) whether each value is worth writing; all three of a track, or none."""
        either = _by_track(values)[..., :2].max(axis=2) >= self._least
        return np.repeat(either, len(KINDS), axis=1)

    def stronger(self, one: FloatArray, other: FloatArray) -> FloatArray:
        """(n, columns) for each track, all three values of the set with the larger change."""
        ones, others = _by_track(one), _by_track(other)
        is_larger = abs(others[..., 2:]) > abs(ones[..., 2:])
        return np.where(is_larger, others, ones).reshape(one.shape)


def changes(ref: FloatArray, alt: FloatArray) -> FloatArray:
    """(n, tracks) of REF and of ALT -> (n, columns) in the order of ``Changes``."""
    return np.stack((ref, alt, alt - ref), axis=2).reshape(len(ref), -1)


def _by_track(values: FloatArray) -> FloatArray:
    """(n, columns) -> (n, tracks, kinds)."""
    return values.reshape(len(values), -1, len(KINDS))
