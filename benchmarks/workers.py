"""One process with threads compared with workers: time, time beside a busy core, memory of the whole tree, same bytes.

    python benchmarks/workers.py time --repeats 5
    python benchmarks/workers.py busy --repeats 3
    python benchmarks/workers.py memory

``time`` and ``busy`` run the ways of computing in turn on the same contiguous records, and print medians of wall time
without start-up, which is the time of a VCF without records. ``busy`` does so alone and while another process keeps one
core busy. ``memory`` samples the proportional set size of a run and all its processes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cases

# Case -> records: so many windows that the time in which one worker waits for the other's last is small. PyTorch's
# kernels take one to three minutes on two cores.
RECORDS = {"isolated": 240, "exome": 320, "dense": 2000}

# Kernels -> ways of computing with two threads in all.
WAYS = {"1 process": ("--workers", "1"), "workers": ("--workers", "2")}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["time", "busy", "memory"])
    parser.add_argument("--case", action="append", choices=list(RECORDS), help="default: all")
    parser.add_argument("--kernels", action="append", choices=["native", "torch"], help="default: both")
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    kernels, names = chosen.kernels or ["native", "torch"], chosen.case or list(RECORDS)
    if chosen.what == "memory":
        memory(kernels)
    else:
        for kernel in kernels:
            for name in names:
                compare(kernel, name, chosen.repeats, is_busy=chosen.what == "busy")


def compare(kernels: str, name: str, repeats: int, *, is_busy: bool) -> None:
    """Print medians of the ways, run in turn."""
    vcf = part(name, RECORDS[name])
    times: dict[tuple[str, bool], list[float]] = {}
    outputs = set()
    for _ in range(repeats):
        for way, options in WAYS.items():
            arguments = ["--kernels", kernels, "--threads", "2", *options]
            for is_disturbed in (False, True) if is_busy else (False,):
                with busy_core(is_on=is_disturbed):
                    start_s, _ = timed(cases.header_only(), arguments)
                    total_s, output = timed(vcf, arguments)
                times.setdefault((way, is_disturbed), []).append(total_s - start_s)
                outputs.add(output)
    assert len(outputs) == 1, "the outputs differ"
    medians = {key: statistics.median(values) for key, values in times.items()}
    quiet = [medians[way, False] for way in WAYS]
    cells = [
        f"{name}\t{kernels}",
        *(f"{way} {medians[way, False]:.2f} s" for way in WAYS),
        f"{quiet[0] / quiet[1]:.2f}x",
    ]
    if is_busy:
        cells += [f"{way} beside a busy core {medians[way, True] / medians[way, False]:.2f}x" for way in WAYS]
    print("\t".join(cells), flush=True)


def memory(kernels: list[str]) -> None:
    """Print the peaks of the exome case, one process and four workers."""
    vcf = part("exome", RECORDS["exome"])
    for kernel in kernels:
        peaks = []
        for n_workers in (1, 4):
            arguments = ["--kernels", kernel, "--threads", str(max(2, n_workers)), "--workers", str(n_workers)]
            process = subprocess.Popen(command(vcf, arguments), stdout=subprocess.DEVNULL)
            peak = 0
            while process.poll() is None:
                peak = max(peak, sum(map(pss, tree(process.pid))))
                time.sleep(0.1)
            assert process.returncode == 0
            peaks.append(peak)
        print(
            f"exome\t{kernel}\t1 process {peaks[0] >> 20} MB\t4 workers {peaks[1] >> 20} MB\t{peaks[1] / peaks[0]:.2f}x"
        )


def part(name: str, n: int) -> Path:
    """Contiguous records from the middle of a case."""
    lines = cases.build(name).vcf.read_text().splitlines(keepends=True)
    header = [line for line in lines if line.startswith("#")]
    records = lines[len(header) :]
    first = max(0, (len(records) - n) // 2)
    path = cases.CACHE / f"{name}.{n}.vcf"
    path.write_text("".join([*header, *records[first : first + n]]))
    return path


def command(vcf: Path, arguments: list[str]) -> list[str]:
    """The command line of a run that writes to standard output."""
    program = [sys.executable, "-m", "spliceai_cli", "annotate", "-I", str(vcf), "-R", str(cases.FASTA), "-A", "grch37"]
    return [*program, "--device", "cpu", "-q", *arguments]


def timed(vcf: Path, arguments: list[str]) -> tuple[float, str]:
    """Wall time in s of a run, and a digest of its output; that of a run without records is left out."""
    start = time.perf_counter()
    done = subprocess.run(command(vcf, arguments), stdout=subprocess.PIPE, check=True)
    elapsed_s = time.perf_counter() - start
    return elapsed_s, hashlib.sha256(done.stdout).hexdigest()


@contextmanager
def busy_core(*, is_on: bool) -> Iterator[None]:
    """A context in which another process computes."""
    if not is_on:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def tree(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = {int(child) for task in tasks for child in (task / "children").read_text().split()}
    except OSError:
        return
    for child in children:
        yield from tree(child)


def pss(pid: int) -> int:
    """Bytes of a process; what several share counts in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(cases.ROOT))
    main()
