"""Locates a variant written as text on the FASTA."""

from __future__ import annotations

import re
from itertools import islice

from spliceai_cli.errors import AssemblyError, VariantError
from spliceai_cli.genome.bases import agrees
from spliceai_cli.genome.builds import build_of_accession, detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.notation.notations import is_accession
from spliceai_cli.text import shortened
from spliceai_cli.variants.variant import Variant

_NUCLEAR = re.compile(r"NC_0000[0-9]{2}\.[0-9]+")
_TRANSCRIPT = re.compile(r"(?:[NX][MRP]_|ENS[A-Z]*[TP][0-9]|LRG_[0-9]+[tp])", re.IGNORECASE)
_UNVERSIONED = re.compile(r"N[CTW]_[0-9]{6,9}", re.IGNORECASE)
_N_SHOWN = 4


def respell(name: str, reference: Reference) -> str:
    """A contig's name as written, or in the case that the FASTA needs: ``Chr19``, ``chrx``, ``nc_000019.10``."""
    spellings = (name, name.upper(), name.upper().removeprefix("CHR"))
    return next((spelling for spelling in spellings if reference.contigs.find(spelling)), name)


def find_contig(text: str, name: str, reference: Reference) -> str:
    """The FASTA's own name of a contig.

    Args:
        text: text of the user, for messages.
        name: name of the contig, in any usual spelling.
        reference: the FASTA.

    Raises:
        VariantError: the FASTA does not have the contig.
        AssemblyError: the name is an accession from another assembly than the FASTA's.
    """
    chrom = reference.contigs.find(name)
    if chrom is None and _TRANSCRIPT.match(name):
        raise VariantError(
            f"'{text}': {name} is a transcript or protein, and its place in the genome is not in the text.",
            "Give the position on a contig of the FASTA: ClinVar, VEP and VariantValidator convert it.",
        )
    if chrom is None and _UNVERSIONED.fullmatch(name):
        raise VariantError(
            f"'{text}': the accession {name} lacks its version.",
            "The version says which assembly it is of: NC_000019.10 is GRCh38, NC_000019.9 is GRCh37.",
        )
    if chrom is None:
        names = [*islice(reference.lengths, _N_SHOWN)]
        more = ", …" if len(reference.lengths) > _N_SHOWN else ""
        raise VariantError(f"'{text}': {reference.path} has no contig {name}.", f"It has {', '.join(names)}{more}.")
    check_accession(text, name, chrom, reference)
    return chrom


def contig_of_variant(name: str, chrom: str) -> str:
    """The contig's name in a variant: as written, except that the FASTA's own name replaces an accession.

    Args:
        name: the name as written.
        chrom: the FASTA's own name.
    """
    return chrom if is_accession(name) else name


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


def check_range(text: str, chrom: str, start: int, end: int, reference: Reference) -> None:
    """Refuse positions that a contig does not have.

    Raises:
        VariantError: ``start`` to ``end`` (0-based half-open) is not on the contig.
    """
    if start < 0:
        raise VariantError(f"'{text}': positions count from 1.")
    if end > reference.lengths[chrom]:
        length = reference.lengths[chrom]
        build = detect_build({chrom: length})
        raise VariantError(
            f"'{text}': {chrom} of {reference.path} ends at {length}.",
            f"Is the position of another assembly than the FASTA{f', which is {build}' if build else ''}?",
        )


def stated_bases(text: str, chrom: str, start: int, end: int, stated: str, reference: Reference) -> str:
    """Fetch the FASTA's bases ``start`` to ``end``, and check that they agree with those in a text.

    Args:
        text: text of the user, for messages.
        chrom: contig as the FASTA names it.
        start: first position, 0-based.
        end: end of the interval, exclusive.
        stated: bases in the text, upper case; empty if it has none.
        reference: the FASTA.

    Raises:
        VariantError: the bases differ, or are not on the contig.
    """
    check_range(text, chrom, start, end, reference)
    bases = reference.fetch(chrom, start, end).decode("ascii")
    if stated and not agrees(stated, bases):
        raise VariantError(
            f"'{text}' states {shortened(stated)}, but {reference.path} has {shortened(bases)} at {chrom}:{start + 1}.",
            "Is -R the assembly of the variant, and is it written for the + strand? HGVS counts from 1, SPDI from 0.",
        )
    return bases


def anchored(text: str, variant: Variant, reference: Reference) -> Variant:
    """Add an anchor base if REF or ALT is empty: the preceding base, or at POS 1 the following one.

    Args:
        text: text of the user, for messages.
        variant: REF or ALT may be empty; an insertion is put before POS.
        reference: the FASTA.

    Raises:
        VariantError: the variant deletes the whole contig.
    """
    name, pos, ref, alt, structure = variant
    if ref and alt:
        return variant
    chrom = reference.contigs.find(name)
    assert chrom is not None
    if pos > 1:
        before = reference.fetch(chrom, pos - 2, pos - 1).decode("ascii")
        return Variant._make((name, pos - 1, before + ref, before + alt, structure))
    if len(ref) == reference.lengths[chrom]:
        raise VariantError(f"'{text}': nothing of {chrom} would be left.")
    after = reference.fetch(chrom, len(ref), len(ref) + 1).decode("ascii")
    return Variant._make((name, 1, ref + after, alt + after, structure))
