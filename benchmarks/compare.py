"""Ratios of two engines from the results of ``run.py``; refuses engines whose outputs differ.

    python benchmarks/compare.py incremental 1.3.1
    python benchmarks/compare.py fast incremental --tolerance 0.01

With ``--tolerance`` outputs that are not equal to the letter pass if no printed score differs by more. The outputs are
those of the last run of either engine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import cases
import numpy as np

RESULTS = Path(__file__).parent / "results" / "runs.jsonl"


def main() -> None:
    """Print a line per case; exit 1 if outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine")
    parser.add_argument("baseline")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--tolerance", type=float, default=0.0)
    chosen = parser.parse_args()
    runs: dict[tuple[str, bool, str, str], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
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
            differences = score_differences(case, chosen.engine, chosen.baseline)
            largest = differences.max()
            told = f"{np.count_nonzero(differences)} of {len(differences)} scores differ, by {largest:.2f} at most"
            if largest > chosen.tolerance:
                print(f"{case}\trefused: {told} between {chosen.engine} and {chosen.baseline}")
                n_refused += 1
                continue
            print(f"{case}\t{told}")
        a, b = (statistics.median(run["run_s"] / run["n_pairs"] for run in group) for group in (ours, theirs))
        peak = max(run["peak_rss_mb"] for run in ours)
        name = f"{case} (all)" if is_whole else case
        print(f"{name}\t{ours[0]['n_pairs']}\t{a:.3f}\t{b:.3f}\t{b / a:.1f}×\t{peak:.0f}\t{commit}")
    sys.exit(1 if n_refused else 0)


def score_differences(case: str, engine: str, baseline: str) -> np.ndarray:
    """Differences of the printed scores of two engines, four for each allele and gene."""
    ours, theirs = (printed_scores(cases.CACHE / f"{case}.{name}.out.vcf") for name in (engine, baseline))
    if ours.keys() != theirs.keys():
        raise SystemExit(f"{case}: {engine} and {baseline} scored other alleles")
    return np.abs([a - b for key in ours for a, b in zip(ours[key], theirs[key], strict=True)]).round(2)


def printed_scores(path: Path) -> dict[tuple[str, str], list[float]]:
    """(line without INFO, allele and symbol) -> scores."""
    scores = {}
    for line in path.read_text().splitlines():
        fields = line.split("\t")
        for text in fields[7].removeprefix("SpliceAI=").split(",") if "|" in line and line[0] != "#" else ():
            allele, symbol, *values = text.split("|")
            scores["\t".join(fields[:5]), f"{allele}|{symbol}"] = [float(value) for value in values[:4] if value != "."]
    return scores


if __name__ == "__main__":
    main()
