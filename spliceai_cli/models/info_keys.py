"""INFO keys that scores may have."""

from __future__ import annotations

from collections.abc import Collection

from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import is_key

# Keys that the VCF specification gives a meaning: values of the input under them are not ours to replace.
_RESERVED = frozenset({
    "AA", "AC", "AD", "ADF", "ADR", "AF", "AN", "BQ", "CIGAR", "DB", "DP", "END", "H2", "H3", "MQ", "MQ0", "NS", "SB",
    "SOMATIC", "VALIDATED", "IMPRECISE", "NOVEL", "SVTYPE", "SVLEN", "CIPOS", "CIEND", "HOMLEN", "HOMSEQ", "BKPTID",
    "MEINFO", "METRANS", "MATEID", "PARID", "EVENT", "CILEN", "CN", "SEQ", "SVINSSEQ", "INSSEQ",
})  # fmt: skip

# What the other fields of a model end with.
_ENDS = ("_TX", "_DS_max", "_RAW", "_SKIP")


def check_key(key: str) -> None:
    """Refuse what VCF does not allow as an INFO key, or uses itself.

    Raises:
        UsageError: it is such a one.
    """
    if not is_key(key):
        raise UsageError(f"'{key}' is no INFO key: a letter or _ first, then letters, digits, _ and . are allowed.")
    if key in _RESERVED:
        raise UsageError(f"INFO/{key} has a meaning of its own in VCF.", f"Choose another key, e.g. SpliceAI_{key}.")


def check_apart(keys: Collection[str]) -> None:
    """Reject keys that collide with another model's further fields (``…_RAW``).

    Raises:
        UsageError: two keys collide.
    """
    for key in keys:
        owner = next((other for other in keys if key in {f"{other}{end}" for end in _ENDS}), None)
        if owner is not None:
            raise UsageError(f"INFO/{key} belongs to the model of INFO/{owner}.", "Give one of them another key.")
