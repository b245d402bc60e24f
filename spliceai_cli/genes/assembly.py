"""Assembles the columns of ``Transcripts`` from drafts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

import numpy as np

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.draft import Draft
from spliceai_cli.genes.gene import is_name
from spliceai_cli.genes.left_out import LeftOut
from spliceai_cli.genes.loci import Place, joined, usable
from spliceai_cli.genes.transcripts import (
    ENSEMBL_CANONICAL,
    MANE_PLUS_CLINICAL,
    MANE_SELECT,
    NOT_PRINCIPAL,
    Ranges,
    Transcripts,
)

# Ensembl and GENCODE write MANE_Select, RefSeq writes "MANE Select".
_TAG_BITS = {
    "mane_select": MANE_SELECT,
    "mane_plus_clinical": MANE_PLUS_CLINICAL,
    "ensembl_canonical": ENSEMBL_CANONICAL,
}
_APPRIS = re.compile(r"appris_principal(?:_([1-5]))?")

_RENAME = "A name must not contain a space or any of , ; = |; rename the gene, or remove it."


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
    places = _named(usable(drafts, left_out), left_out)
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
        coding=Ranges.of([joined(place.coding) for place in places]),
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


def _genes(places: Sequence[Place]) -> list[int]:
    """The row of each transcript's gene; rows are in file order.

    Genes are also distinguished by locus: the pseudoautosomal copies, and copies on one contig, share an ID.
    """

    def key(place: Place) -> tuple[str, str, bool]:
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


def _said_of_genes(genes: Sequence[int], places: Sequence[Place]) -> dict[int, Draft]:
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


def _named(places: list[Place], left_out: LeftOut) -> list[Place]:
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


def _phase(place: Place) -> int:
    if not place.coding:
        return 0
    return (max if "-" in place.draft.strands else min)(place.coding).phase


def _bits(tags: Iterable[str]) -> int:
    return sum({_TAG_BITS.get(tag.replace(" ", "_").lower(), 0) for tag in tags})


def _appris(tags: Iterable[str]) -> int:
    ranks = [int(match[1] or 1) for tag in tags if (match := _APPRIS.fullmatch(tag))]
    return min(ranks, default=NOT_PRINCIPAL)
