"""Reads the transcripts of a GFF3 file, in the dialects of its publishers and programs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from spliceai_cli.genes.aliases import ALIAS_KEYS, read_aliases
from spliceai_cli.genes.assembly import finish
from spliceai_cli.genes.draft import BROKEN, Coding, Draft
from spliceai_cli.genes.feature_graph import Feature, GeneOf, Graph, Key, Parts, parents_in, without_quotes
from spliceai_cli.genes.feature_kinds import CODING, EXON, IGNORED, OTHER, REGION, STOP, UNTRANSLATED, gff3_role
from spliceai_cli.genes.left_out import OddError
from spliceai_cli.genes.lines import Columns, contig_and_attributes, not_utf8, split_line
from spliceai_cli.genes.transcripts import Transcripts
from spliceai_cli.genome.coords import Interval

# Nearly all files have the ID first. The rest is parsed only for features that prove to be genes or transcripts.
_ID = re.compile(rb"ID=([^;]+)")

_SYMBOLS = ("gene_name", "Name", "gene")
_BIOTYPES = ("gene_type", "gene_biotype", "biotype")
_PREFIXES = ("gene:", "gene-", "transcript:", "rna-", "Gene:", "Transcript:")

# Attributes by which a transcript gives the ID and the name of a gene without a line; the first present counts.
_IDS_OF_GENE = ("gene_id", "geneID", "gene", "gene_name", "gene_symbol", "locus_tag")
_NAMES_OF_GENE = ("gene_name", "gene_symbol", "ref_gene_name", "gene")

_BLANKS = ("", ".")

# First byte of comments, directives, FASTA headers and empty lines.
_NO_FEATURE = (b"#", b">", b"")

_REMEDY = "GFF3 has ID=…;Parent=… in column 9. Is this GTF with another first line?"


def read_gff3(lines: Iterable[bytes], name: str) -> Transcripts:
    """Read GFF3, up to its FASTA section if it has one.

    Lines may be in any order. Transcripts and genes may have exons or coding parts; parts of any other feature go
    to the transcript that the feature belongs to. Region lines may name the chromosome of a sequence, as RefSeq's do.
    A line that cannot be read is left out and counted, together with the transcripts that it names.

    Args:
        lines: without line ends.
        name: file name, for messages.

    Raises:
        AnnotationError: no transcript can be used.
    """
    reader = _Reader()
    lengths: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if line[:1] not in _NO_FEATURE:
            try:
                reader.add(number, line)
            except OddError as odd:
                reader.leave_out(number, line, odd)
        elif line.startswith((b"##FASTA", b">")):
            break
        elif line.startswith(b"##sequence-region"):
            _note_length(line, lengths)
    return finish(reader.drafts(), name, reader.left_out, lengths, reader.chromosomes)


class _Reader:
    """Features with their exons and coding parts.

    Attributes:
        chromosomes: contig -> the chromosome that a region line says it is.
        left_out: lines and transcripts that cannot be used.
    """

    def __init__(self) -> None:
        self.chromosomes: dict[str, str] = {}
        self._graph = Graph()
        self.left_out = self._graph.left_out
        self._known: tuple[Feature, dict[str, str]] | None = None
        self._broken: set[Key] = set()
        # UTRs and stop codons: they matter for transcripts without exon lines.
        self._untranslated: dict[Key, list[Interval]] = defaultdict(list)

    def add(self, line: int, raw: bytes) -> None:
        """Add a line.

        Raises:
            OddError: the line cannot be used.
        """
        columns = split_line(raw)
        role = gff3_role(columns.kind)
        if role in (EXON, CODING):
            self._add_part(line, columns, role)
        elif role in (UNTRANSLATED, STOP):
            for parent in parents_in(columns.attributes):
                self._untranslated[columns.chrom, parent].append(columns.interval)
        elif role != IGNORED:
            self._add_other(line, columns, role)

    def _add_other(self, line: int, columns: Columns, role: str) -> None:
        """Add a line that may be a gene or transcript, or a region."""
        if not columns.attributes.isascii():
            _check_utf8(columns.attributes)
        match = _ID.match(columns.attributes)
        if match is not None and role == OTHER:
            self._add_feature(match[1].decode(), Feature(line, columns))
            return
        # Many features without parts have no ID, such as Ensembl's "biological_region".
        if role == OTHER and b"=" in columns.attributes and b"ID" not in columns.attributes:
            return
        attributes = _attributes(columns.attributes)
        if role == REGION:
            if chromosome := _chromosome(attributes):
                self.chromosomes[columns.chrom] = chromosome
        elif "ID" in attributes:
            self._add_feature(attributes["ID"], Feature(line, columns))

    def leave_out(self, number: int, line: bytes, odd: OddError) -> None:
        """Count a line, and remember the transcripts that it names."""
        if not line.strip():
            return
        chrom, attributes = contig_and_attributes(line)
        parents = parents_in(attributes)
        self.left_out.add_odd(odd, number, is_ownerless=not parents)
        self._broken.update((chrom, parent) for parent in parents)

    def _add_feature(self, key: str, feature: Feature) -> None:
        self._graph.features.setdefault((feature.columns.chrom, without_quotes(key)), []).append(feature)

    def _add_part(self, line: int, columns: Columns, role: str) -> None:
        parents = parents_in(columns.attributes)
        if not parents:
            raise OddError(f"{columns.kind} lines without Parent", f"{columns.kind} without Parent.", _REMEDY)
        for parent in parents:
            key = columns.chrom, parent
            parts = self._graph.parts.get(key)
            if parts is None:
                parts = self._graph.parts[key] = Parts(line)
            parts.strands.add(columns.strand)
            if role == CODING:
                parts.coding.append(Coding(*columns.interval, columns.phase))
            else:
                parts.exons.append(columns.interval)

    def drafts(self) -> Iterator[Draft]:
        """A draft for each transcript."""
        for key, features, parts in self._graph.transcripts():
            if key in self._broken:
                self.left_out.add(BROKEN, features[0].line)
                continue
            draft = self._described(key, features[0])
            draft.strands = parts.strands | {feature.columns.strand for feature in features}
            draft.exons, draft.coding = parts.exons, parts.coding
            draft.untranslated = self._untranslated.get(key, [])
            if len(features) == 1:
                draft.spans = [features[0].columns.interval]
            elif hull := self._graph.hull_of(key, features):
                draft.spans = [hull]
            else:
                draft.spans = [feature.columns.interval for feature in features]
                draft.others = {feature.columns.interval: self._described(key, feature) for feature in features[1:]}
                for other in draft.others.values():
                    other.strands = draft.strands
            yield draft

    def _described(self, key: Key, feature: Feature) -> Draft:
        """A draft with the attributes of a transcript's line and its gene's."""
        attributes = _attributes(feature.columns.attributes)
        gene = self._graph.gene_of(key, feature)
        # Transcripts of a gene follow one another.
        if self._known is None or self._known[0] is not gene.feature:
            self._known = gene.feature, _attributes(gene.feature.columns.attributes)
        said = self._known[1]
        gene_id, symbol = _names(gene, said, key[1])
        return Draft(
            line=feature.line,
            chrom=key[0],
            transcript_id=_versioned(attributes, "transcript_id", key[1]),
            gene_id=gene_id,
            symbol=symbol,
            biotype=_value(said, _BIOTYPES) or _value(attributes, _BIOTYPES),
            aliases=_aliases(said),
            tags=[_unquoted(tag) for tag in attributes.get("tag", "").split(",")],
        )


def _names(gene: GeneOf, attributes: Mapping[str, str], transcript: str) -> tuple[str, str]:
    """ID and name of a gene.

    Args:
        gene: the gene.
        attributes: attributes of ``gene.feature``.
        transcript: ID of the transcript whose gene it is.
    """
    if gene.is_line:
        return _versioned(attributes, "gene_id", gene.key), _value(attributes, _SYMBOLS)
    # The line is the transcript's: so is its version, and its Name if the gene has an ID.
    said = {key: value for key, value in attributes.items() if key != "version"}
    symbol = _value(said, _NAMES_OF_GENE)
    if gene.feature.parents:
        return _versioned(said, "gene_id", gene.key), symbol
    ids = (_value(said, (key,)) for key in (*_IDS_OF_GENE, "Name"))
    gene_id = next((text for text in ids if text not in ("", transcript)), "")
    if not gene_id or gene_id == _value(said, ("Name",)):
        return gene_id or _versioned(said, "gene_id", gene.key), symbol or _value(said, ("Name",))
    return gene_id, symbol


def _note_length(line: bytes, lengths: dict[str, int]) -> None:
    words = line.decode("utf-8", "replace").split()
    if len(words) == 4 and words[2] == "1" and words[3].isdigit():  # noqa: PLR2004 (the pragma, name, first, last)
        lengths[words[1]] = int(words[3])


def _chromosome(attributes: Mapping[str, str]) -> str:
    """The chromosome of a sequence, from RefSeq's attributes; empty if they do not say."""
    if attributes.get("genome") == "mitochondrion":
        return "MT"
    return attributes.get("chromosome", "") if attributes.get("genome") == "chromosome" else ""


def _check_utf8(raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise not_utf8() from error


def _attributes(raw: bytes) -> dict[str, str]:
    """Values by key, still percent-encoded.

    Raises:
        OddError: there are no attributes.
    """
    if raw == b".":
        return {}
    # An unencoded semicolon in a description must not cost the line.
    pairs = [item.partition("=") for item in raw.decode().split(";")]
    attributes = {key.strip(): value for key, sign, value in pairs if sign}
    if b'"' in raw:
        attributes = {key: without_quotes(value) for key, value in attributes.items()}
    if not attributes:
        raise OddError("lines without attributes of GFF3", "column 9 has no attributes of GFF3.", _REMEDY)
    return attributes


def _aliases(gene: Mapping[str, str]) -> tuple[str, ...]:
    return read_aliases({key: [_unquoted(text) for text in gene[key].split(",")] for key in ALIAS_KEYS if key in gene})


def _versioned(attributes: Mapping[str, str], id_key: str, key: str) -> str:
    """The ID in attribute ``id_key``, else the feature's, with its version, which Ensembl writes separately."""
    text = _value(attributes, (id_key,))
    if not text:
        prefix = next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")
        text = _unquoted(key.removeprefix(prefix))
    version = attributes.get("version", "")
    return f"{text}.{version}" if version.isdigit() and not text.endswith(f".{version}") else text


def _value(attributes: Mapping[str, str], keys: Iterable[str]) -> str:
    for key in keys:
        if (text := attributes.get(key, "")) not in _BLANKS:
            return _unquoted(text)
    return ""


def _unquoted(text: str) -> str:
    """Decode percent-encoding, unless the result has characters such as tabs or line ends."""
    plain = unquote(text) if "%" in text else text
    return plain if plain.isprintable() else text
