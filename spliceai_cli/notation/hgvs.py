"""HGVS descriptions of changes in genomic sequence (``g.``, ``m.``), and the VCF alleles that they stand for."""

from __future__ import annotations

import re
from typing import NamedTuple

from spliceai_cli.errors import VariantError
from spliceai_cli.genome.bases import reverse_complement_text
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.notation.locate import anchored, find_contig, respell, stated_bases
from spliceai_cli.text import counted
from spliceai_cli.variants.variant import Variant

_DESCRIPTION = re.compile(r"(?:(?P<chrom>\S*[^\s:])?(?:\s*:\s*|\s+))?(?P<kind>[a-z])\.(?P<change>.*)", re.DOTALL)
_BASES = "[ACGTNacgtn]"
_CHANGE = re.compile(
    r"(?P<first>[0-9]{1,12})(?:_(?P<last>[0-9]{1,12}))?"
    rf"(?:(?P<sub>{_BASES})>(?P<base>{_BASES})"
    rf"|(?P<kept>{_BASES}*)(?P<same>=)"
    rf"|(?P<kind>del|dup|inv)(?P<stated>{_BASES}*)"
    rf"|del(?P<replaced>{_BASES}*)ins(?P<replacing>{_BASES}+)"
    rf"|ins(?P<inserted>{_BASES}+))"
)
_NOT_BASE = re.compile("[^ACGTN]")
# A blank between two digits is no mere blank: without it they would be another number.
_BLANKS = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")

_LEVELS = {
    "c": "coding DNA",
    "n": "a non-coding transcript",
    "r": "RNA",
    "p": "protein",
    "o": "a circular molecule",
}

READ_FORMS = (
    "Only genomic HGVS (g. or m.) is supported, after a contig or an accession such as NC_000019.10: g.100C>T, "
    "g.100del, g.100_105del, g.100_101insACG, g.100_105dup, g.100_105delinsTTA, g.100_105inv, g.100=."
)


class GenomicChange(NamedTuple):
    """What a description says, before the reference is looked at.

    Attributes:
        text: the description.
        chrom: contig or accession before the colon.
        start, end: the bases named, 0-based half-open; those on either side of an insertion.
        kind: ``>``, ``=``, ``del``, ``ins``, ``dup``, ``inv`` or ``delins``.
        stated: REF bases that it states, upper case; empty if it states none.
        inserted: bases that it gives for ALT, upper case.
    """

    text: str
    chrom: str
    start: int
    end: int
    kind: str
    stated: str = ""
    inserted: str = ""


def is_hgvs(text: str) -> bool:
    """Whether a text looks like HGVS of any level: ``NM_000540.3:c.38C>T`` and ``g.100del`` do."""
    return _DESCRIPTION.fullmatch(text) is not None


def parse_hgvs(text: str) -> GenomicChange:
    """Read a description.

    >>> parse_hgvs("NC_000019.10:g.38467722C>T")[1:]
    ('NC_000019.10', 38467721, 38467722, '>', 'C', 'T')
    >>> parse_hgvs("chr19:g.100_105delinsTTA")[1:]
    ('chr19', 99, 105, 'delins', '', 'TTA')

    Raises:
        VariantError: it is of another level than g. or m., names no contig, or is none of the forms that are read.
    """
    description = _DESCRIPTION.fullmatch(text)
    if description is None:
        raise VariantError(f"'{text}' is not HGVS.", READ_FORMS)
    if (level := description["kind"]) not in "gm":
        raise VariantError(f"'{text}' is HGVS of {_LEVELS.get(level, 'no known level')} ({level}.).", READ_FORMS)
    chrom = description["chrom"]
    if not chrom:
        raise VariantError(f"'{text}' does not say on which contig.", READ_FORMS)
    found = _CHANGE.fullmatch(_BLANKS.sub("", description["change"]))
    if found is None:
        raise VariantError(f"'{text}': '{level}.{description['change']}' is not a form that is read.", READ_FORMS)
    return _checked(_read_change(text, chrom, found))


def _read_change(text: str, chrom: str, found: re.Match[str]) -> GenomicChange:
    start, end = int(found["first"]) - 1, int(found["last"] or found["first"])
    if found["sub"]:
        kind, stated, inserted = ">", found["sub"], found["base"]
    elif found["same"]:
        kind, stated, inserted = "=", found["kept"], ""
    elif found["kind"]:
        kind, stated, inserted = found["kind"], found["stated"], ""
    elif found["replacing"]:
        kind, stated, inserted = "delins", found["replaced"], found["replacing"]
    else:
        kind, stated, inserted = "ins", "", found["inserted"]
    return GenomicChange(text, chrom, start, end, kind, stated.upper(), inserted.upper())


def _checked(change: GenomicChange) -> GenomicChange:
    """The same change.

    Raises:
        VariantError: its positions do not go with what it says.
    """
    n_bases = change.end - change.start
    wrong = None
    if change.start < 0 or n_bases < 1:
        wrong = "positions count from 1, and the first is not after the last"
    elif change.kind == ">" and n_bases != 1:
        wrong = "a substitution is of one base; write delins for more"
    elif change.kind == "ins" and n_bases != 2:  # noqa: PLR2004 (the base before and the base after)
        wrong = "an insertion stands between two neighbours, e.g. 100_101"
    elif change.kind == "inv" and n_bases == 1:
        wrong = "an inversion is of two bases or more"
    elif change.stated and len(change.stated) != n_bases:
        verb = "is" if len(change.stated) == 1 else "are"
        wrong = f"{counted(len(change.stated), 'bases')} {verb} stated for {counted(n_bases, 'positions')}"
    if wrong:
        raise VariantError(f"'{change.text}': {wrong}.", READ_FORMS)
    return change


def to_variant(change: GenomicChange, reference: Reference) -> Variant:
    """The VCF alleles of a change, on the FASTA's own name of the contig.

    Where one allele would be empty, both begin with the base before; at the first base of a contig they end with the
    base after. The copy of a duplication is put before the first. Nothing is shifted.

    Raises:
        VariantError: the contig is not in the FASTA or is shorter, or its bases are not those stated.
        AssemblyError: the accession is of another assembly than the FASTA.
    """
    chrom = find_contig(change.text, respell(change.chrom, reference), reference)
    bases = stated_bases(change.text, chrom, change.start, change.end, change.stated, reference)
    return anchored(change.text, _replaced(change, chrom, bases), reference)


def _replaced(change: GenomicChange, chrom: str, bases: str) -> Variant:
    """REF and ALT without a base around them; one of them may be empty."""
    pos = change.start + 1
    copied = _NOT_BASE.sub("N", bases)
    pos, ref, alt = {
        ">": (pos, change.stated, change.inserted),
        "=": (pos, bases, "."),
        "del": (pos, bases, ""),
        "ins": (pos + 1, "", change.inserted),
        "dup": (pos, "", copied),
        "inv": (pos, bases, reverse_complement_text(copied)),
        "delins": (pos, bases, change.inserted),
    }[change.kind]
    return Variant._make((chrom, pos, ref, alt, None))
