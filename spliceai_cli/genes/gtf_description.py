"""What a GTF file says about its transcripts and genes: IDs, names, biotypes, tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from spliceai_cli.genes.aliases import ALIAS_KEYS, read_aliases
from spliceai_cli.genes.draft import Draft
from spliceai_cli.genes.gtf_attributes import attributes_of, first, versioned
from spliceai_cli.genes.gtf_ids import BARE_ID, NAMES, name_of
from spliceai_cli.genes.left_out import OddError
from spliceai_cli.genes.lines import AGAIN, Columns
from spliceai_cli.genes.placeholders import is_placeholder
from spliceai_cli.genome.coords import Interval

_SYMBOLS = ("gene_name", "ref_gene_name", "gene", "gene_symbol", "name")
_BIOTYPES = ("gene_type", "gene_biotype")


class GeneLine(NamedTuple):
    """The contents of a gene's line."""

    chrom: str
    interval: Interval
    symbol: str
    biotype: str
    aliases: tuple[str, ...] = ()


_NO_GENE = GeneLine("", Interval(0, 0), "", "")


def gene_line(columns: Columns) -> tuple[str, GeneLine]:
    """A gene's ID, empty if its line has none, and the contents of the line."""
    attributes = {} if BARE_ID.fullmatch(columns.attributes) else attributes_of(columns.attributes)
    names = first(attributes, _SYMBOLS), first(attributes, _BIOTYPES)
    return versioned(attributes, "gene"), GeneLine(columns.chrom, columns.interval, *names, _aliases(attributes))


def describe(draft: Draft, genes: Mapping[str, Sequence[GeneLine]]) -> None:
    """Fill in a draft's attributes, and those of its copies at other loci, from column 9 and from the gene's line.

    Args:
        draft: modified in place.
        genes: gene ID -> lines of the gene.

    Raises:
        OddError: column 9 cannot be read.
    """
    _describe(draft, _extent(draft), genes)
    for place, copy in (draft.others or {}).items():
        _describe(copy, place, genes)


def _describe(draft: Draft, place: Interval, genes: Mapping[str, Sequence[GeneLine]]) -> None:
    if BARE_ID.fullmatch(draft.attributes):
        draft.transcript_id = draft.gene_id = draft.attributes.decode("utf-8", "replace")
        return
    attributes = attributes_of(draft.attributes)
    draft.transcript_id = versioned(attributes, "transcript") or first(attributes, ("transcriptId", "name"))
    if not draft.transcript_id:
        raise OddError("transcripts with an unpaired quotation mark", "column 9 has an unpaired quotation mark.", AGAIN)
    gene_id = versioned(attributes, "gene")
    lines = genes.get(gene_id)
    gene = _line_of(lines, draft.chrom, place) if lines else _NO_GENE
    if gene_id == draft.transcript_id or is_placeholder(gene_id.encode()):
        gene_id = name_of(attributes, NAMES) or draft.transcript_id
    draft.gene_id = gene_id
    draft.symbol = first(attributes, _SYMBOLS) or gene.symbol
    draft.biotype = first(attributes, _BIOTYPES) or gene.biotype
    draft.aliases = gene.aliases or _aliases(attributes)
    draft.tags = attributes.get("tag", ())


def _extent(draft: Draft) -> Interval:
    """The interval of the draft's own line, else that of its exons and coding parts."""
    if draft.spans:
        return draft.spans[0]
    parts = [*draft.exons, *draft.coding]
    return Interval(min(part[0] for part in parts), max(part[1] for part in parts)) if parts else Interval(0, 0)


def _line_of(lines: Sequence[GeneLine], chrom: str, place: Interval) -> GeneLine:
    """The first of a gene's lines that contains the interval ``place``, else the last line."""
    is_around = (
        line.chrom == chrom and line.interval.start <= place.start and place.end <= line.interval.end for line in lines
    )
    return next(compress(lines, is_around), lines[-1])


def _aliases(attributes: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return read_aliases({key: attributes[key] for key in ALIAS_KEYS if key in attributes})
