"""Native kernels need no PyTorch, which takes longer to load than a variant to score."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support import toy_networks

from spliceai_cli.engine.native import choice

pytestmark = pytest.mark.skipif(choice.choose().library is None, reason="native kernels are not built")

SLOW = {"torch", "h5py", "google.protobuf", "pandas", "matplotlib"}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A network that native kernels compute."""
    spec = toy_networks.SPECS["native"]
    return toy_networks.save(tmp_path_factory.mktemp("native"), spec, toy_networks.random_tensors(spec))


@pytest.fixture
def commands(genome, weights, tmp_path):
    vcf = tmp_path / "in.vcf"
    ref = genome.base("chr1", 450)
    record = f"chr1\t450\t.\t{ref}\t{genome.other('chr1', 450)},{ref}TT\t.\t.\t."
    vcf.write_text(f"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{record}\n")
    fixed = ("-R", str(genome.fasta), "--weights", str(weights), "--device", "cpu")
    genes = ("-A", str(genome.table))
    variant = f"chr1:450:{ref}:{genome.other('chr1', 450)}"
    return {
        "score": ("score", variant, *fixed, *genes),
        "annotate": ("annotate", "-I", str(vcf), *fixed, *genes, "--workers", "2", "-q"),
        "predict": ("predict", *fixed, "-r", "chr1:1-900", "-O", "-", "--output-format", "tsv", "-q"),
        "predict alleles": ("predict", *fixed, "--alt", str(vcf), "-O", "-", "--output-format", "tsv", "-q"),
    }


def program(*arguments):
    done = subprocess.run([sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "numpy" in imported
    return done.stdout, imported


@pytest.mark.parametrize("name", ["score", "annotate", "predict", "predict alleles"])
def test_command__loads_no_pytorch_and_prints_the_same(commands, cli, name):
    """Here PyTorch is loaded, there it is not."""
    printed, imported = program("-m", "spliceai_cli", *commands[name])
    assert not imported & SLOW
    assert cli(*commands[name]).stdout.decode() == printed
    assert printed.count("\n") > 1


def test_kernels_of_pytorch__are_loaded_where_they_are_asked_for(commands):
    printed, imported = program("-m", "spliceai_cli", *commands["score"], "--kernels", "torch", "--threads", "1")
    assert "torch" in imported
    assert program("-m", "spliceai_cli", *commands["score"])[0] == printed


API = """
import os, sys
from spliceai_cli import Compute, Scorer, load_model

fasta, table, weights, variant = sys.argv[1:]
scorer = Scorer(reference=fasta, annotation=table, distance=20, compute=Compute(device="cpu", weights=weights))
def scores():
    return [str(score) for outcome in scorer.score([variant]) for score in outcome.scores]
before = scores()
child = os.fork()
if not child:
    # A forked child scores, too; it computes on one thread.
    os._exit(scores() != before)
assert not os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
model = load_model(weights, compute=Compute(device="cpu"))
probabilities = model.predict("ACGTACGTAC")
assert model.n_parameters > 0 and model.flops(10) > 0
print(*before, "torch" in sys.modules)

import torch

torch.set_num_threads(2)
flags = torch.backends.cuda.matmul
flags.allow_tf32 = True
assert scores() == before
assert flags.allow_tf32
assert sys.float_info.min / 2 > 0
assert torch.get_num_threads() == 2
assert (model.predict("ACGTACGTAC") == probabilities).all()
with torch.inference_mode():
    padded = torch.tensor([[4] * model.spec.flank + [0, 1, 2, 3] * 2 + [0, 1] + [4] * model.spec.flank])
    mean = sum(torch.softmax(network(padded), dim=1) for network in model.networks) / len(model.networks)
assert abs(mean[0].T.numpy() - probabilities).max() < 2e-6
print("done")
"""


def test_api__without_pytorch_and_then_with_it(commands, genome, weights):
    _, variant, *_ = commands["score"]
    printed, _ = program("-c", API, str(genome.fasta), str(genome.table), str(weights), variant)
    first, done = printed.splitlines()
    assert first.endswith(" False")
    assert first.count("|") > 5
    assert done == "done"
