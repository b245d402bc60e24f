"""Variants per second on one device: the plain engine one window at a time, in batches, and the incremental engine.

    python benchmarks/gpu.py --device cuda --vcf dense.vcf --reference chr20.fa --distance 50 --distance 500

One process, one tool after the other on records of the same VCF, each once to warm up and once timed; slow engines get
the first records only. Prints a line each, with the largest difference from the plain engine on the records that both
scored, and the rate of nominal arithmetic as a part of the device's float32 peak (a large matrix product, no TF32).
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from spliceai_cli.cli.weights import installed_store
from spliceai_cli.engine.engines import Engine, make_engine
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.resolve import resolve_annotation
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.store import Store
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.planner import ModelInput, Planner
from spliceai_cli.plan.rules import Rules
from spliceai_cli.variants.variant import Variant

_N_PRODUCTS = 5


@dataclass(frozen=True)
class Contender:
    """An engine as timed.

    Attributes:
        label: in the table.
        engine: name of the engine.
        batch_size: sequences at a time.
        n_edits: edits that it gets.
        precision: as ``--precision``.
    """

    label: str
    engine: str
    batch_size: int
    n_edits: int
    precision: str = "float32"


def contenders(n_edits: int) -> list[Contender]:
    """What is compared, the oracle first."""
    return [
        Contender("plain, one at a time", "plain", 1, min(n_edits, 60)),
        Contender("plain, batches of 64", "plain", 64, min(n_edits, 512)),
        Contender("incremental, batches of 64", "incremental", 64, n_edits),
        Contender("incremental, batches of 256", "incremental", 256, n_edits),
        Contender("incremental, batches of 512", "incremental", 512, n_edits),
        Contender("incremental, batches of 256, fast", "incremental", 256, n_edits, "fast"),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--vcf", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--distance", type=int, action="append", default=[])
    parser.add_argument("--n", type=int, default=3072, help="allele×gene pairs")
    options = parser.parse_args()
    device = torch.device(options.device)
    store = installed_store()
    peak = peak_tflops(device)
    print(f"{device_name(device)}, PyTorch {torch.__version__}, float32 peak {peak:.1f} TFLOP/s")
    print("D\tengine\tpairs\ts\tpairs/s\tTFLOP/s of plain REF and ALT\tpart of peak\tlargest difference")
    for distance in options.distance or [50]:
        edits = read_edits(options.vcf, options.reference, store, distance, options.n)
        oracle: list[Prediction] = []
        for contender in contenders(len(edits)):
            elapsed_s, predictions = run(contender, store, device, edits[: contender.n_edits])
            oracle = oracle or list(predictions)
            rate = contender.n_edits / elapsed_s
            tflops = rate * nominal_flops(store, distance) / 1e12
            print(
                f"{distance}\t{contender.label}\t{contender.n_edits}\t{elapsed_s:.2f}\t{rate:.1f}\t{tflops:.1f}\t"
                f"{tflops / peak:.0%}\t{largest_difference(oracle, predictions):.1e}",
                flush=True,
            )


def run(
    contender: Contender, store: Store, device: torch.device, edits: Sequence[Edit]
) -> tuple[float, Sequence[Prediction]]:
    """Seconds and answers of the second of two runs."""
    engine: Engine = make_engine(
        contender.engine,
        store.load(),
        device=device,
        batch_size=contender.batch_size,
        memory=64 << 30,
        precision=contender.precision,
    )
    engine.predict(edits, lambda *_: None)
    start = time.perf_counter()
    predictions = engine.predict(edits, lambda *_: None)
    return time.perf_counter() - start, predictions


def read_edits(vcf: Path, fasta: Path, store: Store, distance: int, n: int) -> list[Edit]:
    """The first edits of a VCF on its genes, GRCh37."""
    reference = Reference(fasta)
    genes = GeneIndex(resolve_annotation("grch37", reference.lengths, store).genes)
    planner = Planner(reference, genes, [ModelInput(Rules(distance, 1000))])
    with vcf.open() as lines:
        rows = (line.split("\t") for line in lines if not line.startswith("#"))
        variants = (Variant(row[0], int(row[1]), row[3], alt) for row in rows for alt in row[4].split(","))
        jobs = (job for variant in variants for job in planner.plan(variant).jobs)
        return [job.edit for job in itertools.islice(jobs, n)]


def largest_difference(oracle: Sequence[Prediction], predictions: Sequence[Prediction]) -> float:
    """Largest difference of a probability on the edits that both have."""
    return max(
        float(abs(ours - theirs).max())
        for expected, predicted in zip(oracle, predictions, strict=False)
        for ours, theirs in ((expected.ref, predicted.ref), (expected.alt, predicted.alt))
    )


def nominal_flops(store: Store, distance: int) -> float:
    """Operations of REF and ALT in full for one variant, two for each multiply-add."""
    spec = store.load().spec
    n_taps, ahead = 0, spec.flank
    for block in spec.blocks:
        for _ in range(2):
            ahead -= block.reach
            n_taps += block.kernel * (2 * distance + 1 + 2 * ahead)
    return 2 * 2 * n_taps * spec.channels**2 * spec.n_networks


def peak_tflops(
    device: torch.device,
    dtype: torch.dtype = torch.float32,
    n: int = 8192,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Rate of the fastest of several products of square matrices of ``n`` rows; float32 without TF32."""
    torch.backends.cuda.matmul.allow_tf32 = False
    a, b = (torch.randn(n, n, device=device, dtype=dtype) for _ in range(2))
    best = float("inf")
    for _ in range(_N_PRODUCTS):
        start = clock()
        (a @ b)[0, 0].item()
        best = min(best, clock() - start)
    return 2 * n**3 / best / 1e12


def device_name(device: torch.device) -> str:
    """Name of the card."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else str(device)


if __name__ == "__main__":
    main()
