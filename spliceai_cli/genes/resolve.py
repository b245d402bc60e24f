"""Finds and reads the annotation that ``-A`` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from spliceai_cli.errors import AnnotationError, AssemblyError
from spliceai_cli.genes.annotation import Annotation, read_annotation
from spliceai_cli.genes.cache import TranscriptCache
from spliceai_cli.genes.fit import check_fit
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.coords import ContigNames
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.published import CACHE_FOLDER
from spliceai_cli.models.store import Store
from spliceai_cli.settings.words import BUILT_IN_GENES, BY_BUILD

_TABLE_OF = {"GRCh37": "grch37", "GRCh38": "grch38"}

# Built-in name in lower case -> what it selects.
_MEANINGS = {BY_BUILD: BY_BUILD, "grch37": "grch37", "hg19": "grch37", "grch38": "grch38", "hg38": "grch38"}


def annotation_for(
    reference: Reference,
    name: str,
    store: Store,
    selection: Selection | None,
    *,
    is_cached: bool,
    allow_foreign: bool,
    warn: Callable[[str], None],
) -> Annotation:
    """Like ``resolve_annotation``, but also check the genes against the bases of the reference.

    Args:
        reference: the FASTA.
        name: value of ``-A``.
        store: folder of built-in tables and of parsed annotations.
        selection: which genes and transcripts to use; None for the default.
        is_cached: whether to cache parsed annotations.
        allow_foreign: whether the annotation may belong to another assembly.
        warn: called if it is doubtful that the genes belong to the reference's assembly.

    Raises:
        SpliceAICliError: see ``resolve_annotation`` and ``check_fit``.
    """
    annotation = resolve_annotation(
        name,
        reference.lengths,
        store,
        selection,
        is_cached=is_cached,
        allow_foreign=allow_foreign,
        fasta=str(reference.path),
    )
    check_fit(annotation, reference, warn, allow_foreign=allow_foreign)
    return annotation


def resolve_annotation(
    name: str,
    lengths: Mapping[str, int],
    store: Store,
    selection: Selection | None = None,
    *,
    is_cached: bool = True,
    allow_foreign: bool = False,
    fasta: str = "the reference",
) -> Annotation:
    """Read the genes for ``gencode``, ``grch37``, ``grch38``, ``hg19``, ``hg38`` or the path of a table, GTF or GFF3.

    Args:
        name: value of ``-A``; see ``_meaning``.
        lengths: contig lengths of the FASTA.
        store: folder of built-in tables and of parsed annotations.
        selection: which genes and transcripts to use; None for the default.
        is_cached: whether to cache parsed annotations.
        allow_foreign: whether the annotation may belong to another assembly.
        fasta: name of the FASTA, for messages.

    Raises:
        AnnotationError: the file is missing or malformed, or the build cannot be detected.
        AssemblyError: the annotation and the FASTA are different builds.
        WeightsMissingError: the built-in tables are not installed.
    """
    asked, name = name, _meaning(name)
    build = detect_build(lengths)
    selection = selection or Selection()
    if name == BY_BUILD:
        if build not in _TABLE_OF:
            first = next((f"first contig: {chrom}, {n:,} bp" for chrom, n in lengths.items()), "this command has none")
            detail = f"they are {build}'s" if build else first
            raise AnnotationError(
                f"-A gencode needs a GRCh37 or GRCh38 reference, detected from contig lengths; {detail}.",
                "Name the table: -A grch37, -A grch38, or the path of one for this genome.",
            )
        name = _TABLE_OF[build]
    if name in _TABLE_OF.values():
        if build is not None and _TABLE_OF.get(build) != name and not allow_foreign:
            raise AssemblyError(
                f"-A {asked} does not fit {fasta}: its contigs have the lengths of {build}.",
                "Use -A gencode, which picks the table of the reference's build.",
            )
        table = read_annotation(store.require_table(name), selection, name=name)
        return _noting_file(replace(table, content=BUILT_IN_GENES), asked)
    path = Path(name)
    if not path.exists():
        raise AnnotationError(
            f"there is no annotation '{name}'.",
            "-A takes gencode, grch37, grch38, hg19, hg38, or the path of GTF, GFF3 or a gene table.",
        )
    cache = TranscriptCache(store.home / CACHE_FOLDER) if is_cached else None
    annotation = read_annotation(path, selection, cache=cache)
    if lengths:
        annotation = annotation.on_contigs_of(lengths)
    if not allow_foreign:
        _check_lengths(annotation, lengths, fasta)
    return _noting_file(annotation, asked)


def _meaning(name: str) -> str:
    """The built-in name that a name selects, else the name itself, which is a path.

    The exact names take precedence over a file of that name, as in spliceai 1.3.1. ``hg19``, ``hg38`` and names in
    other capitals do not, because a script with such a file means the file.
    """
    meaning = _MEANINGS.get(name.lower(), name)
    return name if meaning != name and Path(name).is_file() else meaning


def _noting_file(annotation: Annotation, name: str) -> Annotation:
    """Add a note on what was read, if the name matches both a file and a built-in table."""
    if name.lower() not in _MEANINGS or not Path(name).is_file():
        return annotation
    is_read = _meaning(name) != _MEANINGS[name.lower()]
    taken = f"the file {name} is read" if is_read else f"the built-in table is used, and not the file {name}"
    other = f"-A {_MEANINGS[name.lower()]} is the built-in table" if is_read else f"-A ./{name} reads the file"
    return replace(annotation, notes=(f"-A {name}: {taken}; {other}.", *annotation.notes))


def _check_lengths(annotation: Annotation, lengths: Mapping[str, int], fasta: str) -> None:
    """Refuse an annotation whose lengths of shared contigs all differ from the FASTA's."""
    names = ContigNames(lengths)
    shared = {chrom: contig for chrom in annotation.lengths if (contig := names.find(chrom)) is not None}
    if shared and all(annotation.lengths[chrom] != lengths[contig] for chrom, contig in shared.items()):
        chrom, contig = next(iter(shared.items()))
        raise AssemblyError(
            f"-A {annotation.name} does not fit {fasta}: its {chrom} has {annotation.lengths[chrom]:,} bp, "
            f"the FASTA's {lengths[contig]:,}.",
            "Use an annotation of the reference's assembly.",
        )
