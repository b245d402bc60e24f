"""Separates the features of a GTF file that share an ID, by position and exon numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from spliceai_cli.genes.draft import Coding, Draft
from spliceai_cli.genes.feature_kinds import CODING, EXON, STOP, TRANSCRIPT, UNTRANSLATED
from spliceai_cli.genes.gene import SHORTEST_INTRON
from spliceai_cli.genes.left_out import OddError
from spliceai_cli.genes.lines import AGAIN
from spliceai_cli.genome.coords import Interval


class Part(NamedTuple):
    """A line of a transcript: its own, an exon, a coding part, a UTR or a part of the stop codon.

    Attributes:
        kind: ``TRANSCRIPT``, ``EXON``, ``CODING``, ``UNTRANSLATED`` or ``STOP``.
        interval: 0-based half-open.
        phase: 0 unless it is coding.
        strand: as in the file.
        number: exon number, in transcript order; 0 if the line has none.
        exon_id: ID of an exon without a number; empty if the line has neither.
    """

    kind: str
    interval: Interval
    phase: int
    strand: str
    number: int
    exon_id: bytes = b""

    @property
    def name(self) -> int | bytes:
        """Identifies the exon within its transcript: number or ID; empty or 0 if the line has neither."""
        return self.number or self.exon_id


def features_of(draft: Draft, parts: Sequence[Part], *, is_named: bool, has_gene: bool) -> list[Draft]:
    """Divide the lines of one ID among transcripts; nearly always there is only one.

    Lines belong together if the transcript has a line of its own, or if they name a gene and a transcript. The
    exception is an exon number that occurs at several loci: unless these exons are pieces of one, they belong to
    copies. Without a gene, a name still joins exons if they are on one strand and no number repeats. A placeholder does
    not join them; then only numbers that continue from line to line do.

    Args:
        draft: the transcript, without ``parts``.
        parts: the lines, in the order of the file.
        is_named: whether the ID is a transcript's, not a placeholder.
        has_gene: whether the lines name a gene.

    Raises:
        OddError: there are copies, and the order of lines does not show which exons belong together.
    """
    exons = list(dict.fromkeys(part for part in parts if part.kind == EXON))
    if draft.spans or _is_one(parts, exons, is_named, has_gene):
        return [_fill(draft, parts)]
    features = [_fill(_empty(draft), [part]) for part in dict.fromkeys(parts) if part.kind == TRANSCRIPT]
    runs = _runs([exon for exon in exons if _give(exon, features, _is_within) is None])
    if is_named and has_gene and not all(_is_whole(run) for run in runs):
        raise OddError(
            "transcripts whose exon numbers repeat",
            "each number of an exon occurs several times in its transcript, in an order that does not say which "
            "belong together.",
            AGAIN,
        )
    features += [_fill(_empty(draft), run) for run in _overlapping(runs)]
    coding = [part for part in parts if part.kind == CODING]
    alone = [part for part in coding if _give(part, features, _is_on_exon) is None]
    features += [_fill(_empty(draft), run) for run in _overlapping(_runs(alone))]
    for end in (part for part in parts if part.kind in (STOP, UNTRANSLATED)):
        _give(end, features, _touches)
    return features


def _is_one(parts: Sequence[Part], exons: Sequence[Part], is_named: bool, has_gene: bool) -> bool:
    if _is_repeated(exons):
        return False
    return is_named and has_gene or (is_named or has_gene) and len({part.strand for part in parts}) == 1


def _is_repeated(exons: Sequence[Part]) -> bool:
    """Whether exons with the same number lie apart."""
    if max(Counter(exon.name for exon in exons if exon.name).values(), default=0) <= 1:
        return False
    named = sorted((exon for exon in exons if exon.name), key=lambda exon: (str(exon.name), exon.strand, exon.interval))
    return any(one.name == two.name and not _are_pieces(one, two) for one, two in pairwise(named))


def _are_pieces(one: Part, two: Part) -> bool:
    """Whether two exons with one number are pieces of one exon, as at a gap in an alignment."""
    first, second = sorted((one.interval, two.interval))
    return one.name == two.name and one.strand == two.strand and second.start - first.end < SHORTEST_INTRON


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    """Group lines whose numbers continue along the strand; without numbers, each exon is a group of its own."""
    runs: list[list[Part]] = []
    for part in parts:
        if runs and _goes_on(runs[-1][-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _goes_on(one: Part, two: Part) -> bool:
    if one.name and _are_pieces(one, two):
        return True
    if one.strand != two.strand or not (one.number and two.number) or abs(one.number - two.number) != 1:
        return False
    is_rightwards = two.interval.start > one.interval.start
    return is_rightwards == ((two.number > one.number) == (two.strand == "+"))


def _is_whole(run: Sequence[Part]) -> bool:
    numbers = {part.number for part in run}
    return numbers == set(range(1, len(numbers) + 1)) or numbers == {0}


def _overlapping(runs: Sequence[list[Part]]) -> list[list[Part]]:
    """Merge runs that overlap on one strand."""
    merged: list[list[Part]] = []
    reach = 0
    for run in sorted(runs, key=lambda run: (run[0].strand, min(part.interval.start for part in run))):
        start = min(part.interval.start for part in run)
        if merged and merged[-1][0].strand == run[0].strand and start < reach:
            merged[-1].extend(run)
        else:
            merged.append(list(run))
            reach = 0
        reach = max(reach, *(part.interval.end for part in run))
    return merged


def _empty(draft: Draft) -> Draft:
    return replace(draft, spans=[], strands=set(), exons=[], coding=[], stops=[], untranslated=[], others=None)


def _fill(draft: Draft, parts: Sequence[Part]) -> Draft:
    for part in parts:
        draft.strands.add(part.strand)
        if part.kind == TRANSCRIPT:
            draft.spans.append(part.interval)
        elif part.kind == EXON:
            draft.exons.append(part.interval)
        elif part.kind == UNTRANSLATED:
            draft.untranslated.append(part.interval)
        else:
            (draft.coding if part.kind == CODING else draft.stops).append(Coding(*part.interval, part.phase))
    return draft


def _give(part: Part, features: Sequence[Draft], is_of: Callable[[Draft, Interval], bool]) -> Draft | None:
    """Add a part to the first feature on its strand that it belongs to; None if there is none."""
    owners = (draft for draft in features if part.strand in draft.strands and is_of(draft, part.interval))
    feature = next(owners, None)
    return None if feature is None else _fill(feature, [part])


def _is_within(feature: Draft, part: Interval) -> bool:
    return any(span.start <= part.start and part.end <= span.end for span in feature.spans)


def _is_on_exon(feature: Draft, part: Interval) -> bool:
    return any(exon.start <= part.start and part.end <= exon.end for exon in feature.exons)


def _touches(feature: Draft, end: Interval) -> bool:
    parts = (*feature.coding, *(Coding(*exon, 0) for exon in feature.exons))
    return any(end.start <= part.end and part.start <= end.end for part in parts)
