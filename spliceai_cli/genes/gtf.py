"""Transcripts of a GTF file, as GENCODE, Ensembl, RefSeq, UCSC, StringTie, BRAKER and JGI write it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from spliceai_cli.genes.aliases import ALIAS_KEYS, read_aliases
from spliceai_cli.genes.draft import BROKEN, Coding, Draft, finish
from spliceai_cli.genes.features import CODING, EXON, STOP, TRANSCRIPT, Part, features_of, is_placeholder
from spliceai_cli.genes.gtf_attributes import IS_GFF3, attributes_of, first, versioned
from spliceai_cli.genes.left_out import LeftOut, OddError
from spliceai_cli.genes.lines import AGAIN, Columns, contig_and_attributes, split_line
from spliceai_cli.genes.transcripts import Transcripts

_GENE = "gene"
_KINDS = {_GENE, TRANSCRIPT, EXON, CODING, STOP}

_GENE_ID, _TRANSCRIPT_ID, _JGI_ID, _JGI_NAME = (
    re.compile(rb'(?:^|;)\s*%b\s+("[^"]+"|[^;"\s]+)' % key)
    for key in (b"gene_id", b"transcript_id", b"transcriptId", b"name")
)

# The order in which nearly all files have them: half of the time of the first two above.
_USUAL_IDS = re.compile(rb'gene_id "([^"]+)"; (?:gene_version "\d+"; )?transcript_id "([^"]+)"')

# All that AUGUSTUS and BRAKER have in column 9 of genes and transcripts.
_BARE_ID = re.compile(rb'[^\s;="]+')

_NUMBER = re.compile(rb'exon_?[nN]umber\s+"?(\d{1,9})\b')

# Written where there is no ID.
_BLANKS = {b".", b"-", b"NA", b"NaN", b"None", b"null"}

_SYMBOLS = ("gene_name", "ref_gene_name", "gene", "gene_symbol", "name")
_BIOTYPES = ("gene_type", "gene_biotype")

# What isoforms share in files without gene_id, or whose gene_id is that of the transcript.
_GENES = ("geneID", "gene_name", "ref_gene_name", "gene", "gene_symbol", "locus_tag", "name")

# What lines of one transcript share: contig, its ID and that of its gene; either may be empty. By gene as well: RefSeq
# calls transcripts of many genes unknown_transcript_1.
_Key = tuple[str, bytes, bytes]


class _Gene(NamedTuple):
    """What the line of a gene says."""

    symbol: str
    biotype: str
    aliases: tuple[str, ...] = ()


def read_gtf(lines: Iterable[bytes], name: str) -> Transcripts:
    """Read GTF.

    Lines may be in any order; transcripts without a line of their own are put together from their exons. What cannot be
    read is left out and counted, and with a line the transcript that it names.

    Args:
        lines: without line ends.
        name: file name, for messages.

    Raises:
        AnnotationError: there is no transcript that can be used.
    """
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        if line.startswith(b"#") or not line:
            continue
        try:
            reader.add(number, line)
        except OddError as odd:
            reader.leave_out(number, line, odd)
    return finish(reader.drafts(), name, reader.left_out)


class _Reader:
    """Drafts by what their lines share.

    Attributes:
        left_out: what cannot be read.
    """

    def __init__(self) -> None:
        self.left_out = LeftOut()
        self._genes: dict[str, _Gene] = {}
        self._drafts: dict[_Key, Draft] = {}
        # Of transcripts whose own line has not come yet, never does, or does not say which of several they are.
        self._parts: dict[_Key, list[Part]] = defaultdict(list)
        self._broken: set[tuple[str, bytes]] = set()
        # IDs that several genes use, without one.
        self._shared: set[_Key] = set()

    def add(self, number: int, line: bytes) -> None:
        """Take a line in.

        Raises:
            OddError: it cannot be used.
        """
        columns = split_line(line)
        kind = columns.kind
        if kind not in _KINDS:
            return
        if kind == _GENE:
            self._add_gene(columns.attributes)
            return
        if usual := _USUAL_IDS.match(columns.attributes):
            gene_id, transcript_id = usual.groups()
        else:
            transcript_id, gene_id = _ids(columns)
        key = columns.chrom, transcript_id, gene_id
        draft = self._drafts.get(key)
        if draft is None:
            key = _without_blanks(key, kind)
            draft = self._drafts.setdefault(key, Draft(number, columns.chrom, "", attributes=columns.attributes))
        if kind == TRANSCRIPT:
            draft.line, draft.attributes = number, columns.attributes
        if kind == TRANSCRIPT and key[2] and not is_placeholder(key[1]):
            draft.spans.append(columns.interval)
            draft.strands.add(columns.strand)
        elif not draft.spans:
            match = _NUMBER.search(columns.attributes)
            part = Part(kind, columns.interval, columns.phase, columns.strand, int(match[1]) if match else 0)
            self._parts[key].append(part)
        else:
            draft.strands.add(columns.strand)
            if kind == EXON:
                draft.exons.append(columns.interval)
            else:
                parts = draft.coding if kind == CODING else draft.stops
                parts.append(Coding(*columns.interval, columns.phase))

    def leave_out(self, number: int, line: bytes, odd: OddError) -> None:
        """Count a line, and remember the transcript that it names."""
        if not line.strip():
            return
        self.left_out.add_odd(odd, number)
        chrom, attributes = contig_and_attributes(line)
        if transcript_id := _id(_TRANSCRIPT_ID, attributes) or _id(_JGI_ID, attributes):
            self._broken.add((chrom, transcript_id))

    def drafts(self) -> Iterator[Draft]:
        """The transcripts, each with what column 9 says."""
        if not all(transcript_id and gene_id for _, transcript_id, gene_id in self._drafts):
            self._join()
        for key, draft in self._drafts.items():
            chrom, transcript_id, gene_id = key
            if (chrom, transcript_id) in self._broken:
                self.left_out.add(BROKEN, draft.line)
                continue
            is_named = not is_placeholder(transcript_id) and key not in self._shared
            try:
                _describe(draft, self._genes)
                features = features_of(draft, self._parts.get(key, ()), is_named=is_named, has_gene=gene_id != b"")
            except OddError as odd:
                self.left_out.add_odd(odd, draft.line)
            else:
                yield from features

    def _add_gene(self, raw: bytes) -> None:
        if not _BARE_ID.fullmatch(raw):
            attributes = attributes_of(raw)
            if gene_id := versioned(attributes, "gene"):
                names = first(attributes, _SYMBOLS), first(attributes, _BIOTYPES)
                self._genes[gene_id] = _Gene(*names, _aliases(attributes))

    def _join(self) -> None:
        """Give lines that lack one of the IDs to the transcript that they are of, if there is only one."""
        by_transcript: dict[tuple[str, bytes], list[_Key]] = defaultdict(list)
        by_gene: dict[tuple[str, bytes], list[_Key]] = defaultdict(list)
        for key in self._drafts:
            chrom, transcript_id, gene_id = key
            if transcript_id and gene_id:
                by_transcript[chrom, transcript_id].append(key)
                by_gene[chrom, gene_id].append(key)
        for key in [key for key in self._drafts if not (key[1] and key[2])]:
            chrom, transcript_id, gene_id = key
            homes = by_transcript[chrom, transcript_id] if transcript_id else by_gene[chrom, gene_id]
            if len(homes) == 1 and not is_placeholder(transcript_id):
                self._move(key, homes[0])
            elif homes and not transcript_id:
                self.left_out.add_odd(_of_several(gene_id), self._drafts.pop(key).line)
            elif homes:
                self._shared.add(key)

    def _move(self, key: _Key, home: _Key) -> None:
        """Add the lines of one key to those of another."""
        draft, moved = self._drafts[home], self._drafts.pop(key)
        draft.spans += moved.spans
        draft.strands |= moved.strands
        draft.exons += moved.exons
        draft.coding += moved.coding
        draft.stops += moved.stops
        draft.attributes += b";" + moved.attributes
        self._parts[home] += self._parts[key]


def _ids(columns: Columns) -> tuple[bytes, bytes]:
    """IDs of a line's transcript and gene, empty where it has none.

    JGI's exons have the ID of a transcript and the name of a model, its coding parts that name alone.

    Raises:
        OddError: it names no transcript.
    """
    transcript_id, gene_id = _id(_TRANSCRIPT_ID, columns.attributes), _id(_GENE_ID, columns.attributes)
    if transcript_id:
        return transcript_id, gene_id
    if columns.kind == TRANSCRIPT and _BARE_ID.fullmatch(columns.attributes):
        return columns.attributes, b""
    transcript_id, name = _id(_JGI_ID, columns.attributes), _id(_JGI_NAME, columns.attributes)
    if not transcript_id and (gene_id or not name):
        raise _without_transcript(columns.kind)
    return transcript_id, gene_id or name


def _id(pattern: re.Pattern[bytes], attributes: bytes) -> bytes:
    match = pattern.search(attributes)
    return match[1].strip(b'"') if match else b""


def _without_blanks(key: _Key, kind: str) -> _Key:
    """The key, empty where something only stands for the ID of a gene.

    Raises:
        OddError: it does for that of the transcript.
    """
    chrom, transcript_id, gene_id = key
    if transcript_id in _BLANKS:
        raise _without_transcript(kind)
    return chrom, transcript_id, b"" if gene_id in _BLANKS else gene_id


def _without_transcript(kind: str) -> OddError:
    return OddError(f"{kind} lines without transcript_id", f"{kind} without transcript_id.", IS_GFF3)


def _of_several(name: bytes) -> OddError:
    return OddError(
        "CDS lines that could be of several transcripts",
        f"several transcripts have the name '{name.decode('utf-8', 'replace')}', and this line names none of them.",
        AGAIN,
    )


def _describe(draft: Draft, genes: Mapping[str, _Gene]) -> None:
    """Say what column 9 says.

    Raises:
        OddError: it cannot be read.
    """
    if _BARE_ID.fullmatch(draft.attributes):
        draft.transcript_id = draft.gene_id = draft.attributes.decode("utf-8", "replace")
        return
    attributes = attributes_of(draft.attributes)
    draft.transcript_id = versioned(attributes, "transcript") or first(attributes, ("transcriptId", "name"))
    if not draft.transcript_id:
        raise OddError("transcripts with a quotation mark alone", "quotation marks in column 9 do not pair.", AGAIN)
    gene_id = versioned(attributes, "gene")
    gene = genes.get(gene_id, _Gene("", ""))
    if gene_id in ("", draft.transcript_id) or gene_id.encode() in _BLANKS:
        gene_id = first(attributes, _GENES) or draft.transcript_id
    draft.gene_id = gene_id
    draft.symbol = first(attributes, _SYMBOLS) or gene.symbol
    draft.biotype = first(attributes, _BIOTYPES) or gene.biotype
    draft.aliases = gene.aliases or _aliases(attributes)
    draft.tags = attributes.get("tag", ())


def _aliases(attributes: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return read_aliases({key: attributes[key] for key in ALIAS_KEYS if key in attributes})
