"""What the names of contigs say about them, accessions above all: assembly, and mitochondrial or not."""

from __future__ import annotations

import re

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genome.builds import build_of_accession, detect_build
from spliceai_cli.genome.coords import contig_key
from spliceai_cli.genome.fasta import Reference

_NUCLEAR = re.compile(r"NC_0000[0-9]{2}\.[0-9]+")
_ACCESSION = re.compile(r"[A-Z]{1,6}_?[0-9]{5,}\.[0-9]+", re.IGNORECASE)


def is_mitochondrial(name: str) -> bool:
    """Whether a contig, by its name, is a mitochondrial genome.

    >>> [is_mitochondrial(name) for name in ("chrM", "NC_012920.1", "Mito", "NC_005089.1", "19")]
    [True, True, True, False, False]
    """
    return contig_key(name) == "MT" or "mito" in name.lower()


def may_be_mitochondrial(name: str) -> bool:
    """Whether a contig, by its name, can be a mitochondrial genome; an accession of an unknown kind can.

    >>> [may_be_mitochondrial(name) for name in ("chrM", "NC_012920.1", "Mito", "NC_005089.1", "19", "NC_000019.10")]
    [True, True, True, True, False, False]
    """
    return is_mitochondrial(name) or (_ACCESSION.match(name) is not None and _NUCLEAR.fullmatch(name.upper()) is None)


def check_contig(source: str, name: str, reference: Reference) -> None:
    """Refuse a contig of a file that is a RefSeq accession of another assembly than the FASTA's.

    Args:
        source: name of the file, for the message.
        name: the contig.
        reference: the FASTA.

    Raises:
        AssemblyError: the accession is of another assembly.
    """
    if (chrom := reference.contigs.find(name)) is not None:
        check_accession(source, name, chrom, reference)


def check_accession(text: str, name: str, chrom: str, reference: Reference) -> None:
    """Refuse a RefSeq accession whose version is not that of the FASTA's chromosome.

    Args:
        text: text of the user, for messages.
        name: the accession.
        chrom: the contig that it was found as.
        reference: the FASTA.

    Raises:
        AssemblyError: the accession is of another assembly.
    """
    if chrom == name or not _NUCLEAR.fullmatch(name):
        return
    theirs, ours = build_of_accession(name), detect_build({chrom: reference.lengths[chrom]})
    if _NUCLEAR.fullmatch(chrom) or ours not in (None, theirs):
        is_of = f", which is {theirs}," if theirs else ""
        length = f"{reference.lengths[chrom]:,} bp{f', as in {ours}' if ours else ''}"
        raise AssemblyError(
            f"'{text}': {name}{is_of} is not {chrom} of {reference.path} ({length}).",
            "Positions differ between assemblies: give the variant's own with -R, or lift the variant over.",
        )
