"""Reads HGVS descriptions of genomic changes (``g.``, ``m.``) and converts them to VCF alleles."""

from __future__ import annotations

import re
from typing import NamedTuple

from spliceai_cli.errors import VariantError
from spliceai_cli.genome.accession import may_be_mitochondrial
from spliceai_cli.genome.bases import reverse_complement_text
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.notation.locate import anchored, contig_of_variant, find_contig, respell, stated_bases
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
# A blank between two digits must stay: without it the digits would form another number.
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
    """The parsed description of a change, before it is compared with the reference.

    Attributes:
        text: the description.
        chrom: contig or accession before the colon.
        start, end: the named bases, 0-based half-open; for an insertion, the two bases around it.
        kind: ``>``, ``=``, ``del``, ``ins``, ``dup``, ``inv`` or ``delins``.
        stated: REF bases in the description, upper case; empty if it has none.
        inserted: ALT bases in the description, upper case.
    """

    text: str
    chrom: str
    start: int
    end: int
    kind: str
    stated: str = ""
    inserted: str = ""


def is_hgvs(text: str) -> bool:
    """Whether a text looks like HGVS of any level, such as ``NM_000540.3:c.38C>T`` or ``g.100del``."""
    return _DESCRIPTION.fullmatch(text) is not None


def parse_hgvs(text: str) -> GenomicChange:
    """Read a description.

    >>> parse_hgvs("NC_000019.10:g.38467722C>T")[1:]
    ('NC_000019.10', 38467721, 38467722, '>', 'C', 'T')
    >>> parse_hgvs("chr19:g.100_105delinsTTA")[1:]
    ('chr19', 99, 105, 'delins', '', 'TTA')

    Raises:
        VariantError: the level is not g. or m., there is no contig or, for m., one that is not mitochondrial, or the
            form is not supported.
    """
    description = _DESCRIPTION.fullmatch(text)
    if description is None:
        raise VariantError(f"'{text}' is not HGVS.", READ_FORMS)
    if (level := description["kind"]) not in "gm":
        raise VariantError(f"'{text}' is HGVS of {_LEVELS.get(level, 'no known level')} ({level}.).", READ_FORMS)
    chrom = description["chrom"]
    if not chrom:
        raise VariantError(f"'{text}' names no contig.", READ_FORMS)
    if level == "m" and not may_be_mitochondrial(chrom):
        raise VariantError(
            f"'{text}': m. is for mitochondrial DNA, which {chrom} is not.", "Write g. for a chromosome."
        )
    match = _CHANGE.fullmatch(_BLANKS.sub("", description["change"]))
    if match is None:
        raise VariantError(f"'{text}': '{level}.{description['change']}' is not a supported form.", READ_FORMS)
    return _checked(_read_change(text, chrom, match))


def _read_change(text: str, chrom: str, match: re.Match[str]) -> GenomicChange:
    start, end = int(match["first"]) - 1, int(match["last"] or match["first"])
    if match["sub"]:
        kind, stated, inserted = ">", match["sub"], match["base"]
    elif match["same"]:
        kind, stated, inserted = "=", match["kept"], ""
    elif match["kind"]:
        kind, stated, inserted = match["kind"], match["stated"], ""
    elif match["replacing"]:
        kind, stated, inserted = "delins", match["replaced"], match["replacing"]
    else:
        kind, stated, inserted = "ins", "", match["inserted"]
    return GenomicChange(text, chrom, start, end, kind, stated.upper(), inserted.upper())


def _checked(change: GenomicChange) -> GenomicChange:
    """Check that a change is consistent, and return it.

    Raises:
        VariantError: the positions do not fit the kind of change or its bases.
    """
    n_bases = change.end - change.start
    problem = None
    if change.start < 0 or n_bases < 1:
        problem = "positions count from 1, and the first must not be after the last"
    elif change.kind == ">" and n_bases != 1:
        problem = "a substitution replaces one base; write delins for more"
    elif change.kind == "ins" and n_bases != 2:  # noqa: PLR2004 (the base before and the base after)
        problem = "an insertion lies between two neighbouring positions, e.g. 100_101"
    elif change.kind == "inv" and n_bases == 1:
        problem = "an inversion needs two bases or more"
    elif change.stated and len(change.stated) != n_bases:
        verb = "is" if len(change.stated) == 1 else "are"
        problem = f"{counted(len(change.stated), 'bases')} {verb} stated for {counted(n_bases, 'positions')}"
    if problem:
        raise VariantError(f"'{change.text}': {problem}.", READ_FORMS)
    return change


def to_variant(change: GenomicChange, reference: Reference) -> Variant:
    """The VCF alleles of a change; see ``locate.contig_of_variant`` for the name of its contig.

    If one allele would be empty, both begin with the preceding base; at the first base of a contig they end with the
    following base. The copy made by a duplication is placed before the original. Nothing is left-aligned.

    Raises:
        VariantError: the contig is not in the FASTA or too short, or its bases differ from those stated.
        AssemblyError: the accession and the FASTA belong to different assemblies.
    """
    name = respell(change.chrom, reference)
    chrom = find_contig(change.text, name, reference)
    bases = stated_bases(change.text, chrom, change.start, change.end, change.stated, reference)
    return anchored(change.text, _replaced(change, contig_of_variant(name, chrom), bases), reference)


def _replaced(change: GenomicChange, chrom: str, bases: str) -> Variant:
    """REF and ALT without an anchor base; one of them may be empty."""
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
