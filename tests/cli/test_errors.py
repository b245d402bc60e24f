"""Every error text of the command line, in one table."""

from __future__ import annotations

import hashlib
import random
import resource
from pathlib import Path

import pytest
from error_cases import HEADER, Folder, of_fasta, of_genes, of_input, of_options, of_output, of_weights

from spliceai_cli.cli.main import annotate
from spliceai_cli.weights.registry import SPLICEAI

OLD = "an older result\n"

TABLES = (of_input, of_fasta, of_genes, of_weights, of_output, of_options)
CASES = {name: case for table in TABLES for name, case in table.CASES.items()}


@pytest.fixture
def folder(tmp_path, toy_weights, home, genome, monkeypatch):
    made = Folder(tmp_path, genome, monkeypatch)
    made.write("good.vcf", HEADER + made.rows(3))
    made.write("result/out.vcf", OLD)
    (tmp_path / "weights").symlink_to(toy_weights)
    return made


def test_tables__name_no_case_twice():
    assert len(CASES) == sum(len(table.CASES) for table in TABLES)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_error__is_told_and_leaves_no_output(cli, folder, case):
    options = case.options(folder)
    usual = {"-I": "good.vcf", "-O": "result/out.vcf", "-R": "genome.fa", "-A": "genes.txt", "--weights": "weights"}
    usual.pop(case.without, None)
    arguments = [text for name, file in usual.items() for text in (name, folder.path / file)]
    before = set(folder.path.iterdir())

    result = cli(*arguments, "--device", "cpu", *options, command=annotate)

    said = result.stderr.replace(str(folder.path), "DIR")
    expected = f"Error: {case.message}\n" + (f"Hint: {case.hint}\n" if case.hint else "")
    usage = "Usage: annotate [OPTIONS]\nTry 'annotate --help' for help.\n\n"
    assert (result.code, said.removeprefix(usage), result.stdout) == (case.code, expected, b"")
    assert files(folder.path / "result") == {"out.vcf": OLD.encode()}
    assert {path.name for path in set(folder.path.iterdir()) - before} <= {"genome.fa.fai", "my.fa.fai"}


@pytest.mark.parametrize("output_type", ["v", "z", "b", "u"])
def test_file_size_limit__leaves_the_older_file(cli, folder, output_type):
    # What a full disk does to a regular file, without a disk: the first write past the limit fails.
    header = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n" + HEADER.split("\n")[1] + "\n"
    noise = random.Random(0).randbytes(60_000).hex()
    vcf = folder.write("in.vcf", header + f"chr1\t2\t{noise}\tA\t.\t.\t.\t.\n")
    options = (
        "-I",
        vcf,
        "-O",
        folder.path / "result" / "out.vcf",
        "-R",
        folder.genome.fasta,
        "-A",
        folder.genome.table,
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        weights = ("--weights", folder.path / "weights", "--device", "cpu")
        result = cli(*options, *weights, "--output-type", output_type, command=annotate)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    path = folder.path / "result" / "out.vcf"
    assert result.stderr == (
        f"Error: output {path} cannot be written: File too large.\nHint: What was there before is unchanged.\n"
    )
    assert result.code == 1
    assert files(folder.path / "result") == {"out.vcf": OLD.encode()}


WEIGHTS_CASES = {
    "no-wheel": (
        ["install", "--wheel", "none.whl"],
        "wheel none.whl cannot be read: No such file or directory.",
    ),
    "other-wheel": (
        ["install", "--wheel", "other.whl"],
        "other.whl is not the published wheel: SHA-256 is "
        f"{hashlib.sha256(b'other').hexdigest()}, {SPLICEAI.source.sha256} expected.",
    ),
    "not-installed": (
        ["verify"],
        "the weights of spliceai are not installed (no DIR/home/spliceai/weights.safetensors).",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), WEIGHTS_CASES.values(), ids=WEIGHTS_CASES)
def test_weights_error__is_told_and_installs_nothing(cli, tmp_path, home, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.whl").write_bytes(b"other")
    result = cli("weights", *arguments)
    assert result.code == 1
    assert f"Error: {message}\n" in result.stderr.replace(str(tmp_path), "DIR")
    assert not home.exists()
