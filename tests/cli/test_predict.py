"""``spliceai-cli predict …``."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pybigtools
import pyBigWig
import pytest
from support import builders, toy_networks
from support.plain import one_pass, profile
from support.predicted import bedgraph, by_place, names

from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.passes import DeviceMemoryError
from spliceai_cli.engine.scan import Scanner
from spliceai_cli.errors import NumericError
from spliceai_cli.files.output_part import OutputPart
from spliceai_cli.genome.bases import encode
from spliceai_cli.provenance import Provenance
from spliceai_cli.tracks import bigwig

VERSION = Provenance((), {}, {}).version

# Computed to within 2e-6, printed with six decimals.
TOLERANCE = 2.5e-6
HEADING = ["chrom", "pos", "strand", "acceptor", "donor"]


@pytest.fixture(scope="module")
def ensemble():
    return toy_networks.random_ensemble()


def check(found, expected, chrom, strand, first=1):
    """Values of consecutive positions from ``first`` on."""
    for i, values in enumerate(expected):
        np.testing.assert_allclose(found[chrom, first + i, strand], values, rtol=0, atol=TOLERANCE)


def test_predict__the_whole_fasta_by_hand(table, arithmetic_weights, tmp_path):
    """G is an acceptor with 1/2, T a donor; on the other strand C and A are."""
    fasta = builders.write_fasta(tmp_path / "tiny.fa", {"two": "GTn", "one": "ACt"})
    heading, lines = table(fasta=fasta, weights=arithmetic_weights)
    assert heading == HEADING
    assert ["\t".join(line) for line in lines] == [
        "two\t1\t+\t0.500000\t0.000000",
        "two\t2\t+\t0.000000\t0.500000",
        "two\t3\t+\t0.000000\t0.000000",
        "two\t1\t-\t0.000000\t0.000000",
        "two\t2\t-\t0.000000\t0.000000",
        "two\t3\t-\t0.000000\t0.000000",
        "one\t1\t+\t0.000000\t0.000000",
        "one\t2\t+\t0.000000\t0.000000",
        "one\t3\t+\t0.000000\t0.500000",
        "one\t1\t-\t0.000000\t0.500000",
        "one\t2\t-\t0.500000\t0.000000",
        "one\t3\t-\t0.000000\t0.000000",
    ]  # fmt: skip


def test_predict__equals_one_plain_pass_on_both_strands(table, genome, ensemble):
    _, lines = table()
    found = by_place(lines)
    assert len(found) == 2 * (1000 + 300)
    for chrom, bases in genome.contigs.items():
        for strand in "+-":
            check(found, profile(ensemble, bases, strand), chrom, strand)


@pytest.mark.parametrize("strand", ["+", "-"])
def test_predict__strand_chooses(table, strand):
    _, lines = table("--strand", strand)
    assert {line[2] for line in lines} == {strand}
    assert len(lines) == 1300


def test_predict__regions_see_the_genome_around_them(table, genome, ensemble, tmp_path):
    expected = profile(ensemble, genome.contigs["chr1"], "-")
    _, lines = table("-r", "1:105-110,chr1:101-106", "-r", "chr2:300", "--strand", "-")
    assert [(line[0], int(line[1])) for line in lines] == [*(("chr1", pos) for pos in range(101, 111)), ("chr2", 300)]
    check(by_place(lines), expected[100:110], "chr1", "-", first=101)
    bed = tmp_path / "regions.txt"
    bed.write_text("2\t299\t300\nchr1\t104\t110\tname\t0\t+\nchr1\t100\t106\n")
    assert table("--bed", bed, "--strand", "-")[1] == lines


def test_predict__context_n_hides_what_is_around_a_region(table, genome, ensemble):
    _, lines = table("-r", "chr1:101-110", "-r", "chr1:300-340", "--context", "N")
    found = by_place(lines)
    for first, last in ((101, 110), (300, 340)):
        for strand in "+-":
            bases = genome.contigs["chr1"][first - 1 : last]
            check(found, profile(ensemble, bases, strand), "chr1", strand, first=first)
    assert len(found) == 2 * (10 + 41)


def test_predict__genes_see_n_around_them(table, genome, ensemble):
    heading, lines = table("-A", genome.table)
    assert heading == [*HEADING[:3], "symbol", *HEADING[3:]]
    found = by_place(lines, n_labels=1)
    for gene in genome.genes:
        chrom = f"chr{gene.chrom}"
        expected = profile(ensemble, genome.contigs[chrom][gene.start : gene.end], gene.strand)
        for i, values in enumerate(expected):
            place = chrom, gene.start + 1 + i, gene.strand, gene.symbol
            np.testing.assert_allclose(found.pop(place), values, rtol=0, atol=TOLERANCE)
    assert not found


def test_predict__genes_with_the_genome_around_them(table, genome, ensemble):
    _, lines = table("-A", genome.table, "-g", "MINUS", "--context", "genome")
    assert {tuple(line[2:4]) for line in lines} == {("-", "MINUS")}
    expected = profile(ensemble, genome.contigs["chr1"], "-")[400:900]
    check(by_place([line[:3] + line[4:] for line in lines]), expected, "chr1", "-", first=401)


@pytest.mark.parametrize(
    ("options", "symbols"),
    [
        (("-g", "EDGE,PLUS"), ["PLUS", "EDGE"]),
        (("-g", "EDGE", "-g", "PLUS"), ["PLUS", "EDGE"]),
        (("-r", "chr1:700-710"), ["MINUS"]),
        (("-r", "1:450-460", "--strand", "+"), ["PLUS"]),
    ],
    ids=["comma", "twice", "region", "region and strand"],
)
def test_predict__which_genes(table, genome, options, symbols):
    _, lines = table("-A", genome.table, *options)
    assert list(dict.fromkeys(line[3] for line in lines)) == symbols


def test_predict__signals_of_overlapping_genes_are_the_larger_value(predict_toy, table, genome, tmp_path):
    """Two genes on + that share 150 bases, a third within one of them."""
    spans = {"LEFT": (100, 400), "RIGHT": (250, 700), "INNER": (500, 520)}
    genes = [builders.gene(symbol, "chr1", "+", *span) for symbol, span in spans.items()]
    annotation = builders.write_table(tmp_path / "overlapping.txt", genes)
    _, lines = table("-A", annotation)
    assert len(lines) == 300 + 450 + 20
    expected = {}
    for chrom, pos, _, _, *values in lines:
        expected[chrom, int(pos)] = np.fmax(expected.get((chrom, int(pos)), 0), np.array(values, float))
    assert len(expected) == 600
    result = predict_toy("-A", annotation, "-O", tmp_path / "genes.bedGraph")
    assert result.code == 0, result.stderr
    for i, track in enumerate(("acceptor", "donor")):
        found = bedgraph(tmp_path / f"genes.{track}.plus.bedGraph")
        assert found == {place: values[i] for place, values in expected.items()}
    # No gene is on the other strand.
    assert not list(tmp_path.glob("*.minus.bedGraph"))


def test_predict__tiles_leave_no_seams(table, genome, ensemble, monkeypatch):
    monkeypatch.setattr(Budget, "max_scan", property(lambda self: 97))
    _, lines = table("-r", "chr1")
    for strand in "+-":
        check(by_place(lines), profile(ensemble, genome.contigs["chr1"], strand), "chr1", strand)
    assert [int(line[1]) for line in lines] == 2 * list(range(1, 1001))


def test_predict__bigwig_read_by_another_program(predict_toy, genome, ensemble, tmp_path, monkeypatch):
    monkeypatch.setattr(Budget, "max_scan", property(lambda self: 97))
    result = predict_toy("-r", "chr1:11-1000,chr2:1-290", "-O", tmp_path / "out.bw")
    assert result.code == 0, result.stderr
    assert result.stdout == b""
    assert {name for name in names(tmp_path) if "out" in name} == {
        f"out.{track}.{strand}.bw" for track in ("acceptor", "donor") for strand in ("plus", "minus")
    } | {"out.bw.json"}
    predict_toy("-r", "chr1:11-1000,chr2:1-290", "-O", tmp_path / "out.parquet")
    exact = pq.read_table(tmp_path / "out.parquet")
    place = [np.array(exact[name].to_pylist()) for name in ("chrom", "strand")]
    for strand, name in (("+", "plus"), ("-", "minus")):
        for i, track in enumerate(("acceptor", "donor")):
            with pyBigWig.open(str(tmp_path / f"out.{track}.{name}.bw")) as found:
                assert found.chroms() == {"chr1": 1000, "chr2": 300}
                for chrom, first, last in (("chr1", 11, 1000), ("chr2", 1, 290)):
                    values = found.values(chrom, 0, found.chroms(chrom), numpy=True).astype(np.float32)
                    expected = profile(ensemble, genome.contigs[chrom], strand)[first - 1 : last, i]
                    np.testing.assert_allclose(values[first - 1 : last], expected, rtol=0, atol=TOLERANCE)
                    # Not a bit is lost on the way.
                    written = exact[track].to_numpy()[(place[0] == chrom) & (place[1] == strand)]
                    np.testing.assert_array_equal(values[first - 1 : last], written)
                    assert np.isnan(np.delete(values, np.s_[first - 1 : last])).all()


def test_predict__a_bigwig_is_closed_after_the_check(predict_toy, tmp_path, monkeypatch):
    library, readers = pybigtools.open, []

    def open_(path, mode="r"):
        found = library(path, mode)
        if mode == "r":
            readers.append(found)
        return found

    monkeypatch.setattr(bigwig.pybigtools, "open", open_)
    assert predict_toy("-r", "chr2", "-O", tmp_path / "out.bw").code == 0
    assert len(readers) == 4
    for reader in readers:
        with pytest.raises(pybigtools.BBIFileClosed):
            reader.info()


def test_predict__long_bigwig_has_zoom_levels(predict_toy, tmp_path, arithmetic_weights):
    """Genome browsers show them from far away: the largest value of a megabase is 1/2."""
    bases = "A" * 60_000 + "N" * 40_000 + "C" * 50_000 + "T" + "C" * 49_999
    fasta = builders.write_fasta(tmp_path / "long.fa", {"long": bases})
    assert predict_toy("-O", tmp_path / "long.bw", "--strand", "+", fasta=fasta, weights=arithmetic_weights).code == 0
    with pyBigWig.open(str(tmp_path / "long.donor.plus.bw")) as found:
        assert found.stats("long", type="max") == [0.5]
        assert found.values("long", 149_999, 150_002) == [0.0, 0.5, 0.0]
        # Neighbours of the same value are one, but for the border of two tiles.
        assert found.intervals("long") == (
            (0, 100_000, 0.0), (100_000, 150_000, 0.0), (150_000, 150_001, 0.5), (150_001, 200_000, 0.0)
        )  # fmt: skip


def test_predict__bedgraph_has_the_values_of_the_table(predict_toy, table, tmp_path):
    _, lines = table("-r", "chr2,chr1:5-60")
    result = predict_toy("-r", "chr2,chr1:5-60", "-O", tmp_path / "out.bedGraph.gz")
    assert result.code == 0, result.stderr
    expected = by_place(lines)
    for strand, name in (("+", "plus"), ("-", "minus")):
        for i, track in enumerate(("acceptor", "donor")):
            found = bedgraph(tmp_path / f"out.{track}.{name}.bedGraph.gz")
            assert found == {(chrom, pos): values[i] for (chrom, pos, of), values in expected.items() if of == strand}


def test_predict__tsv_and_parquet_hold_the_same(predict_toy, table, genome, tmp_path):
    heading, lines = table("-A", genome.table)
    assert predict_toy("-A", genome.table, "-O", tmp_path / "out.tsv.gz").code == 0
    text = gzip.decompress((tmp_path / "out.tsv.gz").read_bytes()).decode()
    assert [line.split("\t") for line in text.splitlines()] == [heading, *lines]
    assert predict_toy("-A", genome.table, "-O", tmp_path / "out.parquet").code == 0
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.column_names == heading
    assert [str(found.schema.field(name).type) for name in ("pos", "acceptor", "donor")] == ["int64", "float", "float"]
    rows = found.to_pylist()
    assert [[str(row[name]) for name in heading[:4]] for row in rows] == [line[:4] for line in lines]
    assert [[f"{row[name]:.6f}" for name in heading[4:]] for row in rows] == [line[4:] for line in lines]


def test_predict__a_symbol_may_hold_percent(table, tmp_path):
    """It used to be a traceback."""
    annotation = builders.write_table(tmp_path / "percent.txt", [builders.gene("A%b%s", "chr1", "+", 100, 102)])
    _, lines = table("-A", annotation)
    assert [line[:4] for line in lines] == [["chr1", "101", "+", "A%b%s"], ["chr1", "102", "+", "A%b%s"]]


def test_predict__min_probability_leaves_out_what_is_smaller(predict_toy, table, tmp_path):
    _, lines = table("-r", "chr1")
    _, some = table("-r", "chr1", "--min-probability", "0.6")
    # A table keeps a row for either track.
    assert some == [line for line in lines if max(float(line[3]), float(line[4])) >= 0.6]
    assert 0 < len(some) < len(lines)
    assert predict_toy("-r", "chr1", "--min-probability", "0.6", "-O", tmp_path / "some.bedGraph").code == 0
    found = bedgraph(tmp_path / "some.donor.plus.bedGraph")
    assert found == {(c, int(pos)): float(d) for c, pos, strand, _, d in lines if strand == "+" and float(d) >= 0.6}
    # No acceptor is that likely: an empty bedGraph is one.
    assert (tmp_path / "some.acceptor.plus.bedGraph").read_bytes() == b""


def test_predict__names_by_template(predict_toy, tmp_path):
    target = tmp_path / "{strand}-of-{track}.bw"
    assert predict_toy("-r", "chr2:1-9", "-O", target).code == 0
    assert {"plus-of-donor.bw", "minus-of-acceptor.bw"} <= names(tmp_path)
    # With one strand its name need not be said.
    assert predict_toy("-r", "chr2:1-9", "--strand", "+", "-O", tmp_path / "{track}.bw").code == 0
    assert {"donor.bw", "acceptor.bw"} <= names(tmp_path)


def test_predict__format_by_option_adds_the_ending(predict_toy, tmp_path):
    assert predict_toy("-r", "chr2:1-9", "-O", tmp_path / "some.name", "--output-format", "bigwig").code == 0
    assert "some.name.donor.plus.bw" in names(tmp_path)


def test_predict__a_file_beside_says_what_made_them(predict_toy, genome, ensemble, tmp_path):
    options = ("-A", genome.table, "-g", "PLUS", "-r", "chr1", "--min-probability", "0.125", "-q")
    assert predict_toy(*options, "-O", tmp_path / "{strand}.{track}.bg").code == 0
    found = json.loads((tmp_path / "all.all.bg.json").read_text())
    assert found.pop("genes_sha256") == hashlib.sha256(genome.table.read_bytes()).hexdigest()
    [model] = found.pop("models")
    assert model == {
        "model_name": "toy",
        "model_key": "SpliceAI",
        "weights_sha256": model["weights_sha256"],
        "network_sha256": ensemble.spec.sha256,
    }
    assert re.fullmatch("[0-9a-f]{64}", model["weights_sha256"])
    expected = {
        "version": VERSION,
        "annotation": "genes.txt",
        "genes": "all",
        "reference": "genome.fa",
        "regions": ["chr1"],
        "gene_names": ["PLUS"],
        "strand": "both",
        "min_probability": 0.125,
        "precision": "float32",
        "context": None,
        "columns": ["acceptor", "donor"],
    }
    assert {name: found[name] for name in expected} == expected
    # No file goes with a stream.
    before = names(tmp_path)
    assert predict_toy(*options, "-O", "-", "--output-format", "tsv").code == 0
    assert predict_toy(*options, "-O", "/dev/null", "--output-format", "tsv").code == 0
    assert names(tmp_path) == before


def test_predict__says_what_it_did(predict_toy, tmp_path):
    result = predict_toy("-r", "chr2:1-9", "-O", tmp_path / "out.tsv")
    assert "18 positions in " in result.stderr
    assert predict_toy("-r", "chr2:1-9", "-O", tmp_path / "out.tsv", "-q").stderr == ""


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("-r", "chr9"), 2, "has no contig chr9"),
        (("-r", "chr1:5-2"), 2, "region 'chr1:5-2' is empty"),
        (("-r", "chr1:900-1001"), 2, "chr1:900-1001 ends beyond the contig: chr1 of"),
        (("-r", "chr1:1001-"), 2, "ends beyond the contig"),
        (("-r", ","), 2, "no region is given"),
        (("--bed", "{empty}"), 1, "has no regions"),
        (("--bed", "{beyond}"), 2, "chr2:1-301 ends beyond the contig"),
        (("--bed", "{words}"), 1, "line 1: 'a few words' is malformed"),
        (("--bed", "none.bed"), 1, "none.bed cannot be read"),
        (("-r", "chr1", "--bed", "{beyond}"), 2, "--regions and --bed cannot be combined"),
        (("-A", "{table}", "-g", "PLUS,WHO"), 1, "has no gene WHO"),
        (("-A", "{table}", "-g", ","), 2, "--gene names no gene"),
        (("-g", "PLUS"), 1, "-A gencode needs a GRCh37 or GRCh38 reference"),
        (("-A", "{table}", "-g", "PLUS", "--strand", "-"), 1, "none of the genes asked for is on strand -"),
        (("-A", "{table}", "-r", "chr1:950-960"), 1, "none of the genes"),
        (("-A", "{elsewhere}"), 1, "AWAY begins at chr2:400, which"),
        (("--alt", "none.vcf"), 1, "none.vcf cannot be read"),
        (("--alt", "{other}"), 1, "has no allele to predict.\n1 record, 1 allele\n  0  scored"),
        (("--alt", "{assembly}"), 1, "20 of 20 REF alleles (100 %) do not match"),
        (("--alt", "{other}", "--context", "N"), 2, "--context cannot be combined with --alt"),
        # An empty variable used to be passed over: whole contigs were predicted.
        (("--alt", ""), 2, "--alt has no value. Was a variable empty?"),
        (("-A", ""), 2, "--annotation has no value"),
        (("--genes", " "), 2, "--genes has no value"),
        (("--biotypes", ""), 2, "--biotypes has no value"),
        (("-r", ""), 2, "--regions has no value"),
        (("-r", "chr2", "-r", ""), 2, "--regions has no value"),
        (("-g", ""), 2, "--gene has no value"),
        (("-A", "{table}", "--transcripts", ""), 2, "--transcripts has no value"),
        (("--bed", ""), 1, "cannot be read: Is a directory"),
        (("-r", "chr2", "-D", "500"), 2, "--distance needs --alt"),
        (("-r", "chr2", "--transcripts", "all"), 2, "--transcripts needs genes: give -A, -g, --genes or --biotypes"),
        (("--alt", "{other}", "--gene-id", "symbol"), 2, "--gene-id needs genes: "),
        (("--output-format", "bigwig", "-r", "chr2", "--min-probability", "1"), 1, "it would be empty"),
        (("-R", "none.fa"), 1, "none.fa"),
        (("--memory", "0.5G"), 2, "0.5 GB is too little for toy"),
        (("--weights", "{empty}"), 1, "no files of a known format"),
    ],
)
def test_predict__what_is_wrong_is_said_once_and_leaves_nothing(predict_toy, genome, tmp_path, options, code, message):
    texts = {
        "empty": "",
        "beyond": "chr2\t0\t301\n",
        "words": "a few words\n",
        "other": builders.VCF_HEADER + f"chr1\t10\t.\t{genome.other('chr1', 10)}\tN\t.\t.\t.\n",
        "assembly": builders.VCF_HEADER
        + "".join(f"chr1\t{pos}\t.\t{genome.other('chr1', pos)}\tN\t.\t.\t.\n" for pos in range(11, 31)),
    }
    files = {"table": str(genome.table)}
    for name, text in texts.items():
        (tmp_path / f"{name}.in").write_text(text)
        files[name] = str(tmp_path / f"{name}.in")
    away = builders.gene("AWAY", "chr2", "+", 399, 420)
    files["elsewhere"] = str(builders.write_table(tmp_path / "elsewhere.in", [away]))
    out = tmp_path / "out"
    out.mkdir()
    name = "x" if "--output-format" in options else "x.tsv"
    result = predict_toy("-O", out / name, *(option.format(**files) for option in options))
    assert result.code == code, result.stderr
    assert message in result.stderr
    assert result.stderr.count("Error") == 1
    assert names(out) == set()


@pytest.mark.parametrize(
    ("target", "more", "message"),
    [
        ("x.foo", (), "'{target}' does not say what to write"),
        ("missing/x.bw", (), "x.acceptor.plus.bw cannot be written: No such file or directory"),
        ("missing/x.bg", (), "x.acceptor.plus.bg cannot be written: No such file or directory"),
        ("missing/x.parquet", (), "x.parquet cannot be written: No such file or directory"),
        ("folder.parquet", (), "folder.parquet cannot be written: it is not a regular file"),
        ("{{track}}.bw", (), "several of 4 tracks would go to one file"),
        ("-", ("--output-format", "bigwig"), "bigwig cannot go to standard output"),
        ("genome.fa", ("--output-format", "tsv"), "-R and -O are the same file"),
    ],
)
def test_predict__outputs_that_cannot_be(predict_toy, tmp_path, target, more, message):
    (tmp_path / "folder.parquet").mkdir()
    before = names(tmp_path)
    target = target if target == "-" else str(tmp_path / target.format())
    result = predict_toy("-r", "chr2:1-9", "-O", target, *more)
    assert result.code in (1, 2)
    assert message.format(target=target) in result.stderr
    assert names(tmp_path) - {"genome.fa.fai"} == before - {"genome.fa.fai"}


def test_predict__no_output_name(predict_toy):
    result = predict_toy("-r", "chr2:1-9")
    assert result.code == 2
    assert "Missing option '-O'" in result.stderr


@pytest.mark.parametrize("ending", ["bw", "bedGraph", "bedGraph.gz", "tsv", "parquet"])
def test_predict__a_failure_leaves_what_was_there(predict_toy, tmp_path, monkeypatch, ending):
    monkeypatch.setattr(Budget, "max_scan", property(lambda self: 97))
    forward, done = Scanner._forward, []

    def fail_at_last(self, codes):
        done.append(len(codes))
        if len(done) == 20:
            raise NumericError("the networks gave no finite number.")
        return forward(self, codes)

    target = tmp_path / f"out.{ending}"
    old = tmp_path / (f"out.donor.plus.{ending}" if ending[0] == "b" else f"out.{ending}")
    old.write_text("old")
    predict_toy("-r", "chr2:1-9", "-O", tmp_path / "index.tsv")
    before = names(tmp_path)
    monkeypatch.setattr(Scanner, "_forward", fail_at_last)
    result = predict_toy("-O", target)
    assert (result.code, result.stderr) == (1, "Error: the networks gave no finite number.\n")
    assert len(done) == 20
    assert names(tmp_path) == before
    assert old.read_text() == "old"


class BrokenWriter:
    """Stands for pybigtools on a full disk: it takes some values, then gives up in one way or another."""

    def __init__(self, how, path, open_writer):
        self.how, self.path, self.open_writer = how, path, open_writer

    def write(self, lengths, entries):
        if self.how == "loses":
            self.open_writer(self.path, "w").write(lengths, iter([next(entries)]))
            list(entries)
        elif self.how == "raises":
            next(entries)
            raise BaseException("no more")
        # Else it says nothing, and stops in the middle.


@pytest.mark.parametrize(
    ("how", "message"),
    [("loses", "1 of 1,300 bases arrived"), ("raises", "no more"), ("stops", "the writer gave up")],
)
def test_predict__a_bigwig_that_is_not_complete_is_told(predict_toy, tmp_path, monkeypatch, how, message):
    monkeypatch.setattr(Budget, "max_scan", property(lambda self: 97))
    library = pybigtools.open

    def open_(path, mode="r"):
        return BrokenWriter(how, path, library) if mode == "w" else library(path)

    monkeypatch.setattr(bigwig.pybigtools, "open", open_)
    result = predict_toy("--strand", "+", "-O", tmp_path / "out.bw")
    assert result.code == 1
    assert re.search(rf"out\.\w+\.plus\.bw cannot be written: {message}", result.stderr)
    assert not [name for name in names(tmp_path) if name.endswith((".bw", ".part"))]


@pytest.mark.parametrize("is_first", [True, False])
def test_predict__an_empty_bigwig_leaves_none_of_its_set(predict_toy, tmp_path, arithmetic_weights, is_first):
    """Other tracks used to have their names already when the empty one was found."""
    fasta = builders.write_fasta(tmp_path / "tiny.fa", {"one": "AAT" if is_first else "AAG"})
    old = tmp_path / "out.acceptor.plus.bw"
    old.write_text("old")
    options = ("--strand", "+", "--min-probability", "0.4")
    result = predict_toy(*options, "-O", tmp_path / "out.bw", fasta=fasta, weights=arithmetic_weights)
    assert result.code == 1
    assert f"out.{'acceptor' if is_first else 'donor'}.plus.bw cannot be written: it would be empty" in result.stderr
    assert {name for name in names(tmp_path) if "out" in name} == {old.name}
    assert old.read_text() == "old"


def test_predict__a_bedgraph_that_the_disk_does_not_take_leaves_none_of_its_set(predict_toy, tmp_path, monkeypatch):
    def fail(self):
        if "donor.minus" in self.name:
            raise self.failure("No space left on device")

    monkeypatch.setattr(OutputPart, "sync", fail)
    result = predict_toy("-r", "chr2", "-O", tmp_path / "out.bedGraph.gz")
    assert result.code == 1
    assert "out.donor.minus.bedGraph.gz cannot be written: No space left on device." in result.stderr
    assert not [name for name in names(tmp_path) if "out" in name]


def test_predict__a_full_disk_is_named(predict_toy, tmp_path, monkeypatch):
    """pybigtools does not tell: it says that it could not send something to itself."""
    monkeypatch.setattr(bigwig.pybigtools, "open", lambda path, mode="r": BrokenWriter("raises", path, None))
    monkeypatch.setattr(bigwig.shutil, "disk_usage", lambda path: SimpleNamespace(free=5000))
    result = predict_toy("-O", tmp_path / "out.bw")
    assert result.code == 1
    assert "plus.bw cannot be written: No space left on device." in result.stderr


def test_predict__parquet_without_pyarrow(predict_toy, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "spliceai_cli.tracks.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = predict_toy("-r", "chr2:1-9", "-O", tmp_path / "out.parquet")
    assert result.code == 1
    assert "pip install 'spliceai-cli[parquet]'" in result.stderr
    assert "out.parquet" not in names(tmp_path)


def both(toy_weights, tissue_weights):
    return "--model", f"Toy={toy_weights}", "--model", f"Tissues={tissue_weights}"


def test_predict__several_models_side_by_side(cli, genome, ensemble, toy_weights, tissue_weights):
    models = both(toy_weights, tissue_weights)
    fixed = ("predict", "-R", genome.fasta, "--device", "cpu", "-O", "-", "--output-format", "tsv", "-r", "chr2")
    result = cli(*fixed, *models)
    assert result.code == 0, result.stderr
    heading, *lines = [line.split("\t") for line in result.stdout.decode().splitlines()]
    tracks = ["Toy_acceptor", "Toy_donor", "Tissues_heart_splice", "Tissues_brain_splice"]
    assert heading == ["chrom", "pos", "strand", *tracks]
    found = by_place(lines)
    tissues = toy_networks.random_ensemble(toy_networks.TISSUES_SPEC, seed=5)
    codes = encode(genome.contigs["chr2"].encode())
    for strand in "+-":
        shown = one_pass(ensemble, codes, strand)[:, 1:], one_pass(tissues, codes, strand)[:, [1, 3]]
        check(found, np.concatenate(shown, axis=1), "chr2", strand)
    # Alone its name is not needed.
    alone = cli(*fixed, *models[2:])
    assert alone.stdout.decode().split("\n")[0].split("\t")[3:] == ["heart_splice", "brain_splice"]


def test_predict__one_of_two_models_runs_out_of_memory(cli, genome, toy_weights, tissue_weights, monkeypatch):
    """Its stretches used to become shorter than those of the other model: a traceback."""
    fixed = ("predict", "-R", genome.fasta, "--device", "cpu", "-O", "-", "--output-format", "tsv", "-r", "chr1")
    models = both(toy_weights, tissue_weights)
    monkeypatch.setattr(Budget, "max_scan", property(lambda self: 400))
    expected = cli(*fixed, *models)
    forward = Scanner._forward

    def with_little_memory(self, codes):
        if self._spec.key == "Tissues" and len(codes) - self._spec.context > 100:
            raise DeviceMemoryError
        return forward(self, codes)

    monkeypatch.setattr(Scanner, "_forward", with_little_memory)
    result = cli(*fixed, *models)
    assert result.code == 0, result.stderr
    found = by_place([line.split("\t") for line in result.stdout.decode().splitlines()[1:]])
    plain = by_place([line.split("\t") for line in expected.stdout.decode().splitlines()[1:]])
    assert list(found) == list(plain)
    np.testing.assert_allclose(list(found.values()), list(plain.values()), rtol=0, atol=2 * TOLERANCE)


def test_predict__genes_are_shown_to_a_model_as_in_scoring(cli, genome, ensemble, toy_weights, tissue_weights):
    """N outside a gene for acceptors and donors; the genome for tissues."""
    fixed = ("predict", "-R", genome.fasta, "--device", "cpu", "-O", "-", "--output-format", "tsv")
    result = cli(*fixed, *both(toy_weights, tissue_weights), "-A", genome.table, "-g", "PLUS")
    assert result.code == 0, result.stderr
    found = by_place([line[:3] + line[4:] for line in (t.split("\t") for t in result.stdout.decode().splitlines()[1:])])
    bases = genome.contigs["chr1"]
    tissues = one_pass(toy_networks.random_ensemble(toy_networks.TISSUES_SPEC, seed=5), encode(bases.encode()))[
        100:500, [1, 3]
    ]
    expected = np.concatenate([profile(ensemble, bases[100:500], "+"), tissues], axis=1)
    check(found, expected, "chr1", "+", first=101)


def test_predict__weights_take_the_place_of_one_model(predict_toy, toy_weights, tissue_weights):
    result = predict_toy(*both(toy_weights, tissue_weights), "-O", "x.tsv")
    assert result.code == 2
    assert "weights given by path replace one model" in result.stderr
