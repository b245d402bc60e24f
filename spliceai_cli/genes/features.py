"""Features of a GTF file that share an ID, told apart by position and exon numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from spliceai_cli.genes.draft import Coding, Draft
from spliceai_cli.genes.left_out import OddError
from spliceai_cli.genes.lines import AGAIN
from spliceai_cli.genome.coords import Interval

TRANSCRIPT, EXON, CODING, STOP = "transcript", "exon", "CDS", "stop_codon"

# NCBI's name for the transcript of whatever has none: tRNAs, coding sequences of mitochondria.
_PLACEHOLDER = re.compile(rb"un(?:known|assigned)_transcript(?:_\d+)?")


class Part(NamedTuple):
    """A line of a transcript: its own, an exon, a coding part or a part of the stop codon.

    Attributes:
        kind: ``TRANSCRIPT``, ``EXON``, ``CODING`` or ``STOP``.
        interval: 0-based half-open.
        phase: 0 unless it is coding.
        strand: as in the file.
        number: of the exon, in transcript order; 0 where the line does not say.
    """

    kind: str
    interval: Interval
    phase: int
    strand: str
    number: int


def is_placeholder(transcript_id: bytes) -> bool:
    """Whether an ID is a placeholder for a missing one.

    >>> is_placeholder(b"unknown_transcript_1"), is_placeholder(b"ENST00000359596.7")
    (True, False)
    """
    return _PLACEHOLDER.fullmatch(transcript_id) is not None


def features_of(draft: Draft, parts: Sequence[Part], *, is_named: bool, has_gene: bool) -> list[Draft]:
    """Divide the lines of one ID among transcripts; nearly always there is only one.

    Lines belong together where the transcript has a line of its own, or where they name a gene and a transcript, unless
    exons have the numbers of several copies. Without a gene a name still holds exons together if they lie on one strand
    and have no number twice; a placeholder does not, so there only numbers that go on from line to line do.

    Args:
        draft: without ``parts``.
        parts: the lines, in the order of the file.
        is_named: whether the ID is of a transcript, rather than a placeholder.
        has_gene: whether the lines name a gene.

    Raises:
        OddError: copies, in an order of lines that does not say which exons belong together.
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
    for stop in (part for part in parts if part.kind == STOP):
        _give(stop, features, _touches)
    return features


def _is_one(parts: Sequence[Part], exons: Sequence[Part], is_named: bool, has_gene: bool) -> bool:
    numbers = Counter(part.number for part in exons if part.number)
    is_repeated = any(n > 1 for n in numbers.values())
    if is_named and has_gene:
        # An exon may be written in pieces, and some number all exons 1: neither makes copies.
        return not is_repeated or len(numbers) == 1 or len(set(numbers.values())) > 1
    return (is_named or has_gene) and not is_repeated and len({part.strand for part in parts}) == 1


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    """Lines whose numbers go on, as transcripts run along their strand; without numbers each line is a run."""
    runs: list[list[Part]] = []
    for part in parts:
        if runs and _goes_on(runs[-1][-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _goes_on(one: Part, two: Part) -> bool:
    if one.strand != two.strand or not (one.number and two.number) or abs(one.number - two.number) != 1:
        return False
    is_rightwards = two.interval.start > one.interval.start
    return is_rightwards == ((two.number > one.number) == (two.strand == "+"))


def _is_whole(run: Sequence[Part]) -> bool:
    return sorted(part.number for part in run) == list(range(1, len(run) + 1))


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
    return replace(draft, spans=[], strands=set(), exons=[], coding=[], stops=[])


def _fill(draft: Draft, parts: Sequence[Part]) -> Draft:
    for part in parts:
        draft.strands.add(part.strand)
        if part.kind == TRANSCRIPT:
            draft.spans.append(part.interval)
        elif part.kind == EXON:
            draft.exons.append(part.interval)
        else:
            (draft.coding if part.kind == CODING else draft.stops).append(Coding(*part.interval, part.phase))
    return draft


def _give(part: Part, features: Sequence[Draft], is_of: Callable[[Draft, Interval], bool]) -> Draft | None:
    """Add a part to the first feature of its strand that it is of; None if there is none."""
    own = (one for one in features if part.strand in one.strands and is_of(one, part.interval))
    feature = next(own, None)
    return None if feature is None else _fill(feature, [part])


def _is_within(feature: Draft, part: Interval) -> bool:
    return any(span.start <= part.start and part.end <= span.end for span in feature.spans)


def _is_on_exon(feature: Draft, part: Interval) -> bool:
    return any(exon.start <= part.start and part.end <= exon.end for exon in feature.exons)


def _touches(feature: Draft, stop: Interval) -> bool:
    return any(stop.start <= part.end and part.start <= stop.end for part in feature.coding)
