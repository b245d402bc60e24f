"""Whole runs of tiny networks: determinism, resumption, several processes, transfer, and use of the result."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from support import builders

from spliceai_cli.errors import NumericError, OutputError, TrainingError, UsageError
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.open import load_path
from spliceai_cli.train.checkpoint import load_checkpoint
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.inputs import Inputs, Start
from spliceai_cli.train.processes import Processes
from spliceai_cli.train.run import Run, _check_finite

CPU = torch.device("cpu")
CONFIG = TrainConfig(
    name="Toy", licence="CC0", context=80, channels=4, networks=2, window=100, train=("1",), test=("2",), batch=4,
    epochs=2, margin=5, checkpoint_steps=3, validation=0.2,
)  # fmt: skip


def made(folder, seeds):
    """Ten genes of 400 bases on each of two contigs, each with two introns; equal seeds make equal contigs."""
    genes = [
        builders.gene(f"G{chrom}.{i}", chrom, "+-"[i % 2], 500 * i, 500 * i + 400,
                      (500 * i, 500 * i + 80), (500 * i + 160, 500 * i + 240), (500 * i + 320, 500 * i + 400))
        for chrom in "12" for i in range(10)
    ]  # fmt: skip
    bases = {f"chr{chrom}": builders.random_bases(5000, seed) for chrom, seed in zip("12", seeds, strict=True)}
    fasta = builders.write_fasta(folder / "genome.fa", builders.spliced(bases, genes))
    table = builders.write_table(folder / "genes.txt", genes)
    return Inputs(Reference(fasta), read_annotation(table, Selection()), CONFIG)


@pytest.fixture
def inputs(tmp_path, one_thread):
    return made(tmp_path, (1, 2))


def trained(inputs, folder, watch=lambda _: None, **changes):
    changed = replace(inputs, config=replace(inputs.config, **changes)) if changes else inputs
    Run(changed, folder, CPU, Processes(), watch).train()
    return folder


def weights(folder):
    return (folder / "weights.safetensors").read_bytes()


def lines(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_run__is_a_model_with_a_card(inputs, tmp_path):
    folder = trained(inputs, tmp_path / "run")
    ensemble = load_path(str(folder))
    assert (ensemble.spec.key, ensemble.spec.licence, ensemble.spec.n_networks) == ("Toy", "CC0", 2)
    assert (ensemble.spec.context, ensemble.spec.channels) == (80, 4)
    readme = (folder / "README.md").read_text()
    for text in ("# Toy", "CC0", ensemble.sha256, "8 genes in 1", "10 genes in 2", "genome.fa", "batch = 4"):
        assert text in readme
    assert "--genes RUN/test-genes.txt --context N\n" in readme
    table = [line.split("\t") for line in (folder / "genes.tsv").read_text().splitlines()]
    assert [row[0] for row in table] == ["#PART"] + ["train"] * 8 + ["validation"] * 2 + ["test"] * 10
    assert (folder / "test-genes.txt").read_text().split() == [f"G2.{i}" for i in range(10)]


def test_run__leaves_out_paralogs_and_says_so(tmp_path, one_thread):
    """Both contigs are equal, so every test gene resembles its namesake; two of those validate and do not count."""
    inputs = made(tmp_path, (1, 1))
    folder = trained(inputs, tmp_path / "run", drop_paralogs=True, networks=1, epochs=1)
    rows = [line.split("\t") for line in (folder / "genes.tsv").read_text().splitlines()[1:]]
    symbols = {part: [row[5] for row in rows if row[0] == part] for part in ("validation", "test", "left out")}
    assert symbols["test"] == [symbol.replace("G1", "G2") for symbol in symbols["validation"]]
    assert len(symbols["left out"]) == 8
    for row in rows:
        if row[0] == "left out":
            assert row[8] == f"resembles {row[5].replace('G2', 'G1')} (1): 100% of its 16-mers"
    assert (folder / "test-genes.txt").read_text().split() == symbols["test"]


def test_run__writes_its_course(inputs, tmp_path):
    rows = lines(trained(inputs, tmp_path / "run"))
    # 8 genes of 4 windows make 8 batches of 4; 2 epochs, 2 networks.
    validations = [(row["network"], row["step"]) for row in rows if row["kind"] == "validation"]
    assert validations == [(1, 8), (1, 16), (2, 8), (2, 16)]
    steps = [row for row in rows if row["kind"] == "step"]
    assert [(row["network"], row["step"]) for row in steps] == [(1, 10), (1, 16), (2, 10), (2, 16)]
    assert steps[1]["learning_rate"] == pytest.approx(1e-5)
    assert all(row["positions_per_s"] > 0 and 0 <= row["waiting"] <= 1 for row in steps)
    assert rows[-1]["kind"] == "validation"
    assert {"loss", "acceptor_top_k", "donor_pr_auc"} <= rows[-1].keys()


def test_run__goes_on_with_a_damaged_line_of_its_course(inputs, tmp_path):
    whole = weights(trained(inputs, tmp_path / "run"))
    course = tmp_path / "run" / "metrics.jsonl"
    kept = course.read_text()
    course.write_text(kept + '{"network": 1, "step": 1}\n[1]\n{"network": 1, "st')
    assert weights(trained(inputs, tmp_path / "run")) == whole
    assert course.read_text() == kept


def test_run__depends_on_its_seed_alone(inputs, tmp_path):
    one = weights(trained(inputs, tmp_path / "one"))
    assert weights(trained(inputs, tmp_path / "two")) == one
    assert weights(trained(inputs, tmp_path / "three", seed=2)) != one
    # How often a checkpoint is written changes nothing.
    assert weights(trained(inputs, tmp_path / "four", checkpoint_steps=100)) == one


@pytest.mark.parametrize("killed_at", [(1, 1), (1, 7), (1, 16), (2, 5)])
def test_run__that_was_killed_ends_with_the_same_weights(inputs, tmp_path, killed_at):
    class KilledError(Exception):
        pass

    def kill(progress):
        if (progress.network, progress.step.number) == killed_at:
            raise KilledError

    whole = trained(inputs, tmp_path / "whole")
    with pytest.raises(KilledError):
        trained(inputs, tmp_path / "cut", kill)
    assert not (tmp_path / "cut" / "weights.safetensors").exists()
    seen = []
    cut = trained(inputs, tmp_path / "cut", lambda progress: seen.append((progress.network, progress.step.number)))
    assert weights(cut) == weights(whole)
    # It went on from the last checkpoint, and its course has no gap and no line twice.
    assert seen[0] == (killed_at[0], killed_at[1] // 3 * 3 + 1)
    places = [(row["network"], row["step"], row["kind"]) for row in lines(cut)]
    assert places == [(row["network"], row["step"], row["kind"]) for row in lines(whole)]


def test_run__that_is_done_does_nothing_more(inputs, tmp_path):
    folder = trained(inputs, tmp_path / "run")
    before = weights(folder)
    trained(inputs, folder, lambda _: pytest.fail("it trained again"))
    assert weights(folder) == before


def test_run__refuses_the_folder_of_another_recipe(inputs, tmp_path):
    folder = trained(inputs, tmp_path / "run")
    with pytest.raises(TrainingError, match="another recipe") as caught:
        trained(inputs, folder, seed=9)
    # The hint used to name checkpoint.pt alone, without which the weights were in the way.
    assert caught.value.hint == f"Choose another folder, or delete {folder} to start again."
    shutil.rmtree(folder)
    assert weights(trained(inputs, folder, seed=9))


def test_run__replaces_one_that_has_done_nothing(inputs, tmp_path):
    with pytest.raises(ZeroDivisionError):
        trained(inputs, tmp_path / "run", lambda _: 1 / 0)
    trained(inputs, tmp_path / "run", networks=1)


def test_run__refuses_another_genome_of_the_same_lengths(inputs, tmp_path):
    """Only the lengths used to be compared, and the rest of the run saw other bases."""
    folder = trained(inputs, tmp_path / "run")
    contigs = {f"chr{chrom}": builders.random_bases(5000, 7) for chrom in "12"}
    other = Reference(builders.write_fasta(tmp_path / "other.fa", contigs))
    with pytest.raises(TrainingError, match="another recipe, reference or annotation"):
        trained(replace(inputs, reference=other), folder)


def test_weights__that_are_no_numbers_are_not_kept():
    """The last step may spoil them after a loss that was finite."""
    _check_finite({"head.bias": torch.zeros(3)})
    with pytest.raises(NumericError, match="head.bias of the network is no longer a finite number"):
        _check_finite({"stem.bias": torch.zeros(3), "head.bias": torch.tensor([0.0, float("nan")])})


def test_run__says_that_its_course_cannot_be_written(inputs, tmp_path):
    """A full disk was a traceback; here the file is a folder."""
    (tmp_path / "run" / "metrics.jsonl").mkdir(parents=True)
    with pytest.raises(OutputError, match="metrics.jsonl cannot be written"):
        trained(inputs, tmp_path / "run")


def test_run__refuses_a_damaged_checkpoint(inputs, tmp_path):
    folder = trained(inputs, tmp_path / "run", networks=1, epochs=1)
    raw = (folder / "checkpoint.pt").read_bytes()
    flipped = [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in range(0, len(raw), len(raw) // 50)]
    for damaged in (b"", b"PK\x03\x04 nothing", raw[: len(raw) // 2], *flipped):
        (folder / "checkpoint.pt").write_bytes(damaged)
        with pytest.raises(TrainingError, match="is damaged"):
            load_checkpoint(folder, "")


def test_run__learns(inputs, tmp_path):
    rows = lines(trained(inputs, tmp_path / "run", epochs=30, networks=1))
    losses = [row["loss"] for row in rows if row["kind"] == "step"]
    assert np.mean(losses[-3:]) < 0.7 * losses[0]


@pytest.mark.parametrize(
    "changes", [{"accumulate": 2}, {"precision": "bf16"}, {"shift": 20}, {"reverse_complement": True}], ids=str
)
def test_run__options_change_the_weights(inputs, tmp_path, changes):
    folder = trained(inputs, tmp_path / "run", networks=1, **changes)
    assert weights(folder) != weights(trained(inputs, tmp_path / "plain", networks=1))
    assert weights(folder) == weights(trained(inputs, tmp_path / "again", networks=1, **changes))


def test_transfer__keeps_frozen_blocks_to_the_bit(inputs, tmp_path):
    first = load_path(str(trained(inputs, tmp_path / "first")))
    config = replace(inputs.config, name="Next", seed=5)
    second_inputs = replace(inputs, config=config, start=Start(first, n_frozen=2))
    Run(second_inputs, tmp_path / "second", CPU, Processes()).train()
    second = load_path(str(tmp_path / "second"))
    assert second.spec.key == "Next"
    for before, after in zip(first.networks, second.networks, strict=True):
        old, new = before.state_dict(), after.state_dict()
        frozen = [name for name in old if name.startswith(("stem", "blocks.0.", "blocks.1."))]
        assert all(torch.equal(old[name], new[name]) for name in frozen)
        assert not torch.equal(old["blocks.2.conv2.weight"], new["blocks.2.conv2.weight"])
        assert not torch.equal(old["head.weight"], new["head.weight"])
    assert "Started from Toy (CC0)" in (tmp_path / "second" / "README.md").read_text()


def test_transfer__refuses_to_freeze_more_than_there_is(inputs, tmp_path):
    first = load_path(str(trained(inputs, tmp_path / "first")))
    with pytest.raises(UsageError, match="5 blocks cannot be frozen: the network has 4"):
        Run(replace(inputs, start=Start(first, 5)), tmp_path / "second", CPU, Processes())
    assert not (tmp_path / "second").exists()


def arguments(folder, config):
    """A command that trains on the FASTA and the genes of a folder; without its output."""
    recipe = folder / "recipe.toml"
    recipe.write_text(config.to_toml())
    return [
        "-m", "spliceai_cli", "train", str(recipe), "-R", f"{folder}/genome.fa", "-A", f"{folder}/genes.txt",
        "--device", "cpu", "--threads", "1", "-q",
    ]  # fmt: skip


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def call(*command):
    subprocess.run([sys.executable, *command], check=True, env=ENVIRONMENT, timeout=300)


def assert_close(folder, other):
    one, two = load_path(str(folder)), load_path(str(other))
    for name, tensor in one.networks[0].state_dict().items():
        np.testing.assert_allclose(two.networks[0].state_dict()[name], tensor, rtol=0, atol=1e-6, err_msg=name)


def test_killed_process__continues_to_the_same_weights(inputs, tmp_path):
    """SIGKILL, whenever it comes after the first checkpoint."""
    command = arguments(tmp_path, replace(inputs.config, networks=1, epochs=8))
    cut = tmp_path / "cut"
    with subprocess.Popen([sys.executable, *command, "-O", str(cut)], env=ENVIRONMENT) as process:
        while process.poll() is None and not (cut / "checkpoint.pt").exists():
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not (cut / "weights.safetensors").exists()
    call(*command, "-O", str(cut))
    call(*command, "-O", str(tmp_path / "whole"))
    assert weights(cut) == weights(tmp_path / "whole")


def test_two_processes__equal_one(inputs, tmp_path):
    """The same batches, each in two parts of nine examples, give the same weights, with Gloo on one machine."""
    command = arguments(tmp_path, replace(inputs.config, networks=1, batch=18, epochs=1, accumulate=2))
    call(*command, "-O", str(tmp_path / "alone"))
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    call(*launcher, *command, "-O", str(tmp_path / "both"))
    assert_close(tmp_path / "alone", tmp_path / "both")


def start_machines(commands):
    """A process for each command, as ``torchrun`` starts them on several machines."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    shared = {**ENVIRONMENT, "WORLD_SIZE": str(len(commands)), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    return [
        subprocess.Popen(
            [sys.executable, *command], env={**shared, "RANK": str(rank)}, stderr=subprocess.PIPE, text=True
        )
        for rank, command in enumerate(commands)
    ]


LOST = "Error: another process ended, so process {} cannot continue."


def test_machines__continue_from_the_checkpoint_of_the_first(inputs, tmp_path):
    """Machines that share no folder: only that of the first has the checkpoint of the run that was stopped."""
    changes = {"networks": 1, "batch": 16, "checkpoint_steps": 1}

    class StoppedError(Exception):
        pass

    def stop(progress):
        if progress.step.number == 2:
            raise StoppedError

    whole = trained(inputs, tmp_path / "whole", **changes)
    with pytest.raises(StoppedError):
        trained(inputs, tmp_path / "first", stop, **changes)
    command = arguments(tmp_path, replace(inputs.config, **changes))
    processes = start_machines([(*command, "-O", str(tmp_path / name)) for name in ("first", "second")])
    for process in processes:
        _, messages = process.communicate(timeout=300)
        assert process.returncode == 0, messages
    assert_close(whole, tmp_path / "first")
    assert not (tmp_path / "second").exists()


def test_machines__refuse_different_recipes(inputs, tmp_path):
    command = arguments(tmp_path, replace(inputs.config, networks=1, batch=16))
    processes = start_machines(
        [(*command, "-O", str(tmp_path / "run"), *extra) for extra in ((), ("--with", "seed=2"))]
    )
    first, second = (process.communicate(timeout=300)[1] for process in processes)
    assert [process.returncode for process in processes] == [1, 1]
    assert "process 1 has another recipe, reference or annotation than process 0" in second
    assert first.splitlines()[0] == LOST.format(0)


def test_machines__stop_when_the_first_refuses(inputs, tmp_path):
    """They used to end in a traceback of Gloo."""
    (tmp_path / "README.md").write_text("of somebody")
    processes = start_machines([(*arguments(tmp_path, inputs.config), "-O", str(tmp_path))] * 2)
    first, second = (process.communicate(timeout=300)[1] for process in processes)
    assert [process.returncode for process in processes] == [1, 1]
    assert "contains README.md but no checkpoint" in first
    assert second.splitlines() == [LOST.format(1), "Hint: See that process's error message."]
