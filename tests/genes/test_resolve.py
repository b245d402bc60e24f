"""What -A means."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from support import builders
from support.annotation_text import lines

from spliceai_cli.errors import AnnotationError, AssemblyError, WeightsError, WeightsMissingError
from spliceai_cli.genes.resolve import resolve_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.models.published import SPLICEAI, Member
from spliceai_cli.models.store import Store

GRCH37, GRCH38, T2T = ({"chr19": length} for length in (59128983, 58617616, 61707364))


@pytest.fixture
def store(tmp_path):
    """Small tables in place of the published ones, with hashes to match."""
    folder = tmp_path / "home" / "spliceai"
    folder.mkdir(parents=True)
    members = []
    for build in ("grch37", "grch38"):
        path = builders.write_table(folder / f"{build}.txt", [builders.gene(build, "19", "+", 5, 9)])
        members.append(Member(path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
    source = replace(SPLICEAI.source, tables=tuple(members))
    return Store(tmp_path / "home", replace(SPLICEAI, source=source))


def test_built_in_that_was_edited__is_refused(store):
    path = store.table("grch38")
    path.write_text(path.read_text().replace("grch38", "GRCH38"))
    with pytest.raises(WeightsError, match="is not the published file: SHA-256 is"):
        resolve_annotation("grch38", GRCH38, store)


@pytest.mark.parametrize(
    ("name", "lengths", "table"),
    [
        ("gencode", GRCH37, "grch37"),
        ("gencode", GRCH38, "grch38"),
        ("grch37", GRCH37, "grch37"),
        ("grch38", {"chr19": 7}, "grch38"),
        *[(name, GRCH38, "grch38") for name in ("GRCh38", "hg38", "HG38", "GRCH38", "Gencode")],
        *[(name, GRCH37, "grch37") for name in ("GRCh37", "hg19", "Hg19")],
    ],
)
def test_built_in__is_found_by_name_or_build(store, name, lengths, table):
    found = resolve_annotation(name, lengths, store)
    assert (found.name, found.genes[0].symbol, found.notes) == (table, table, ())


@pytest.mark.parametrize(
    ("name", "taken", "note"),
    [
        ("grch38", "grch38", "the built-in table is used, and not the file grch38; -A ./grch38 reads the file"),
        ("gencode", "grch38", "the built-in table is used, and not the file gencode; -A ./gencode reads the file"),
        ("hg38", "MINE", "the file hg38 is read; -A grch38 is the built-in table"),
        ("GRCh38", "MINE", "the file GRCh38 is read; -A grch38 is the built-in table"),
    ],
)
def test_file_named_as_a_build__is_noted_whichever_is_taken(store, tmp_path, monkeypatch, name, taken, note):
    monkeypatch.chdir(tmp_path)
    builders.write_table(tmp_path / name, [builders.gene("MINE", "1", "+", 5, 9)])
    found = resolve_annotation(name, GRCH38, store)
    assert (found.genes[0].symbol, found.notes) == (taken, (f"-A {name}: {note}.",))
    by_path = resolve_annotation(f"./{name}", GRCH38, store)
    assert (by_path.genes[0].symbol, by_path.notes) == ("MINE", ())


def test_folder_named_as_a_build__is_no_annotation(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hg38").mkdir()
    assert resolve_annotation("hg38", GRCH38, store).name == "grch38"


def test_path__is_a_table(store, tmp_path):
    path = builders.write_table(tmp_path / "mine.txt", [builders.gene("MINE", "1", "+", 5, 9)])
    assert resolve_annotation(str(path), GRCH38, store).genes[0].symbol == "MINE"


@pytest.mark.parametrize(
    ("name", "lengths", "error", "said"),
    [
        ("gencode", T2T, AnnotationError, "detected from contig lengths; they are T2T-CHM13v2.0's"),
        ("gencode", {"a": 5000}, AnnotationError, "detected from contig lengths; first contig: a, 5,000 bp"),
        ("gencode", {}, AnnotationError, "detected from contig lengths; this command has none"),
        (
            "grch37",
            GRCH38,
            AssemblyError,
            "-A grch37 does not fit the reference: its contigs have the lengths of GRCh38",
        ),
        ("grch38", T2T, AssemblyError, "its contigs have the lengths of T2T-CHM13v2.0"),
        (
            "hg19",
            GRCH38,
            AssemblyError,
            "-A hg19 does not fit the reference: its contigs have the lengths of GRCh38",
        ),
        (
            "GRCh38",
            GRCH37,
            AssemblyError,
            "-A GRCh38 does not fit the reference: its contigs have the lengths of GRCh37",
        ),
        ("hg18", GRCH38, AnnotationError, "there is no annotation 'hg18'"),
    ],
)
def test_misfit__is_an_error(store, name, lengths, error, said):
    with pytest.raises(error, match=said):
        resolve_annotation(name, lengths, store)


def test_built_in_that_is_not_installed__is_told(tmp_path):
    with pytest.raises(WeightsMissingError, match="the gene table grch38 is not installed"):
        resolve_annotation("gencode", GRCH38, Store(tmp_path, SPLICEAI))


@pytest.fixture
def gff3(tmp_path):
    """A GFF3 with a gene on chr19 of the given contig lengths."""

    def write(**lengths):
        regions = "".join(f"##sequence-region {chrom} 1 {length}\n" for chrom, length in lengths.items())
        path = tmp_path / "a.gff3"
        gene = "chr19 gene 6 9 + . ID=G;Name=MINE\nchr19 exon 6 9 + . Parent=G"
        path.write_bytes(b"\n".join(lines(f"##gff-version 3\n{regions}{gene}")))
        return str(path)

    return write


def test_gff3__of_another_assembly_is_an_error(store, gff3):
    path = gff3(chr19=59128983, chrX=155270560)
    with pytest.raises(AssemblyError) as caught:
        resolve_annotation(path, {"19": 58617616, "X": 156040895}, store)
    assert caught.value.message == (
        f"-A {path} does not fit the reference: its chr19 has 59,128,983 bp, the FASTA's 58,617,616."
    )
    assert caught.value.hint == "Use an annotation of the reference's assembly."


@pytest.mark.parametrize(
    ("said", "lengths"),
    [
        ({"chr19": 58617616}, {"19": 58617616}),
        ({"chr19": 58617616}, {"NC_000019.10": 58617616}),
        # One of several agrees: a patch may have changed, or the FASTA's chrM is another.
        ({"chr19": 58617616, "chrM": 16569}, {"chr19": 58617616, "chrM": 16571}),
        # Nothing to compare.
        ({"chr19": 58617616}, {"chr20": 64444167}),
        ({}, {"19": 58617616}),
    ],
)
def test_gff3__of_the_same_assembly_passes(store, gff3, said, lengths):
    assert resolve_annotation(gff3(**said), lengths, store).genes[0].symbol == "MINE"


def test_gff3__is_kept_for_the_next_start_unless_told_not_to(store, gff3):
    kept = store.home / "annotations"
    path = gff3(chr19=58617616)
    resolve_annotation(path, GRCH38, store, is_cached=False)
    assert not kept.exists()
    for _ in range(2):
        found = resolve_annotation(path, GRCH38, store, Selection("all"))
        assert [gene.symbol for gene in found.genes] == ["MINE"]
        assert len(list(kept.iterdir())) == 1
    # What was kept is of the same assembly as before.
    with pytest.raises(AssemblyError):
        resolve_annotation(path, GRCH37, store)


def test_pipe__is_read_once_and_works(store, tmp_path):
    """As from ``-A <(zcat …)``."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    text = builders.write_table(tmp_path / "mine.txt", [builders.gene("MINE", "1", "+", 5, 9)]).read_text()
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(fifo.write_text, text)
        found = resolve_annotation(str(fifo), GRCH38, store)
        written.result()
    assert [gene.symbol for gene in found.genes] == ["MINE"]
    assert found.name == str(fifo)


@pytest.mark.parametrize(("contig", "chrom"), [("chr1", "1"), ("1", "1"), ("NC_000067.7", "NC_000067.7")])
def test_refseq__genes_lie_on_the_contig_that_the_fasta_has(store, tmp_path, contig, chrom):
    """RefSeq of the mouse, against a FASTA of UCSC, Ensembl or RefSeq itself."""
    path = tmp_path / "mouse.gff3"
    path.write_text(
        "##gff-version 3\n##sequence-region NC_000067.7 1 1000\n"
        "NC_000067.7\tRefSeq\tregion\t1\t1000\t.\t+\t.\tID=r;chromosome=1;genome=chromosome\n"
        "NC_000067.7\tRefSeq\tgene\t11\t90\t.\t+\t.\tID=gene-Xkr4;Name=Xkr4\n"
        "NC_000067.7\tRefSeq\texon\t11\t90\t.\t+\t.\tID=e;Parent=gene-Xkr4\n"
    )
    found = resolve_annotation(str(path), {contig: 1000}, store)
    assert [gene.chrom for gene in found.genes] == [chrom]
    with pytest.raises(AssemblyError, match=f"its {chrom} has 1,000 bp, the FASTA's 999"):
        resolve_annotation(str(path), {contig: 999}, store)
