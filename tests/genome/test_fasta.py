"""The reference genome and its index."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import builders

from spliceai_cli.errors import ReferenceGenomeError
from spliceai_cli.files import bgzf
from spliceai_cli.genome.fasta import Reference

# Longer than one read block of 65,536 bases.
CONTIGS = {"chr1": builders.random_bases(70_000, seed=5), "2": "acgtnRYk", "3": "A" * 60}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return Reference(builders.write_fasta(tmp_path_factory.mktemp("fasta") / "x.fa", CONTIGS))


def expected(chrom: str, start: int, end: int) -> bytes:
    bases = CONTIGS[chrom].upper()
    return "".join(bases[i] if 0 <= i < len(bases) else "N" for i in range(start, end)).encode()


@settings(deadline=None)
@given(st.sampled_from(list(CONTIGS)), st.integers(-30, 70_020), st.integers(0, 200))
def test_fetch__gives_upper_case_and_n_beyond_the_ends(reference, chrom, start, length):
    assert reference.fetch(chrom, start, start + length) == expected(chrom, start, start + length)


@pytest.mark.parametrize(("start", "end"), [(65_530, 65_540), (0, 70_000), (-5, 70_005), (70_000, 70_003), (-9, -4)])
def test_fetch__joins_blocks(reference, start, end):
    assert reference.fetch("chr1", start, end) == expected("chr1", start, end)


def test_lengths__are_those_of_the_file(reference):
    assert reference.lengths == {"chr1": 70_000, "2": 8, "3": 60}
    assert reference.contigs.find("1") == "chr1"


def test_bgzf__equals_plain(reference, tmp_path):
    path = tmp_path / "x.fa.gz"
    pysam.tabix_compress(str(reference.path), str(path))
    packed = Reference(path)
    assert packed.lengths == reference.lengths
    assert packed.fetch("chr1", 65_000, 66_000) == reference.fetch("chr1", 65_000, 66_000)
    assert {file.name for file in tmp_path.iterdir()} == {"x.fa.gz", "x.fa.gz.fai", "x.fa.gz.gzi"}


@pytest.mark.parametrize("name", ["x.fa", "x.bgzip", "x.fa.gz", "x.bgz"])
@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "bgzf"])
def test_format__is_detected_from_content(reference, tmp_path, name, is_packed):
    """pyfaidx goes by the name, and reads packed bytes as bases."""
    path = tmp_path / name
    if is_packed:
        pysam.tabix_compress(str(reference.path), str(path))
    else:
        path.write_bytes(reference.path.read_bytes())
    assert Reference(path).fetch("chr1", 65_000, 66_000) == reference.fetch("chr1", 65_000, 66_000)


def test_bgzf__of_full_blocks_is_read_from_their_starts(tmp_path, monkeypatch):
    """pyfaidx cannot read from the start of a block of 65,536 bytes, the most that BGZF allows."""
    monkeypatch.setattr(bgzf, "_BLOCK_BYTES", 1 << 16)
    bases = builders.random_bases(200_000, seed=4)
    path = tmp_path / "x.fa.gz"
    with path.open("wb") as stream:
        writer = bgzf.BgzfWriter(stream)
        writer.write(f">1\n{bases}\n".encode())
        writer.finish()
    reference = Reference(path)
    for start in (65_532, 65_533, 65_534, 131_069):
        assert reference.read("1", start, start + 9).decode() == bases[start : start + 9]


LAYOUTS = {
    "crlf": ">1 x\r\nACGT\r\nACG\r\n>2\r\nTT\r\n",
    "no-final-newline": ">1\nACGT\nACG\n>2\nTT",
    "full-last-line": ">1\nACGTACG\n>2\nTT\n",
    "long-header": f">1 {'x' * 5000}\nACGTACG\n>2\nTT\n",
    "blank-lines": ">1\nACGT\nACG\n\n\n>2\nTT\n\n\n",
    "crlf-and-blank-lines": ">1\r\nACGT\r\nACG\r\n\r\n>2\r\nTT\r\n\r\n",
    "spaces-at-line-ends": ">1\nACGT \nACG\n>2\nTT \n",
    "lines-of-one-base": ">1\nA\nC\nG\nT\nA\nC\nG\n>2\nT\nT\n",
    "latin-1-in-a-description": ">1 caf\xe9\nACGT\nACG\n>2\nTT\n",
    "empty-contig": ">0\n>1\nACGT\nACG\n>2\nTT\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_layout__does_not_matter(tmp_path, text):
    path = tmp_path / "x.fa"
    path.write_bytes(text.encode("latin-1"))
    # The second time with the index that the first has made.
    for _ in range(2):
        reference = Reference(path)
        assert reference.fetch("2", 0, 3) == b"TTN"
        assert [reference.read("1", i, i + 3) for i in range(5)] == [b"ACG", b"CGT", b"GTA", b"TAC", b"ACG"]


def test_index__is_made_once(tmp_path):
    path = builders.write_fasta(tmp_path / "x.fa", {"1": "ACGT"})
    Reference(path)
    index = Path(f"{path}.fai")
    assert index.read_text() == "1\t4\t8\t4\t5\n"
    os.utime(index, (1, 1))
    # Older than the FASTA, as after a copy or a checkout: no rebuilding, no warning.
    assert Reference(path).fetch("1", 0, 4) == b"ACGT"
    assert index.stat().st_mtime == 1


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "bgzf"])
def test_index__is_made_by_processes_at_once(tmp_path, is_packed):
    """None of them sees half of an index that another one writes."""
    path = builders.write_fasta(tmp_path / "x.fa", {str(i): builders.random_bases(50, seed=i) for i in range(2000)})
    if is_packed:
        pysam.tabix_compress(str(path), f"{path}.gz")
        path = Path(f"{path}.gz")
    with multiprocessing.get_context("fork").Pool(4) as pool:
        lasts = pool.map(_last_contig, [path] * 8, chunksize=1)
    assert set(lasts) == {builders.random_bases(50, seed=1999).encode()}
    assert not list(tmp_path.glob(".*"))


def _last_contig(path):
    return Reference(path).fetch("1999", 0, 50)


STALE = {
    "contig-before-last-grew": {"1": "ACGTA", "2": "ACGT"},
    "last-contig-grew": {"1": "ACGT", "2": "ACGTA"},
    "last-contig-shrank": {"1": "ACGT", "2": "ACG"},
    "renamed": {"1": "ACGT", "3": "ACGT"},
    "one-fewer": {"1": "ACGT"},
    "one-more": {"1": "ACGT", "2": "ACGT", "3": "ACGT"},
}


@pytest.mark.parametrize("contigs", STALE.values(), ids=STALE)
@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "bgzf"])
def test_index_of_another_file__is_refused(tmp_path, contigs, is_packed):
    path = builders.write_fasta(tmp_path / "x.fa", {"1": "ACGT", "2": "ACGT"})
    other = builders.write_fasta(tmp_path / "y.fa", contigs)
    if is_packed:
        for file in (path, other):
            pysam.tabix_compress(str(file), f"{file}.gz")
        path, other = Path(f"{path}.gz"), Path(f"{other}.gz")
    Reference(path)
    path.write_bytes(other.read_bytes())
    with pytest.raises(ReferenceGenomeError, match=r"the index .*\.fai does not belong to"):
        Reference(path)


@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "bgzf"])
def test_index_of_a_contig_with_a_longer_last_line__is_refused(tmp_path, is_packed):
    """pyfaidx writes such an index, samtools refuses to. Bases of the long line used to be those of other positions."""
    path = tmp_path / "x.fa"
    path.write_text(">1\nACGT\nACGTTGCAACGTTGCA\n>2\nACGT\n")
    if is_packed:
        pysam.tabix_compress(str(path), f"{path}.gz")
        path = Path(f"{path}.gz")
        Path(f"{path}.gzi").write_bytes(bytes(8))
    Path(f"{path}.fai").write_text("1\t20\t3\t4\t5\n2\t4\t28\t4\t5\n")
    with pytest.raises(ReferenceGenomeError, match="contig 1 does not end where the index says"):
        Reference(path)


def test_cut_bgzf__is_refused(tmp_path):
    plain = builders.write_fasta(tmp_path / "x.fa", {"1": builders.random_bases(200_000, seed=1)})
    path = tmp_path / "x.fa.gz"
    pysam.tabix_compress(str(plain), str(path))
    Reference(path)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(ReferenceGenomeError, match=r"x\.fa\.gz"):
        Reference(path)


def test_bases_gone_since_opening__are_an_error_not_n(tmp_path):
    path = builders.write_fasta(tmp_path / "x.fa", {"1": builders.random_bases(200_000, seed=1)})
    reference = Reference(path)
    with path.open("r+b") as handle:
        handle.truncate(100_000)
    with pytest.raises(ReferenceGenomeError, match="1:131073-196608"):
        reference.fetch("1", 150_000, 150_010)
