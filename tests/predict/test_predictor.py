"""``Predictor``: its rows and files are those of the command."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support import builders

from spliceai_cli import Compute, Predictor, Settings, TrackSettings
from spliceai_cli.errors import AnnotationError, SpliceAICliError, UsageError, VcfError

ROWS = [("chr1", 181, 1, "N"), ("chr1", 448, 4, "{first}"), ("chr2", 120, 1, "{first}GTAAG")]


@pytest.fixture
def vcf(genome, tmp_path):
    rows = [
        (chrom, pos, genome.base(chrom, pos, n_ref), alt.format(first=genome.base(chrom, pos)))
        for chrom, pos, n_ref, alt in ROWS
    ]
    return builders.write_vcf(tmp_path / "in.vcf", rows)


@pytest.fixture
def open_predictor(genome, toy_weights, one_thread):
    def call(**more):
        compute = Compute(weights=toy_weights, device="cpu")
        return Predictor(**{"reference": genome.fasta, "annotation": genome.table, "compute": compute} | more)

    return call


def lines_of(tracks):
    """Rows as the command prints them."""
    for rows in tracks:
        for i, values in enumerate(rows.values):
            printed = (f"{value:.6f}".replace("-0.000000", "0.000000") for value in values.tolist())
            yield "\t".join((rows.chrom, str(rows.start + 1 + i), rows.strand, *rows.labels, *printed))


# What is asked of the predictor, and with which options of the command.
CASES = {
    "contigs": (lambda p, vcf: p.regions(), ""),
    "regions": (
        lambda p, vcf: p.regions(["2:5-50,chr1:7", "1:3-20"], strand="-"),
        "-r 2:5-50,chr1:7 -r 1:3-20 --strand -",
    ),
    "one region, N around": (lambda p, vcf: p.regions("chr1:101-140", context="N"), "-r chr1:101-140 --context N"),
    "every gene": (lambda p, vcf: p.genes(), "-A {table}"),
    "genes by name": (lambda p, vcf: p.genes(["EDGE", "PLUS"]), "-A {table} -g EDGE,PLUS"),
    "one gene": (lambda p, vcf: p.genes("MINUS", context="genome"), "-A {table} -g MINUS --context genome"),
    "genes by region": (
        lambda p, vcf: p.genes(regions="chr1:450-460", strand="+"),
        "-A {table} -r chr1:450-460 --strand +",
    ),
    "alleles on genes": (lambda p, vcf: p.alleles(vcf), "--alt {vcf} -A {table}"),
    "alleles on one gene": (
        lambda p, vcf: p.alleles(vcf, names="PLUS", regions="chr1"),
        "--alt {vcf} -A {table} -g PLUS -r chr1",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rows_and_files__are_those_of_the_command(open_predictor, predict_toy, genome, vcf, tmp_path, case):
    ask, options = CASES[case]
    options = [option.format(table=genome.table, vcf=vcf) for option in options.split()]
    expected, found = tmp_path / "command.tsv", tmp_path / "python.tsv"
    assert predict_toy(*options, "-O", expected).code == 0
    tracks = ask(open_predictor(), vcf)
    heading, *lines = expected.read_text().splitlines()
    assert heading.split("\t") == ["chrom", "pos", "strand", *tracks.labels, *tracks.columns]
    assert list(lines_of(tracks)) == lines
    # Around alleles it counts what is beyond the ends of the contig, too.
    assert len(lines) == tracks.n_bases or (len(lines) < tracks.n_bases and "variant" in tracks.labels)
    assert tracks.write(found) == (found,)
    assert found.read_bytes() == expected.read_bytes()


def test_alleles__without_genes_are_those_of_the_command(open_predictor, predict_toy, vcf, tmp_path):
    options = ("--alt", vcf, "-D", "12", "--min-probability", "0.5")
    assert predict_toy(*options, "-O", tmp_path / "command.bedGraph").code == 0
    tracks = open_predictor(annotation=None, settings=TrackSettings(distance=12)).alleles(vcf)
    written = tracks.write(tmp_path / "python.bedGraph", min_probability=0.5)
    assert len(written) == 2 * 6
    for path in written:
        assert path.read_bytes() == path.with_name(path.name.replace("python", "command")).read_bytes()
    # Made with the same, said with the same words.
    origins = [(tmp_path / f"{name}.bedGraph.json").read_bytes() for name in ("python", "command")]
    assert origins[0] == origins[1]
    assert str(tracks.summary).startswith("3 records, 3 alleles\n  3  scored (6 allele×gene scores)")
    assert {rows.labels[0] for rows in tracks} == {"."}
    # Asked again they answer again.
    assert list(lines_of(tracks)) == list(lines_of(tracks))


def test_regions__of_a_bed_file(open_predictor, tmp_path):
    (tmp_path / "some.bed").write_text("chr2\t9\t12\n")
    predictor = open_predictor(annotation=None)
    assert [*lines_of(predictor.regions(tmp_path / "some.bed"))] == [*lines_of(predictor.regions("chr2:10-12"))]


def test_predictor__is_shared_by_threads_and_not_by_processes(open_predictor, vcf):
    predictor = open_predictor()
    asked = [predictor.genes, predictor.regions, lambda: predictor.alleles(vcf)] * 2

    def values(ask):
        return np.concatenate([rows.values.ravel() for rows in ask()])

    expected = list(map(values, asked))
    with ThreadPoolExecutor(4) as pool:
        for found, alone in zip(pool.map(values, asked), expected, strict=True):
            np.testing.assert_array_equal(found, alone)
    with pytest.raises(UsageError, match="a Predictor cannot be pickled or copied"):
        pickle.dumps(predictor)


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda p: p.regions("chr9"), UsageError, "has no contig chr9"),
        (lambda p: p.regions([]), UsageError, r"regions is \[\] \(list\); texts expected, or None for everything"),
        (lambda p: p.regions(["chr1", " "]), UsageError, "texts expected"),
        (lambda p: p.regions(strand="plus"), UsageError, r"there is no strand 'plus'; choose from \+, -, both"),
        (lambda p: p.regions(context="A"), UsageError, "there is no context 'A'; choose from genome, N"),
        (lambda p: p.genes([]), UsageError, r"names is \[\]"),
        (lambda p: p.genes(","), UsageError, "the names of genes are empty"),
        (lambda p: p.genes(["PLUS", "WHO"]), AnnotationError, "has no gene WHO"),
        (lambda p: p.alleles("none.vcf"), VcfError, "none.vcf cannot be read"),
        (lambda p: p.alleles("none.vcf", strand=""), UsageError, "there is no strand ''"),
        (lambda p: p.regions().write("x.foo"), UsageError, "does not say what to write"),
        (
            lambda p: p.regions().write("x.tsv", output_format="TSV"),
            UsageError,
            "no output format 'TSV'; choose from bigwig",
        ),
        (lambda p: p.regions().write("x.tsv", min_probability=2), UsageError, "min_probability is 2"),
        (lambda p: p.regions().write("x.tsv", min_probability=float("nan")), UsageError, "min_probability is nan"),
        (lambda p: p.regions().write(p.reference.path, output_format="tsv"), UsageError, "are the same file"),
    ],
)
def test_errors__name_the_argument(open_predictor, tmp_path, monkeypatch, ask, kind, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind, match=message):
        ask(open_predictor())
    assert not list(tmp_path.glob("x.*"))


def test_genes__need_an_annotation(open_predictor, vcf):
    predictor = open_predictor(annotation=None)
    for ask in (predictor.genes, lambda: predictor.alleles(vcf, names="PLUS")):
        with pytest.raises(UsageError, match="no annotation is given"):
            ask()


@pytest.mark.parametrize("settings", [Settings(), Settings(mask=1), {"distance": 5}])
def test_settings__that_are_for_scores_are_refused(open_predictor, settings):
    with pytest.raises(SpliceAICliError, match="a TrackSettings expected"):
        open_predictor(settings=settings)


def test_distance__has_one_default_however_the_settings_are_given(open_predictor, vcf):
    """With ``Settings(models=…)`` it was 50, and 500 without settings."""
    given = open_predictor(settings=TrackSettings(precision="float32"))
    assert given.alleles(vcf).n_bases == open_predictor().alleles(vcf).n_bases
    assert TrackSettings().distance == TrackSettings(models=("pangolin",)).distance == 500
