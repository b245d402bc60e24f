"""Variants as people write them on a command line."""

from __future__ import annotations

import re
from typing import NamedTuple

from spliceai_cli.errors import VariantError
from spliceai_cli.fasta import Reference
from spliceai_cli.hgvs import check_assembly, is_hgvs, parse_hgvs, to_variant
from spliceai_cli.variant import Variant

# The name of a contig may hold any separator: what follows it is found from the right.
_ALLELES = re.compile(
    r"(?P<chrom>.*[^\s:-])[:\s-](?P<pos>[0-9][0-9,]{0,17})[:\s-]?(?P<ref>[A-Za-z]+)[:\s>/-](?P<alt>[A-Za-z]+|[.*]|<[^<>\s]+>)"
)

FORMS = (
    "Write chr19:38467722:C:T, chr19-38467722-C-T, chr19:38467722C>T, or HGVS: NC_000019.10:g.38467722C>T. "
    "Alleles are those of a VCF, so neither is empty."
)


class WrittenVariant(NamedTuple):
    """A variant and the text that it was read from."""

    text: str
    variant: Variant


def parse_variant(text: str, reference: Reference) -> Variant:
    """Read a variant: position and alleles as in a VCF, or HGVS of genomic sequence.

    ``chr19:38467722:C:T``, with ``-`` or blanks for the colons and ``>`` or ``/`` between the alleles; commas in the
    position are dropped. These alleles are taken as they are, right or wrong. See ``hgvs`` for its forms.

    Args:
        text: what was written; blanks around it do not count.
        reference: the FASTA, for the bases that HGVS leaves out.

    Raises:
        VariantError: it cannot be read, or HGVS does not fit the reference.
        AssemblyError: a RefSeq accession of another assembly than the FASTA.
    """
    text = text.strip()
    if is_hgvs(text):
        return to_variant(parse_hgvs(text), reference)
    found = _ALLELES.fullmatch(text)
    if found is None:
        raise VariantError(f"'{text}' is not a variant that can be read.", FORMS)
    check_assembly(text, found["chrom"], reference)
    return Variant(found["chrom"], int(found["pos"].replace(",", "")), found["ref"], found["alt"])
