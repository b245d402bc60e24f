"""Notations of variants by position and alleles, with a small reader for each.

A reader returns the meaning of a text in its notation, or None. It does not use the FASTA.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from spliceai_cli.errors import VariantError
from spliceai_cli.variants.variant import Structure
from spliceai_cli.vcf.reader import Record

_NUMBER = r"[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5}"
_LETTERS = "[ACGTNRYSWKMBDHVacgtnryswkmbdhv]+"
_ALT = rf"(?:{_LETTERS}|[.*]|<[^<>,\s]+>)"
_LINE_ALTS = re.compile(rf"(?:{_ALT}|\S*[\[\]]\S*|\.[A-Za-z]+|[A-Za-z]+\.)(?:,\S+)?")
_BASES = re.compile(_LETTERS)
_DIGITS = re.compile(r"[0-9]{1,18}")
_GAP = r"(?:\s*:\s*|\s+|[_-])"
_ARROW = r"(?:\s*[:>/]\s*|\s+|[_-])"
_STRAND = r"(?:[\s:]+(?P<strand>[+-]1?|1))?"
# A contig's name may contain any of the separators, so the fields are matched from the right.
_POINT = re.compile(
    rf"(?P<chrom>\S*[^\s:_-]){_GAP}(?P<first>{_NUMBER}){_GAP}?(?P<ref>{_LETTERS}){_ARROW}(?P<alts>{_ALT}(?:,{_ALT})*)"
    rf"{_STRAND}"
)
_RANGE = re.compile(
    rf"(?P<chrom>\S*[^\s:_-])(?P<gap>{_GAP})(?P<first>{_NUMBER})(?P<to>\s*-\s*|\s+)(?P<last>{_NUMBER})"
    rf"(?:{_GAP}|(?=[A-Za-z]))(?P<ref>{_LETTERS}|-){_ARROW}(?P<alt>{_LETTERS}|-){_STRAND}"
)
# Accessions of RefSeq and GenBank; SPDI has none without a version.
_ACCESSION = (
    r"(?:[A-Z]{2}_[A-Z]{0,6}[0-9]{6,12}|[A-Z][0-9]{5}|[A-Z]{2}(?:[0-9]{6}|[0-9]{8})|[A-Z]{4}[0-9]{8,10}"
    r"|[A-Z]{6}[0-9]{9,13})\.[0-9]{1,3}"
)
_SPDI = re.compile(
    rf"(?P<chrom>{_ACCESSION})\s*:\s*(?P<first>{_NUMBER})\s*:\s*(?P<ref>(?:{_LETTERS})?|[0-9]{{1,9}})\s*:\s*"
    rf"(?P<alt>(?:{_LETTERS})?)",
    re.IGNORECASE,
)
_IS_ACCESSION = re.compile(_ACCESSION, re.IGNORECASE)
_N_LINE = 5  # CHROM POS ID REF ALT
_N_VCF = 8
_MINUS = frozenset({"-", "-1"})


class Reading(NamedTuple):
    """The meaning of a text in one notation.

    Attributes:
        notation: name of the notation, for messages.
        chrom: contig, as written.
        start, end: the bases that REF replaces, 0-based half-open; empty for an insertion before ``start``.
        ref: REF; empty if it is absent, or only its length is given.
        alt: ALT; empty for a deletion without an anchor base.
        structure: structure of a symbolic ALT, from INFO of a VCF line.
    """

    notation: str
    chrom: str
    start: int
    end: int
    ref: str
    alt: str
    structure: Structure | None = None


SPDI = "SPDI, whose positions count from 0"


def read_spdi(text: str) -> Reading | None:
    """``NC_000019.10:38467721:C:T``: a 0-based position, the deleted sequence or its length, the inserted sequence.

    >>> read_spdi("NC_000019.10:38467721:1:")[2:6]
    (38467721, 38467722, '', '')
    """
    match = _SPDI.fullmatch(text)
    if match is None:
        return None
    chrom, first, deleted, inserted = match.groups()
    start, n_deleted = _number(first), int(deleted) if deleted.isdigit() else len(deleted)
    if not n_deleted and not inserted:
        raise VariantError(f"'{text}' is SPDI that deletes nothing and inserts nothing.")
    stated = "" if deleted.isdigit() else deleted
    return Reading(SPDI, chrom, start, start + n_deleted, stated, inserted)


def read_point(text: str) -> Reading | None:
    """``chr19:38467722:C:T``; also with ``-``, ``_`` or blanks for colons, and ``>`` or ``/`` between alleles."""
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    ref = match["ref"]
    _check_strand(text, match["strand"])
    _check_one_alt(text, match["alts"].split(","))
    start = _number(match["first"]) - 1
    return Reading("CHROM:POS:REF:ALT", match["chrom"], start, start + len(ref), ref, match["alts"])


def read_range(text: str) -> Reading | None:
    """``chr19:38467722-38467722:C:T`` or ANNOVAR's ``chr19 38467722 38467722 C T``; ``-`` for an allele without bases.

    An insertion follows the first position: ANNOVAR repeats that position, others give both neighbours in any order.
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    if match["to"].isspace() and not match["gap"].isspace():
        return None  # a blank separates columns, not the ends of a range
    _check_strand(text, match["strand"])
    first, last = _number(match["first"]), _number(match["last"])
    ref, alt = ("" if allele == "-" else allele for allele in match.group("ref", "alt"))
    start, end = first - 1, last
    if not ref:
        if not alt or abs(last - first) > 1:
            raise VariantError(f"'{text}': an insertion stands after one position or between two neighbours.")
        start = end = min(first, last)
    return Reading("CHROM:START-END:REF:ALT", match["chrom"], start, end, ref, alt)


def read_line(text: str) -> Reading | None:
    """A VCF line of at least five columns, read as ``annotate`` reads it; or ANNOVAR's columns."""
    columns = text.split("\t") if "\t" in text else text.split()
    if len(columns) < _N_LINE or not _DIGITS.fullmatch(columns[1]):
        return None
    _, _, name, ref, alt = columns[:_N_LINE]
    if _has_end(columns):
        _check_strand(text, *columns[_N_LINE:])
        return read_range(" ".join(columns[:_N_LINE]))
    # If the ID column is bases, the line is CHROM POS REF ALT followed by something else.
    is_shifted = len(columns) < _N_VCF and _BASES.fullmatch(name)
    if not _BASES.fullmatch(ref) or not _LINE_ALTS.fullmatch(alt) or is_shifted:
        return None
    # In a whole VCF line these columns are ID, QUAL, FILTER and so on, where -1 is a valid quality.
    if len(columns) < _N_VCF:
        _check_strand(text, name, *columns[_N_LINE:])
    elif columns[_N_LINE] == "-":
        _check_strand(text, "-")
    padded = "\t".join([*columns, *["."] * (_N_VCF - len(columns))])
    variants = Record(padded.encode("utf-8", "surrogateescape"), 1).variants
    _check_one_alt(text, [variant.alt for variant in variants])
    chrom, pos, _, _, structure = variants[0]
    return Reading("a line of a VCF", chrom, pos - 1, pos - 1 + len(ref), ref, alt, structure)


#: The readers, in the order in which messages name their notations.
READERS: tuple[Callable[[str], Reading | None], ...] = (read_spdi, read_line, read_point, read_range)


def is_line(text: str) -> bool:
    """Whether a text looks like a line of a VCF or of ANNOVAR, whose other columns may contain any text."""
    columns = text.split()
    is_long = len(columns) >= _N_LINE
    return is_long and all(map(re.fullmatch, (r"\S+", r"[0-9]+", r"\S+", f"{_LETTERS}|-"), columns))


def is_accession(name: str) -> bool:
    """Whether a contig's name is an accession with its version, such as ``NC_000019.10``."""
    return _IS_ACCESSION.fullmatch(name) is not None


def _has_end(columns: list[str]) -> bool:
    """Whether the third column is the end of a range; it may also be a numeric ID, as in ClinVar's VCF."""
    _, pos, third, ref, alt = columns[:_N_LINE]
    if not _DIGITS.fullmatch(third):
        return False
    is_near = 0 <= int(third) - int(pos) <= len(ref)
    return is_near or "-" in (ref, alt) or len(columns) < _N_VCF


def _check_one_alt(text: str, alts: list[str]) -> None:
    if len(alts) > 1:
        raise VariantError(
            f"'{text}' has {len(alts)} ALT alleles: {', '.join(alts)}.",
            "Write a variant for each. For whole VCFs there is spliceai-cli annotate.",
        )


def _check_strand(text: str, *columns: str | None) -> None:
    """Refuse the - strand: the alleles would be read as those of the + strand."""
    minus = next((column for column in columns if column in _MINUS), None)
    if minus is not None:
        raise VariantError(
            f"'{text}' seems to be on the - strand: it has a column '{minus}'.",
            "Write the alleles as on the + strand, without that column.",
        )


def _number(text: str) -> int:
    return int(text.replace(",", ""))
