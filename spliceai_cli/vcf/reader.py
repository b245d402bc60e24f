"""Reads VCF text as bytes: only our own fields change, everything else passes through byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from spliceai_cli.errors import VcfError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.scores.kinds import KINDS
from spliceai_cli.text import counted
from spliceai_cli.variants.structure import read_structure
from spliceai_cli.variants.variant import Structure, Variant
from spliceai_cli.vcf.fields import OwnKeys

_COLUMNS = b"#CHROM POS ID REF ALT QUAL FILTER INFO".split()
_N_FIXED = len(_COLUMNS)
_MAX_DIGITS = 18  # fits in 64 bits; Python refuses to parse thousands of digits
# Most symbolic ALTs are these, of reference blocks; they do not need INFO.
_NO_STRUCTURE = frozenset({"<NON_REF>", "<*>"})
# First characters of alleles that need INFO: symbolic ones, and those with N for a base that the caller skipped.
_NEEDS_INFO = "<Nn"
_END = re.compile(rb"(?:^|;)END=(\d{1,%d})(?:;|$)" % _MAX_DIGITS)
_INFO = re.compile(rb"##INFO=<(?:[^\">]*,)?ID=([^,>]+)")
_CONTIG = re.compile(rb"##contig=<(?:.*?,)?ID=([^,>]+)")
_CONTIG_LENGTH = re.compile(rb"[<,]length=(\d{1,%d})[,>]" % _MAX_DIGITS)


class Record:
    """One line of a VCF.

    Attributes:
        line_number: number of the line in the input, from 1.
        chrom, pos, ref, alts: its columns; ``pos`` is 1-based, ``alts`` holds "." if there is no ALT.

    Raises:
        VcfError: the line has too few columns, or POS is not a number.
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
        # ASCII gives one character per byte: upper-casing a sharp s, for example, would change the length.
        self.ref = ref.decode("ascii", "surrogateescape") or "."
        self.alts = alt.decode("ascii", "surrogateescape").split(",")

    @property
    def variants(self) -> list[Variant]:
        """One per ALT, in the order of the record."""
        chrom, pos, ref = self.chrom, self.pos, self.ref
        is_unknown = ref[0] in _NEEDS_INFO
        # Not a comprehension: before Python 3.12 that is a function call, which takes a third of the time.
        variants = []
        for i, alt in enumerate(self.alts):
            structure = self._structure(i) if is_unknown or alt[:1] in _NEEDS_INFO else None
            # Like Variant._make, but without calling a Python function.
            variants.append(tuple.__new__(Variant, (chrom, pos, ref, alt, structure)))
        return variants

    def _structure(self, i: int) -> Structure | None:
        """The structure, from INFO, of an ALT that is not plain sequence."""
        if self.alts[i] in _NO_STRUCTURE:
            return None
        fields = (field.partition("=") for field in reversed(_text(self._info).split(";")))
        # If a key occurs twice, the first counts, as in `values`.
        info = {key: value for key, _, value in fields}
        return read_structure(info, i, pos=self.pos, ref=self.ref, alts=self.alts)

    @property
    def last_pos(self) -> int:
        """Last position that the record covers, 1-based: from REF, or from INFO/END if that is further."""
        match = _END.search(self._info)
        return max(self.pos + len(self.ref) - 1, int(match[1]) if match else 0)

    @property
    def id(self) -> str:
        """The ID column."""
        return _text(self._id)

    @property
    def line(self) -> bytes:
        """The unchanged line."""
        return self._line

    def has_scores(self, key: str) -> bool:
        """Whether the record already has a value for an INFO key."""
        return key.encode() in self._info and any(value not in ("", ".") for value in self.values(key))

    @property
    def n_bytes(self) -> int:
        """Size of the line."""
        return len(self._line)

    def values(self, key: str) -> list[str]:
        """The comma-separated values of an INFO key; an empty list if it is absent."""
        wanted = f"{key}=".encode()
        text = next((f[len(wanted) :] for f in self._info.split(b";") if f.startswith(wanted)), b"")
        return _text(text).split(",") if text else []

    def annotated(self, ours: Sequence[str], own: OwnKeys) -> bytes:
        """The line with the texts ``KEY=VALUES`` added, and any earlier values of our own keys removed."""
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
        lines: lines of the file, with line ends.
        name: file name, for messages.

    Attributes:
        header: header lines, ``#CHROM`` last.
        contigs: declared contig -> its length; 0 if none is given.
        info_keys: declared INFO keys.
        score_keys: INFO keys that hold model scores, detected from the format in their declarations.
        warnings: messages about repaired problems.

    Raises:
        EncodingError: the file is UTF-16 or UTF-32.
        VcfError: the file is not a VCF, or has no ``#CHROM`` line; while iterating, a malformed record.
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
                    f"{name}, line {number} comes before the #CHROM header line: {_quoted(line[:40].rstrip())}.",
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
        scores = _scores_line()
        self.score_keys = [_text(match[1]) for line in self.header if (match := scores.match(line))]

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
            problem = "is cut short" if line.startswith(b"##") else "is malformed"
            hint = "The header ends with tab-separated #CHROM POS ID REF ALT QUAL FILTER INFO."
            if line.split()[:_N_FIXED] == _COLUMNS:
                hint = "Columns are separated by tabs, not spaces."
            raise VcfError(f"the header of {self.name} {problem}: line {number} is {_quoted(line[:60])}.", hint)


def _numbered(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; blank lines, which some tools leave at the end, join the line before them."""
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
    """The error for a line that is not a record."""
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


def _scores_line() -> re.Pattern[bytes]:
    """A pattern for header lines that declare scores of a known kind."""
    starts = b"|".join(re.escape(kind.format_start.encode()) for kind in KINDS.values())
    return re.compile(rb"##INFO=<ID=([^,]+),.*Format: (?:%b)" % starts)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _quoted(raw: bytes) -> str:
    return repr(raw.decode("utf-8", "replace"))
