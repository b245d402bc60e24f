"""Output layouts other than annotated VCF, with one line per allele and gene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from spliceai_cli.errors import UsageError
from spliceai_cli.files.output import Output
from spliceai_cli.scores.kinds import KINDS
from spliceai_cli.scores.score import Score
from spliceai_cli.variants.rows import headings, rows_of
from spliceai_cli.variants.variant import Outcome
from spliceai_cli.vcf import fields
from spliceai_cli.vcf.reader import Record, VcfReader
from spliceai_cli.vcf.writer import OutputFields, VcfWriter

_PLACE_COLUMNS = ("CHROM", "POS", "ID", "REF", "ALT")


class Writer(Protocol):
    """Writes records and their outcomes in input order."""

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write a record."""

    def start(self) -> None:
        """Write the heading if it is not yet written."""


class _LineWriter:
    """Writes lines below a heading."""

    def __init__(self, output: Output, heading: str) -> None:
        self._output = output
        self._heading = heading

    def start(self) -> None:
        """Write the heading if it is not yet written."""
        if self._heading:
            self._write_line(self._heading)
            self._heading = ""

    def _write_line(self, line: str) -> None:
        self._output.write(line.encode("utf-8", "surrogateescape") + b"\n")


class PrecomputedWriter(_LineWriter):
    """A VCF with one line per score, that is per allele and gene, whose INFO holds nothing but the score.

    This is the format of the published precomputed scores, which VEP's SpliceAI plugin and Nirvana read. Alleles that
    need further INFO fields are left out: without END, two ``<DEL>`` at one POS would be identical.
    """

    def __init__(self, output: Output, vcf: VcfReader, added: OutputFields) -> None:
        declared = (line for line in vcf.header if line.startswith(b"##contig="))
        contigs = (line.rstrip().decode("utf-8", "surrogateescape") for line in declared)
        heading = "#" + "\t".join(("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"))
        (self._field,) = (field for field in added.fields if field.kind == fields.SCORES)
        own = (self._field.header_line, *added.provenance)
        super().__init__(output, "\n".join(("##fileformat=VCFv4.2", *contigs, *own, heading)))

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write the scored alleles of a record."""
        self.start()
        for outcome in outcomes:
            if outcome.variant.structure is not None:
                continue
            place = f"{record.chrom}\t{record.pos}\t.\t{record.ref}\t{outcome.variant.alt}\t.\t."
            for score in outcome.scores:
                if not score.is_missing:
                    self._write_line(f"{place}\t{self._field.key}={score}")


class TsvWriter(_LineWriter):
    """A table with a line per allele, gene and model; an allele without scores has one line with the reason.

    With consequences, there is a line for each of them. It has the columns of ``variants.rows``, in capitals, but the
    numbers of INFO instead of the effects.
    """

    def __init__(self, output: Output, vcf: VcfReader, added: OutputFields) -> None:  # noqa: ARG002 (called like the others)
        (kind,) = {field.score_kind for field in added.fields}
        self._has_raw = any(field.kind == fields.RAW for field in added.fields)
        columns = (*kind.columns, *(kind.raw_columns if self._has_raw else ()))
        self._no_numbers = (".",) * len(columns)
        self._has_consequences = any(field.kind == fields.CONSEQUENCE for field in added.fields)
        names = headings(columns, has_consequences=self._has_consequences)
        super().__init__(output, "\t".join((*_PLACE_COLUMNS, *names)))

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write a record's lines."""
        self.start()
        for outcome in outcomes:
            place = (record.chrom, str(record.pos), record.id, record.ref, outcome.variant.alt)
            for row in rows_of(outcome):
                for cells in row.lines(self._numbers(row.score), has_consequences=self._has_consequences):
                    self._write_line("\t".join((*place, *cells)))

    def _numbers(self, score: Score | None) -> tuple[str, ...]:
        """A score's numbers as in INFO; dots without a score."""
        if score is None:
            return self._no_numbers
        return (*score.numbers, *(score.probabilities if self._has_raw else ()))


def open_writer(layout: str, output: Output, vcf: VcfReader, added: OutputFields) -> Writer:
    """Make the writer of a layout.

    Args:
        layout: one of ``LAYOUTS``.
        output: the output file.
        vcf: the input, for its header.
        added: fields to write, for each model.

    Raises:
        UsageError: the layout cannot hold these models together.
    """
    check_layout(layout, added)
    return VcfWriter(output, vcf.header, added) if layout == "vcf" else _WRITERS[layout](output, vcf, added)


def check_layout(layout: str, added: OutputFields) -> None:
    """Refuse models that a layout cannot hold together.

    Raises:
        UsageError: the layout cannot hold these models together.
    """
    kinds = {field.score_kind for field in added.fields}
    n_models = len(added.provenance)
    if layout == "precomputed" and n_models > 1:
        raise UsageError(f"--layout precomputed takes one model, not {n_models}.", "Choose --layout vcf or tsv.")
    if layout == "tsv" and len(kinds) > 1:
        names = " and of ".join(kind.name for kind in KINDS.values() if kind in kinds)
        raise UsageError(
            f"models of {names} cannot share a table: they have different columns.", "Choose --layout vcf."
        )


_WRITERS: dict[str, type[PrecomputedWriter | TsvWriter]] = {"precomputed": PrecomputedWriter, "tsv": TsvWriter}

#: Layouts: the annotated input, the format of precomputed scores, or a table.
LAYOUTS = ("vcf", *_WRITERS)
