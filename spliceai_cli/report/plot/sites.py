"""Splice sites of a profile, and positions in its gene in words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spliceai_cli.genes.gene import Gene
from spliceai_cli.report.table import largest_first
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kind import EffectName
from spliceai_cli.scoring.profile import Profile

#: Smallest effect that is marked. ClinGen SVI counts lower scores as evidence of no effect (BP4).
LEAST_MARKED = 0.1

#: Smallest probability, in REF or ALT, that makes a position worth showing.
LEAST_SITE = 0.1


class Mark(NamedTuple):
    """An effect that is pointed out.

    Attributes:
        name: e.g. ``donor_gain``.
        track: index into ``Profile.tracks``.
        effect: the effect.
        pos: 1-based.
        is_gain: whether the probability of ALT is the larger one.
    """

    name: str
    track: int
    effect: Effect
    pos: int
    is_gain: bool


class Site(NamedTuple):
    """A position that is a likely splice site in REF or in ALT.

    Attributes:
        pos: 1-based.
        track: index into ``Profile.tracks``.
        ref, alt: probabilities.
        known: the transcript's own site at this position, e.g. ``donor of exon 5``; empty if there is none.
    """

    pos: int
    track: int
    ref: float
    alt: float
    known: str

    @property
    def change(self) -> float:
        """ALT minus REF."""
        return self.alt - self.ref

    @property
    def is_gained(self) -> bool:
        """Whether the probability rises enough to be coloured."""
        return round(self.change, 2) >= LEAST_MARKED

    @property
    def is_lost(self) -> bool:
        """Whether the probability falls enough to be coloured."""
        return round(-self.change, 2) >= LEAST_MARKED


def find_marks(profile: Profile) -> tuple[Mark, ...]:
    """The score's effects of at least ``LEAST_MARKED``, largest first, without those that the mask hides."""
    names = profile.score.kind.effects
    return tuple(
        _mark(profile, name, names[name], effect)
        for name, effect in largest_first(profile.score.effects_by_name, LEAST_MARKED)
    )


def _mark(profile: Profile, name: str, shown: EffectName, effect: Effect) -> Mark:
    pos = profile.variant.pos + effect.offset
    return Mark(name, _track_of(profile, shown, pos), effect, pos, shown.is_gain)


def _track_of(profile: Profile, shown: EffectName, pos: int) -> int:
    """Index of the track that an effect belongs to: the one that it names, otherwise the one that changes most."""
    names = [track.name for track in profile.tracks]
    if shown.track in names:
        return names.index(shown.track)
    change = profile.change[pos - int(profile.positions[0]), [track.column for track in profile.tracks]]
    return int((change if shown.is_gain else -change).argmax())


def find_sites(profile: Profile) -> tuple[Site, ...]:
    """Positions with a probability of at least ``LEAST_SITE``, ascending; ties are in the order of the tracks."""
    sites = []
    for row, track in enumerate(profile.tracks):
        ref, alt = profile.ref[:, track.column], profile.alt[:, track.column]
        for i in np.flatnonzero(np.maximum(ref, alt) >= LEAST_SITE):
            pos = int(profile.positions[i])
            sites.append(Site(pos, row, float(ref[i]), float(alt[i]), known_site(profile.gene, track.name, pos)))
    return tuple(sorted(sites))


def exon_number(gene: Gene, i: int) -> int:
    """Number in the transcript, from 1, of the ``i``-th exon in genomic order."""
    return i + 1 if gene.strand == "+" else len(gene.exons) - i


def known_site(gene: Gene, name: str, pos: int) -> str:
    """The transcript's own site at a 1-based position, e.g. ``donor of exon 5``; empty if there is none.

    Args:
        gene: the transcript.
        name: ``acceptor``, ``donor``, or the name of a track that does not distinguish them.
        pos: 1-based.
    """
    kinds = {"acceptor": gene.acceptors, "donor": gene.donors}
    for kind in [name] if name in kinds else list(kinds):
        if pos in kinds[kind]:
            i = next(i for i, exon in enumerate(gene.exons) if pos in (exon.start + 1, exon.end))
            return f"{kind} of exon {exon_number(gene, i)}"
    return ""


def locate(profile: Profile) -> str:
    """The allele's position in its transcript, in words.

    E.g. ``exon 26 of 106, 31 bp from its 3′ end``, ``intron 14 of 17, 86 bp after exon 14`` (c.…+86), ``intron 5 to
    exon 6 of 12``. Distances are in transcript direction.
    """
    gene, (start, end) = profile.gene, profile.replaced
    # An insertion lies after the base before it.
    first, last = (start + 1, end) if start < end else (start, start)
    ends = [_place(gene, pos) for pos in ((first, last) if gene.strand == "+" else (last, first))]
    if ends[0].part == ends[1].part:
        return _in_one_part(*ends)
    return f"{ends[0].part} to {ends[1].part}" + (f" of {len(gene.exons)}" if "exon" in ends[1].part else "")


class _Place(NamedTuple):
    """A position in a transcript.

    Attributes:
        part: ``exon 5``, ``intron 5``, or words for a position in neither.
        n_parts: number of exons or introns; 0 for a position in neither.
        n_before: bp from the end of the preceding part: 1 for the first base of an exon or intron.
        n_after: bp to the start of the following part: 1 for the last base.
    """

    part: str
    n_parts: int = 0
    n_before: int = 0
    n_after: int = 0


def _place(gene: Gene, pos: int) -> _Place:
    is_plus = gene.strand == "+"
    n_exons = len(gene.exons)
    for i, (start, end) in enumerate(gene.exons):
        if start < pos <= end:
            distances = (pos - start, end + 1 - pos)
            return _Place(f"exon {exon_number(gene, i)}", n_exons, *(distances if is_plus else distances[::-1]))
        if pos <= start:
            if i == 0:
                break
            distances = (pos - gene.exons[i - 1].end, start + 1 - pos)
            number = i if is_plus else n_exons - i
            return _Place(f"intron {number}", n_exons - 1, *(distances if is_plus else distances[::-1]))
    return _Place("outside the exons")


def _in_one_part(first: _Place, last: _Place) -> str:
    if not first.n_parts:
        return first.part
    text = f"{first.part} of {first.n_parts}"
    kind, number = first.part.split()
    if kind == "intron":
        if first.n_before <= last.n_after:
            return f"{text}, {_range(first.n_before, last.n_before)} bp after exon {number}"
        return f"{text}, {_range(last.n_after, first.n_after)} bp before exon {int(number) + 1}"
    if first.n_before == last.n_before and 1 in (first.n_before, first.n_after):
        return f"{'first' if first.n_before == 1 else 'last'} base of {text}"
    if first.n_before <= last.n_after:
        return f"{text}, {_range(first.n_before - 1, last.n_before - 1)} bp from its 5′ end"
    return f"{text}, {_range(last.n_after - 1, first.n_after - 1)} bp from its 3′ end"


def _range(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,}–{most:,}"
