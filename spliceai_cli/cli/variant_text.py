"""Reads variants that were given as arguments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from spliceai_cli.errors import VariantError

if TYPE_CHECKING:
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.variants.variant import Variant


def read_variant(text: str, reference: Reference, *, of_file: str) -> Variant:
    """Read a variant in any notation.

    Args:
        text: the argument.
        reference: the FASTA.
        of_file: what to do with a file, for users who give the name of one.

    Raises:
        VariantError: the text is not a variant, or does not fit the reference.
        AssemblyError: the variant is of an assembly other than the FASTA's.
    """
    from spliceai_cli.notation.text import parse_variant

    try:
        return parse_variant(text, reference)
    except VariantError as error:
        if Path(text).is_file():
            raise VariantError(f"'{text}' is a file, not a variant.", of_file) from error
        raise
