"""What the name of an output file says about it: VCF, BCF or a table, compressed or not."""

from __future__ import annotations

import re
from typing import NamedTuple

from spliceai_cli.errors import UsageError
from spliceai_cli.settings.words import TSV, VCF

_ENDING = re.compile(r"(\.vcf|\.bcf|\.tsv|\.json|\.csv|\.xlsx|\.parquet)?(\.gz|\.bgz|\.bgzf)?$", re.IGNORECASE)

#: Contents that a name can announce, in addition to ``settings.words.VCF`` and ``TSV``.
BCF, JSON = "bcf", "json"

# The last three are recognized in order to be refused: otherwise a user would find a VCF in a file named out.csv.
_WORDS = {
    VCF: "a VCF",
    BCF: "BCF",
    JSON: "JSON",
    TSV: "a table",
    "csv": "comma-separated values",
    "xlsx": "a workbook",
    "parquet": "Parquet",
}


class NamedKind(NamedTuple):
    """What a file name announces.

    Attributes:
        content: ``BCF``, ``JSON``, ``settings.words.VCF`` or ``TSV``, or a format that ``-O`` never writes; None if the
            name has another ending, or none.
        is_compressed: whether the name ends as one of gzip or BGZF.
    """

    content: str | None
    is_compressed: bool

    @property
    def types(self) -> str:
        """The output types that go with the name, of ``settings.words.OUTPUT_TYPES``; the name implies the first."""
        if self.content == BCF:
            return "bu"
        if self.is_compressed:
            return "z"
        return "v" if self.content else "vzbu"

    @property
    def words(self) -> str:
        """What the name announces, in words."""
        how = (
            "" if self.content not in (VCF, TSV, None) else " in BGZF" if self.is_compressed else " without compression"
        )
        return f"{_WORDS.get(self.content or '', 'a file')}{how}"


def named_kind(path: str) -> NamedKind:
    """What the ending of a file name announces, in upper or lower case.

    >>> named_kind("out.vcf.gz")
    NamedKind(content='vcf', is_compressed=True)
    >>> [named_kind(name).content for name in ("out.TSV", "out.bcf", "out.txt", "-")]
    ['tsv', 'bcf', None, None]
    """
    match = _ENDING.search(path)
    assert match is not None  # the empty ending, at least
    return NamedKind(match[1][1:].lower() if match[1] else None, match[2] is not None)


def guess_type(path: str) -> str:
    """The output type that a file name implies: ``z`` for .gz, .bgz or .bgzf, ``b`` for .bcf, otherwise ``v``."""
    return named_kind(path).types[0]


def contradiction(path: str, written: str, endings: str, *, option: str = "-O") -> UsageError:
    """The error for a name that announces something other than what is written.

    Args:
        path: name of the output.
        written: what is written, or the option that says so, as a clause.
        endings: the endings that names of this output may have, in words.
        option: what gives the name.
    """
    return UsageError(
        f"{option} {path} is the name of {named_kind(path).words}, but {written}.",
        f"Change the name or the option; {endings}.",
    )
