"""The annotation that ``-A`` names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from spliceai_cli.errors import AnnotationError, AssemblyError
from spliceai_cli.genes.builds import detect_build
from spliceai_cli.genes.table import GeneTable, read_table
from spliceai_cli.weights.store import Store

#: The built-in table of the FASTA's own build.
BY_BUILD = "gencode"

_TABLE_OF = {"GRCh37": "grch37", "GRCh38": "grch38"}


def resolve_annotation(name: str, lengths: Mapping[str, int], store: Store) -> GeneTable:
    """The genes for ``gencode``, ``grch37``, ``grch38`` or the path of a table.

    Args:
        name: what the user gave; a built-in name wins over a file of that name.
        lengths: the FASTA's contigs.
        store: where built-in tables are installed.

    Raises:
        AnnotationError: no such table, malformed, or the build cannot be told.
        AssemblyError: the table is of another build than the FASTA.
        WeightsMissingError: the built-in tables are not installed.
    """
    build = detect_build(lengths)
    if name == BY_BUILD:
        if build not in _TABLE_OF:
            first = next(iter(lengths.items()), ("none", 0))
            found = f"they are {build}'s" if build else f"first contig: {first[0]}, {first[1]:,} bp"
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
        return read_table(store.require_table(name), name=name)
    path = Path(name)
    if not path.exists():
        raise AnnotationError(
            f"there is no gene table '{name}'.", "-A takes gencode, grch37, grch38 or the path of a table."
        )
    return read_table(path)
