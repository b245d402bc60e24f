"""VCF text as bytes: only our own fields are touched, everything else goes through as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spliceai_cli import info
from spliceai_cli.errors import VcfError
from spliceai_cli.output import Output
from spliceai_cli.variant import Outcome, Variant

#: Key of our own header line.
PROVENANCE_KEY = "spliceai-annotate"

_COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
_N_FIXED = 8
_KEY = info.KEY.encode()
_KEY_EQUALS = _KEY + b"="
_OURS = re.compile(rb"##(?:INFO=<ID=%b,|%b=)" % (_KEY, PROVENANCE_KEY.encode()))
_END = re.compile(rb"(?:^|;)END=(\d+)")
_CONTIG = re.compile(rb"##contig=<(?:.*?,)?ID=([^,>]+)")
_CONTIG_LENGTH = re.compile(rb"[<,]length=(\d+)")


class Record:
    """One line of a VCF.

    Attributes:
        line_number: in the input, from 1.
        chrom, pos, ref, alts: its columns; ``pos`` is 1-based, ``alts`` holds "." where there is no ALT.
    """

    __slots__ = ("_after", "_before", "_info", "alts", "chrom", "line_number", "pos", "ref")

    def __init__(self, line: bytes, line_number: int) -> None:
        body = line.rstrip(b"\r\n")
        fields = body.split(b"\t", _N_FIXED)
        if len(fields) < _N_FIXED:
            raise VcfError(f"line {line_number} has {len(fields)} tab-separated columns, at least {_N_FIXED} expected.")
        chrom, pos, _, ref, alt, _, _, self._info = fields[:_N_FIXED]
        if not pos.isdigit():
            raise VcfError(f"line {line_number}: POS is {_quoted(pos)}, a whole number expected.")
        n_before = sum(map(len, fields[: _N_FIXED - 1])) + _N_FIXED - 1
        self._before = line[:n_before]
        self._after = line[n_before + len(self._info) :]
        self.line_number = line_number
        self.chrom = _text(chrom)
        self.pos = int(pos)
        self.ref = _text(ref)
        self.alts = _text(alt).split(",")

    @property
    def variants(self) -> list[Variant]:
        """One per ALT, in the order of the record."""
        return [Variant(self.chrom, self.pos, self.ref, alt) for alt in self.alts]

    @property
    def end(self) -> int:
        """Last position that the record covers, 1-based: by REF, or by INFO/END if that is further."""
        match = _END.search(self._info)
        return max(self.pos + len(self.ref) - 1, int(match[1]) if match else 0)

    @property
    def n_bytes(self) -> int:
        """Size of the line."""
        return len(self._before) + len(self._info) + len(self._after)

    def values(self, key: str) -> list[str]:
        """The comma-separated values of an INFO key; empty if it is not there."""
        wanted = f"{key}=".encode()
        found = next((f[len(wanted) :] for f in self._info.split(b";") if f.startswith(wanted)), b"")
        return _text(found).split(",") if found else []

    def annotated(self, values: Iterable[str]) -> bytes:
        """The line with these values of our INFO key, or without the key where there are none."""
        kept = self._info
        if _KEY in kept:
            fields = kept.split(b";")
            kept = b";".join(f for f in fields if f != _KEY and not f.startswith(_KEY_EQUALS)) or b"."
        ours = ",".join(values).encode("utf-8", "surrogateescape")
        if not ours:
            return self._before + kept + self._after
        separator = b"" if kept in (b".", b"") else b";"
        return self._before + (kept if separator else b"") + separator + _KEY_EQUALS + ours + self._after


class VcfReader:
    """The header and the records of a VCF.

    Args:
        lines: of the file, with line ends.
        name: of the file, for messages.

    Attributes:
        header: its lines, ``#CHROM`` last.
        contigs: lengths of the contigs it declares; 0 where it gives none.

    Raises:
        VcfError: not a VCF, or without a ``#CHROM`` line; while iterating, a malformed record.
    """

    def __init__(self, lines: Iterator[bytes], name: str) -> None:
        self.name = name
        self.header: list[bytes] = []
        for line in lines:
            if not self.header and not line.startswith((b"##", b"#CHROM")):
                raise VcfError(
                    f"{name} is not a VCF: it begins with {_quoted(line[:20])}, '##fileformat=VCF' expected."
                )
            if not line.startswith(b"#"):
                raise VcfError(f"{name}, line {len(self.header) + 1}: a record before the #CHROM header line.")
            self.header.append(line)
            if not line.startswith(b"##"):
                break
        self._check_columns(self.header[-1])
        self._lines = lines
        self.contigs = dict(_contigs(self.header))

    def __iter__(self) -> Iterator[Record]:
        n_header = len(self.header)
        last = b"\n"
        for line_number, line in enumerate(self._lines, n_header + 1):
            last = line
            try:
                yield Record(line, line_number)
            except VcfError as error:
                raise VcfError(f"{self.name}, {error.message}", error.hint) from error
        n_columns, n_expected = last.count(b"\t") + 1, self.header[-1].count(b"\t") + 1
        if not last.endswith(b"\n") and n_columns < n_expected:
            raise VcfError(f"{self.name} is cut short: its last line has {n_columns} of {n_expected} columns.")

    def _check_columns(self, line: bytes) -> None:
        if not line.startswith(_COLUMNS):
            what = "is cut short" if line.startswith(b"##") else "is malformed"
            raise VcfError(
                f"the header of {self.name} {what}: line {len(self.header)} is {_quoted(line[:60].rstrip())}.",
                "The header ends with tab-separated #CHROM POS ID REF ALT QUAL FILTER INFO.",
            )


class VcfWriter:
    """Writes the header, then records as they come.

    Args:
        output: where to.
        header: of the input.
        provenance: value of our own header line, without key.
    """

    def __init__(self, output: Output, header: list[bytes], provenance: str) -> None:
        self._output = output
        self._header: list[bytes] | None = _own_header(header, provenance)

    def write(self, record: Record, outcomes: Iterable[Outcome]) -> None:
        """Write a record with its scores: alleles outer, genes inner."""
        self.start()
        self._output.write(record.annotated(str(score) for outcome in outcomes for score in outcome.scores))

    def start(self) -> None:
        """Write the header if it is not yet written; for a file without records."""
        if self._header is not None:
            self._output.write(b"".join(self._header))
            self._header = None


def _own_header(header: list[bytes], provenance: str) -> list[bytes]:
    """The header with our two lines: in the place of old ones, else before ``#CHROM``."""
    end = header[-1][len(header[-1].rstrip(b"\r\n")) :] or b"\n"
    ours = [line.encode() + end for line in (info.HEADER_LINE, f"##{PROVENANCE_KEY}={provenance}")]
    first = next((i for i, line in enumerate(header) if _OURS.match(line)), len(header) - 1)
    before, after = header[:first], header[first:]
    return [*before, *ours, *(line for line in after if not _OURS.match(line))]


def _contigs(header: list[bytes]) -> Iterator[tuple[str, int]]:
    for line in header:
        if match := _CONTIG.match(line):
            length = _CONTIG_LENGTH.search(line)
            yield _text(match[1]), int(length[1]) if length else 0


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _quoted(raw: bytes) -> str:
    return repr(raw.decode("utf-8", "replace"))
