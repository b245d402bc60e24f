"""Reads a table of variants, each with a label."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.errors import UsageError, VariantError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.genome.coords import contig_key
from spliceai_cli.text import counted
from spliceai_cli.variants.variant import Variant

_LABELS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_PLACE = ("chrom", "pos", "ref", "alt")

_GZIP_MAGIC = b"\x1f\x8b"


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
    """Read variants with their labels from columns ``chrom``, ``pos``, ``ref``, ``alt`` and that of the label.

    The first line names the columns, in any order and case. If it has a tab, tabs separate them; otherwise commas do,
    and fields may be quoted.

    Args:
        path: the table.
        label: name of the column of labels, which are 1 or 0, true or false, yes or no, in any case.
        gene: name of the column of genes; None to ignore genes.

    Raises:
        UsageError: there is no column of that name, or there are several.
        VariantError: the table is unreadable, a row has no valid variant or label, two rows contradict each other, or
            all labels are equal.
    """
    where = f"table {path}"
    try:
        (_, header), *rows = list(_rows(_text_of(path))) or [(1, [])]
    except csv.Error as error:
        raise VariantError(f"{where} cannot be read: {error}.") from error
    columns = _columns(header, [*_PLACE, label.lower(), *([gene.lower()] if gene else [])], where)
    cases = [(n, _case([row[i] if i < len(row) else "" for i in columns], f"{where}, line {n}")) for n, row in rows]
    if not cases:
        raise VariantError(f"{where} has no variants.")
    _check_consistent(cases, where)
    if len({case.is_affecting for _, case in cases}) < 2:  # noqa: PLR2004 (both labels)
        raise VariantError(f"{where} has only one kind of label, in {counted(len(cases), 'rows')}; two expected.")
    return [case for _, case in cases]


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if raw.startswith(_GZIP_MAGIC):
            raise VariantError(f"table {path} is compressed.", "Decompress it first.")
        return drop_mark(raw, f"table {path}").decode("utf-8")
    except OSError as error:
        raise VariantError(f"table {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise VariantError(f"table {path} is not text in UTF-8.") from error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that are not empty, each with its number."""
    stream = io.StringIO(text, newline="")
    if "\t" in text.partition("\n")[0]:
        reader = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(stream)
    for row in reader:
        fields = [field.strip() for field in row]
        if any(fields):
            yield reader.line_num, fields


def _columns(header: Sequence[str], wanted: Sequence[str], where: str) -> list[int]:
    """The index of each wanted column."""
    names = [name.lstrip("#").strip().lower() for name in header]
    for name in wanted:
        if name not in names:
            raise UsageError(
                f"{where} has no column {name}.",
                f"Its columns: {', '.join(filter(None, names)) or 'none'}. "
                "Name those of label and gene with --label and --gene.",
            )
        if names.count(name) > 1:
            raise UsageError(f"{where} has {names.count(name)} columns {name}.", "Rename all but one.")
    return [names.index(name) for name in wanted]


def _check_consistent(cases: Iterable[tuple[int, Labelled]], where: str) -> None:
    seen: dict[tuple[str, int, str, str, str], tuple[int, bool]] = {}
    for n, case in cases:
        first, label = seen.setdefault(case.key, (n, case.is_affecting))
        if label != case.is_affecting:
            raise VariantError(
                f"{where}, lines {first} and {n} contradict each other: {case.variant} has both labels.",
                "Remove one of them; with --gene, a variant can have a label for each gene.",
            )


def _case(fields: list[str], where: str) -> Labelled:
    chrom, pos, ref, alt, label, *gene = fields
    try:
        variant = Variant(chrom, pos, ref, alt)
    except VariantError as error:
        hint = "Write variants as in a VCF: pos counts from 1, and no allele is empty."
        raise VariantError(f"{where}: {error.message}", hint) from error
    if label.lower() not in _LABELS:
        raise VariantError(f"{where}: the label is '{label}'; 1 or 0, true or false, yes or no expected.")
    return Labelled(variant, _LABELS[label.lower()], gene[0] if gene else "")
