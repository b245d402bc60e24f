"""Parsed annotations that are kept."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.annotation_text import genes, lines

from spliceai_cli.genes import annotation
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.cache import TranscriptCache
from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.gtf import read_gtf
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genes.transcripts import Ranges, Transcripts

GTF_TEXT = """
chr1 transcript 1 90 - . gene_id "G"; transcript_id "T"; gene_name "N"; gene_type "lncRNA"; tag "MANE_Select";
chr1 exon 1 9 - . gene_id "G"; transcript_id "T";
chr1 CDS 3 9 - 2 gene_id "G"; transcript_id "T";
chrX exon 4 90 . . gene_id "G"; transcript_id "U";
"""


@pytest.fixture
def small():
    return read_gtf(lines(GTF_TEXT), "t.gtf")


@pytest.fixture
def gtf(tmp_path):
    path = tmp_path / "a.gtf"
    path.write_bytes(b"\n".join(lines(GTF_TEXT)))
    return path


@pytest.fixture
def n_parsed(monkeypatch):
    """How often the reader of GTF ran, as the length of a list."""
    names = []

    def count(lines, name):
        names.append(name)
        return read_gtf(lines, name)

    monkeypatch.setitem(annotation._READERS, "GTF", count)
    return names


def columns(transcripts):
    """Everything a ``Transcripts`` has, as plain lists with their types."""
    held = {}
    for field in fields(Transcripts):
        value = getattr(transcripts, field.name)
        parts = (value.first, value.bounds) if isinstance(value, Ranges) else (value,)
        held[field.name] = [(one.dtype, one.tolist()) if isinstance(one, np.ndarray) else one for one in parts]
    return held


# Any text; what is no ASCII letter is percent-encoded in GFF3, and other letters may be.
encoded = st.text(max_size=3).map(lambda text: "".join(f"%{byte:02X}" for byte in text.encode()))


@st.composite
def transcripts(draw):
    """What is read from a GFF3 of any IDs and names."""
    rows = ["##sequence-region 1 1 300", "1 gene 1 9 + . ID=G", "1 exon 1 9 + . Parent=G"]
    for i in range(draw(st.integers(1, 5))):
        first, last = sorted(draw(st.tuples(st.integers(1, 200), st.integers(1, 200))))
        chrom, strand = draw(st.sampled_from(["1", "HLA*1:2"])), draw(st.sampled_from("+-."))
        place = f"{chrom} {{}} {first} {last} {strand} ."
        transcript_id = f"T{i}{draw(encoded)}"
        rows.append(f"{place.format('gene')} ID=G{i};Name={draw(encoded)};biotype={draw(encoded)}")
        rows.append(f"{place.format('mRNA')} ID={transcript_id};Parent=G{i}")
        rows.append(f"{place.format('exon')} Parent={transcript_id}")
    return read_gff3(lines("\n".join(rows)), "t.gff3")


@settings(deadline=None)
@given(transcripts())
def test_load__is_all_that_was_stored(tmp_path_factory, transcripts):
    cache = TranscriptCache(tmp_path_factory.mktemp("cache"))
    cache.store("0123", transcripts)
    assert columns(cache.load("0123")) == columns(transcripts)


def test_load__is_all_of_a_published_file(shared, tmp_path):
    path = shared / "annotation" / "gencode.v47lift37_subset.gff3"
    cache = TranscriptCache(tmp_path / "cache")
    parsed = read_annotation(path, Selection("all"), cache=cache)
    kept = read_annotation(path, Selection("all"), cache=cache)
    assert len(kept.genes) == 507
    assert kept == parsed


def test_file__is_parsed_once_and_found_under_any_name(gtf, tmp_path, n_parsed):
    cache = TranscriptCache(tmp_path / "cache")
    first = read_annotation(gtf, Selection(), cache=cache)
    moved = gtf.rename(tmp_path / "b.txt")
    second = read_annotation(moved, Selection(), name=str(gtf), cache=cache)
    assert n_parsed == [str(gtf)]
    assert second == first


def test_file__of_other_content_is_parsed(gtf, tmp_path, n_parsed):
    cache = TranscriptCache(tmp_path / "cache")
    read_annotation(gtf, Selection(), cache=cache)
    gtf.write_bytes(gtf.read_bytes().replace(b'"N"', b'"M"'))
    assert [gene.symbol for gene in read_annotation(gtf, Selection(), cache=cache).genes] == ["M"]
    assert len(n_parsed) == 2


def test_file__is_parsed_again_without_a_cache(gtf, n_parsed):
    for _ in range(2):
        read_annotation(gtf, Selection(), cache=None)
    assert len(n_parsed) == 2


def test_table__is_not_kept(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END\nG\t1\t+\t0\t9\t0,\t9,\n")
    read_annotation(path, Selection(), cache=TranscriptCache(tmp_path / "cache"))
    assert not (tmp_path / "cache").exists()


def test_store__leaves_one_file_and_replaces_it(small, tmp_path):
    cache = TranscriptCache(tmp_path / "new" / "cache")
    cache.store("0123", small)
    cache.store("0123", small)
    assert len(list((tmp_path / "new" / "cache").iterdir())) == 1


def damaged(raw):
    """The bytes of a file with each of them changed in turn, and cut short at some."""
    for at in range(0, len(raw), 8):
        yield raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]
    for at in range(0, len(raw), 50):
        yield raw[:at]


def test_load__of_a_damaged_file_is_nothing_or_what_was_stored(small, tmp_path):
    """An empty file and a changed zip header used to be tracebacks."""
    cache = TranscriptCache(tmp_path)
    cache.store("0123", small)
    [path] = tmp_path.iterdir()
    n_lost = 0
    for raw in damaged(path.read_bytes()):
        path.write_bytes(raw)
        found = cache.load("0123")
        n_lost += found is None
        assert found is None or columns(found) == columns(small)
    assert n_lost > 200


def test_load__of_another_kind_of_file_is_nothing(tmp_path, small):
    cache = TranscriptCache(tmp_path)
    cache.store("0123", small)
    [path] = tmp_path.iterdir()
    for save in (lambda handle: np.save(handle, np.zeros(3)), lambda handle: np.savez(handle, gene=np.zeros(3))):
        with path.open("wb") as handle:
            save(handle)
        assert cache.load("0123") is None


def test_damaged_file__is_made_again(gtf, tmp_path, n_parsed):
    folder = tmp_path / "cache"
    expected = read_annotation(gtf, Selection(), cache=TranscriptCache(folder))
    [path] = folder.iterdir()
    path.write_bytes(path.read_bytes()[:100])
    for _ in range(2):
        assert read_annotation(gtf, Selection(), cache=TranscriptCache(folder)) == expected
    assert len(n_parsed) == 2


def test_folder_that_cannot_be_made__is_no_failure(gtf, tmp_path):
    """It used to be one where a file stands in its place."""
    (tmp_path / "home").write_text("a file")
    found = read_annotation(gtf, Selection(), cache=TranscriptCache(tmp_path / "home" / "cache"))
    assert genes(read_gtf(lines(GTF_TEXT), "t"))[0] == found.genes[0]


@pytest.mark.parametrize(
    ("error", "told"),
    [(OSError("disk full"), nullcontext()), (KeyboardInterrupt(), pytest.raises(KeyboardInterrupt))],
    ids=["disk-full", "ctrl-c"],
)
def test_store__that_fails_leaves_nothing(small, tmp_path, monkeypatch, error, told):
    def fail(handle, **arrays):
        handle.write(b"half")
        raise error

    monkeypatch.setattr(np, "savez", fail)
    with told:
        TranscriptCache(tmp_path).store("0123", small)
    assert list(tmp_path.iterdir()) == []
