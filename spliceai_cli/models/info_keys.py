"""Rules for the INFO keys of scores."""

from __future__ import annotations

from collections.abc import Collection

from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import is_key

# The VCF specification defines these keys, so their values in the input must not be replaced.
_RESERVED = frozenset({
    "AA", "AC", "AD", "ADF", "ADR", "AF", "AN", "BQ", "CIGAR", "DB", "DP", "END", "H2", "H3", "MQ", "MQ0", "NS", "SB",
    "SOMATIC", "VALIDATED", "IMPRECISE", "NOVEL", "SVTYPE", "SVLEN", "CIPOS", "CIEND", "HOMLEN", "HOMSEQ", "BKPTID",
    "MEINFO", "METRANS", "MATEID", "PARID", "EVENT", "CILEN", "CN", "SEQ", "SVINSSEQ", "INSSEQ",
})  # fmt: skip

# Endings of a model's auxiliary fields.
_ENDS = ("_TX", "_DS_max", "_RAW", "_SKIP", "_CSQ", "_EXON")


def check_key(key: str) -> None:
    """Refuse a key that VCF does not allow in INFO, or defines itself.

    Raises:
        UsageError: the key is refused.
    """
    if not is_key(key):
        raise UsageError(
            f"'{key}' is not a valid INFO key: a letter or _ first, then letters, digits, _ and . are allowed."
        )
    if key in _RESERVED:
        raise UsageError(f"INFO/{key} has a meaning of its own in VCF.", f"Choose another key, e.g. SpliceAI_{key}.")


def check_apart(keys: Collection[str]) -> None:
    """Reject keys that collide with another model's auxiliary fields (``…_RAW``).

    Raises:
        UsageError: two keys collide.
    """
    for key in keys:
        owner = next((other for other in keys if key in {f"{other}{end}" for end in _ENDS}), None)
        if owner is not None:
            raise UsageError(f"INFO/{key} belongs to the model of INFO/{owner}.", "Give one of them another key.")
