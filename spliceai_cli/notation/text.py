"""Reads variants as people write them on a command line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.errors import AssemblyError, VariantError
from spliceai_cli.genome.accession import check_accession
from spliceai_cli.genome.builds import BUILD_NAMES, build_named, detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.notation.hgvs import is_hgvs, parse_hgvs, to_variant
from spliceai_cli.notation.locate import (
    anchored,
    check_range,
    contig_of_variant,
    find_contig,
    respell,
    stated_bases,
)
from spliceai_cli.notation.notations import READERS, SPDI, Reading, is_accession, is_line
from spliceai_cli.settings.checks import check_path, check_type
from spliceai_cli.text import counted, shortened, shown
from spliceai_cli.variants.variant import Variant

FORMS = (
    "Write chr19:38467722:C:T or chr19-38467722-C-T, chr19:38467722 C>T, SPDI (NC_000019.10:38467721:C:T), HGVS "
    "(NC_000019.10:g.38467722C>T), a line of a VCF, or ANNOVAR's columns (chr19 38467722 38467722 C T). "
    "Alleles are as in a VCF, so neither is empty; only after a range, - means no bases. "
    "rsIDs, and positions in a transcript (c.) or protein (p.), are not looked up."
)

# Typographic characters of papers and web pages -> keyboard characters.
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58", "-"),
        **dict.fromkeys("\u2192\u21d2\u2794\u27f6\u203a", ">"),
        **dict.fromkeys("\u2044\u2215", "/"),
        "\u2217": "*",
        "\u2236": ":",
    }
)
_BUILD = rf"(?:{BUILD_NAMES})(?:\.p[0-9]{{1,2}})?"
_BUILD_FIRST = re.compile(rf"[(\[]?({_BUILD})[)\]]?[\s:/,._-]+", re.IGNORECASE)
_BUILD_IN_BRACKETS = re.compile(rf"\s*[(\[]({_BUILD})[)\]]\s*", re.IGNORECASE)
_BUILD_LAST = re.compile(rf"[\s:/,_-]+({_BUILD})$", re.IGNORECASE)


class WrittenVariant(NamedTuple):
    """A variant and the text that it was read from."""

    text: str
    variant: Variant


def parse_variant(text: str, reference: Reference | Path | str) -> Variant:
    """Read a variant in any of the notations of ``notations`` and ``hgvs``, with or without the name of its build.

    Alleles of a VCF are not compared with the FASTA. Bases stated in HGVS and SPDI must agree with it.

    Args:
        text: text of the user; blanks around it are ignored, and typographic dashes and arrows count as plain ones.
        reference: the FASTA or its path; it provides contigs and the bases that the text leaves out.

    Raises:
        UsageError: an argument is of a wrong type.
        VariantError: the text cannot be read or is ambiguous; or its contig, position or bases are not the FASTA's.
        AssemblyError: the build or RefSeq accession in the text belongs to an assembly other than the FASTA's.
    """
    check_type("text", text, str)
    if not isinstance(reference, Reference):
        check_path("reference", reference)
        reference = Reference(reference)
    bare = _without_builds(_plain(text), text.strip(), reference)
    if is_hgvs(bare):
        return to_variant(parse_hgvs(bare), reference)
    return _to_variant(text.strip(), _one_reading(text.strip(), bare, reference), reference)


def as_variant(value: object, reference: Reference) -> Variant:
    """A variant as it is, or the variant that a text describes; see ``parse_variant``.

    Raises:
        VariantError: the value is neither, or the text cannot be read.
        AssemblyError: a build or accession belongs to an assembly other than the FASTA's.
    """
    if isinstance(value, str):
        return parse_variant(value, reference)
    if not isinstance(value, Variant):
        raise VariantError(
            f"a Variant or text expected, found {shown(value)}.",
            "Make a Variant of each: Variant(chrom, pos, ref, alt). From a pandas frame: "
            "[Variant(*row) for row in frame[['chrom', 'pos', 'ref', 'alt']].itertuples(index=False)].",
        )
    if is_accession(value.chrom) and (chrom := reference.contigs.find(value.chrom)) is not None:
        check_accession(str(value), value.chrom, chrom, reference)
    return value


def as_variants(values: object, reference: Reference) -> Iterator[Variant]:
    """``as_variant`` of each value; those of a list or tuple are read at once, others as they come.

    Raises:
        VariantError: ``values`` is a single variant or text, or not iterable; or as for ``as_variant``.
        AssemblyError: as for ``as_variant``.
    """
    # A variant is a tuple, so it would be read as five variants; a text would be read as one per letter.
    if isinstance(values, (Variant, str, bytes)) or not isinstance(values, Iterable):
        raise VariantError(
            f"an iterable of Variants or texts expected, found {shown(values)}.", "For one: score([variant])."
        )
    variants = (as_variant(value, reference) for value in values)
    return iter(list(variants)) if isinstance(values, (list, tuple)) else variants


def _plain(text: str) -> str:
    """Replace full-width letters and typographic dashes by plain ones, and remove invisible characters."""
    if not text.isascii():
        text = "".join(map(_narrow, text)).translate(_LOOKALIKES)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return text.strip()


def _narrow(char: str) -> str:
    """The usual form of a full-width letter or a special blank. A superscript stays: it may be a footnote's mark."""
    is_form = unicodedata.category(char) == "Zs" or unicodedata.decomposition(char).startswith(("<wide>", "<narrow>"))
    return unicodedata.normalize("NFKC", char) if is_form else char


def _without_builds(plain: str, text: str, reference: Reference) -> str:
    """Remove the names of builds: ``hg38 chr19:…``, ``GRCh38:19:…``, ``chr19(GRCh38):g.…``, ``…_C_T_b38``.

    Raises:
        AssemblyError: a build is not the FASTA's.
    """
    names = []
    while (match := _BUILD_FIRST.match(plain)) and reference.contigs.find(match[1]) is None:
        names.append(match[1])
        plain = plain[match.end() :]
    if not is_line(plain):
        names += _BUILD_IN_BRACKETS.findall(plain)
        plain = _BUILD_IN_BRACKETS.sub(" ", plain).strip()
        if match := _BUILD_LAST.search(plain):
            names.append(match[1])
            plain = plain[: match.start()]
    ours = detect_build(reference.lengths) if names else None
    for name in names:
        if ours and build_named(name.partition(".p")[0]) != ours:
            raise AssemblyError(
                f"'{text}' is of {name}, but {reference.path} is {ours}.",
                "Positions differ between assemblies: give the variant's own with -R, or lift the variant over.",
            )
    return plain


def _one_reading(text: str, bare: str, reference: Reference) -> Reading:
    """The only reading of a text whose contig is in the FASTA; if no contig is, the first reading.

    Raises:
        VariantError: there is no reading, or more than one.
    """
    attempts = [read(bare) for read in READERS]
    readings = [
        reading._replace(chrom=respell(reading.chrom, reference)) for reading in attempts if reading is not None
    ]
    if not readings:
        _check_build(text, bare)
        raise VariantError(f"'{text}' is not a variant that can be read{_strange(bare)}.", FORMS)
    if readings[0].notation == SPDI:
        # Four fields can be a VCF's only if the FASTA itself names its contigs by accessions.
        readings = [reading for reading in readings if reading.notation == SPDI or reading.chrom in reference.lengths]
    known = [reading for reading in readings if reference.contigs.find(reading.chrom)] or readings[:1]
    distinct = {reading[1:]: reading for reading in known}.values()
    if len(distinct) > 1:
        ways = "; ".join(
            f"{reading.notation}: write '{reading.chrom} {reading.start + 1} {reading.ref} {reading.alt}'"
            for reading in distinct
        )
        raise VariantError(f"'{text}' can be read in {len(distinct)} ways.", f"As {ways}.")
    return known[0]


def _check_build(text: str, bare: str) -> None:
    """Refuse a word before a variant that is not a known build.

    Raises:
        VariantError: there is such a word.
    """
    first, *rest = bare.split(None, 1) or [""]
    if rest and (is_hgvs(rest[0]) or any(read(rest[0]) for read in READERS)):
        raise VariantError(
            f"'{text}': unknown build {first}.",
            "hg19, hg38, GRCh37 and GRCh38 are known. If -R is of the variant's assembly, leave the name out.",
        )


def _to_variant(text: str, reading: Reading, reference: Reference) -> Variant:
    """The VCF alleles of a reading.

    Raises:
        VariantError: the contig, positions or stated bases are not the FASTA's.
        AssemblyError: the accession belongs to an assembly other than the FASTA's.
    """
    notation, name, start, end, ref, alt, structure = reading
    chrom = find_contig(text, name, reference)
    contig = contig_of_variant(name, chrom)
    if ref and len(ref) != end - start:
        n_positions = counted(max(0, end - start), "positions")
        raise VariantError(
            f"'{text}': REF {shortened(ref)} has {counted(len(ref), 'bases')} for {n_positions}, {start + 1} to {end}.",
            "Both ends are counted from 1 and included; in BED the first is counted from 0.",
        )
    if notation == SPDI:
        bases = stated_bases(text, chrom, start, end, ref.upper(), reference)
        return anchored(text, Variant._make((contig, start + 1, ref.upper() or bases, alt.upper(), None)), reference)
    check_range(text, chrom, start, end, reference)
    return anchored(text, Variant._make((contig, start + 1, ref, alt, structure)), reference)


def _strange(text: str) -> str:
    """A note on the first character that is not ASCII, else empty; Cyrillic letters look like Latin ones."""
    char = next((char for char in text if not char.isascii()), None)
    return "" if char is None else f": it has '{char}' ({unicodedata.name(char, 'a character without a name')})"
