"""Reads a table of variants with a label each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.errors import UsageError, VariantError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.variants.variant import Variant

_LABELS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_PLACE = ("chrom", "pos", "ref", "alt")


class Labelled(NamedTuple):
    """A variant with its label.

    Attributes:
        variant: the variant.
        is_affecting: whether it is known to affect splicing.
        gene: the gene whose scores count; empty for all.
    """

    variant: Variant
    is_affecting: bool
    gene: str


def read_labelled(path: Path, label: str, gene: str | None) -> list[Labelled]:
    """Read tab-separated columns ``chrom``, ``pos``, ``ref``, ``alt`` and the label; a header line names them.

    Args:
        path: the table.
        label: name of the column of labels, which are 1 or 0, true or false, yes or no, in any case.
        gene: name of the column of genes; None if there is none.

    Raises:
        UsageError: there is no column of that name.
        VariantError: the table is unreadable, a row has no position or label, or all labels are equal.
    """
    try:
        text = drop_mark(path.read_bytes(), f"table {path}").decode("utf-8")
    except OSError as error:
        raise VariantError(f"table {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise VariantError(f"table {path} is not text in UTF-8.") from error
    header, *rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE) if text.strip() else [[]]
    columns = {name.lstrip("#").strip().lower(): i for i, name in enumerate(header)}
    wanted = [*_PLACE, label.lower(), *([gene.lower()] if gene else [])]
    if missing := [name for name in wanted if name not in columns]:
        raise UsageError(
            f"table {path} has no column {missing[0]}.",
            f"Its columns: {', '.join(columns) or 'none'}. Name those of label and gene with --label and --gene.",
        )
    cases = [
        _case([*row, *[""] * len(columns)], [columns[name] for name in wanted], f"table {path}, line {n}")
        for n, row in enumerate(rows, 2)
        if any(row)
    ]
    if len({case.is_affecting for case in cases}) < 2:  # noqa: PLR2004 (both labels)
        raise VariantError(f"table {path} needs variants of both labels; it has {len(cases)} of one.")
    return cases


def _case(row: list[str], wanted: list[int], where: str) -> Labelled:
    chrom, pos, ref, alt, label, *gene = (row[i].strip() for i in wanted)
    if not pos.isdecimal() or not (chrom and ref and alt):
        raise VariantError(f"{where}: '{chrom}', '{pos}', '{ref}', '{alt}' is not a variant.")
    if label.lower() not in _LABELS:
        raise VariantError(f"{where}: the label is '{label}'; 1 or 0, true or false, yes or no expected.")
    return Labelled(Variant(chrom, int(pos), ref, alt), _LABELS[label.lower()], gene[0] if gene else "")
