"""``train``, ``transfer`` and ``calibrate`` from the command line, and what other commands make of the result."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from support import builders

from spliceai_cli.cli import train as command
from spliceai_cli.evaluate.loci import single_loci
from spliceai_cli.evaluate.matrices import MatrixModel
from spliceai_cli.evaluate.sites import Bootstrap, evaluate_sites
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.train import checkpoint
from spliceai_cli.train.config import PRESETS


@pytest.fixture
def inputs(tmp_path, one_thread):
    genes = [
        builders.gene(f"G{i}", "1", "+-"[i % 2], 500 * i, 500 * i + 400,
                      (500 * i, 500 * i + 80), (500 * i + 160, 500 * i + 240), (500 * i + 320, 500 * i + 400))
        for i in range(10)
    ]  # fmt: skip
    contigs = builders.spliced({"chr1": builders.random_bases(5000, 1)}, genes)
    fasta = builders.write_fasta(tmp_path / "genome.fa", contigs)
    return ("-R", str(fasta), "-A", str(builders.write_table(tmp_path / "genes.txt", genes)), "--device", "cpu")


RECIPE = (
    "--threads", "1", "--with", "context=80", "--with", "channels=4", "--with", "networks=1", "--with", "window=100",
    "--with", "batch=4", "--with", "epochs=1", "--with", "margin=5", "--with", 'train=["1:1-4000"]',
    "--with", 'test=["1:4001-5000"]', "--with", "name=Fish", "--with", "licence=CC0",
)  # fmt: skip


@pytest.fixture
def run(cli, inputs, tmp_path):
    done = cli("train", *inputs, *RECIPE, "-O", str(tmp_path / "run"))
    assert done.code == 0, done.stderr
    assert "7 genes to train with, 1 to validate, 2 to test" in done.stderr
    return tmp_path / "run"


def test_presets__are_the_words_of_the_option():
    assert tuple(PRESETS) == command._PRESETS


def test_model__annotates_under_its_own_key(cli, inputs, run, tmp_path):
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("1", 170, "N", "C")])
    base = (tmp_path / "genome.fa").read_text().replace("\n", "").split("test")[1][169]
    vcf.write_text(vcf.read_text().replace("\tN\tC", f"\t{base}\t{'A' if base != 'A' else 'C'}"))
    done = cli("annotate", "-I", str(vcf), *inputs, "--model", str(run))
    assert done.code == 0, done.stderr
    assert done.records[0][7].startswith("Fish=")
    assert b"##INFO=<ID=Fish,Number=.,Type=String" in done.stdout
    answers = json.loads(
        cli("score", f"1:170:{base}:{'A' if base != 'A' else 'C'}", *inputs, "--model", str(run), "--json").stdout
    )
    assert [score["model_key"] for score in answers[0]["scores"]] == ["Fish"]
    predicted = cli("predict", *inputs, "--model", str(run), "-r", "1:1-50", "-O", str(tmp_path / "out.tsv"))
    assert predicted.code == 0, predicted.stderr


def test_test_genes__are_those_that_evaluate_takes(cli, inputs, run):
    genes = ("--genes", str(run / "test-genes.txt"), "--context", "N", "--json", "--bootstrap", "0")
    done = cli("evaluate", "sites", *inputs, "--model", str(run), *genes)
    acceptor, _ = json.loads(done.stdout)["accuracy"]
    assert (acceptor["model"], acceptor["n_genes"], acceptor["n_sites"]) == ("Fish", 2, 4)


def test_matrices__are_those_of_the_training_genes(cli, inputs, run, tmp_path):
    parts = ("--genes", str(run / "test-genes.txt"), "--matrices", str(run / "train-genes.txt"), "--context", "N")
    done = cli("evaluate", "sites", *inputs, "--model", str(run), *parts, "--json", "--bootstrap", "0")
    assert done.code == 0, done.stderr
    report = json.loads(done.stdout)
    assert [one["model"] for one in report["accuracy"]] == ["Fish", "Fish", "weight matrices", "weight matrices"]
    assert report["matrices"] == sha256((run / "train-genes.txt").read_bytes()).hexdigest()
    genes = {gene.symbol: gene for gene in read_annotation(tmp_path / "genes.txt", Selection()).genes}
    reference = Reference(tmp_path / "genome.fa")
    training, test = (
        single_loci([genes[name] for name in (run / f"{part}-genes.txt").read_text().split()], reference)
        for part in ("train", "test")
    )
    assert (len(training), len(test)) == (7, 2)
    model = {"by hand": MatrixModel(training, reference)}
    expected = evaluate_sites(model, test, reference, is_alone=True, bootstrap=Bootstrap(0))
    assert [one["brier"] for one in report["accuracy"][2:]] == [one.brier for one in expected]


def test_transfer__starts_from_the_model(cli, inputs, run, tmp_path):
    assert RECIPE[-2:] == ("--with", "licence=CC0")
    # Without context and channels, which are those of the model, and the licence.
    recipe = [text.replace("Fish", "Shark") for text in (*RECIPE[:2], *RECIPE[6:-2])]
    done = cli("transfer", str(run), *inputs, *recipe, "--freeze", "1", "-O", str(tmp_path / "next"))
    assert done.code == 0, done.stderr
    readme = (tmp_path / "next" / "README.md").read_text()
    assert "Started from Fish (CC0)" in readme
    assert "Weights: derived from Fish, CC0." in readme
    config = (tmp_path / "next" / "config.toml").read_text()
    assert "context = 80\nchannels = 4\n" in config


def test_calibrate__writes_a_model(cli, inputs, run, tmp_path):
    out = tmp_path / "calibrated.safetensors"
    genes = ("--genes", str(run / "validation-genes.txt"))
    done = cli("calibrate", str(run), *inputs, *genes, "--threads", "1", "-O", str(out))
    assert done.code == 0, done.stderr
    assert "INFO/Fish_cal" in done.stderr
    shown = cli("evaluate", "sites", *inputs, "--model", str(out), *genes, "--json", "--bootstrap", "0")
    assert json.loads(shown.stdout)["models"][0]["model_key"] == "Fish_cal"


def test_run__that_is_not_done_is_no_model(cli, inputs, run):
    (run / "weights.safetensors").unlink()
    done = cli("evaluate", "sites", *inputs, "--model", str(run))
    assert (done.code, "its training is not done" in done.stderr) == (1, True)


def test_run__says_where_it_continues(cli, inputs, tmp_path):
    """With the checkpoint that it had after its first network, and with that of its end."""
    recipe = [text.replace("networks=1", "networks=2") for text in RECIPE]
    folder = tmp_path / "run"
    command = ("train", *inputs, *recipe, "--with", "checkpoint_steps=2", "-O", str(folder))
    assert "continues" not in cli(*command).stderr
    weights = (folder / "weights.safetensors").read_bytes()
    again = cli(*command)
    assert (again.code, again.stderr.splitlines()[-2].split("; ")[-1]) == (0, "continues after the last step")
    last = checkpoint._read(folder / "checkpoint.pt")
    checkpoint.Checkpoint(last.digest, last.finished[:1]).save(folder)
    (folder / "weights.safetensors").unlink()
    continued = cli(*command)
    assert "; continues after step 0 of network 2\n" in continued.stderr
    assert (folder / "weights.safetensors").read_bytes() == weights


def test_run__keeps_files_of_others(cli, inputs, tmp_path):
    """A recipe in the folder of its run used to lose its comments, and a README was replaced."""
    recipe = tmp_path / "fish" / "config.toml"
    recipe.parent.mkdir()
    recipe.write_text("# mine\n")
    done = cli("train", str(recipe), *inputs, *RECIPE, "-O", str(recipe.parent))
    assert (done.code, recipe.read_text()) == (1, "# mine\n")
    assert "contains config.toml but no checkpoint" in done.stderr


def test_transfer__refuses_another_architecture(cli, inputs, run, tmp_path):
    """Its entries used to be ignored."""
    done = cli("transfer", str(run), *inputs, *RECIPE, "--with", "channels=16", "-O", str(tmp_path / "next"))
    assert done.code == 2
    assert "channels is 16, but Fish has 4, and its networks keep their architecture." in done.stderr


def test_biotypes__of_the_option_are_in_the_recipe(cli, inputs, tmp_path):
    """The recipe that a run wrote used to lack them, and was refused as another one."""
    table = tmp_path / "genes.gtf"
    attributes = 'gene_id "{0}"; transcript_id "T{0}"; gene_name "{0}"; gene_biotype "{1}";'
    exons = ((1, 80), (161, 240), (321, 400))
    table.write_text(
        "".join(
            f"1\tx\texon\t{500 * i + start}\t{500 * i + end}\t.\t+\t.\t"
            f"{attributes.format(f'G{i}', 'protein_coding' if i else 'lncRNA')}\n"
            for i in range(10)
            for start, end in exons
        )
    )
    genome = (*inputs[:2], "-A", str(table), *inputs[4:])
    folder = tmp_path / "run"
    first = cli("train", *genome, *RECIPE, "--biotypes", "protein_coding", "--allow-foreign-genes", "-O", str(folder))
    assert first.code == 0, first.stderr
    again = cli("train", str(folder / "config.toml"), *genome, "--allow-foreign-genes", "-O", str(folder))
    assert again.code == 0, again.stderr


@pytest.mark.parametrize(
    ("extra", "code", "message"),
    [
        (("--with", "epoch=1"), 2, "there is no 'epoch' in a recipe"),
        (("--with", 'train=["7"]'), 1, "no gene is left for train in 7."),
        (("--with", 'train=["1:9-1"]'), 2, "train: "),
        (("--with", "margin=1000"), 1, "lack acceptors, donors or other bases where they count"),
        (("--with", "shift=101"), 2, "shift is 101; at most the window, 100, expected"),
        (("-O", ""), 2, "-O names no folder"),
        (("--preset", "paper", "--with", "preset=card"), 2, "there is no 'preset'"),
        (("--with", "batch=1e9"), 2, "batch is 1000000000.0; a whole number expected"),
    ],
)
def test_train__refuses(cli, inputs, tmp_path, extra, code, message):
    done = cli("train", *inputs, *RECIPE, "-O", str(tmp_path / "run"), *extra)
    assert (done.code, message in done.stderr) == (code, True), done.stderr
    assert not (tmp_path / "run").exists()
