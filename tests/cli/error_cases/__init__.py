"""Error texts of ``spliceai-annotate``: a table in parts, one for each thing that can be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pysam
import pytest
from support import builders

HEADER = builders.VCF_HEADER


@dataclass
class Folder:
    """A folder with everything that a good run needs, for a case to spoil."""

    path: Path
    genome: builders.Genome
    monkeypatch: pytest.MonkeyPatch

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def rows(self, n: int, *, right: bool = True) -> str:
        base = self.genome.base if right else self.genome.other
        return "".join(f"chr1\t{pos}\t.\t{base('chr1', pos)}\tN\t.\t.\t.\n" for pos in range(200, 200 + n))

    def vcf(self, content: str | bytes, name: str = "in.vcf") -> list[str | Path]:
        return ["-I", self.write(name, content)]

    def table(self, *rows: str, header: str = "#NAME CHROM STRAND TX_START TX_END EXON_START EXON_END") -> list:
        text = "".join(re.sub(" ", "\t", row) + "\n" for row in (header, *rows))
        return ["-A", self.write("my.txt", text)]

    def fasta(self, content: str | bytes, fai: str | bytes | None = None) -> list:
        path = self.write("my.fa", content)
        if fai is not None:
            self.write("my.fa.fai", fai)
        return ["-R", path]

    def bgzf(self, text: str, name: str = "in.vcf.gz") -> bytes:
        path = self.write("plain", text)
        pysam.tabix_compress(str(path), str(self.path / name), force=True)
        return (self.path / name).read_bytes()


def flip(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


#: The hint for a text file in another encoding.
NOT_UTF8 = "Save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW"


class Case(NamedTuple):
    options: Callable[[Folder], list]
    code: int
    message: str
    hint: str | None = None
    without: str | None = None
