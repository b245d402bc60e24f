"""What REF and ALT say about a transcript's own sites, and about other sites that ALT could use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.transcript import ACCEPTOR, DONOR, Transcript
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models import spec
from spliceai_cli.scores.effect import Effect


class Usage(NamedTuple):
    """The probabilities that a site is used, in REF and in ALT."""

    ref: float
    alt: float

    @property
    def loss(self) -> float:
        """How much less ALT uses the site; never below 0."""
        return max(0.0, self.ref - self.alt)

    @property
    def gain(self) -> float:
        """How much more ALT uses the site; never below 0."""
        return max(0.0, self.alt - self.ref)


class Candidate(NamedTuple):
    """A site that is not the transcript's own.

    Attributes:
        kind: ``ACCEPTOR`` or ``DONOR``.
        pos: its base in ALT, transcript order.
        usage: its probabilities; 0 in REF for an inserted base.
    """

    kind: str
    pos: int
    usage: Usage


class Lost(NamedTuple):
    """A site that ALT uses less than REF, the transcript's own or any other.

    Attributes:
        kind: ``ACCEPTOR`` or ``DONOR``.
        pos: its base in REF, transcript order.
        loss: how much less.
    """

    kind: str
    pos: int
    loss: float


#: Stands for a site outside the scored positions: nothing is known to change there.
UNSEEN = Usage(0.0, 0.0)


@dataclass(frozen=True)
class Support:
    """The evidence for an allele's transcripts.

    Attributes:
        transcript: the annotated transcript.
        change: the allele.
        own: kind and exon of each of the transcript's sites that was seen -> probabilities.
        candidates: other sites, ascending.
        lost: every site that weakens.
        has_probabilities: whether ``own`` has probabilities, not only changes of them.
    """

    transcript: Transcript
    change: Change
    own: Mapping[tuple[str, int], Usage]
    candidates: tuple[Candidate, ...]
    lost: tuple[Lost, ...] = ()
    has_probabilities: bool = True

    def largest_loss(self, kind: str, start: int, end: int) -> float:
        """The largest loss of a kind of sites among the REF positions ``start`` to ``end``."""
        return max((site.loss for site in self.lost if site.kind == kind and start <= site.pos < end), default=0.0)

    def loss(self, kind: str, exon: int) -> float:
        """The loss of one of the transcript's sites; 0 if it does not exist or was not seen."""
        return self.own.get((kind, exon), UNSEEN).loss

    def gain(self, kind: str, exon: int) -> float:
        """The gain of one of the transcript's sites; 0 if it does not exist or was not seen."""
        return self.own.get((kind, exon), UNSEEN).gain


class Profiles(NamedTuple):
    """The probabilities of REF and of ALT in transcript order, each on its own positions.

    Attributes:
        ref, alt: (W, 3), see ``models.spec.ACCEPTOR`` and ``DONOR``.
        ref_start, alt_start: position of the first row.
    """

    ref: FloatArray
    alt: FloatArray
    ref_start: int
    alt_start: int


_COLUMNS = {ACCEPTOR: spec.ACCEPTOR, DONOR: spec.DONOR}


def support_of_profiles(transcript: Transcript, change: Change, profiles: Profiles, least: float) -> Support:
    """The evidence in the profiles of an allele.

    Args:
        transcript: the annotated transcript.
        change: the allele.
        profiles: the probabilities.
        least: smallest probability of a candidate, and smallest loss of a lost site.
    """
    own, candidates, lost = {}, [], []
    chain = transcript.in_alt(change)
    for kind, column in _COLUMNS.items():
        ref, alt = profiles.ref[:, column], profiles.alt[:, column]
        sites = transcript.sites(kind)
        seen = Interval(profiles.ref_start, profiles.ref_start + len(ref))
        standing = {pos: site_in_alt(chain, kind, exon) for pos, exon in sites.items()}
        joined = joined_sites(transcript, chain, kind)
        for pos, exon in sites.items():
            if pos not in joined and seen.start <= pos < seen.end:
                own[kind, exon] = Usage(_at(ref, pos, profiles.ref_start), _at(alt, standing[pos], profiles.alt_start))
        # Only rows that can count: a profile has 10,000, and a handful of them are sites.
        for pos in (np.flatnonzero(alt >= least) + profiles.alt_start).tolist():
            if pos not in standing.values():
                usage = Usage(_at(ref, change.to_ref(pos), profiles.ref_start), _at(alt, pos, profiles.alt_start))
                candidates.append(Candidate(kind, pos, usage))
        for pos in (np.flatnonzero(ref >= least) + profiles.ref_start).tolist():
            if pos in joined:
                continue
            at = standing[pos] if pos in sites else change.to_alt(pos)
            loss = Usage(_at(ref, pos, profiles.ref_start), _at(alt, at, profiles.alt_start)).loss
            if loss >= least:
                lost.append(Lost(kind, pos, loss))
    return Support(transcript, change, own, tuple(sorted(candidates, key=lambda site: site.pos)), tuple(lost))


def site_in_alt(chain: Sequence[Interval], kind: str, exon: int) -> int | None:
    """The base in ALT at which an annotated site stands; the next base of its exon if its own is deleted.

    Args:
        chain: the annotated exons in ALT.
        kind: kind of the site.
        exon: its exon.
    """
    start, end = chain[exon]
    if start >= end:
        return None
    return start if kind == ACCEPTOR else end - 1


def joined_sites(transcript: Transcript, chain: Sequence[Interval], kind: str) -> set[int]:
    """The REF positions of sites whose whole intron an allele deletes: their exons are one, and nothing is lost.

    Args:
        transcript: the annotated transcript.
        chain: its exons in ALT.
        kind: kind of the sites.
    """
    left = [exon for exon in chain if exon.length]
    starts, ends = {exon.start for exon in left}, {exon.end for exon in left}

    def is_joined(exon: Interval) -> bool:
        return exon.length > 0 and (exon.start in ends if kind == ACCEPTOR else exon.end in starts)

    return {pos for pos, exon in transcript.sites(kind).items() if is_joined(chain[exon])}


def _at(values: FloatArray, pos: int | None, start: int) -> float:
    return float(values[pos - start]) if pos is not None and 0 <= pos - start < len(values) else 0.0


def support_of_score(transcript: Transcript, change: Change, effects: Mapping[str, Effect], pos: int) -> Support:
    """The evidence in four scores: each tells of one site.

    A site whose probabilities are not known counts as certain in REF if it is the transcript's own, else as absent.

    Args:
        transcript: the annotated transcript.
        change: the allele.
        effects: the four effects by name.
        pos: 1-based POS, from which offsets are counted.
    """
    own: dict[tuple[str, int], Usage] = {}
    candidates, lost = [], []
    chain = transcript.in_alt(change)
    joined = {kind: joined_sites(transcript, chain, kind) for kind in (ACCEPTOR, DONOR)}
    standing = {
        (kind, site_in_alt(chain, kind, exon)): exon
        for kind in (ACCEPTOR, DONOR)
        for exon in transcript.sites(kind).values()
    }
    for kind, is_gain, at, effect in _changes(transcript, effects, pos):
        if is_gain:
            moved = change.to_alt(at)
            if moved is None:
                continue
            usage = _usage(effect, is_gain=True, least=0.0)
            if (exon := standing.get((kind, moved))) is None:
                candidates.append(Candidate(kind, moved, usage))
            else:
                own.setdefault((kind, exon), usage)
        elif at not in joined[kind]:
            lost.append(Lost(kind, at, effect.score))
            if (exon := transcript.sites(kind).get(at)) is not None:
                own[kind, exon] = _usage(effect, is_gain=False, least=1.0)
    return Support(
        transcript,
        change,
        own,
        tuple(sorted(candidates, key=lambda site: site.pos)),
        tuple(lost),
        has_probabilities=all(effect.ref is not None and effect.alt is not None for effect in effects.values()),
    )


def _changes(
    transcript: Transcript, effects: Mapping[str, Effect], pos: int
) -> Iterator[tuple[str, bool, int, Effect]]:
    """Kind of site, whether it is gained, position and effect, for each effect that is not 0."""
    for name, effect in effects.items():
        kind, _, direction = name.partition("_")
        if effect.score > 0:
            yield kind, direction == "gain", transcript.position(pos + effect.offset), effect


def _usage(effect: Effect, *, is_gain: bool, least: float) -> Usage:
    if effect.ref is not None and effect.alt is not None:
        return Usage(effect.ref, effect.alt)
    return Usage(least, least + effect.score) if is_gain else Usage(least, least - effect.score)
