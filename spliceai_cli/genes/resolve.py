"""The annotation that ``-A`` names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from spliceai_cli.coords import ContigNames
from spliceai_cli.errors import AnnotationError, AssemblyError
from spliceai_cli.genes.annotation import Annotation, read_annotation
from spliceai_cli.genes.builds import detect_build
from spliceai_cli.genes.cache import TranscriptCache
from spliceai_cli.genes.selection import Selection
from spliceai_cli.weights.registry import CACHE_FOLDER
from spliceai_cli.weights.store import Store

#: The built-in table of the FASTA's own build.
BY_BUILD = "gencode"

_TABLE_OF = {"GRCh37": "grch37", "GRCh38": "grch38"}


def resolve_annotation(
    name: str,
    lengths: Mapping[str, int],
    store: Store,
    selection: Selection | None = None,
    *,
    is_cached: bool = True,
) -> Annotation:
    """The genes for ``gencode``, ``grch37``, ``grch38`` or the path of a table, GTF or GFF3.

    Args:
        name: what the user gave; a built-in name wins over a file of that name.
        lengths: the FASTA's contigs.
        store: where built-in tables are installed and parsed annotations kept.
        selection: what of the annotation is wanted; None for the default.
        is_cached: whether parsed annotations are kept and used again.

    Raises:
        AnnotationError: no such file, malformed, or the build cannot be told.
        AssemblyError: the annotation is of another build than the FASTA.
        WeightsMissingError: the built-in tables are not installed.
    """
    build = detect_build(lengths)
    selection = selection or Selection()
    if name == BY_BUILD:
        if build not in _TABLE_OF:
            first = next((f"first contig: {chrom}, {n:,} bp" for chrom, n in lengths.items()), "here are none")
            found = f"they are {build}'s" if build else first
            raise AnnotationError(
                f"-A gencode needs a GRCh37 or GRCh38 reference, told by contig lengths; {found}.",
                "Name the table: -A grch37, -A grch38, or the path of one for this genome.",
            )
        name = _TABLE_OF[build]
    if name in _TABLE_OF.values():
        if build is not None and _TABLE_OF.get(build) != name:
            raise AssemblyError(
                f"-A {name} does not fit the reference: its contig lengths are {build}'s.",
                "Use -A gencode, which picks the table of the reference's build.",
            )
        return read_annotation(store.require_table(name), selection, name=name)
    path = Path(name)
    if not path.exists():
        raise AnnotationError(
            f"there is no annotation '{name}'.",
            "-A takes gencode, grch37, grch38, or the path of GTF, GFF3 or a gene table.",
        )
    cache = TranscriptCache(store.home / CACHE_FOLDER) if is_cached else None
    annotation = read_annotation(path, selection, cache=cache)
    if lengths:
        annotation = annotation.on_contigs_of(lengths)
    _check_lengths(annotation, lengths)
    return annotation


def _check_lengths(annotation: Annotation, lengths: Mapping[str, int]) -> None:
    """Refuse an annotation that says other lengths of all the contigs that the FASTA has too."""
    names = ContigNames(lengths)
    shared = {chrom: found for chrom in annotation.lengths if (found := names.find(chrom)) is not None}
    if shared and all(annotation.lengths[chrom] != lengths[found] for chrom, found in shared.items()):
        chrom, found = next(iter(shared.items()))
        raise AssemblyError(
            f"-A {annotation.name} does not fit the reference: its {chrom} has {annotation.lengths[chrom]:,} bp, "
            f"the FASTA's {lengths[found]:,}.",
            "Use an annotation of the reference's assembly.",
        )
