"""Writes annotated VCF: the header with our lines, then records with our fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from spliceai_cli.files.output import Output
from spliceai_cli.variants.variant import Outcome, SkipReason
from spliceai_cli.vcf.fields import Field, OwnKeys
from spliceai_cli.vcf.reader import Record


class OutputFields(NamedTuple):
    """The header lines and fields that a run adds to a VCF.

    Attributes:
        provenance: our own header lines.
        fields: INFO fields to write.
        owned: every field that may be written for the models of the run; existing ones are removed.
        keeps: whether records may keep existing fields of ours, whose declarations must then stay.
    """

    provenance: tuple[str, ...]
    fields: tuple[Field, ...]
    owned: tuple[Field, ...]
    keeps: bool = False


class VcfWriter:
    """Writes the header, then records in input order.

    Args:
        output: the output file.
        header: header lines of the input.
        added: header lines and fields to add.
    """

    def __init__(self, output: Output, header: list[bytes], added: OutputFields) -> None:
        self._output = output
        self._own = OwnKeys(added.owned)
        self._fields = added.fields
        self._keeps = added.keeps
        declared = [f for f in added.owned if f in added.fields or (self._keeps and _is_declared(f, header))]
        lines = (*(field.header_line for field in declared), *added.provenance)
        self._header: list[bytes] | None = _own_header(header, lines, self._own)

    def write(self, record: Record, outcomes: Sequence[Outcome]) -> None:
        """Write a record with its fields: alleles outer, genes inner."""
        self.start()
        if self._keeps and any(outcome.reason is SkipReason.KEPT for outcome in outcomes):
            self._output.write(record.line)
            return
        ours = []
        for field in self._fields:
            if values := field.values(outcomes):
                ours.append(f"{field.key}={','.join(values)}")
        self._output.write(record.annotated(ours, self._own))

    def start(self) -> None:
        """Write the header if it is not yet written; called directly for a file without records."""
        if self._header is not None:
            self._output.write(b"".join(self._header))
            self._header = None


def _own_header(header: list[bytes], lines: Sequence[str], own: OwnKeys) -> list[bytes]:
    """The header with our lines, which replace earlier ones or else precede ``#CHROM``."""
    end = b"\r\n" if header[0].endswith(b"\r\n") else b"\n"
    ours = [line.encode() + end for line in lines]
    first = next((i for i, line in enumerate(header) if own.are_declared_by(line)), len(header) - 1)
    before, after = header[:first], header[first:]
    return [*before, *ours, *(line for line in after if not own.are_declared_by(line))]


def _is_declared(field: Field, header: Iterable[bytes]) -> bool:
    start = b"##INFO=<ID=%b," % field.key.encode()
    return any(line.startswith(start) for line in header)
