"""Time engines on the benchmark cases, run in turn on the same input; one JSON line per case, engine and repeat.

    python benchmarks/run.py --case dense --engine incremental --engine plain
    python benchmarks/run.py --peer ENV/bin/spliceai --engine incremental --engine 1.3.1 --repeats 1
    python benchmarks/run.py --checkout ../earlier --engine incremental --engine checkout --repeats 5
    python benchmarks/run.py --whole --engine incremental

Every run is a process of its own. Start-up (loading libraries and weights) is the time that the same command needs for
a VCF without records; it is given apart and taken off. All engines run with ``--compat 1.3.1``, so that their outputs
can be compared to the letter.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import cases

RESULTS = cases.ROOT / "benchmarks" / "results" / "runs.jsonl"
PEER, CHECKOUT = "1.3.1", "checkout"

# Engine -> its options.
OURS = {
    "incremental": ("--engine", "incremental"),
    "torch": ("--kernels", "torch"),
    "plain": ("--engine", "plain"),
    CHECKOUT: (),
}


@dataclass(frozen=True)
class Run:
    """One timed run."""

    case: str
    engine: str
    repeat: int
    is_whole: bool
    n_pairs: int
    startup_s: float
    run_s: float
    pairs_per_s: float
    peak_rss_mb: float
    output_sha256: str
    commit: str
    date: str
    machine: str
    n_cores: int
    versions: dict[str, str]


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", choices=cases.NAMES, help="default: all")
    parser.add_argument("--engine", action="append", choices=(*OURS, PEER), help="default: first two")
    parser.add_argument("--peer", help="the spliceai 1.3.1 executable of an environment of its own")
    parser.add_argument("--checkout", type=Path, help="another checkout, with a .venv of its own")
    parser.add_argument("--whole", action="store_true", help="all records instead of the slice")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    engines = chosen.engine or ["incremental", "plain"]
    if PEER in engines and not chosen.peer:
        parser.error("--engine 1.3.1 needs --peer")
    if CHECKOUT in engines and not chosen.checkout:
        parser.error("--engine checkout needs --checkout")
    programs = {PEER: chosen.peer, CHECKOUT: chosen.checkout and str(chosen.checkout / ".venv/bin/spliceai-annotate")}
    chosen.results.parent.mkdir(parents=True, exist_ok=True)
    for name in chosen.case or cases.NAMES:
        case = cases.build(name)
        for repeat in range(chosen.repeats):
            for engine in engines:
                run = measure(case, engine, repeat, program=programs.get(engine), is_whole=chosen.whole)
                with chosen.results.open("a") as handle:
                    handle.write(json.dumps(asdict(run)) + "\n")
                print(f"{name}\t{engine}\t{run.run_s:.1f} s\t{run.pairs_per_s:.2f} pairs/s\t{run.peak_rss_mb:.0f} MB")


def measure(case: cases.Case, engine: str, repeat: int, *, program: str | None, is_whole: bool) -> Run:
    """Run one engine on a case, and on a VCF without records."""
    vcf, n_pairs = (case.vcf, case.n_pairs) if is_whole else (case.slice_vcf, case.n_slice_pairs)
    output = cases.CACHE / f"{case.name}.{engine}.out.vcf"
    startup_s, _ = timed(command(engine, program, cases.header_only(), output, case.distance))
    total_s, peak_rss_mb = timed(command(engine, program, vcf, output, case.distance))
    run_s = total_s - startup_s
    return Run(
        case=case.name,
        engine=engine,
        repeat=repeat,
        is_whole=is_whole,
        n_pairs=n_pairs,
        startup_s=round(startup_s, 2),
        run_s=round(run_s, 2),
        pairs_per_s=round(n_pairs / run_s, 3),
        peak_rss_mb=round(peak_rss_mb, 1),
        output_sha256=scores_sha256(output),
        commit=subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=cases.ROOT, capture_output=True, text=True, check=True
        ).stdout.strip(),
        date=time.strftime("%Y-%m-%d"),
        machine=cpu_model(),
        n_cores=len(os.sched_getaffinity(0)),
        versions={"python": platform.python_version(), **{name: version(name) for name in ("torch", "numpy", "pysam")}},
    )


def command(engine: str, program: str | None, source: Path, target: Path, distance: int) -> list[str]:
    """The command line of an engine; ``program`` is that of another installation."""
    common = ["-I", str(source), "-O", str(target), "-R", str(cases.FASTA), "-A", "grch37", "-D", str(distance)]
    if engine == PEER:
        return [str(program), *common]
    ours = program or str(Path(sys.executable).parent / "spliceai-annotate")
    return [ours, *common, "--compat", "1.3.1", *OURS[engine], "--device", "cpu", "--quiet"]


def timed(arguments: list[str]) -> tuple[float, float]:
    """Wall time in s and peak memory in MB of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed_s = time.perf_counter() - start
    if status != 0:
        raise SystemExit(f"failed: {' '.join(arguments)}")
    return elapsed_s, usage.ru_maxrss / 1024


def scores_sha256(path: Path) -> str:
    """Digest of the records: their first five columns and INFO/SpliceAI."""
    digest = hashlib.sha256()
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            fields = line.split("\t")
            digest.update("\t".join([*fields[:5], fields[7]]).encode() + b"\n")
    return digest.hexdigest()


def cpu_model() -> str:
    """Name of the processor."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


if __name__ == "__main__":
    main()
