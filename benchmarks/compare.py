"""Ratios of two engines from the results of ``run.py``; refuses engines whose outputs differ.

python benchmarks/compare.py incremental 1.3.1
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import defaultdict
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "runs.jsonl"


def main() -> None:
    """Print a line per case; exit 1 if outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine")
    parser.add_argument("baseline")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    runs: dict[tuple, dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for line in chosen.results.read_text().splitlines():
        run = json.loads(line)
        runs[run["case"], run["is_whole"], run["commit"], run["machine"]][run["engine"]].append(run)
    n_refused = 0
    print("case\tpairs\ts/pair\tbaseline s/pair\tratio\tpeak MB\tcommit")
    for (case, is_whole, commit, _), by_engine in runs.items():
        ours, theirs = by_engine.get(chosen.engine), by_engine.get(chosen.baseline)
        if not ours or not theirs:
            continue
        if len({run["output_sha256"] for run in (*ours, *theirs)}) > 1:
            print(f"{case}\trefused: the outputs of {chosen.engine} and {chosen.baseline} differ")
            n_refused += 1
            continue
        a, b = (statistics.median(run["run_s"] / run["n_pairs"] for run in group) for group in (ours, theirs))
        peak = max(run["peak_rss_mb"] for run in ours)
        name = f"{case} (all)" if is_whole else case
        print(f"{name}\t{ours[0]['n_pairs']}\t{a:.3f}\t{b:.3f}\t{b / a:.1f}×\t{peak:.0f}\t{commit}")
    sys.exit(1 if n_refused else 0)


if __name__ == "__main__":
    main()
