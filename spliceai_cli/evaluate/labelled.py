"""Reads a table of variants with a label each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.errors import UsageError, VariantError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.genome.coords import contig_key
from spliceai_cli.variants.variant import Variant

_LABELS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_PLACE = ("chrom", "pos", "ref", "alt")
_POS = re.compile("[0-9]{1,18}")


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

    @property
    def key(self) -> tuple[str, int, str, str, str]:
        """Equal for rows about the same variant and gene, however they spell contig and bases."""
        variant = self.variant
        return contig_key(variant.chrom), variant.pos, variant.ref.upper(), variant.alt.upper(), self.gene


def read_labelled(path: Path, label: str, gene: str | None) -> list[Labelled]:
    """Read tab-separated columns ``chrom``, ``pos``, ``ref``, ``alt`` and the label; a header line names them.

    Args:
        path: the table.
        label: name of the column of labels, which are 1 or 0, true or false, yes or no, in any case.
        gene: name of the column of genes; None if there is none.

    Raises:
        UsageError: there is no column of that name, or two.
        VariantError: the table is unreadable, a row has no position or label, two rows contradict each other, or all
            labels are equal.
    """
    try:
        text = drop_mark(path.read_bytes(), f"table {path}").decode("utf-8")
    except OSError as error:
        raise VariantError(f"table {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise VariantError(f"table {path} is not text in UTF-8.") from error
    header, *rows = (line.split("\t") for line in text.replace("\r\n", "\n").split("\n"))
    names = [name.lstrip("#").strip().lower() for name in header]
    columns = {name: i for i, name in enumerate(names) if name}
    wanted = [*_PLACE, label.lower(), *([gene.lower()] if gene else [])]
    if missing := [name for name in wanted if name not in columns]:
        raise UsageError(
            f"table {path} has no column {missing[0]}.",
            f"Its columns: {', '.join(columns) or 'none'}. Name those of label and gene with --label and --gene.",
        )
    if twice := [name for name in wanted if names.count(name) > 1]:
        raise UsageError(f"table {path} has {names.count(twice[0])} columns {twice[0]}.", "Rename all but one.")
    numbered = [
        (n, _case([*row, *[""] * len(names)], [columns[name] for name in wanted], f"table {path}, line {n}"))
        for n, row in enumerate(rows, 2)
        if any(row)
    ]
    _check_consistent(numbered, f"table {path}")
    cases = [case for _, case in numbered]
    if len({case.is_affecting for case in cases}) < 2:  # noqa: PLR2004 (both labels)
        raise VariantError(f"table {path} needs variants of both labels; it has {len(cases)} of one.")
    return cases


def _check_consistent(numbered: Iterable[tuple[int, Labelled]], where: str) -> None:
    seen: dict[tuple[str, int, str, str, str], tuple[int, bool]] = {}
    for n, case in numbered:
        first, label = seen.setdefault(case.key, (n, case.is_affecting))
        if label != case.is_affecting:
            raise VariantError(
                f"{where}, lines {first} and {n} contradict each other: {case.variant} has both labels.",
                "Remove one of them; with --gene, a variant can have a label for each gene.",
            )


def _case(row: list[str], wanted: list[int], where: str) -> Labelled:
    chrom, pos, ref, alt, label, *gene = (row[i].strip() for i in wanted)
    if not _POS.fullmatch(pos) or not (chrom and ref and alt):
        raise VariantError(f"{where}: '{chrom}', '{pos}', '{ref}', '{alt}' is not a variant.")
    if label.lower() not in _LABELS:
        raise VariantError(f"{where}: the label is '{label}'; 1 or 0, true or false, yes or no expected.")
    try:
        variant = Variant(chrom, int(pos), ref, alt)
    except VariantError as error:
        raise VariantError(f"{where}: {error.message}", error.hint) from error
    return Labelled(variant, _LABELS[label.lower()], gene[0] if gene else "")
