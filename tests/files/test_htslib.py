"""BCF by htslib, both ways."""

from __future__ import annotations

import gzip
import io
import tempfile
from types import SimpleNamespace

import pysam
import pytest

from spliceai_cli.errors import OutputError, VcfError
from spliceai_cli.files import htslib
from spliceai_cli.files.htslib import bcf_to_text, quiet_htslib, text_to_bcf

TEXT = (
    "##fileformat=VCFv4.2\n"
    '##FILTER=<ID=PASS,Description="All filters passed">\n'
    "##contig=<ID=chr1,length=100>\n"
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="count">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    "chr1\t5\trs1\tA\tC,<DEL>\t12.5\tPASS\tAC=1,2\n"
)


def as_bcf(text: str, *, compressed: bool = True) -> bytes:
    target = io.BytesIO()
    with tempfile.NamedTemporaryFile(suffix=".vcf") as spool:
        spool.write(text.encode())
        spool.flush()
        text_to_bcf(spool.name, target, compressed=compressed)
    return target.getvalue()


# With a symbolic ALT and no END declared, pysam's own writer used to make a file that nothing reads.
@pytest.mark.parametrize("compressed", [True, False])
def test_bcf__gives_back_its_text(tmp_path, compressed):
    path = tmp_path / "x.bcf"
    path.write_bytes(as_bcf(TEXT, compressed=compressed))
    assert b"".join(bcf_to_text(str(path), "x.bcf")).decode() == TEXT


def test_uncompressed_bcf__is_stored():
    long = TEXT + "chr1\t5\t.\tA\tC\t.\t.\t.\n" * 1000
    assert len(as_bcf(long, compressed=False)) > len(gzip.decompress(as_bcf(long)))


UNDECLARED = {
    "contig": "chr2\t5\t.\tA\tC\t.\t.\t.\n",
    "info": "chr1\t5\t.\tA\tC\t.\t.\tDP=1\n",
    "filter": "chr1\t5\t.\tA\tC\t.\tq10\t.\n",
}


@pytest.mark.parametrize("line", UNDECLARED.values(), ids=UNDECLARED)
def test_text_to_bcf__refuses_what_the_header_does_not_declare(capfd, line):
    with pytest.raises(OutputError, match="cannot be written as BCF: its header does not declare"):
        as_bcf(TEXT + line)
    assert capfd.readouterr() == ("", "")


def test_text_to_bcf__refuses_a_header_without_fileformat():
    with pytest.raises(OutputError, match="cannot be written as BCF: its header does not declare"):
        as_bcf("#CHROM\tPOS\n")


def test_bcf_to_text__tells_damage_once(tmp_path, capfd):
    raw = bytearray(as_bcf(TEXT))
    raw[len(raw) // 2] ^= 0xFF
    path = tmp_path / "x.bcf"
    path.write_bytes(raw)
    with pytest.raises(VcfError, match=r"mine\.bcf is damaged"):
        list(bcf_to_text(str(path), "mine.bcf"))
    assert capfd.readouterr() == ("", "")


def test_quiet_htslib__puts_the_verbosity_back():
    before = pysam.get_verbosity()
    with pytest.raises(KeyError), quiet_htslib():
        raise KeyError
    assert pysam.get_verbosity() == before


def test_text_to_bcf__tells_a_full_disk_from_a_bad_header(monkeypatch):
    """Both used to be one message, because htslib does not say which it was."""
    monkeypatch.setattr(htslib.shutil, "disk_usage", lambda folder: SimpleNamespace(free=100))
    with pytest.raises(OSError, match="No space left on device"):
        as_bcf(TEXT + UNDECLARED["contig"])
