"""Where the time of a case goes: REF pass, ALT pass, everything else; with rates of arithmetic.

    python benchmarks/phases.py dense exome

Native kernels on one thread. *Done* counts the floating-point operations that the kernels carry out: products, and
transforms at 5 N log2 N. *Nominal* counts those of direct convolutions on the same positions. The peak is the best rate
of ``conv2d`` with channels last in the same process, which reaches 96 % of what multiply-add instructions alone do.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import cases
import torch

from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.run import annotate
from spliceai_cli.engine.native.network import NativeNetwork, PreparedBatch
from spliceai_cli.engine.threads import use_threads
from spliceai_cli.genome.bases import Codes
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.scorer import Scorer
from spliceai_cli.scoring.watcher import NoWatcher
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.settings.words import NATIVE


@dataclass
class Meter:
    """Time and operations of one phase."""

    cpu_s: float = 0.0
    done: float = 0.0
    nominal: float = 0.0

    def rates(self, peak: float) -> str:
        """Done and nominal, in GFLOP/s and in percent of the peak."""
        return "\t".join(
            f"{n / self.cpu_s / 1e9:.0f} ({n / self.cpu_s / 1e9 / peak:.0%})" for n in (self.done, self.nominal)
        )


def main() -> None:
    """Print a line per case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="+", choices=cases.NAMES)
    chosen = parser.parse_args()
    use_threads(1)
    peak = peak_gflops()
    print(f"float32 peak by conv2d: {peak:.0f} GFLOP/s on one thread")
    print("case\tpairs\tms/pair\tREF\tALT\trest\tREF done\tREF nominal\tALT done\tALT nominal")
    for name in chosen.case:
        print(_line(cases.build(name), peak), flush=True)


def _line(case: cases.Case, peak: float) -> str:
    scorer = Scorer(
        reference=cases.FASTA,
        annotation="grch37",
        settings=Settings(distance=case.distance),
        compute=Compute(device="cpu", kernels=NATIVE),
    )
    job = AnnotateOptions(str(case.slice_vcf), str(cases.CACHE / "phases.out.vcf"))
    # The first run packs weights.
    annotate(job, lambda: scorer, NoWatcher(), print)
    with metered(scorer.models[0].spec) as (reference, alternate):
        start = time.process_time()
        summary = annotate(job, lambda: scorer, NoWatcher(), print)
        total_s = time.process_time() - start
    Path(job.target).unlink()
    shares = [reference.cpu_s / total_s, alternate.cpu_s / total_s]
    return (
        f"{case.name}\t{summary.n_scores}\t{1000 * total_s / summary.n_scores:.1f}\t{shares[0]:.0%}\t{shares[1]:.0%}\t"
        f"{1 - sum(shares):.1%}\t{reference.rates(peak)}\t{alternate.rates(peak)}"
    )


@contextmanager
def metered(spec: NetworkSpec) -> Iterator[tuple[Meter, Meter]]:
    """A context in which both passes of native networks are measured."""
    reference, alternate = Meter(), Meter()
    product = 2 * spec.channels**2

    def timed(meter: Meter, run: Callable[..., object], count: Callable[..., None]) -> Callable[..., object]:
        def call(network: NativeNetwork, *rest: object) -> object:
            start = time.thread_time()
            out = run(network, *rest)
            meter.cpu_s += time.thread_time() - start
            count(network, *rest)
            return out

        return call

    def count_reference(network: NativeNetwork, codes: Codes, *_rest: object) -> None:
        reference.done += network.reference_operations(len(codes))
        length = len(codes)
        for block in spec.blocks:
            for _ in range(2):
                length -= 2 * block.reach
                reference.nominal += product * block.kernel * length

    def count_alternate(network: NativeNetwork, batch: PreparedBatch, *_rest: object) -> None:
        alternate.done += network.alternate_operations(batch)
        for block, reach in zip(spec.blocks, batch.edits.reaches, strict=True):
            n_positions = reach.middle.length + reach.out.length
            alternate.nominal += product * block.kernel * n_positions * len(batch.codes)

    with mock.patch.multiple(
        NativeNetwork,
        reference=timed(reference, NativeNetwork.reference, count_reference),
        alternate=timed(alternate, NativeNetwork.alternate, count_alternate),
    ):
        yield reference, alternate


def peak_gflops(length: int = 4000, taps: int = 21, repeats: int = 20) -> float:
    """Best of several convolutions."""
    weight = torch.randn(32, 32, 1, taps).contiguous(memory_format=torch.channels_last)
    x = torch.randn(1, 32, 1, length + taps - 1).contiguous(memory_format=torch.channels_last)
    best = float("inf")
    with torch.inference_mode():
        for _ in range(repeats):
            start = time.thread_time()
            torch.nn.functional.conv2d(x, weight)
            best = min(best, time.thread_time() - start)
    return 2 * 32 * 32 * taps * length / best / 1e9


if __name__ == "__main__":
    main()
