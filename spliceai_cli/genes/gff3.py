"""Transcripts of a GFF3 file, as GENCODE, Ensembl, RefSeq and MANE write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from spliceai_cli.coords import Interval
from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.aliases import ALIAS_KEYS, read_aliases
from spliceai_cli.genes.draft import Coding, Draft, finish
from spliceai_cli.genes.lines import AGAIN, Columns, not_utf8, split_line
from spliceai_cli.genes.transcripts import Transcripts

_EXON, _CODING = "exon", "CDS"

# Features that are no transcripts, of which a RefSeq file has many.
_IGNORED = {"cDNA_match", "match", "five_prime_UTR", "three_prime_UTR", "start_codon", "stop_codon", "intron"}
_REGIONS = {"region", "chromosome"}

# Most lines are exons, of which nothing else is wanted.
_PARENT = re.compile(rb"(?:^|;)\s*Parent=([^;]+)")

# Where nearly all files have it; the rest of a feature is looked at when it turns out to be a gene or transcript.
_ID = re.compile(rb"ID=([^;]+)")

_BIOTYPES = ("gene_type", "gene_biotype", "biotype")
_PREFIXES = ("gene:", "gene-", "transcript:", "rna-")

_REMEDY = "GFF3 has ID=…;Parent=… in column 9. Is this GTF with another first line?"


class _Feature(NamedTuple):
    """A gene or transcript, or what may be one."""

    line: int
    columns: Columns


class _Parts:
    """Exons and coding parts of one parent."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.exons: list[Interval] = []
        self.coding: list[Coding] = []
        self.strands: set[str] = set()


def read_gff3(lines: Iterable[bytes], name: str) -> Transcripts:
    """Read GFF3, up to its FASTA section if it has one.

    Lines may be in any order. What has exons or coding parts is a transcript; its gene is the feature at the top. A
    gene whose exons hang directly on it is its own transcript. Region lines may say which chromosome a sequence
    is, as RefSeq's do.

    Args:
        lines: without line ends.
        name: of the file.

    Raises:
        AnnotationError: a malformed line (with its number), an exon without parent, or no transcripts.
    """
    graph = _Graph(name)
    lengths: dict[str, int] = {}
    for number, line in _before_fasta(lines):
        if line.startswith(b"##sequence-region"):
            _note_length(line, lengths)
        elif line and not line.startswith(b"#"):
            graph.add(number, split_line(line, name, number))
    return finish(graph.drafts(), name, lengths, graph.chromosomes)


class _Graph:
    """Features and what hangs on them.

    Args:
        name: of the file.

    Attributes:
        chromosomes: contig -> the chromosome that a region line says it is.
    """

    def __init__(self, name: str) -> None:
        self.chromosomes: dict[str, str] = {}
        self._name = name
        self._features: dict[tuple[str, str], list[_Feature]] = {}
        self._parts: dict[tuple[str, str], _Parts] = {}

    def add(self, line: int, columns: Columns) -> None:
        """Take a line in."""
        if columns.kind in (_EXON, _CODING):
            self._add_part(line, columns)
        elif columns.kind not in _IGNORED:
            match = _ID.match(columns.attributes)
            if match is not None and columns.kind not in _REGIONS:
                self._add_feature(match[1].decode("utf-8", "replace"), _Feature(line, columns))
                return
            attributes = _attributes(columns.attributes, f"{self._name}, line {line}")
            if columns.kind in _REGIONS:
                if chromosome := _chromosome(attributes):
                    self.chromosomes[columns.chrom] = chromosome
            elif "ID" in attributes:
                self._add_feature(attributes["ID"], _Feature(line, columns))

    def _add_feature(self, key: str, feature: _Feature) -> None:
        self._features.setdefault((feature.columns.chrom, key), []).append(feature)

    def _add_part(self, line: int, columns: Columns) -> None:
        match = _PARENT.search(columns.attributes)
        if match is None:
            raise AnnotationError(f"{self._name}, line {line}: {columns.kind} without Parent.", _REMEDY)
        for parent in match[1].decode("utf-8", "replace").split(","):
            key = columns.chrom, parent
            if key not in self._parts:
                self._parts[key] = _Parts(line)
            part = self._parts[key]
            part.strands.add(columns.strand)
            if columns.kind == _EXON:
                part.exons.append(columns.interval)
            else:
                part.coding.append(Coding(*columns.interval, columns.phase))

    def drafts(self) -> Iterator[Draft]:
        """A draft for everything that has exons or coding parts."""
        for (chrom, parent), part in self._parts.items():
            own = self._features.get((chrom, parent))
            if own is None:
                raise AnnotationError(
                    f"{self._name}, line {part.line}: the parent '{parent}' is nowhere on {chrom}.", AGAIN
                )
            attributes = self._attributes_of(own[0])
            gene_key, gene = self._top(parent, attributes, chrom)
            yield Draft(
                line=own[0].line,
                chrom=chrom,
                transcript_id=_versioned(attributes, "transcript_id", parent),
                gene_id=_versioned(gene, "gene_id", gene_key),
                symbol=_value(gene, ("gene_name", "Name", "gene")),
                biotype=_value(gene, _BIOTYPES) or _value(attributes, _BIOTYPES),
                aliases=_aliases(gene),
                tags=[_unquoted(tag) for tag in attributes.get("tag", "").split(",")],
                spans=[feature.columns.interval for feature in own],
                strands=part.strands | {feature.columns.strand for feature in own},
                exons=part.exons,
                coding=part.coding,
            )

    def _top(self, key: str, attributes: Mapping[str, str], chrom: str) -> tuple[str, Mapping[str, str]]:
        """ID and attributes of the feature at the top of a transcript: its gene."""
        seen = {key}
        while parent := attributes.get("Parent", "").split(",")[0]:
            found = self._features.get((chrom, parent))
            if found is None:
                # Genes without lines of their own: all that is known of them stands with their transcripts.
                return parent, {name: value for name, value in attributes.items() if name.startswith("gene")}
            if parent in seen:
                break
            seen.add(parent)
            key, attributes = parent, self._attributes_of(found[0])
        return key, attributes

    def _attributes_of(self, feature: _Feature) -> dict[str, str]:
        return _attributes(feature.columns.attributes, f"{self._name}, line {feature.line}")


def _before_fasta(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, 1):
        if line.startswith((b"##FASTA", b">")):
            return
        yield number, line


def _note_length(line: bytes, lengths: dict[str, int]) -> None:
    words = line.decode("utf-8", "replace").split()
    if len(words) == 4 and words[2] == "1" and words[3].isdigit():  # noqa: PLR2004 (the pragma, name, first, last)
        lengths[words[1]] = int(words[3])


def _chromosome(attributes: Mapping[str, str]) -> str:
    """The chromosome that RefSeq says a sequence is."""
    if attributes.get("genome") == "mitochondrion":
        return "MT"
    return attributes.get("chromosome", "") if attributes.get("genome") == "chromosome" else ""


def _attributes(raw: bytes, where: str) -> dict[str, str]:
    """Values by key, as they are encoded."""
    if raw == b".":
        return {}
    try:
        pairs = [item.partition("=") for item in raw.decode().split(";")]
    except UnicodeDecodeError as error:
        raise not_utf8(where) from error
    # A description with a semicolon that is not encoded is no reason to refuse the file.
    attributes = {key.strip(): value for key, sign, value in pairs if sign}
    if not attributes:
        raise AnnotationError(f"{where}: column 9 has no attributes of GFF3.", _REMEDY)
    return attributes


def _aliases(gene: Mapping[str, str]) -> tuple[str, ...]:
    return read_aliases({key: [_unquoted(text) for text in gene[key].split(",")] for key in ALIAS_KEYS if key in gene})


def _versioned(attributes: Mapping[str, str], id_key: str, key: str) -> str:
    """An ID with its version, which Ensembl writes apart; without one of its own that of the feature."""
    text = _value(attributes, (id_key,))
    if not text:
        prefix = next((prefix for prefix in _PREFIXES if key.startswith(prefix)), "")
        text = _unquoted(key.removeprefix(prefix))
    version = attributes.get("version", "")
    return f"{text}.{version}" if version.isdigit() and not text.endswith(f".{version}") else text


def _value(attributes: Mapping[str, str], keys: Iterable[str]) -> str:
    return next((_unquoted(attributes[key]) for key in keys if attributes.get(key)), "")


def _unquoted(text: str) -> str:
    """Text without percent-encoding, which stays where nothing else can stand: tabs, line ends."""
    plain = unquote(text) if "%" in text else text
    return plain if plain.isprintable() else text
