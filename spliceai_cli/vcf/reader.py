"""VCF text as bytes: only our own fields change, everything else passes through byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from spliceai_cli.errors import VcfError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.text import counted
from spliceai_cli.variants.structure import read_structure
from spliceai_cli.variants.variant import Structure, Variant
from spliceai_cli.vcf.fields import OwnKeys

_COLUMNS = b"#CHROM POS ID REF ALT QUAL FILTER INFO".split()
_N_FIXED = len(_COLUMNS)
_MAX_DIGITS = 18  # fits in 64 bits; Python refuses to read a number of thousands of digits
# Most symbolic ALTs are those of reference blocks; they need no look at INFO.
_NO_STRUCTURE = frozenset({"<NON_REF>", "<*>"})
# With N in place of a base that the caller did not look up, it takes INFO to read an allele, as for a symbolic ALT.
_NEEDS_INFO = "<Nn"
_END = re.compile(rb"(?:^|;)END=(\d{1,%d})(?:;|$)" % _MAX_DIGITS)
_INFO = re.compile(rb"##INFO=<(?:[^\">]*,)?ID=([^,>]+)")
_SCORES = re.compile(
    rb"##INFO=<ID=([^,]+),.*Format: (?:ALLELE\|SYMBOL\|DS_AG\||gene\|pos:score_change\|pos:score_change)"
)
_CONTIG = re.compile(rb"##contig=<(?:.*?,)?ID=([^,>]+)")
_CONTIG_LENGTH = re.compile(rb"[<,]length=(\d{1,%d})[,>]" % _MAX_DIGITS)


class Record:
    """One line of a VCF.

    Attributes:
        line_number: in the input, from 1.
        chrom, pos, ref, alts: its columns; ``pos`` is 1-based, ``alts`` holds "." where there is no ALT.

    Raises:
        VcfError: too few columns, or POS is no number.
    """

    __slots__ = ("_id", "_info", "_line", "alts", "chrom", "line_number", "pos", "ref")

    def __init__(self, line: bytes, line_number: int) -> None:
        columns = line.split(b"\t", _N_FIXED)
        if len(columns) < _N_FIXED:
            raise _malformed(line, line_number)
        chrom, pos, name, ref, alt, _, _, last = columns[:_N_FIXED]
        if not pos.isdigit() or len(pos) > _MAX_DIGITS:
            raise _malformed(line, line_number)
        self._line = line
        self._id = name
        self._info = last if len(columns) > _N_FIXED else last.rstrip(b"\r\n")
        self.line_number = line_number
        self.chrom = _text(chrom)
        self.pos = int(pos)
        # ASCII: one character a byte, so that no letter changes its length when upper-cased, as a sharp s would.
        self.ref = ref.decode("ascii", "surrogateescape") or "."
        self.alts = alt.decode("ascii", "surrogateescape").split(",")

    @property
    def variants(self) -> list[Variant]:
        """One per ALT, in the order of the record."""
        chrom, pos, ref = self.chrom, self.pos, self.ref
        is_unknown = ref[0] in _NEEDS_INFO
        # Not a comprehension, which is a function of its own before Python 3.12: a third of the time.
        variants = []
        for i, alt in enumerate(self.alts):
            structure = self._structure(i) if is_unknown or alt[:1] in _NEEDS_INFO else None
            # As Variant._make, without the call of a Python function.
            variants.append(tuple.__new__(Variant, (chrom, pos, ref, alt, structure)))
        return variants

    def _structure(self, i: int) -> Structure | None:
        """What INFO says of an ALT that is not plain sequence."""
        if self.alts[i] in _NO_STRUCTURE:
            return None
        fields = (field.partition("=") for field in reversed(_text(self._info).split(";")))
        # The first counts where a key is there twice, as in `values`.
        info = {key: value for key, _, value in fields}
        return read_structure(info, i, pos=self.pos, ref=self.ref, alts=self.alts)

    @property
    def last_pos(self) -> int:
        """Last position that the record covers, 1-based: by REF, or by INFO/END if that is further."""
        match = _END.search(self._info)
        return max(self.pos + len(self.ref) - 1, int(match[1]) if match else 0)

    @property
    def id(self) -> str:
        """Column ID."""
        return _text(self._id)

    @property
    def line(self) -> bytes:
        """The line as it came."""
        return self._line

    def has_scores(self, key: str) -> bool:
        """Whether it has a value of an INFO key already."""
        return key.encode() in self._info and any(value not in ("", ".") for value in self.values(key))

    @property
    def n_bytes(self) -> int:
        """Size of the line."""
        return len(self._line)

    def values(self, key: str) -> list[str]:
        """The comma-separated values of an INFO key; empty if it is not there."""
        wanted = f"{key}=".encode()
        found = next((f[len(wanted) :] for f in self._info.split(b";") if f.startswith(wanted)), b"")
        return _text(found).split(",") if found else []

    def annotated(self, ours: Sequence[str], own: OwnKeys) -> bytes:
        """The line with these texts, ``KEY=VALUES``, in place of any of our own keys that it had."""
        kept = own.drop_from(self._info)
        if kept is self._info and not ours:
            return self._line
        if ours:
            added = ";".join(ours).encode("utf-8", "surrogateescape")
            kept = added if kept in (b".", b"") else kept + b";" + added
        columns = self._line.split(b"\t", _N_FIXED)
        end = columns[_N_FIXED - 1][len(self._info) :]
        columns[_N_FIXED - 1] = kept + end
        return b"\t".join(columns)


class VcfReader:
    """The header and the records of a VCF.

    Args:
        lines: of the file, with line ends.
        name: of the file, for messages.

    Attributes:
        header: its lines, ``#CHROM`` last.
        contigs: lengths of the contigs it declares; 0 where it gives none.
        info_keys: INFO fields that it declares.
        score_keys: those of them that hold scores of models, detected from the formats of their values.
        warnings: what was mended.

    Raises:
        EncodingError: it is UTF-16.
        VcfError: not a VCF, or without a ``#CHROM`` line; while iterating, a malformed record.
    """

    def __init__(self, lines: Iterator[bytes], name: str) -> None:
        self.name = name
        self.header: list[bytes] = []
        self.warnings: list[str] = []
        marked = next(lines, b"")
        first = drop_mark(marked, name)
        if first != marked:
            self.warnings.append(f"{name} begins with a byte order mark (BOM), which was dropped.")
        self._lines = _numbered(chain([first], lines))
        number = 0
        for number, line in self._lines:
            if not self.header and not line.startswith((b"##", b"#CHROM")):
                raise VcfError(
                    f"{name} is not a VCF: it begins with {_quoted(line[:20])}, '##fileformat=VCF' expected."
                )
            if not line.startswith(b"#"):
                raise VcfError(
                    f"{name}, line {number} stands before the #CHROM header line: {_quoted(line[:40].rstrip())}.",
                    "Lines of the header begin with ##; the last one is #CHROM.",
                )
            self.header.append(line)
            if not line.startswith(b"##"):
                break
        if not self.header:
            raise VcfError(
                f"{name} is empty: not even a VCF header.", "An empty file often means that the step before failed."
            )
        self._check_columns(number)
        self.contigs = dict(_contigs(self.header))
        self.info_keys = [_text(match[1]) for line in self.header if (match := _INFO.match(line))]
        self.score_keys = [_text(match[1]) for line in self.header if (match := _SCORES.match(line))]

    def __iter__(self) -> Iterator[Record]:
        for line_number, line in self._lines:
            if not line.endswith(b"\n"):
                self._check_last(line, line_number)
            try:
                yield Record(line, line_number)
            except VcfError as error:
                raise VcfError(f"{self.name}, {error.message}", error.hint) from error

    def _check_last(self, line: bytes, line_number: int) -> None:
        n_found, n_expected = line.count(b"\t") + 1, self.header[-1].count(b"\t") + 1
        if n_found < n_expected:
            raise VcfError(
                f"{self.name} is cut short: line {line_number} has {n_found} of {n_expected} columns and no line end.",
                "Fetch or make the file again; records at its end may be lost.",
            )

    def _check_columns(self, number: int) -> None:
        line = self.header[-1].rstrip()
        if line.split(b"\t")[:_N_FIXED] != _COLUMNS:
            what = "is cut short" if line.startswith(b"##") else "is malformed"
            raise VcfError(
                f"the header of {self.name} {what}: line {number} is {_quoted(line[:60])}.",
                "The header ends with tab-separated #CHROM POS ID REF ALT QUAL FILTER INFO.",
            )


def _numbered(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; blank lines, which some tools leave at the end, go with the line before them."""
    held, held_number = next(lines, b""), 1
    blank: list[bytes] = []
    for number, line in enumerate(lines, 2):
        if line in (b"\n", b"\r\n"):
            blank.append(line)
            continue
        yield held_number, held + b"".join(blank)
        held, held_number, blank = line, number, []
    if held:
        yield held_number, held + b"".join(blank)


def _malformed(line: bytes, line_number: int) -> VcfError:
    """What is wrong with a line that is no record."""
    if line.startswith(b"#"):
        return VcfError(
            f"line {line_number} is a header line among the records: {_quoted(line[:40].rstrip())}.",
            "Was it made by cat from several files? Join them with bcftools concat.",
        )
    columns = line.rstrip(b"\r\n").split(b"\t")
    if len(columns) < _N_FIXED:
        return VcfError(
            f"line {line_number} has {counted(len(columns), 'tab-separated columns')}, at least {_N_FIXED} expected.",
            "Columns are separated by tabs, not spaces." if len(line.split()) >= _N_FIXED else None,
        )
    return VcfError(f"line {line_number}: POS is {_quoted(columns[1][:40])}, a whole number expected.")


def _contigs(header: list[bytes]) -> Iterator[tuple[str, int]]:
    for line in header:
        if match := _CONTIG.match(line):
            length = _CONTIG_LENGTH.search(line)
            yield _text(match[1]), int(length[1]) if length else 0


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _quoted(raw: bytes) -> str:
    return repr(raw.decode("utf-8", "replace"))
