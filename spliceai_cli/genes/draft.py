"""Transcripts while they are assembled from the lines of a file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple, NoReturn

import numpy as np

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.gene import is_name
from spliceai_cli.genes.left_out import LeftOut, OddError
from spliceai_cli.genes.lines import AGAIN
from spliceai_cli.genes.transcripts import (
    ENSEMBL_CANONICAL,
    MANE_PLUS_CLINICAL,
    MANE_SELECT,
    NOT_PRINCIPAL,
    Ranges,
    Transcripts,
)
from spliceai_cli.genome.coords import Interval

# Ensembl and GENCODE write MANE_Select, RefSeq writes "MANE Select".
_TAG_BITS = {
    "mane_select": MANE_SELECT,
    "mane_plus_clinical": MANE_PLUS_CLINICAL,
    "ensembl_canonical": ENSEMBL_CANONICAL,
}
_APPRIS = re.compile(r"appris_principal(?:_([1-5]))?")

#: Reasons why a transcript cannot be used.
NO_STRAND, BOTH_STRANDS, OVERLAP, NO_EXONS, BROKEN = (
    f"transcripts with {fault}"
    for fault in ("no strand", "exons on both strands", "overlapping exons", "no exons", "a line that is left out")
)

_RENAME = "A name must not contain a space or any of , ; = |; rename the gene, or remove it."


class Coding(NamedTuple):
    """A coding part of an exon, 0-based half-open, with its phase."""

    start: int
    end: int
    phase: int


@dataclass(slots=True)
class Draft:
    """One transcript on one contig.

    Attributes:
        line: number of its own line, or of the first that names it.
        chrom: contig.
        transcript_id: its ID.
        gene_id, symbol, biotype, aliases: attributes of its gene.
        tags: as the file writes them.
        spans: intervals of its own lines; several if the file has it at several loci, none if it has only exons.
        strands: strands of all its lines.
        exons, coding: in file order.
        stops: parts of the stop codon if the file lists them apart from ``coding``, as GTF does and GFF3 does not.
        untranslated: UTRs, which are used only where no exon covers them.
        attributes: column 9 of its own line, or of the first that names it.
        others: for a transcript at several loci, span of each other locus -> attributes of its line.
    """

    line: int
    chrom: str
    transcript_id: str
    gene_id: str = ""
    symbol: str = ""
    biotype: str = ""
    aliases: Sequence[str] = ()
    tags: Sequence[str] = ()
    spans: list[Interval] = field(default_factory=list)
    strands: set[str] = field(default_factory=set)
    exons: list[Interval] = field(default_factory=list)
    coding: list[Coding] = field(default_factory=list)
    stops: list[Coding] = field(default_factory=list)
    untranslated: list[Interval] = field(default_factory=list)
    attributes: bytes = b""
    others: Mapping[Interval, Draft] | None = None


class _Place(NamedTuple):
    """A transcript at one locus of the genome."""

    draft: Draft
    span: Interval
    exons: list[Interval]
    coding: list[Coding]


def finish(
    drafts: Iterable[Draft],
    name: str,
    left_out: LeftOut,
    lengths: Mapping[str, int] | None = None,
    chromosomes: Mapping[str, str] | None = None,
) -> Transcripts:
    """Check drafts and put them into columns.

    These are left out and counted: transcripts without strand or exons, with exons on both strands (trans-spliced), or
    with exons that overlap or lie outside the transcript; and genes without a name that is valid in INFO. A transcript
    that the file has at several loci becomes one transcript at each.

    Args:
        drafts: in the order of the file.
        name: file name, for messages.
        left_out: omissions so far; those made here are added.
        lengths: contig lengths that the file gives.
        chromosomes: contig -> the chromosome that the file says it is.

    Raises:
        AnnotationError: no transcript can be used.
    """
    places = _named(_usable(drafts, left_out), left_out)
    genes = _genes(places)
    if not places:
        _refuse(name, left_out)
    named = _said_of_genes(genes, places)
    chroms = {chrom: row for row, chrom in enumerate(dict.fromkeys(place.draft.chrom for place in places))}
    return Transcripts(
        gene_ids=[draft.gene_id for draft in named.values()],
        symbols=[_symbol(draft) for draft in named.values()],
        biotypes=[draft.biotype for draft in named.values()],
        aliases=[list(draft.aliases) for draft in named.values()],
        ids=[place.draft.transcript_id for place in places],
        gene=np.array(genes, dtype=np.int64),
        chroms=list(chroms),
        chrom=np.array([chroms[place.draft.chrom] for place in places], dtype=np.int64),
        is_minus=np.array(["-" in place.draft.strands for place in places], dtype=np.bool_),
        spans=np.array([place.span for place in places], dtype=np.int64),
        tags=np.array([_bits(place.draft.tags) for place in places], dtype=np.int64),
        appris=np.array([_appris(place.draft.tags) for place in places], dtype=np.int64),
        exons=Ranges.of([place.exons for place in places]),
        coding=Ranges.of([_joined(place.coding) for place in places]),
        phase=np.array([_phase(place) for place in places], dtype=np.int64),
        left_out=left_out,
        lengths=dict(lengths or {}),
        chromosomes=dict(chromosomes or {}),
    )


def _refuse(name: str, left_out: LeftOut) -> NoReturn:
    """Raise the error for a file without a usable transcript."""
    left_out.refuse(name)
    counted = ", ".join(left_out.texts())
    raise AnnotationError(
        f"{name} has no transcripts with exons{f' that can be used: {counted}' if counted else ''}.",
        "-A takes GTF or GFF3 with exon lines, as GENCODE, Ensembl, RefSeq and MANE publish it, or a gene table.",
    )


def _genes(places: Sequence[_Place]) -> list[int]:
    """The row of each transcript's gene; rows are in file order.

    Genes are also distinguished by locus: the pseudoautosomal copies, and copies on one contig, share an ID.
    """

    def key(place: _Place) -> tuple[str, str, bool]:
        return place.draft.gene_id, place.draft.chrom, "-" in place.draft.strands

    locus_of: dict[int, int] = {}
    locus, reach = -1, 0
    before: tuple[str, str, bool] | None = None
    for i in sorted(range(len(places)), key=lambda i: (key(places[i]), places[i].span)):
        span = places[i].span
        if key(places[i]) != before or span.start >= reach:
            locus, reach, before = locus + 1, span.end, key(places[i])
        locus_of[i], reach = locus, max(reach, span.end)
    rows: dict[int, int] = {}
    return [rows.setdefault(locus_of[i], len(rows)) for i in range(len(places))]


def _said_of_genes(genes: Sequence[int], places: Sequence[_Place]) -> dict[int, Draft]:
    """Row of each gene -> its first transcript, with the first name, biotype and aliases that any transcript gives.

    In files without gene lines any transcript may give them: Cufflinks and StringTie name only some.
    """
    first: dict[int, Draft] = {}
    for row, place in zip(genes, places, strict=True):
        if (known := first.setdefault(row, place.draft)) is place.draft:
            continue
        draft = place.draft
        symbol = known.symbol if is_name(known.symbol) or not is_name(draft.symbol) else draft.symbol
        biotype, aliases = known.biotype or draft.biotype, known.aliases or draft.aliases
        if (symbol, biotype, aliases) != (known.symbol, known.biotype, known.aliases):
            first[row] = replace(known, symbol=symbol, biotype=biotype, aliases=aliases)
    return first


def _symbol(draft: Draft) -> str:
    """The gene's name, else its ID if the name is not valid in INFO; empty if neither is valid."""
    return next(filter(is_name, (draft.symbol, draft.gene_id)), "")


def _named(places: list[_Place], left_out: LeftOut) -> list[_Place]:
    """Leave out genes without a name."""
    if all(_symbol(place.draft) for place in places):
        return places
    genes = _genes(places)
    first = _said_of_genes(genes, places)
    for draft in first.values():
        if not _symbol(draft):
            left_out.add(
                "genes without a name that is valid in INFO",
                draft.line,
                f"the gene '{draft.symbol or draft.gene_id}' has no name that is valid in INFO.",
                _RENAME,
            )
    return [place for row, place in zip(genes, places, strict=True) if _symbol(first[row])]


def _usable(drafts: Iterable[Draft], left_out: LeftOut) -> list[_Place]:
    """The usable drafts at their loci; the others are counted."""
    places: list[_Place] = []
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


def _places(draft: Draft) -> list[_Place]:
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
        places.append(_Place(own, span, inside, [part for part in coding if _is_inside(part, span)]))
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
    return _joined(sorted((*exons, *(Interval(part[0], part[1]) for part in alone))))


def _is_inside(part: Interval | Coding, span: Interval) -> bool:
    return span.start <= part.start and part.end <= span.end


def _joined(parts: Iterable[Coding | Interval]) -> list[Interval]:
    """Merge ascending parts that touch, such as the stop codon that GTF lists apart."""
    joined: list[Interval] = []
    for part in parts:
        if joined and part.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, part.end))
        else:
            joined.append(Interval(part.start, part.end))
    return joined


def _phase(place: _Place) -> int:
    if not place.coding:
        return 0
    return (max if "-" in place.draft.strands else min)(place.coding).phase


def _bits(tags: Iterable[str]) -> int:
    return sum({_TAG_BITS.get(tag.replace(" ", "_").lower(), 0) for tag in tags})


def _appris(tags: Iterable[str]) -> int:
    ranks = [int(match[1] or 1) for tag in tags if (match := _APPRIS.fullmatch(tag))]
    return min(ranks, default=NOT_PRINCIPAL)
