"""Reads an annotation file of any kind, and holds the genes chosen from it."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from spliceai_cli.errors import AnnotationError
from spliceai_cli.files.atomic import scratch_file
from spliceai_cli.files.digest import file_sha256
from spliceai_cli.genes.cache import TranscriptCache
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.gtf import read_gtf
from spliceai_cli.genes.left_out import LeftOut
from spliceai_cli.genes.lines import AGAIN, GFF3, GTF, TABLE, Lines, ends_within, file_kind, unreadable
from spliceai_cli.genes.select import select, select_rows
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genes.table import read_table
from spliceai_cli.genes.transcripts import Transcripts
from spliceai_cli.genome.coords import ContigNames
from spliceai_cli.text import counted

_READERS = {GTF: read_gtf, GFF3: read_gff3}


@dataclass(frozen=True)
class Annotation:
    """The genes in use, with what identifies them.

    Attributes:
        name: annotation name as the user gave it.
        sha256: digest of the file.
        genes: chosen genes, in file order.
        selection: how they were chosen.
        rules: canonical rule -> number of genes it decided.
        left_out: parts of the file that are not used.
        lengths: contig lengths that the file gives.
        chromosomes: contig -> the chromosome that the file says it is.
        notes: messages for the user about which file was read and which genes were chosen.
        content: what the genes are, in words; empty for a file, whose name has to say it.
    """

    name: str
    sha256: str
    genes: tuple[Gene, ...]
    selection: Selection
    rules: Mapping[str, int] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)
    lengths: Mapping[str, int] = field(default_factory=dict)
    chromosomes: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    content: str = ""

    @property
    def title(self) -> str:
        """What the genes are, for people: the content of a built-in table, else the name of the file."""
        return f"{self.content} ({self.name})" if self.content else Path(self.name).name

    def on_contigs_of(self, names: Iterable[str]) -> Annotation:
        """Rename contigs that are not in a FASTA to their chromosomes; returns a new annotation."""
        known = ContigNames(names)
        called = {chrom: chromosome for chrom, chromosome in self.chromosomes.items() if known.find(chrom) is None}
        if not called:
            return self
        genes = tuple(replace(gene, chrom=called.get(gene.chrom, gene.chrom)) for gene in self.genes)
        return replace(
            self, genes=genes, lengths={called.get(chrom, chrom): length for chrom, length in self.lengths.items()}
        )

    def summary(self) -> str:
        """One line: how many transcripts, chosen by which rules, and omissions; a warning if any line is malformed."""
        parts = [f"{n:,} by {rule}" for rule, n in self.rules.items()]
        if self.left_out:
            parts.append(f"left out {', '.join(self.left_out.texts())}")
        if self.left_out.has_ownerless:
            parts.append("transcripts may lack exons of lines that name none")
        warning = "Warning: " if self.left_out.problems else ""
        head = f"{warning}{self.title if self.content else self.name}: {counted(len(self.genes), 'transcripts')}"
        return f"{head}: {'; '.join(parts)}" if parts else head

    @property
    def origin(self) -> dict[str, str]:
        """Settings that can change scores, for the output header."""
        return {"genes_sha256": self.sha256, **self.selection.origin}


def read_annotation(
    path: Path, selection: Selection, *, name: str | None = None, cache: TranscriptCache | None = None
) -> Annotation:
    """Read a gene table, GTF or GFF3, detected from the content, plain or compressed.

    Args:
        path: the file.
        selection: which transcripts to use.
        name: name for messages; None uses the path.
        cache: cache of parsed GTF and GFF3; None always parses the file.

    Raises:
        AnnotationError: the file is unreadable or malformed, or the selection leaves no genes.
    """
    name = name or str(path)
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            return _read_pipe(path, selection, name, cache)
        sha256 = file_sha256(path)
    except OSError as error:
        raise unreadable(name, error) from error
    transcripts = cache.load(sha256) if cache is not None else None
    if transcripts is None:
        kind = file_kind(path, name)
        if kind == TABLE:
            return _chosen_rows(path, name, sha256, selection)
        lines = Lines(path, name)
        with _without_collector():
            transcripts = _READERS[kind](lines, name)
        _check_end(lines, transcripts.left_out, name, kind)
        if cache is not None:
            cache.store(sha256, transcripts)
    return _chosen(transcripts, name, sha256, selection)


def _read_pipe(path: Path, selection: Selection, name: str, cache: TranscriptCache | None) -> Annotation:
    """Read an annotation that can be read only once, such as ``-A <(zcat …)``."""
    with scratch_file() as copy:
        with path.open("rb") as pipe:
            shutil.copyfileobj(pipe, copy)
        copy.flush()
        return read_annotation(Path(copy.name), selection, name=name, cache=cache)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Suspend garbage collection, which would visit millions of small objects and free none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check_end(lines: Lines, left_out: LeftOut, name: str, kind: str) -> None:
    """Refuse a file that ends in the middle of a line: more may be missing than that line.

    Raises:
        AnnotationError: the last line has no line end, and is cut within an attribute or cannot be read.
    """
    is_odd = lines.tail != b"" and any(problem.last == lines.n for problem in left_out.problems)
    if is_odd or (kind != TABLE and ends_within(lines.tail, kind)):
        raise AnnotationError(f"annotation {name} is cut short: line {lines.n:,}, its last, is not complete.", AGAIN)


def _chosen_rows(path: Path, name: str, sha256: str, selection: Selection) -> Annotation:
    lines = Lines(path, name)
    with _without_collector():
        table = read_table(lines, name)
    _check_end(lines, table.left_out, name, TABLE)
    if selection.strict:
        table.left_out.refuse(name)
    selected = select_rows(table.genes, selection, name)
    left_out = table.left_out | selected.left_out
    return Annotation(name, sha256, selected.genes, selection, left_out=left_out, notes=selected.notes)


def _chosen(transcripts: Transcripts, name: str, sha256: str, selection: Selection) -> Annotation:
    if selection.strict:
        transcripts.left_out.refuse(name)
    with _without_collector():
        selected = select(transcripts, selection, name)
    return Annotation(
        name,
        sha256,
        selected.genes,
        selection,
        selected.rules,
        transcripts.left_out | selected.left_out,
        transcripts.lengths,
        transcripts.chromosomes,
        selected.notes,
    )
