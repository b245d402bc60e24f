"""Profiles that would be drawn as the same picture."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spliceai_cli.consequence.words import in_words
from spliceai_cli.genome.coords import Interval
from spliceai_cli.report.plot.view import whole
from spliceai_cli.scoring.profile import Profile

#: Probabilities that differ by less than this look the same: it is 3 pixels in a picture of 1,000.
LEAST_VISIBLE = 0.05


def grouped(profiles: Iterable[Profile]) -> list[tuple[Profile, ...]]:
    """Groups of profiles, in the order of the first of each, which is the one to draw.

    The members of a group are transcripts of one gene and model that have the same exons in what is scored, the same
    consequences in words, and the same probabilities to within ``LEAST_VISIBLE``.
    """
    groups: list[list[Profile]] = []
    for profile in profiles:
        group = next((group for group in groups if _look_alike(group[0], profile)), None)
        if group is None:
            groups.append([profile])
        else:
            group.append(profile)
    return [tuple(group) for group in groups]


def _look_alike(one: Profile, other: Profile) -> bool:
    """Whether two profiles have the same variant, gene, model, exons and consequences, and similar probabilities."""
    if _identity(one) != _identity(other) or one.ref.shape != other.ref.shape:
        return False
    differences = np.abs(one.ref - other.ref), np.abs(one.alt - other.alt)
    return all(float(difference.max(initial=0.0)) < LEAST_VISIBLE for difference in differences)


def _identity(profile: Profile) -> tuple[object, ...]:
    gene, scored = profile.gene, whole(profile)
    exons = [
        Interval(max(exon.start, scored.start), min(exon.end, scored.end))
        for exon in gene.exons
        if exon.overlaps(*scored)
    ]
    name = gene.gene_id or gene.symbol
    consequences = [in_words(one) for one in profile.consequences]
    return (profile.variant, profile.model_key, name, gene.strand, scored, exons, consequences)
