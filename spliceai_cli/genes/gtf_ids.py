"""Which transcript and gene a line of a GTF file names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from spliceai_cli.genes.feature_kinds import TRANSCRIPT
from spliceai_cli.genes.gtf_attributes import IS_GFF3, attributes_of, first
from spliceai_cli.genes.left_out import OddError
from spliceai_cli.genes.lines import Columns
from spliceai_cli.genes.placeholders import is_blank, is_placeholder

_GENE_ID, _TRANSCRIPT_ID, _JGI_ID, _JGI_NAME = (
    re.compile(rb'(?:^|;)\s*%b\s+("[^"]+"|[^;"\s]+)' % key)
    for key in (b"gene_id", b"transcript_id", b"transcriptId", b"name")
)

#: IDs in the order of nearly all files; takes half the time of the first two patterns above.
USUAL_IDS = re.compile(rb'gene_id "([^"]+)"; (?:gene_version "\d+"; )?transcript_id "([^"]+)"')

#: In genes and transcripts of AUGUSTUS and BRAKER, column 9 is only an ID.
BARE_ID = re.compile(rb'[^\s;="]+')

#: Attributes that isoforms share in files without gene_id, or whose gene_id is the transcript's.
NAMES = ("geneID", "gene_name", "ref_gene_name", "gene", "gene_symbol", "locus_tag", "name")

#: Lines of one transcript share contig, transcript ID and gene ID; either ID may be empty. The gene is part of the key
#: because RefSeq calls transcripts of many genes unknown_transcript_1. A gene without an ID is keyed by its name after
#: a mark, because other lines of the transcript may have the ID.
Key = tuple[str, bytes, bytes]
_BY_NAME = b"\0"


def ids_of(columns: Columns, role: str) -> tuple[bytes, bytes]:
    """IDs of a line's transcript and gene; empty if it has none.

    JGI's exons have a transcript ID and the name of a gene model; its coding parts have only that name.

    Raises:
        OddError: the line names no transcript.
    """
    transcript_id, gene_id = _id(_TRANSCRIPT_ID, columns.attributes), _id(_GENE_ID, columns.attributes)
    if transcript_id:
        return transcript_id, gene_id
    if role == TRANSCRIPT and BARE_ID.fullmatch(columns.attributes):
        return columns.attributes, b""
    transcript_id, name = _id(_JGI_ID, columns.attributes), _id(_JGI_NAME, columns.attributes)
    if not transcript_id and (gene_id or not name):
        raise _without_transcript(columns.kind)
    return transcript_id, gene_id or name


def transcript_id_of(attributes: bytes) -> bytes:
    """The ID of the transcript that column 9 names; empty if it names none."""
    return _id(_TRANSCRIPT_ID, attributes) or _id(_JGI_ID, attributes)


def without_placeholder(key: Key, columns: Columns) -> Key:
    """Replace a placeholder for the gene's ID by the gene's name; empty if there is no name either.

    Raises:
        OddError: the line has no transcript ID.
    """
    chrom, transcript_id, gene_id = key
    if transcript_id and is_blank(transcript_id):
        raise _without_transcript(columns.kind)
    if not is_placeholder(gene_id):
        return key
    if BARE_ID.fullmatch(columns.attributes):
        return chrom, transcript_id, b""
    # "name" may be that of an exon.
    name = name_of(attributes_of(columns.attributes), NAMES[:-1]).encode()
    return chrom, transcript_id, _BY_NAME + name if name else b""


def is_named(transcript_id: bytes) -> bool:
    """Whether lines with this ID are one transcript's; JGI's coding parts have no ID, only its name."""
    return not transcript_id or not is_placeholder(transcript_id)


def has_id(key: Key) -> bool:
    """Whether the gene of a key has an ID, rather than a name or nothing."""
    return key[2] != b"" and not key[2].startswith(_BY_NAME)


def _id(pattern: re.Pattern[bytes], attributes: bytes) -> bytes:
    match = pattern.search(attributes)
    return match[1].strip(b'"') if match else b""


def name_of(attributes: Mapping[str, Sequence[str]], keys: Sequence[str]) -> str:
    """The first of these attributes that is no placeholder; empty if there is none."""
    values = (first(attributes, (key,)) for key in keys)
    return next((value for value in values if not is_placeholder(value.encode())), "")


def _without_transcript(kind: str) -> OddError:
    return OddError(f"{kind} lines without transcript_id", f"{kind} without transcript_id.", IS_GFF3)
