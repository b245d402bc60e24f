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


class _LineWriter:
    """Lines below a heading."""

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
    """A VCF with one line for each allele and gene that has a score, and nothing but INFO/SpliceAI.

    It is the form of the published precomputed scores, which VEP's SpliceAI plugin and Nirvana read. Symbolic alleles
    are left out: without INFO/END nothing would tell two ``<DEL>`` at one POS apart.
    """

    def __init__(self, output: Output, vcf: VcfReader, provenance: str) -> None:
        declared = (line for line in vcf.header if line.startswith(b"##contig="))
        contigs = (line.rstrip().decode("utf-8", "surrogateescape") for line in declared)
        heading = "#" + "\t".join(("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"))
        own = (fields.SCORES.header_line, f"##{PROVENANCE_KEY}={provenance}")
        super().__init__(output, "\n".join(("##fileformat=VCFv4.2", *contigs, *own, heading)))

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write what was scored."""
        self.start()
        for outcome in outcomes:
            if outcome.variant.structure is not None:
                continue
            place = f"{record.chrom}\t{record.pos}\t.\t{record.ref}\t{outcome.variant.alt}\t.\t."
            for score in outcome.scores:
                if not score.is_missing:
                    self._write_line(f"{place}\t{fields.SCORES.key}={score}")


class TsvWriter(_LineWriter):
    """A table with a line for each allele and gene, and one for each allele without a score that says why."""

    def __init__(self, output: Output, vcf: VcfReader, provenance: str) -> None:  # noqa: ARG002 (as the others)
        super().__init__(output, "\t".join(_TSV_COLUMNS))

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write a record's lines."""
        self.start()
        for outcome in outcomes:
            place = (record.chrom, str(record.pos), record.id, record.ref, outcome.variant.alt)
            reason = outcome.skip.code if outcome.skip else "."
            for cells in map(_cells, outcome.scores) if outcome.scores else [(".",) * (_N_NUMBERS + 2)]:
                self._write_line("\t".join((*place, *cells, reason)))


def _cells(score: DeltaScore) -> tuple[str, ...]:
    """Symbol, the eight numbers as in INFO, the largest score."""
    return (score.symbol, *str(score).split("|")[-_N_NUMBERS:], fields.largest([score]))


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
