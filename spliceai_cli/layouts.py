"""Outputs beside annotated VCF, one line for each allele and gene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from spliceai_cli import fields
from spliceai_cli.info import DeltaScore
from spliceai_cli.output import Output
from spliceai_cli.variant import Outcome
from spliceai_cli.vcf import PROVENANCE_KEY, Record, VcfReader, VcfWriter

_TSV_COLUMNS = (
    "CHROM", "POS", "ID", "REF", "ALT", "SYMBOL",
    "DS_AG", "DS_AL", "DS_DG", "DS_DL", "DP_AG", "DP_AL", "DP_DG", "DP_DL", "DS_MAX", "REASON",
)  # fmt: skip
_N_NUMBERS = 8


class Writer(Protocol):
    """Writes records with their outcomes as they come."""

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write a record."""

    def start(self) -> None:
        """Write the heading if it is not yet written."""


class PrecomputedWriter:
    """A VCF with one line for each allele and gene that has a score, and nothing but INFO/SpliceAI.

    It is the form of the published precomputed scores, which VEP's SpliceAI plugin and Nirvana read.
    """

    def __init__(self, output: Output, vcf: VcfReader, provenance: str) -> None:
        self._output = output
        declared = (line for line in vcf.header if line.startswith(b"##contig="))
        contigs = (line.rstrip().decode("utf-8", "surrogateescape") for line in declared)
        heading = "#" + "\t".join(("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"))
        own = (fields.SCORES.header_line, f"##{PROVENANCE_KEY}={provenance}")
        self._heading = "\n".join(("##fileformat=VCFv4.2", *contigs, *own, heading))

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write what was scored."""
        self.start()
        for outcome in outcomes:
            place = f"{record.chrom}\t{record.pos}\t.\t{record.ref}\t{outcome.variant.alt}\t.\t."
            for score in outcome.scores:
                if not score.is_missing:
                    _write_line(self._output, f"{place}\t{fields.SCORES.key}={score}")

    def start(self) -> None:
        """Write the header if it is not yet written."""
        if self._heading:
            _write_line(self._output, self._heading)
            self._heading = ""


class TsvWriter:
    """A table with a line for each allele and gene, and one for each allele without a score that says why."""

    def __init__(self, output: Output, vcf: VcfReader, provenance: str) -> None:  # noqa: ARG002 (as the others)
        self._output = output
        self._heading = "\t".join(_TSV_COLUMNS)

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write a record's lines."""
        self.start()
        for outcome in outcomes:
            place = (record.chrom, str(record.pos), record.id, record.ref, outcome.variant.alt)
            reason = outcome.skip.code if outcome.skip else "."
            for cells in map(_cells, outcome.scores) if outcome.scores else [(".",) * (_N_NUMBERS + 2)]:
                _write_line(self._output, "\t".join((*place, *cells, reason)))

    def start(self) -> None:
        """Write the heading if it is not yet written."""
        if self._heading:
            _write_line(self._output, self._heading)
            self._heading = ""


def _cells(score: DeltaScore) -> tuple[str, ...]:
    """Symbol, the eight numbers as in INFO, the largest score."""
    largest = "." if score.is_missing else f"{max(0.0, score.max_score):.2f}"
    return (score.symbol, *str(score).split("|")[-_N_NUMBERS:], largest)


def _write_line(output: Output, line: str) -> None:
    output.write(line.encode("utf-8", "surrogateescape") + b"\n")


def open_writer(
    layout: str,
    output: Output,
    vcf: VcfReader,
    provenance: str,
    written: Sequence[fields.Field],
    *,
    keeps: bool = False,
) -> Writer:
    """The writer of a layout.

    Args:
        layout: one of ``LAYOUTS``.
        output: where to.
        vcf: the input, for its header.
        provenance: value of our header line.
        written: INFO fields to write; for ``vcf``.
        keeps: whether records may pass with fields of ours; for ``vcf``.
    """
    if layout == "vcf":
        return VcfWriter(output, vcf.header, provenance, written, keeps=keeps)
    return _WRITERS[layout](output, vcf, provenance)


_WRITERS: dict[str, type[PrecomputedWriter | TsvWriter]] = {"precomputed": PrecomputedWriter, "tsv": TsvWriter}

#: What comes out: the input annotated, the form of precomputed scores, or a table.
LAYOUTS = ("vcf", *_WRITERS)
