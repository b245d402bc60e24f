"""What training costs on a device: positions per second for each size of network, and a whole run of 400 nt.

    python benchmarks/training.py -R GRCh38.chr19.fa -A GRCh38.chr19.ensembl91.gff3.gz --device cuda --run chr19.400nt

Prints a line for each context and precision: trained positions per second, the operations of forward and backward
passes as PyTorch counts them, their rate as a part of the device's peak (a large matrix product in the same precision,
no TF32), the peak memory, and the share of time spent waiting for examples. On a CPU, times are processor times, so
that rates are those of one core, and the memory is that of all rows so far. With ``--run`` it then trains one network
of 400 nt on all genes of the annotation, by the card's recipe except for ``--batch`` and ``--window``, and prints its
measures on validation genes.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from gpu import device_name, peak_tflops
from torch.utils.flop_counter import FlopCounterMode

from spliceai_cli.engine.device import Device, choose_device
from spliceai_cli.engine.pytorch.device import torch_device
from spliceai_cli.engine.threads import use_threads
from spliceai_cli.genes.annotation import Annotation, read_annotation
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.train.config import BF16, FORMATS, PRESETS, TrainConfig
from spliceai_cli.train.folder import METRICS
from spliceai_cli.train.inputs import Inputs
from spliceai_cli.train.loader import Loader
from spliceai_cli.train.network import new_network
from spliceai_cli.train.processes import Processes
from spliceai_cli.train.run import Run
from spliceai_cli.train.trainer import Step, Trainer
from spliceai_cli.train.windows import Windows

# Rows of the matrices that give the peak: large enough for the device, small enough to be quick.
_PEAK_ROWS = {"cuda": 8192, "cpu": 2048}


class Cost(NamedTuple):
    """What training a network costs.

    Attributes:
        n_parameters: trained parameters.
        positions_per_s: positions of examples per second, flanks not counted; on a CPU per second of processor time.
        flops: operations of the forward and backward pass of one position and its share of the flanks.
        memory_bytes: largest memory of the device; of a CPU, of the process.
        waiting: share of the elapsed time spent waiting for examples.
    """

    n_parameters: int
    positions_per_s: float
    flops: float
    memory_bytes: int
    waiting: float

    def text(self, peak: float) -> str:
        """Columns of a Markdown table; ``peak`` in operations per second."""
        rate = self.positions_per_s * self.flops
        return (
            f"{self.n_parameters:,} | {self.positions_per_s:,.0f} | {self.flops / 1e6:.2f} M | {rate / 1e12:.3f} | "
            f"{rate / peak:.0%} | {self.memory_bytes / 1e9:.1f} GB | {self.waiting:.1%}"
        )


def main() -> None:
    """Print the table; train, if that is asked for."""
    options = read_options()
    chosen = choose_device(options.device)
    device = torch_device(chosen)
    use_threads(options.threads)
    reference, annotation = Reference(options.reference), read_annotation(options.annotation, Selection())
    print(f"{device_name(device)}, PyTorch {torch.__version__}, batches of {options.batch} x {options.window}\n")
    print("| context | precision | parameters | positions/s | operations | TFLOP/s | of peak | memory | waiting |")
    print(f"|{'---|' * 9}")
    recipe = replace(PRESETS["card"], batch=options.batch, window=options.window)
    for precision in options.precision or FORMATS:
        dtype = torch.bfloat16 if precision == BF16 else torch.float32
        peak = peak_tflops(device, dtype, _PEAK_ROWS[device.type], clock_of(device)) * 1e12
        for context in options.context or (80, 400, 2000, 10_000):
            config = replace(recipe, context=context, precision=precision)
            cost = measure(config, annotation.genes, reference, device, options.steps)
            print(f"| {context:,} | {precision} | {cost.text(peak)} |", flush=True)
    if options.run:
        config = replace(recipe, name="Whole", context=400, networks=1, train=tuple(reference.lengths), test=())
        print(train_all(config, annotation, reference, chosen, options.run))


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-R", "--reference", type=Path, required=True)
    parser.add_argument("-A", "--annotation", type=Path, required=True)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--threads", type=int, default=1, help="of a CPU")
    parser.add_argument("--context", type=int, action="append", help="default: 80, 400, 2000 and 10000")
    parser.add_argument("--precision", choices=FORMATS, action="append", help="default: all")
    parser.add_argument("--batch", type=int, default=64, help="examples of a step")
    parser.add_argument("--window", type=int, default=5000, help="positions of an example")
    parser.add_argument("--steps", type=int, default=20, help="timed steps, after one that is not")
    parser.add_argument("--run", type=Path, help="folder for a network of 400 nt trained on all genes")
    return parser.parse_args()


def measure(
    config: TrainConfig, genes: Sequence[Gene], reference: Reference, device: torch.device, n_steps: int
) -> Cost:
    """Train a new network for some steps, of which the first is not timed."""
    windows = enough_windows(config, genes, reference, config.batch * (n_steps + 1))
    loader = Loader(windows, np.ones(len(windows), bool), replace(config, epochs=1), config.seed, Processes())
    network = new_network(config.spec, config.seed)
    trainer = Trainer(network, loader, torch.ones(3), device)
    clock = clock_of(device)
    times: list[float] = []
    timed: list[Step] = []

    def did(step: Step) -> None:
        times.append(clock())
        if len(times) > 1:
            timed.append(step)

    trainer.run(0, did)
    n_positions = sum(step.n_positions for step in timed)
    return Cost(
        n_parameters=sum(parameter.numel() for parameter in network.parameters() if parameter.requires_grad),
        positions_per_s=n_positions / (times[-1] - times[0]),
        flops=count_flops(trainer, loader) / (config.batch * config.window),
        memory_bytes=peak_memory(device),
        waiting=sum(step.waiting_s for step in timed) / sum(step.seconds for step in timed),
    )


def clock_of(device: torch.device) -> Callable[[], float]:
    """Processor time on a CPU, which others may use as well; elapsed time on a GPU."""
    return time.process_time if device.type == "cpu" else time.perf_counter


def enough_windows(config: TrainConfig, genes: Sequence[Gene], reference: Reference, n: int) -> Windows:
    """The examples of the first genes that have at least ``n``.

    Raises:
        SystemExit: all genes together have fewer.
    """
    here = [gene for gene in genes if reference.contigs.find(gene.chrom)]
    ends = np.cumsum([-(-(gene.end - gene.start) // config.window) for gene in here])
    n_genes = int(np.searchsorted(ends, n)) + 1
    if n_genes > len(here):
        raise SystemExit(f"the genes have fewer than {n} examples; fewer --steps or a smaller --batch or --window")
    return Windows(here[:n_genes], reference, config, config.spec.flank)


def count_flops(trainer: Trainer, loader: Loader) -> int:
    """Operations of the forward and backward passes of one step, two for each multiply-add."""
    with FlopCounterMode(display=False) as counter:
        for batch in loader.step(0):
            trainer.loss(batch).backward()  # type: ignore[no-untyped-call] # torch has no hint
    return int(counter.get_total_flops())


def peak_memory(device: torch.device) -> int:
    """Largest number of bytes since this was last asked; of a CPU, since the process began."""
    if device.type == "cpu":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    largest = torch.cuda.max_memory_allocated(device)
    torch.cuda.reset_peak_memory_stats(device)
    return largest


def train_all(config: TrainConfig, annotation: Annotation, reference: Reference, device: Device, folder: Path) -> str:
    """Train by a recipe; the time, and the last line of metrics."""
    run = Run(Inputs(reference, annotation, config), folder, device, Processes())
    start = time.perf_counter()
    run.train()
    elapsed_s = time.perf_counter() - start
    last = (folder / METRICS).read_text().splitlines()[-1]
    return f"{config.context} nt, {len(run.split.train):,} genes, {config.epochs} epochs: {elapsed_s:.0f} s\n{last}"


if __name__ == "__main__":
    main()
