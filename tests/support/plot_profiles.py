"""Profiles made by hand, for tests of pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from support import builders

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import Track
from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.variants.variant import Variant

TRACKS = (Track("acceptor", 1), Track("donor", 2))

# Three exons: 1101-1200, 1501-1700, 2101-2400; on "-" they are 3, 2 and 1.
EXONS = ((1100, 1200), (1500, 1700), (2100, 2400))


class Peak(NamedTuple):
    """Probabilities of one position; ``kind`` is 1 for an acceptor, 2 for a donor."""

    pos: int
    kind: int
    ref: float
    alt: float


def gene(strand: str = "+", symbol: str = "GENE") -> Gene:
    return builders.gene(symbol, "7", strand, 1100, 2400, *EXONS)


def profile(
    *peaks: Peak,
    strand: str = "+",
    distance: int = 500,
    variant: Variant = Variant("7", 1600, "C", "T"),  # noqa: B008 (a tuple)
    replaced: tuple[int, int] | None = None,
    n_inserted: int = 1,
    symbol: str = "GENE",
) -> Profile:
    """A profile that is 0 but at peaks; its score is the largest change of each kind, unmasked."""
    positions = np.arange(variant.pos - distance, variant.pos + distance + 1)
    ref, alt = (np.zeros((len(positions), 3), np.float32) for _ in range(2))
    for peak in peaks:
        i = peak.pos - int(positions[0])
        ref[i, peak.kind], alt[i, peak.kind] = peak.ref, peak.alt
    effects = []
    for kind, sign in ((1, 1), (1, -1), (2, 1), (2, -1)):
        change = sign * (alt - ref)[:, kind]
        i = int(change.argmax())
        offset = int(positions[i]) - variant.pos
        effects.append(Effect(max(0.0, float(change[i])), offset, float(ref[i, kind]), float(alt[i, kind])))
    return Profile(
        variant=variant,
        gene=gene(strand, symbol),
        score=DeltaScore(variant.alt, symbol, *effects),
        model_key="SpliceAI",
        tracks=TRACKS,
        positions=positions,
        bases="ACGT" * (len(positions) // 4) + "A" * (len(positions) % 4),
        ref=ref,
        alt=alt,
        replaced=Interval(*(replaced or (variant.pos - 1, variant.pos))),
        n_inserted=n_inserted,
    )


def loss_and_gain(strand: str = "+", **more) -> Profile:
    """The donor at 1700 (on ``-`` the acceptor) is lost for one at 1650; the other end of the exon stays."""
    kinds = (1, 2) if strand == "+" else (2, 1)
    peaks = (Peak(1501, kinds[0], 0.99, 0.98), Peak(1700, kinds[1], 0.97, 0.02), Peak(1650, kinds[1], 0.01, 0.93))
    return profile(*peaks, strand=strand, **more)


def with_consequences(strand: str = "+", *, n_inclusions: int = 2) -> Profile:
    """``loss_and_gain`` with two events of exon 2, shorter by 50 bases or skipped, and changes of inclusion."""
    names = ("T", "GENE", "SpliceAI", "NM_1.1")
    kind = "donor" if strand == "+" else "acceptor"
    event = (*names, "", "partial_exon_deletion", 0.6, 2, 2, 3, 50, ((kind, 1650),), "frameshift", 40, 6, 7, "expected")
    skip = (*names, "", "exon_skipping", 0.3, 2, 2, 3, 200, (), "in_frame", 67, 0, None, "no_new_stop")
    shorter = (EXONS[0], (1500, 1650), EXONS[2])
    found = Consequence(*event, exons=shorter), Consequence(*skip, exons=(EXONS[0], EXONS[2]))
    acceptor, donor = ((0.99, 0.98), (0.97, 0.02)) if strand == "+" else ((0.97, 0.02), (0.99, 0.98))
    changes = [
        ExonInclusion(*names, 2, -7.95, acceptor, donor),
        ExonInclusion(*names, 3, 0.101, (0.9, 0.91), None),
        *(ExonInclusion(*names, exon, -0.5, (0.9, 0.85), (0.5, 0.5)) for exon in range(4, 12)),
    ]
    return replace(loss_and_gain(strand), consequences=found, inclusions=tuple(changes[:n_inclusions]))
