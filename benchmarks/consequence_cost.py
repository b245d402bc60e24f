"""CPU time that consequences add, on real records of an exome.

Scorers with and without consequences score the same few neighbours in turn, on one thread, so that whatever else runs
on the machine slows all of them alike.

    python benchmarks/consequence_cost.py --turns 3
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator

import cases
import torch

from spliceai_cli import Compute, ConsequenceSettings, Scorer, Variant
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import VcfReader

# Way -> distance, and whether consequences are found. The second is what the others are compared with.
WAYS = {
    "-D 50": (50, False),
    "-D 4999": (4999, False),
    "-D 50 --consequence": (50, True),
    "-D 4999 --consequence": (4999, True),
}
COMPARED = "-D 4999"

# As many neighbours as share a REF pass at most.
_N_TOGETHER = 8


def main() -> None:
    """Print the CPU time of each way: the total, and the median over groups of the ratio to ``-D 4999``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=3)
    n_turns = parser.parse_args().turns
    torch.set_num_threads(1)
    variants = list(_variants())
    groups = [variants[i : i + _N_TOGETHER] for i in range(0, len(variants), _N_TOGETHER)]
    scorers = {way: _scorer(*chosen) for way, chosen in WAYS.items()}
    for scorer in scorers.values():
        list(scorer.score(groups[0]))  # Opens the networks and kernels.
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    ways = list(WAYS)
    for turn in range(n_turns):
        for i, group in enumerate(groups):
            first = (i + turn) % len(ways)
            for way in ways[first:] + ways[:first]:
                start = time.process_time()
                list(scorers[way].score(group))
                times[way].append(time.process_time() - start)
    print("way\tCPU time of a turn (s)\tof all\tmedian of groups")
    for way in WAYS:
        ratio = statistics.median(a / b for a, b in zip(times[way], times[COMPARED], strict=True))
        total = sum(times[way])
        print(f"{way}\t{total / n_turns:.1f}\t{total / sum(times[COMPARED]):.3f}\t{ratio:.3f}")


def _scorer(distance: int, has_consequences: bool) -> Scorer:
    return Scorer(
        reference=cases.FASTA,
        annotation="grch37",
        distance=distance,
        consequence=ConsequenceSettings() if has_consequences else None,
        compute=Compute(device="cpu"),
    )


def _variants() -> Iterator[Variant]:
    path = str(cases.build("exome").slice_vcf)
    with open_lines(path, None) as lines:
        for record in VcfReader(lines, path):
            yield from record.variants


if __name__ == "__main__":
    main()
