"""The records of a VCF that get pictures, and the names of their files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from spliceai_cli.errors import UsageError
from spliceai_cli.text import counted
from spliceai_cli.vcf.reader import Record

# Longer alleles are given by their length.
_NAME_BASES = 20

_NOT_IN_NAMES = re.compile(r"[^\w.+-]")


def at_most(records: Iterable[Record], limit: int, *, name: str) -> list[Record]:
    """The records, if they are not too many.

    Args:
        records: in the order of the file.
        limit: how many are allowed.
        name: where they are from, for the message.

    Raises:
        UsageError: there are more.
    """
    wanted = list(islice(records, limit + 1))
    if len(wanted) > limit:
        raise UsageError(
            f"{name} has more than {counted(limit, 'records')} to draw, and each is a picture.",
            "Choose records with --regions, or raise --limit.",
        )
    return wanted


def file_names(target: str, records: Iterable[Record]) -> Iterator[str]:
    """A file name for each record: ``ryr1.png`` becomes ``ryr1.19-38467722-C-T.png``; a repeated name gets a number."""
    path, n_named = Path(target), dict[str, int]()
    for record in records:
        alleles = [_short(allele) for allele in (record.ref, *record.alts)]
        name = f"{path.stem}.{record.chrom}-{record.pos}-{alleles[0]}-{'+'.join(alleles[1:])}"
        name = _NOT_IN_NAMES.sub("_", name)
        n_named[name] = n_named.get(name, 0) + 1
        number = f".{n_named[name]}" if n_named[name] > 1 else ""
        yield str(path.with_name(f"{name}{number}{path.suffix}"))


def _short(allele: str) -> str:
    return allele if len(allele) <= _NAME_BASES else f"{len(allele)}bp"
