"""Where the time of a case goes: REF pass, ALT pass, everything else; with arithmetic rates.

    python benchmarks/phases.py dense exome

GFLOP/s are nominal: two operations for each multiply-add of a direct convolution on the positions that were run. The
peak is that of a large float32 matrix product in the same process.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from unittest import mock

import cases
import torch

from spliceai_cli.annotate.run import AnnotateOptions, annotate
from spliceai_cli.engine import incremental
from spliceai_cli.engine.alternate import AlternateBatch
from spliceai_cli.engine.device import use_threads
from spliceai_cli.engine.reach import block_reaches
from spliceai_cli.scorer import Scorer
from spliceai_cli.settings import Compute, Settings


class Meter:
    """Time and multiply-adds of one phase."""

    def __init__(self) -> None:
        self.elapsed_s = 0.0
        self.n_taps = 0

    def gflops(self, channels: int) -> float:
        """Rate of convolutions of ``channels`` in and out."""
        return 2 * self.n_taps * channels**2 / max(self.elapsed_s, 1e-9) / 1e9


def main() -> None:
    """Print a line per case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="+", choices=cases.NAMES)
    chosen = parser.parse_args()
    use_threads(None)
    peak = peak_gflops()
    print(f"float32 peak by matrix product: {peak:.0f} GFLOP/s on {torch.get_num_threads()} threads")
    print("case\tpairs\ts/pair\tREF s\tALT s\trest s\trest\tREF GFLOP/s\tALT GFLOP/s")
    for name in chosen.case:
        case = cases.build(name)
        scorer = Scorer(
            reference=cases.FASTA,
            annotation="grch37",
            settings=Settings(distance=case.distance),
            compute=Compute(device="cpu"),
        )
        reference, alternate = Meter(), Meter()
        with metered(scorer, reference, alternate):
            start = time.perf_counter()
            job = AnnotateOptions(str(case.slice_vcf), str(cases.CACHE / "phases.out.vcf"))
            summary = annotate(job, lambda scorer=scorer: scorer, lambda *_: None, lambda *_: None)
            total_s = time.perf_counter() - start
        rest_s = total_s - reference.elapsed_s - alternate.elapsed_s
        rates = [meter.gflops(scorer.models[0].spec.channels) for meter in (reference, alternate)]
        print(
            f"{name}\t{summary.n_scores}\t{total_s / summary.n_scores:.4f}\t{reference.elapsed_s:.2f}\t"
            f"{alternate.elapsed_s:.2f}\t{rest_s:.2f}\t{rest_s / total_s:.1%}\t"
            f"{rates[0]:.0f} ({rates[0] / peak:.0%})\t{rates[1]:.0f} ({rates[1] / peak:.0%})"
        )
        Path(job.target).unlink()


def metered(scorer: Scorer, reference: Meter, alternate: Meter):
    """A context in which both passes of the incremental engine are timed."""
    spec = scorer.models[0].spec
    run_reference, run_alternate = incremental.run_reference, AlternateBatch.run

    def ref(network, codes, scored):
        start = time.perf_counter()
        out = run_reference(network, codes, scored)
        reference.elapsed_s += time.perf_counter() - start
        ahead = spec.flank
        for block in spec.blocks:
            for _ in range(2):
                ahead -= block.reach
                reference.n_taps += block.kernel * (scored.length + 2 * ahead)
        return out

    def alt(batch, network, passed):
        start = time.perf_counter()
        out = run_alternate(batch, network, passed)
        alternate.elapsed_s += time.perf_counter() - start
        reaches = block_reaches([block.reach for block in spec.blocks], batch._geometry)
        for block, reach in zip(spec.blocks, reaches, strict=True):
            alternate.n_taps += len(out) * block.kernel * (reach.middle.length + reach.out.length)
        return out

    return mock.patch.multiple(incremental, run_reference=ref, AlternateBatch=_patched(alt))


def _patched(run):
    return type("MeteredBatch", (AlternateBatch,), {"run": run})


def peak_gflops(n: int = 2048, repeats: int = 10) -> float:
    """Best of several large matrix products."""
    a, b = torch.randn(n, n), torch.randn(n, n)
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        a @ b
        best = min(best, time.perf_counter() - start)
    return 2 * n**3 / best / 1e9


if __name__ == "__main__":
    main()
