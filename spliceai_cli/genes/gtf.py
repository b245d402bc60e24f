"""Transcripts of a GTF file, as GENCODE, Ensembl, RefSeq, UCSC and StringTie write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.aliases import ALIAS_KEYS, read_aliases
from spliceai_cli.genes.draft import Coding, Draft, finish
from spliceai_cli.genes.lines import AGAIN, Columns, not_utf8, split_line
from spliceai_cli.genes.transcripts import Transcripts

_ATTRIBUTE = re.compile(r'(\w+)\s+(?:"([^"]*)"|([^;"\s]+))')
_GENE_ID, _TRANSCRIPT_ID = (
    re.compile(rb'(?:^|;)\s*%b\s+("[^"]+"|[^;"\s]+)' % key) for key in (b"gene_id", b"transcript_id")
)

# The order in which nearly all files have them: half of the time of the two above.
_USUAL_IDS = re.compile(rb'gene_id "([^"]+)"; transcript_id "([^"]+)"')

_KINDS = {"gene", "transcript", "exon", "CDS", "stop_codon"}

_SYMBOLS = ("gene_name", "ref_gene_name", "gene", "gene_symbol")
_BIOTYPES = ("gene_type", "gene_biotype")

_REMEDY = 'GTF has transcript_id "…"; gene_id "…"; in column 9. Is this GFF3 with another first line?'


class _Gene(NamedTuple):
    """What the line of a gene says."""

    symbol: str
    biotype: str
    aliases: tuple[str, ...] = ()


def read_gtf(lines: Iterable[bytes], name: str) -> Transcripts:
    """Read GTF.

    Lines may be in any order; transcripts without a line of their own are put together from their exons.

    Args:
        lines: without line ends.
        name: of the file.

    Raises:
        AnnotationError: a malformed line (with its number), or no transcripts.
    """
    # By gene as well: RefSeq calls transcripts of many genes unknown_transcript_1.
    drafts: dict[tuple[str, bytes, bytes], Draft] = {}
    described: dict[tuple[str, bytes, bytes], bytes] = {}
    gene_of: dict[tuple[str, bytes], bytes] = {}
    genes: dict[str, _Gene] = {}
    for number, line in enumerate(lines, 1):
        if line.startswith(b"#") or not line:
            continue
        columns = split_line(line, name, number)
        if columns.kind not in _KINDS:
            continue
        if columns.kind == "gene":
            attributes = _attributes(columns.attributes, f"{name}, line {number}")
            genes[_versioned(attributes, "gene")] = _Gene(
                _first(attributes, _SYMBOLS), _first(attributes, _BIOTYPES), _aliases(attributes)
            )
            continue
        if usual := _USUAL_IDS.match(columns.attributes):
            gene_id, transcript_id = usual.groups()
        elif match := _TRANSCRIPT_ID.search(columns.attributes):
            transcript_id = match[1].strip(b'"')
            gene = _GENE_ID.search(columns.attributes)
            gene_id = gene[1].strip(b'"') if gene else gene_of.get((columns.chrom, transcript_id), b"")
        else:
            raise AnnotationError(f"{name}, line {number}: {columns.kind} without transcript_id.", _REMEDY)
        key = columns.chrom, transcript_id, gene_id
        if key not in drafts:
            gene_of[columns.chrom, transcript_id] = gene_id
            drafts[key] = Draft(number, columns.chrom, "")
            described[key] = columns.attributes
        if columns.kind == "transcript":
            drafts[key].line, described[key] = number, columns.attributes
        _add(drafts[key], columns)
    for key, draft in drafts.items():
        _describe(draft, described[key], genes, f"{name}, line {draft.line}")
    return finish(drafts.values(), name)


def _add(draft: Draft, columns: Columns) -> None:
    draft.strands.add(columns.strand)
    if columns.kind == "exon":
        draft.exons.append(columns.interval)
    elif columns.kind == "transcript":
        draft.spans.append(columns.interval)
    else:
        parts = draft.stops if columns.kind == "stop_codon" else draft.coding
        parts.append(Coding(*columns.interval, columns.phase))


def _describe(draft: Draft, raw: bytes, genes: Mapping[str, _Gene], where: str) -> None:
    attributes = _attributes(raw, where)
    draft.transcript_id = _versioned(attributes, "transcript")
    if not draft.transcript_id:
        raise AnnotationError(f"{where}: quotation marks in column 9 do not pair.", AGAIN)
    draft.gene_id = _versioned(attributes, "gene") or draft.transcript_id
    gene = genes.get(draft.gene_id, _Gene("", ""))
    draft.symbol = _first(attributes, _SYMBOLS) or gene.symbol
    draft.biotype = _first(attributes, _BIOTYPES) or gene.biotype
    draft.aliases = gene.aliases or _aliases(attributes)
    draft.tags = attributes.get("tag", ())


def _attributes(raw: bytes, where: str) -> dict[str, list[str]]:
    """Values by key; a key may occur several times."""
    try:
        found = _ATTRIBUTE.findall(raw.decode())
    except UnicodeDecodeError as error:
        raise not_utf8(where) from error
    if not found:
        raise AnnotationError(f"{where}: column 9 has no attributes of GTF.", _REMEDY)
    attributes: dict[str, list[str]] = {}
    for key, quoted, bare in found:
        attributes.setdefault(key, []).append(quoted or bare)
    return attributes


def _aliases(attributes: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return read_aliases({key: attributes[key] for key in ALIAS_KEYS if key in attributes})


def _versioned(attributes: Mapping[str, Sequence[str]], what: str) -> str:
    """An ID with its version, which Ensembl writes apart."""
    text = _first(attributes, (f"{what}_id",))
    version = _first(attributes, (f"{what}_version",))
    return f"{text}.{version}" if text and version and not text.endswith(f".{version}") else text


def _first(attributes: Mapping[str, Sequence[str]], keys: Iterable[str]) -> str:
    return next((attributes[key][0] for key in keys if key in attributes), "")
