"""An annotation file of any kind, and the genes chosen from it."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from spliceai_cli.errors import AnnotationError
from spliceai_cli.files.atomic import scratch_file
from spliceai_cli.genes.cache import TranscriptCache, file_sha256
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
        name: what the user called it.
        sha256: of the file.
        genes: in the order of the file.
        selection: how they were chosen.
        rules: canonical rule -> number of genes it decided.
        left_out: what the file has that is not used.
        lengths: contig lengths that the file gives.
        chromosomes: contig -> the chromosome that the file says it is.
        notes: what the user should know about how it was found and which genes were chosen.
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

    def on_contigs_of(self, names: Iterable[str]) -> Annotation:
        """The annotation with contigs that a FASTA does not name renamed to the chromosomes that they are."""
        known = ContigNames(names)
        called = {chrom: chromosome for chrom, chromosome in self.chromosomes.items() if known.find(chrom) is None}
        if not called:
            return self
        genes = tuple(replace(gene, chrom=called.get(gene.chrom, gene.chrom)) for gene in self.genes)
        return replace(
            self, genes=genes, lengths={called.get(chrom, chrom): length for chrom, length in self.lengths.items()}
        )

    def summary(self) -> str:
        """One line: how many transcripts, by which rules, what is left out; a warning if something is malformed."""
        parts = [f"{n:,} by {rule}" for rule, n in self.rules.items()]
        if self.left_out:
            parts.append(f"left out {', '.join(self.left_out.texts())}")
        if self.left_out.has_ownerless:
            parts.append("transcripts may lack exons of lines that name none")
        warning = "Warning: " if self.left_out.problems else ""
        head = f"{warning}{self.name}: {counted(len(self.genes), 'transcripts')}"
        return f"{head}: {'; '.join(parts)}" if parts else head

    @property
    def origin(self) -> dict[str, str]:
        """What can change scores, for the header."""
        return {"GenesSHA256": self.sha256, **self.selection.origin}


def read_annotation(
    path: Path, selection: Selection, *, name: str | None = None, cache: TranscriptCache | None = None
) -> Annotation:
    """Read a gene table, GTF or GFF3, detected from the content, plain or compressed.

    Args:
        path: the file.
        selection: which transcripts are wanted.
        name: what to call it; None for its path.
        cache: where parsed GTF and GFF3 are kept; None to parse anew.

    Raises:
        AnnotationError: unreadable, malformed, or nothing is left by the selection.
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
    """Suspend garbage collection, which would visit millions of small objects, none of which is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check_end(lines: Lines, left_out: LeftOut, name: str, kind: str) -> None:
    """Refuse a file that ends within a line: more may be missing than that line.

    Raises:
        AnnotationError: its last line has no line end, and ends within an attribute or cannot be read.
    """
    is_odd = lines.tail != b"" and any(one.last == lines.n for one in left_out.problems)
    if is_odd or (kind != TABLE and ends_within(lines.tail, kind)):
        raise AnnotationError(f"annotation {name} is cut short: line {lines.n:,}, its last, is not complete.", AGAIN)


def _chosen_rows(path: Path, name: str, sha256: str, selection: Selection) -> Annotation:
    lines = Lines(path, name)
    table = read_table(lines, name)
    _check_end(lines, table.left_out, name, TABLE)
    if selection.strict:
        table.left_out.refuse(name)
    chosen = select_rows(table.genes, selection, name)
    left_out = table.left_out | chosen.left_out
    return Annotation(name, sha256, chosen.genes, selection, left_out=left_out, notes=chosen.notes)


def _chosen(transcripts: Transcripts, name: str, sha256: str, selection: Selection) -> Annotation:
    if selection.strict:
        transcripts.left_out.refuse(name)
    with _without_collector():
        chosen = select(transcripts, selection, name)
    return Annotation(
        name,
        sha256,
        chosen.genes,
        selection,
        chosen.rules,
        transcripts.left_out | chosen.left_out,
        transcripts.lengths,
        transcripts.chromosomes,
        chosen.notes,
    )
