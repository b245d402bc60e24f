"""``--workers`` and several ``--device``: the same bytes, whoever computes."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from support import builders, toy_networks

from spliceai_cli.cli.main import annotate, group, run
from spliceai_cli.models.spec import BlockSpec, NetworkSpec

LENGTH = 16 << 14

# Native kernels compute 32 features, on up to eight threads; others are computed by PyTorch's, on up to four.
FEATURES = {"native": 32, "PyTorch": 8}


@pytest.fixture(scope="module", params=FEATURES)
def world(request, tmp_path_factory):
    """Two overlapping genes, and alleles of every kind in several windows."""
    folder = tmp_path_factory.mktemp("workers")
    blocks = (BlockSpec(11, 1), BlockSpec(11, 4, is_tapped=True))
    spec = NetworkSpec("toy", blocks, channels=FEATURES[request.param], n_networks=2)
    bases = builders.random_bases(LENGTH, seed=7)
    genes = [
        builders.gene("PLUS", "chr1", "+", 10, LENGTH - 10, (10, 900), (40_000, 40_200), (LENGTH - 500, LENGTH - 10)),
        builders.gene("MINUS", "chr1", "-", 150_000, 230_000, (150_000, 150_300), (229_000, 230_000)),
    ]
    alts = "C", "CT,G", "<DEL>", "N", "*", "TTTTTTT"
    rows = []
    for i, pos in enumerate(range(100, LENGTH - 100, 3_000)):
        ref = bases[pos - 1 : pos - 1 + 1 + 2 * (i % 3)]
        rows.append(("chr1", pos, ref, alts[i % len(alts)] if ref != "C" else "G"))
    rows += rows[3:20]  # Not sorted: blocks recur.
    return SimpleNamespace(
        vcf=builders.write_vcf(folder / "in.vcf", rows),
        fixed=[
            *("-R", builders.write_fasta(folder / "genome.fa", {"chr1": bases})),
            *("-A", builders.write_table(folder / "genes.txt", genes)),
            *("--weights", toy_networks.save(folder / "weights", spec, toy_networks.random_tensors(spec))),
            "-q",
        ],
    )


@pytest.fixture
def output(world, tmp_path):
    """What a command writes with these options."""

    def call(command, *options):
        target = tmp_path / ("out" + ".".join(map(str, options)).replace("/", "_")[-60:])
        program = annotate if command == "annotate" else group
        words = [] if command == "annotate" else command.split()
        if command == "annotate":
            words += ["-I", world.vcf]
        assert run(program, [str(word) for word in (*words, *world.fixed, "-O", target, *options)], prog_name="x") == 0
        return target.read_bytes()

    return call


@pytest.mark.parametrize(
    "options",
    [
        ("--workers", 2),
        ("--workers", 4, "-D", 500, "--output-type", "z"),
        ("--workers", "auto", "--threads", 3),
        ("--workers", 9, "--memory", "32G"),
        ("--device", "cpu,cpu"),
    ],
    ids=lambda words: words[1],
)
def test_annotate__bytes_do_not_depend_on_workers(output, options):
    alone = ("--workers", 1, "--device", "cpu", *options[2:])
    assert output("annotate", *alone) == output("annotate", "--device", "cpu", *options)


@pytest.mark.parametrize("options", [("--workers", 2, "--gene", "MINUS"), ("--workers", 4)], ids=lambda words: words[1])
def test_predict__bytes_do_not_depend_on_workers(output, options):
    common = ("--output-format", "tsv", "--device", "cpu")
    found = output("predict", *common, *options)
    assert found.count(b"\n") > 1000
    assert found == output("predict", *common, "--workers", 1, *options[2:])


@pytest.mark.parametrize("options", [("--device", "cpu", "--workers", "2"), ("--device", "cpu,cpu")], ids=" ".join)
def test_closed_pipe__ends_all(world, options):
    """``| head``: no message, no thread or process that goes on."""
    program = [sys.executable, "-m", "spliceai_cli", "annotate", "-I", world.vcf, *world.fixed, *options]
    reading, writing = os.pipe()
    with subprocess.Popen([*map(str, program)], stdout=writing, stderr=subprocess.PIPE, process_group=0) as process:
        os.close(writing)
        assert os.read(reading, 16).startswith(b"##fileformat")
        os.close(reading)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode in (0, -13, 141)
    assert stderr == b""
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
