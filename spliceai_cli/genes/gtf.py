"""Reads the transcripts of a GTF file, as GENCODE, Ensembl, RefSeq, UCSC, StringTie, BRAKER and JGI write it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from spliceai_cli.genes.aliases import ALIAS_KEYS, read_aliases
from spliceai_cli.genes.assembly import finish
from spliceai_cli.genes.draft import BROKEN, Coding, Draft
from spliceai_cli.genes.feature_kinds import CODING, EXON, GENE, OTHER, TRANSCRIPT, UNTRANSLATED, gtf_role
from spliceai_cli.genes.features import Part, features_of
from spliceai_cli.genes.gtf_attributes import IS_GFF3, attributes_of, first, versioned
from spliceai_cli.genes.left_out import LeftOut, OddError
from spliceai_cli.genes.lines import AGAIN, Columns, contig_and_attributes, split_line
from spliceai_cli.genes.placeholders import is_blank, is_placeholder
from spliceai_cli.genes.transcripts import Transcripts
from spliceai_cli.genome.coords import Interval

_GENE_ID, _TRANSCRIPT_ID, _JGI_ID, _JGI_NAME = (
    re.compile(rb'(?:^|;)\s*%b\s+("[^"]+"|[^;"\s]+)' % key)
    for key in (b"gene_id", b"transcript_id", b"transcriptId", b"name")
)

# The order of the IDs in nearly all files; takes half the time of the first two patterns above.
_USUAL_IDS = re.compile(rb'gene_id "([^"]+)"; (?:gene_version "\d+"; )?transcript_id "([^"]+)"')

# In genes and transcripts of AUGUSTUS and BRAKER, column 9 is only an ID.
_BARE_ID = re.compile(rb'[^\s;="]+')

_NUMBER = re.compile(rb'exon_?[nN]umber\s+"?(\d{1,9})\b')

_EXON_ID = re.compile(rb'exon_id\s+"?([^";\s]+)')

_SYMBOLS = ("gene_name", "ref_gene_name", "gene", "gene_symbol", "name")
_BIOTYPES = ("gene_type", "gene_biotype")

# Attributes that isoforms share in files without gene_id, or whose gene_id is the transcript's.
_GENES = ("geneID", "gene_name", "ref_gene_name", "gene", "gene_symbol", "locus_tag", "name")

# Lines of one transcript share contig, transcript ID and gene ID; either ID may be empty. The gene is part of the key
# because RefSeq calls transcripts of many genes unknown_transcript_1. A gene without an ID is keyed by its name after a
# mark, because other lines of the transcript may have the ID.
_Key = tuple[str, bytes, bytes]
_BY_NAME = b"\0"


class _Gene(NamedTuple):
    """The contents of a gene's line."""

    chrom: str
    interval: Interval
    symbol: str
    biotype: str
    aliases: tuple[str, ...] = ()


_NO_GENE = _Gene("", Interval(0, 0), "", "")


def read_gtf(lines: Iterable[bytes], name: str) -> Transcripts:
    """Read GTF.

    Lines may be in any order; transcripts without a line of their own are assembled from their exons. A line that
    cannot be read is left out and counted, together with the transcript that it names.

    Args:
        lines: without line ends.
        name: file name, for messages.

    Raises:
        AnnotationError: no transcript can be used.
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
    """Drafts by the key that their lines share.

    Attributes:
        left_out: lines and transcripts that cannot be used.
    """

    def __init__(self) -> None:
        self.left_out = LeftOut()
        self._genes: dict[str, list[_Gene]] = defaultdict(list)
        self._drafts: dict[_Key, Draft] = {}
        # Parts of transcripts whose own line is not read yet, is missing, or does not identify one of several.
        self._parts: dict[_Key, list[Part]] = defaultdict(list)
        self._broken: set[tuple[str, bytes]] = set()
        # Keys without a gene, whose transcript ID several genes use.
        self._shared: set[_Key] = set()
        # Contents of a transcript's second and later lines, by interval.
        self._others: dict[_Key, dict[Interval, Draft]] = defaultdict(dict)

    def add(self, number: int, line: bytes) -> None:
        """Add a line.

        Raises:
            OddError: the line cannot be used.
        """
        columns = split_line(line)
        role = gtf_role(columns.kind)
        if role == OTHER:
            return
        if role == GENE:
            self._add_gene(columns)
            return
        if usual := _USUAL_IDS.match(columns.attributes):
            gene_id, transcript_id = usual.groups()
        else:
            transcript_id, gene_id = _ids(columns, role)
        key = columns.chrom, transcript_id, gene_id
        draft = self._drafts.get(key) if gene_id else None
        if draft is None:
            key = _without_placeholder(key, columns)
            draft = self._drafts.setdefault(key, Draft(number, columns.chrom, "", attributes=columns.attributes))
        if role == TRANSCRIPT:
            own = self._own_draft(key, draft, columns)
            own.line, own.attributes = number, columns.attributes
        if role == TRANSCRIPT and key[2] and _is_named(key[1]):
            draft.spans.append(columns.interval)
            draft.strands.add(columns.strand)
        elif not draft.spans:
            self._parts[key].append(_part(role, columns))
        else:
            draft.strands.add(columns.strand)
            if role == EXON:
                draft.exons.append(columns.interval)
            elif role == UNTRANSLATED:
                draft.untranslated.append(columns.interval)
            else:
                parts = draft.coding if role == CODING else draft.stops
                parts.append(Coding(*columns.interval, columns.phase))

    def _own_draft(self, key: _Key, draft: Draft, columns: Columns) -> Draft:
        """The draft that a transcript's own line describes: this one, or a copy at another locus."""
        if not draft.spans or columns.interval == draft.spans[0]:
            return draft
        copy = Draft(draft.line, draft.chrom, "", strands=draft.strands)
        return self._others[key].setdefault(columns.interval, copy)

    def leave_out(self, number: int, line: bytes, odd: OddError) -> None:
        """Count a line, and remember the transcript that it names."""
        if not line.strip():
            return
        chrom, attributes = contig_and_attributes(line)
        transcript_id = _id(_TRANSCRIPT_ID, attributes) or _id(_JGI_ID, attributes)
        self.left_out.add_odd(odd, number, is_ownerless=not transcript_id)
        if transcript_id:
            self._broken.add((chrom, transcript_id))

    def drafts(self) -> Iterator[Draft]:
        """The transcripts, each with its attributes."""
        if not all(key[1] and _has_id(key) for key in self._drafts):
            self._join()
        for key, draft in self._drafts.items():
            chrom, transcript_id, gene_id = key
            if (chrom, transcript_id) in self._broken:
                self.left_out.add(BROKEN, draft.line)
                continue
            is_named = _is_named(transcript_id) and key not in self._shared
            try:
                draft.others = self._others.get(key)
                features = features_of(draft, self._parts.get(key, ()), is_named=is_named, has_gene=gene_id != b"")
                for feature in features:
                    _describe(feature, _extent(feature), self._genes)
                    for place, copy in (feature.others or {}).items():
                        _describe(copy, place, self._genes)
            except OddError as odd:
                self.left_out.add_odd(odd, draft.line)
            else:
                yield from features

    def _add_gene(self, columns: Columns) -> None:
        if not _BARE_ID.fullmatch(columns.attributes):
            attributes = attributes_of(columns.attributes)
            if gene_id := versioned(attributes, "gene"):
                names = first(attributes, _SYMBOLS), first(attributes, _BIOTYPES)
                self._genes[gene_id].append(_Gene(columns.chrom, columns.interval, *names, _aliases(attributes)))

    def _join(self) -> None:
        """Give lines that lack one of the IDs to the transcript that they belong to, if only one matches."""
        by_transcript: dict[tuple[str, bytes], list[_Key]] = defaultdict(list)
        by_gene: dict[tuple[str, bytes], list[_Key]] = defaultdict(list)
        for key in self._drafts:
            chrom, transcript_id, gene_id = key
            if transcript_id and _has_id(key):
                by_transcript[chrom, transcript_id].append(key)
                by_gene[chrom, gene_id].append(key)
        for key in [key for key in self._drafts if key[1] and key[2] and not _has_id(key)]:
            homes = by_transcript[key[:2]]
            if len(homes) == 1 and _has_id(homes[0]) and _is_named(key[1]):
                self._move(key, homes[0])
            else:
                homes.append(key)
        for key in [key for key in self._drafts if not (key[1] and key[2])]:
            chrom, transcript_id, gene_id = key
            homes = by_transcript[chrom, transcript_id] if transcript_id else by_gene[chrom, gene_id]
            if len(homes) == 1 and _is_named(transcript_id):
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
        draft.untranslated += moved.untranslated
        draft.attributes += b";" + moved.attributes
        self._parts[home] += self._parts[key]
        self._others[home] |= self._others[key]


def _part(role: str, columns: Columns) -> Part:
    number = _NUMBER.search(columns.attributes)
    exon_id = None if number or role != EXON else _EXON_ID.search(columns.attributes)
    return Part(
        role,
        columns.interval,
        columns.phase,
        columns.strand,
        int(number[1]) if number else 0,
        exon_id[1] if exon_id else b"",
    )


def _is_named(transcript_id: bytes) -> bool:
    """Whether lines with this ID are one transcript's; JGI's coding parts have no ID, only its name."""
    return not transcript_id or not is_placeholder(transcript_id)


def _has_id(key: _Key) -> bool:
    """Whether the gene of a key has an ID, rather than a name or nothing."""
    return key[2] != b"" and not key[2].startswith(_BY_NAME)


def _ids(columns: Columns, role: str) -> tuple[bytes, bytes]:
    """IDs of a line's transcript and gene; empty if it has none.

    JGI's exons have a transcript ID and the name of a gene model; its coding parts have only that name.

    Raises:
        OddError: the line names no transcript.
    """
    transcript_id, gene_id = _id(_TRANSCRIPT_ID, columns.attributes), _id(_GENE_ID, columns.attributes)
    if transcript_id:
        return transcript_id, gene_id
    if role == TRANSCRIPT and _BARE_ID.fullmatch(columns.attributes):
        return columns.attributes, b""
    transcript_id, name = _id(_JGI_ID, columns.attributes), _id(_JGI_NAME, columns.attributes)
    if not transcript_id and (gene_id or not name):
        raise _without_transcript(columns.kind)
    return transcript_id, gene_id or name


def _id(pattern: re.Pattern[bytes], attributes: bytes) -> bytes:
    match = pattern.search(attributes)
    return match[1].strip(b'"') if match else b""


def _without_placeholder(key: _Key, columns: Columns) -> _Key:
    """Replace a placeholder for the gene's ID by the gene's name; empty if there is no name either.

    Raises:
        OddError: the line has no transcript ID.
    """
    chrom, transcript_id, gene_id = key
    if transcript_id and is_blank(transcript_id):
        raise _without_transcript(columns.kind)
    if not is_placeholder(gene_id):
        return key
    if _BARE_ID.fullmatch(columns.attributes):
        return chrom, transcript_id, b""
    # "name" may be that of an exon.
    name = _gene_name(attributes_of(columns.attributes), _GENES[:-1]).encode()
    return chrom, transcript_id, _BY_NAME + name if name else b""


def _gene_name(attributes: Mapping[str, Sequence[str]], keys: Sequence[str]) -> str:
    values = (first(attributes, (key,)) for key in keys)
    return next((value for value in values if not is_placeholder(value.encode())), "")


def _without_transcript(kind: str) -> OddError:
    return OddError(f"{kind} lines without transcript_id", f"{kind} without transcript_id.", IS_GFF3)


def _of_several(name: bytes) -> OddError:
    return OddError(
        "CDS lines that could belong to several transcripts",
        f"several transcripts have the name '{name.decode('utf-8', 'replace')}', and this line names none of them.",
        AGAIN,
    )


def _extent(draft: Draft) -> Interval:
    """The interval of the draft's own line, else that of its exons and coding parts."""
    if draft.spans:
        return draft.spans[0]
    parts = [*draft.exons, *draft.coding]
    return Interval(min(part[0] for part in parts), max(part[1] for part in parts)) if parts else Interval(0, 0)


def _line_of(lines: Sequence[_Gene], chrom: str, place: Interval) -> _Gene:
    """The first of a gene's lines that contains the interval ``place``, else the last line."""
    is_around = (
        line.chrom == chrom and line.interval.start <= place.start and place.end <= line.interval.end for line in lines
    )
    return next(compress(lines, is_around), lines[-1])


def _describe(draft: Draft, place: Interval, genes: Mapping[str, Sequence[_Gene]]) -> None:
    """Fill in a draft's attributes from column 9 and from its gene's line.

    Args:
        draft: modified in place.
        place: interval of the transcript.
        genes: gene ID -> lines of the gene.

    Raises:
        OddError: column 9 cannot be read.
    """
    if _BARE_ID.fullmatch(draft.attributes):
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
        gene_id = _gene_name(attributes, _GENES) or draft.transcript_id
    draft.gene_id = gene_id
    draft.symbol = first(attributes, _SYMBOLS) or gene.symbol
    draft.biotype = first(attributes, _BIOTYPES) or gene.biotype
    draft.aliases = gene.aliases or _aliases(attributes)
    draft.tags = attributes.get("tag", ())


def _aliases(attributes: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return read_aliases({key: attributes[key] for key in ALIAS_KEYS if key in attributes})
