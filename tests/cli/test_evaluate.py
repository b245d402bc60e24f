"""``evaluate``: tables, JSON and picture of toy networks, and real weights against what other programs count."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support import builders

from spliceai_cli.engine.device import choose_device
from spliceai_cli.engine.scan import Scanner
from spliceai_cli.evaluate.loci import joined_loci, spliced
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.coords import Region
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.regions import Targets
from spliceai_cli.models.spec import ACCEPTOR, DONOR

SITES = ("evaluate", "sites", "--device", "cpu", "--threads", "1")


@pytest.fixture
def arguments(genome, toy_weights):
    return ("-R", str(genome.fasta), "-A", str(genome.table), "--weights", str(toy_weights))


def test_sites__prints_tables(cli, arguments):
    done = cli(*SITES, *arguments)
    assert done.code == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("| model | genes | site | sites | positions |")
    # PLUS has two introns, MINUS two, EDGE one.
    assert lines[2].startswith("| SpliceAI | 3 | acceptor | 5 | 1,200 | 1.000 |")
    assert lines[3].startswith("| SpliceAI | 3 | donor | 5 | 1,200 | 1.000 |")


def test_sites__json_and_picture(cli, arguments, tmp_path):
    out, picture = tmp_path / "accuracy.json", tmp_path / "reliability.svg"
    done = cli(*SITES, *arguments, "--strand", "+", "-O", str(out), "--plot", str(picture), "--bootstrap", "50")
    assert (done.code, done.stdout) == (0, b"")
    report = json.loads(out.read_text())
    assert {"version", "models", "genes_sha256", "context", "seed", "accuracy"} <= report.keys()
    acceptor, donor = report["accuracy"]
    assert (acceptor["site"], acceptor["n_sites"], acceptor["n_positions"], donor["n_genes"]) == ("acceptor", 3, 700, 2)
    assert acceptor["pr_auc"]["low"] <= acceptor["pr_auc"]["value"] <= acceptor["pr_auc"]["high"]
    assert sum(one["n_positions"] for one in acceptor["bins"]) == 700
    assert sum(one["n_sites"] for one in acceptor["by_strength"]) == 3
    assert b"<svg" in picture.read_bytes()
    before = out.read_bytes(), picture.read_bytes()
    cli(*SITES, *arguments, "--strand", "+", "-O", str(out), "--plot", str(picture), "--bootstrap", "50")
    assert (out.read_bytes(), picture.read_bytes()) == before


def test_sites__of_regions_takes_whole_genes(cli, arguments):
    done = cli(*SITES, *arguments, "-r", "chr1:101-600", "--json")
    assert [one["n_genes"] for one in json.loads(done.stdout)["accuracy"]] == [1, 1]


def test_sites__of_regions_and_targets_takes_genes_within_both(cli, arguments, tmp_path):
    """-T used to be ignored beside -r."""
    bed = tmp_path / "chr2.bed"
    bed.write_text("chr2\t0\t300\n")
    done = cli(*SITES, *arguments, "-r", "chr1,chr2", "-T", str(bed), "--json")
    assert [one["n_genes"] for one in json.loads(done.stdout)["accuracy"]] == [1, 1]
    done = cli(*SITES, *arguments, "-r", "chr1", "-T", str(bed))
    assert (done.code, "no gene is left to evaluate" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("extra", "code", "message"),
    [
        (("-r", "chr1:101-200"), 1, "no gene is left to evaluate"),
        (("-O", "new.svg", "--plot", "./new.svg"), 2, "--plot and -O are the same file"),
        (("-O", "out.vcf"), 2, "accuracy is written as tables or JSON"),
        (("--plot", "out.html"), 2, "names end in .png, .svg, .pdf"),
        (("--matrices", "nobody.txt"), 1, "NOBODY"),
        (("-O", ""), 2, "no file is named. Was a variable empty?"),
        (("-O", "none/a.txt"), 1, "output none/a.txt cannot be written: No such file or directory."),
        (
            ("-O", "a.txt", "--plot", "none/a.svg"),
            1,
            "picture none/a.svg cannot be written: No such file",
        ),
    ],
)
def test_sites__refuses(cli, arguments, extra, code, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nobody.txt").write_text("NOBODY\n")
    done = cli(*SITES, *arguments, *extra)
    assert done.code == code
    assert message in done.stderr
    assert not {"a.txt", "new.svg", "none", "out.html", "out.vcf"} & {path.name for path in tmp_path.iterdir()}


def test_genes__of_n_alone_are_refused(cli, genome, toy_weights, tmp_path):
    fasta = builders.write_fasta(tmp_path / "n.fa", {"chr1": 1000 * "N", "chr2": 1000 * "N"})
    inputs = ("-R", str(fasta), "-A", str(genome.table))
    out = tmp_path / "out.safetensors"
    for command in ((*SITES, "--weights", str(toy_weights)), ("calibrate", str(toy_weights), "-O", str(out))):
        done = cli(*command, *inputs)
        assert done.code == 1
        assert f"Error: {fasta} has nothing but N at the splice sites of 3 genes.\n" in done.stderr
    assert not out.exists()


def test_sites__refuses_a_model_of_tissues(cli, genome, tissue_weights):
    done = cli(*SITES, "-R", str(genome.fasta), "-A", str(genome.table), "--weights", str(tissue_weights))
    assert done.code == 2
    assert "one probability for acceptors and donors together" in done.stderr


@pytest.fixture
def labelled(genome, tmp_path):
    rows = ["chrom\tpos\tref\talt\tlabel\tgene"]
    for i, pos in enumerate((181, 182, 259, 260, 300, 350)):
        rows.append(f"chr1\t{pos}\t{genome.base('chr1', pos)}\t{genome.other('chr1', pos)}\t{int(i < 3)}\tPLUS")
    rows.append(f"chr2\t250\t{genome.base('chr2', 250)}\t{genome.other('chr2', 250)}\t1\tPLUS")
    rows.append("chr1\t999\tA\tC\t0\tPLUS")
    path = tmp_path / "labelled.tsv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_variants__agree_with_annotate(cli, arguments, labelled):
    options = ("--device", "cpu", "--threads", "1", "--bootstrap", "20", "--json", "--gene", "gene")
    done = cli("evaluate", "variants", str(labelled), *arguments, *options)
    assert done.code == 0, done.stderr
    (found,) = json.loads(done.stdout)["accuracy"]
    assert (found["model"], found["n_variants"], found["n_affecting"]) == ("SpliceAI", 6, 3)
    # EDGE is not PLUS, and after MINUS there is no gene.
    assert found["unscored"] == {"not on its gene": 1, "outside": 1}
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    variants = [":".join(line.split("\t")[:4]) for line in labelled.read_text().splitlines()[1:7]]
    scored = cli("score", *variants, *arguments, "--device", "cpu", "--json").stdout
    answers = json.loads(scored)
    largest = [max(one["max_score"] for one in answer["scores"] if one["symbol"] == "PLUS") for answer in answers]
    assert found["pr_auc"]["value"] == pytest.approx(metrics.average_precision_score([1, 1, 1, 0, 0, 0], largest))
    assert found["auroc"]["value"] == pytest.approx(metrics.roc_auc_score([1, 1, 1, 0, 0, 0], largest))
    assert [at["threshold"] for at in found["cutoffs"][:3]] == [0.2, 0.5, 0.8]


def test_variants__prints_tables(cli, arguments, labelled):
    lines = cli("evaluate", "variants", str(labelled), *arguments, "--device", "cpu").stdout.decode().splitlines()
    assert lines[0] == "| model | variants | affecting | unscored | PR-AUC (95 %) | AUROC (95 %) |"
    assert lines[2].startswith("| SpliceAI | 7 | 4 | outside 1 |")
    assert lines[-1].split(" | ")[1].endswith("(Youden)")


def test_variants__counts_a_variant_once(cli, arguments, labelled):
    rows = labelled.read_text().splitlines()
    labelled.write_text("\r\n".join([*rows, rows[1], rows[2].removeprefix("chr")]) + "\r\n")
    done = cli("evaluate", "variants", str(labelled), *arguments, "--device", "cpu", "--bootstrap", "0", "--json")
    (found,) = json.loads(done.stdout)["accuracy"]
    assert (found["n_variants"], found["unscored"]) == (7, {"repeated": 2, "outside": 1})


def test_variants__refuses_one_label(cli, arguments, labelled):
    text = labelled.read_text().replace("\t0\tPLUS", "\t1\tPLUS")
    labelled.write_text(text)
    done = cli("evaluate", "variants", str(labelled), *arguments)
    assert done.code == 1
    assert "has only one kind of label, in 8 rows" in done.stderr


GENES = "annotation/GRCh38.chr19.ensembl91.gff3.gz"


@pytest.fixture(scope="module")
def ensembl(shared):
    return shared / GENES


def test_labels__are_beside_ag_and_gt_as_genes_check_counts(cli, chr19, ensembl):
    """The share of acceptors after AG and donors before GT, on all of chr19, against ``genes check``'s introns."""
    reference = Reference(chr19)
    genes = read_annotation(ensembl, Selection(biotypes=("protein_coding",))).genes
    loci = joined_loci(spliced(genes, reference), reference)
    from spliceai_cli.evaluate.sites import Strengths

    done = cli("genes", "check", "-A", str(ensembl), "-R", str(chr19), "--biotypes", "protein_coding")
    rows = dict(line.split("\t", 1) for line in done.stdout.decode().splitlines())
    gt_ag = float(rows["GT-AG"].split("\t")[1].rstrip("%")) / 100
    for site in (ACCEPTOR, DONOR):
        consensus = Strengths(site, loci, reference).consensus
        # An intron counts if both of its ends are right, a site by its own end.
        assert consensus >= max(0.985, gt_ag)


@pytest.mark.weights
def test_sites__of_spliceai_equal_scikit_learn(cli, store, chr19, ensembl, monkeypatch):
    """On a slice of chr19, from probabilities that are computed here and sorted there."""
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    region = Region("19", 10_000_000, 10_200_000)
    where = f"19:{region.start + 1}-{region.end}"
    options = ("--biotypes", "protein_coding", "--strand", "+", "-r", where, "--bootstrap", "0", "--json")
    done = cli(*SITES, "-R", str(chr19), "-A", str(ensembl), *options)
    assert done.code == 0, done.stderr
    found = json.loads(done.stdout)["accuracy"]
    reference, targets = Reference(chr19), Targets([region])
    genes = read_annotation(ensembl, Selection(biotypes=("protein_coding",))).genes
    genes = [gene for gene in genes if gene.strand == "+" and targets.hold(gene.chrom, gene.start, gene.end)]
    from spliceai_cli.models.open import open_model

    scanner = Scanner(open_model("spliceai", store.home), choose_device("cpu"), 2 << 30)
    labels: dict[int, list] = {ACCEPTOR: [], DONOR: []}
    values: dict[int, list] = {ACCEPTOR: [], DONOR: []}
    for locus in joined_loci(spliced(genes, reference), reference):
        (stretch,) = scanner.predict(locus.sequence(reference, is_alone=False), [locus.interval])
        at = np.arange(*locus.interval) + 1
        for site, kind in ((ACCEPTOR, "acceptors"), (DONOR, "donors")):
            labels[site].append(np.isin(at, [pos for gene in locus.genes for pos in getattr(gene, kind)]))
            values[site].append(stretch.probabilities[:, site])
    for one, site in zip(found, (ACCEPTOR, DONOR), strict=True):
        truth, scores = np.concatenate(labels[site]), np.concatenate(values[site])
        assert one["n_sites"] == truth.sum() > 20
        assert one["pr_auc"]["value"] == pytest.approx(metrics.average_precision_score(truth, scores), abs=1e-6)
        assert one["brier"] == pytest.approx(metrics.brier_score_loss(truth, scores), abs=1e-9)
        best = np.argsort(-scores, kind="stable")[: truth.sum()]
        assert one["top_k"]["value"] == pytest.approx(truth[best].mean())
