"""Reads the transcripts of a GTF file, as GENCODE, Ensembl, RefSeq, UCSC, StringTie, BRAKER and JGI write it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from spliceai_cli.genes.assembly import finish
from spliceai_cli.genes.draft import BROKEN, Coding, Draft
from spliceai_cli.genes.feature_kinds import CODING, EXON, GENE, OTHER, TRANSCRIPT, UNTRANSLATED, gtf_role
from spliceai_cli.genes.features import Part, features_of
from spliceai_cli.genes.gtf_description import GeneLine, describe, gene_line
from spliceai_cli.genes.gtf_ids import USUAL_IDS, Key, has_id, ids_of, is_named, transcript_id_of, without_placeholder
from spliceai_cli.genes.left_out import LeftOut, OddError
from spliceai_cli.genes.lines import AGAIN, Columns, contig_and_attributes, split_line
from spliceai_cli.genes.transcripts import Transcripts
from spliceai_cli.genome.coords import Interval

_NUMBER = re.compile(rb'exon_?[nN]umber\s+"?(\d{1,9})\b')

_EXON_ID = re.compile(rb'exon_id\s+"?([^";\s]+)')


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
        self._genes: dict[str, list[GeneLine]] = defaultdict(list)
        self._drafts: dict[Key, Draft] = {}
        # Parts of transcripts whose own line is not read yet, is missing, or does not identify one of several.
        self._parts: dict[Key, list[Part]] = defaultdict(list)
        self._broken: set[tuple[str, bytes]] = set()
        # Keys without a gene, whose transcript ID several genes use.
        self._shared: set[Key] = set()
        # Contents of a transcript's second and later lines, by interval.
        self._others: dict[Key, dict[Interval, Draft]] = defaultdict(dict)

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
        if usual := USUAL_IDS.match(columns.attributes):
            gene_id, transcript_id = usual.groups()
        else:
            transcript_id, gene_id = ids_of(columns, role)
        key = columns.chrom, transcript_id, gene_id
        draft = self._drafts.get(key) if gene_id else None
        if draft is None:
            key = without_placeholder(key, columns)
            draft = self._drafts.setdefault(key, Draft(number, columns.chrom, "", attributes=columns.attributes))
        if role == TRANSCRIPT:
            own = self._own_draft(key, draft, columns)
            own.line, own.attributes = number, columns.attributes
        if role == TRANSCRIPT and key[2] and is_named(key[1]):
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

    def _own_draft(self, key: Key, draft: Draft, columns: Columns) -> Draft:
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
        transcript_id = transcript_id_of(attributes)
        self.left_out.add_odd(odd, number, is_ownerless=not transcript_id)
        if transcript_id:
            self._broken.add((chrom, transcript_id))

    def drafts(self) -> Iterator[Draft]:
        """The transcripts, each with its attributes."""
        if not all(key[1] and has_id(key) for key in self._drafts):
            self._join()
        for key, draft in self._drafts.items():
            chrom, transcript_id, gene_id = key
            if (chrom, transcript_id) in self._broken:
                self.left_out.add(BROKEN, draft.line)
                continue
            is_one = is_named(transcript_id) and key not in self._shared
            try:
                draft.others = self._others.get(key)
                features = features_of(draft, self._parts.get(key, ()), is_named=is_one, has_gene=gene_id != b"")
                for feature in features:
                    describe(feature, self._genes)
            except OddError as odd:
                self.left_out.add_odd(odd, draft.line)
            else:
                yield from features

    def _add_gene(self, columns: Columns) -> None:
        gene_id, line = gene_line(columns)
        if gene_id:
            self._genes[gene_id].append(line)

    def _join(self) -> None:
        """Give lines that lack one of the IDs to the transcript that they belong to, if only one matches."""
        by_transcript: dict[tuple[str, bytes], list[Key]] = defaultdict(list)
        by_gene: dict[tuple[str, bytes], list[Key]] = defaultdict(list)
        for key in self._drafts:
            chrom, transcript_id, gene_id = key
            if transcript_id and has_id(key):
                by_transcript[chrom, transcript_id].append(key)
                by_gene[chrom, gene_id].append(key)
        for key in [key for key in self._drafts if key[1] and key[2] and not has_id(key)]:
            homes = by_transcript[key[:2]]
            if len(homes) == 1 and has_id(homes[0]) and is_named(key[1]):
                self._move(key, homes[0])
            else:
                homes.append(key)
        for key in [key for key in self._drafts if not (key[1] and key[2])]:
            chrom, transcript_id, gene_id = key
            homes = by_transcript[chrom, transcript_id] if transcript_id else by_gene[chrom, gene_id]
            if len(homes) == 1 and is_named(transcript_id):
                self._move(key, homes[0])
            elif homes and not transcript_id:
                self.left_out.add_odd(_of_several(gene_id), self._drafts.pop(key).line)
            elif homes:
                self._shared.add(key)

    def _move(self, key: Key, home: Key) -> None:
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


def _of_several(name: bytes) -> OddError:
    return OddError(
        "CDS lines that could belong to several transcripts",
        f"several transcripts have the name '{name.decode('utf-8', 'replace')}', and this line names none of them.",
        AGAIN,
    )
