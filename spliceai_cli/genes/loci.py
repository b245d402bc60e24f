"""Drafts of transcripts at their loci, without those that cannot be used."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from spliceai_cli.genes.draft import BOTH_STRANDS, NO_EXONS, NO_STRAND, OVERLAP, Coding, Draft
from spliceai_cli.genes.left_out import LeftOut, OddError
from spliceai_cli.genes.lines import AGAIN
from spliceai_cli.genome.coords import Interval


class Place(NamedTuple):
    """A transcript at one locus of the genome."""

    draft: Draft
    span: Interval
    exons: list[Interval]
    coding: list[Coding]


def usable(drafts: Iterable[Draft], left_out: LeftOut) -> list[Place]:
    """The usable drafts at their loci; the others are counted."""
    places: list[Place] = []
    for draft in drafts:
        try:
            loci = [] if (reason := _reason(draft)) else [place for place in _places(draft) if place.exons]
        except OddError as odd:
            left_out.add_odd(odd, draft.line)
            continue
        if any(one.end > two.start for place in loci for one, two in pairwise(place.exons)):
            reason = OVERLAP
        elif not loci:
            reason = reason or NO_EXONS
        if reason:
            left_out.add(reason, draft.line)
        else:
            places += loci
    return places


def _reason(draft: Draft) -> str | None:
    if len(draft.strands & {"+", "-"}) > 1:
        return BOTH_STRANDS
    return NO_STRAND if not draft.strands <= {"+", "-"} else None


def _places(draft: Draft) -> list[Place]:
    """The draft at each of its loci, exons ascending and each once.

    Raises:
        OddError: an exon is outside all loci, or loci overlap.
    """
    # A stop codon alone does not define the coding parts.
    coding = sorted({*draft.coding, *draft.stops}) if draft.coding else []
    exons = _with_parts(sorted(set(draft.exons)), draft, coding)
    if not exons:
        return []
    spans = sorted(set(draft.spans)) or [Interval(exons[0].start, max(exon.end for exon in exons))]
    outside = next((exon for exon in exons if not any(_is_inside(exon, span) for span in spans)), None)
    if outside is not None:
        raise OddError(
            "transcripts with an exon outside",
            f"an exon of {draft.transcript_id}, {outside.start + 1}-{outside.end}, lies outside the transcript, "
            f"{spans[0].start + 1}-{spans[0].end}.",
            AGAIN,
        )
    if len(spans) > 1 and any(one.end > two.start for one, two in pairwise(spans)):
        raise OddError(
            "overlapping transcripts of one ID",
            f"several transcripts that overlap have the ID {draft.transcript_id}, so exons may belong to either.",
            "Give each transcript an ID of its own.",
        )
    places = []
    for span in spans:
        inside = [exon for exon in exons if _is_inside(exon, span)]
        own = (draft.others or {}).get(span, draft)
        places.append(Place(own, span, inside, [part for part in coding if _is_inside(part, span)]))
    return places


def _with_parts(exons: list[Interval], draft: Draft, coding: Sequence[Coding]) -> list[Interval]:
    """Add coding parts and UTRs that no exon covers to the exons; parts that touch become one exon.

    GTF 2.2 and Phytozome's GFF3 may have no exons, and FlyBase's GTF omits some. Nearly always all parts are covered.
    """
    if not exons and not coding:
        return []
    starts = [exon.start for exon in exons]
    alone = [
        part
        for part in (*coding, *draft.untranslated)
        if not (row := bisect_right(starts, part[0])) or exons[row - 1].end < part[1]
    ]
    if not alone or any(one.end > two.start for one, two in pairwise(exons)):
        return exons
    return joined(sorted((*exons, *(Interval(part[0], part[1]) for part in alone))))


def _is_inside(part: Interval | Coding, span: Interval) -> bool:
    return span.start <= part.start and part.end <= span.end


def joined(parts: Iterable[Coding | Interval]) -> list[Interval]:
    """Merge ascending parts that touch, such as the stop codon that GTF lists apart."""
    joined: list[Interval] = []
    for part in parts:
        if joined and part.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, part.end))
        else:
            joined.append(Interval(part.start, part.end))
    return joined
