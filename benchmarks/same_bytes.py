"""The same file, computed in every way there is: is the output the same, byte for byte?

    python benchmarks/same_bytes.py exome dense golden

One process; threads; processes; a Dask cluster of two workers; parts of ``scatter``. ``dense`` is cut to 2,000 records.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import cases
from workers import part

_GOLDEN = cases.SHARED / "golden" / "chr19.D50.spliceai-1.3.1.vcf"
_CHR19 = cases.ROOT / "data" / "cache" / "GRCh38.chr19.fa"


def main() -> None:
    """Print a line for each way, and fail if one differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="+", choices=["exome", "dense", "golden"])
    for name in parser.parse_args().case:
        digests = set()
        for way, digest, seconds in _computed(name):
            digests.add(digest)
            print(f"{name}\t{way}\t{digest[:16]}\t{seconds:.0f} s", flush=True)
        if len(digests) > 1:
            sys.exit(f"{name}: the outputs differ")


def _computed(name: str) -> Iterator[tuple[str, str, float]]:
    """Each way with the digest of its output and the seconds that it took."""
    vcf, files = _input(name)
    with TemporaryDirectory() as folder, _cluster(Path(folder)) as scheduler:
        annotate, scatter = partial(_annotate, vcf, files), partial(_scatter, vcf, files)
        ways: dict[str, Callable[[Path], None]] = {
            **{f"--workers {n}": partial(annotate, options=["--workers", str(n)]) for n in (1, 2, 4)},
            "--workers 9, processes": partial(annotate, options=["--workers", "9", "--memory", "18G"]),
            "--dask": partial(annotate, options=["--dask", str(scheduler)]),
            **{f"scatter, {n} parts": partial(scatter, folder=Path(folder) / f"{n}", n_parts=n) for n in (1, 3, 17)},
        }
        for way, compute in ways.items():
            output = Path(folder) / "out.vcf"
            start = time.perf_counter()
            compute(output)
            seconds = time.perf_counter() - start
            yield way, hashlib.sha256(output.read_bytes()).hexdigest(), seconds


def _input(name: str) -> tuple[Path, list[str]]:
    """A VCF, and the options that name its genome and genes."""
    if name == "golden":
        return _GOLDEN, ["-R", str(_CHR19), "-A", "grch38"]
    vcf = part(name, 2_000) if name == "dense" else cases.build(name).vcf
    return vcf, ["-R", str(cases.FASTA), "-A", "grch37"]


def _annotate(vcf: Path, files: list[str], output: Path, options: list[str]) -> None:
    _run("annotate", "-I", str(vcf), *files, "-O", str(output), "--device", "cpu", "-q", *options)


def _scatter(vcf: Path, files: list[str], output: Path, *, folder: Path, n_parts: int) -> None:
    printed = _run("scatter", "plan", str(vcf), "-n", str(n_parts), str(folder), *files, "-q")
    # Fewer parts than asked for, if the input cannot be cut in so many places.
    n_made = int(dict(line.split("\t") for line in printed.splitlines())["parts"])
    for number in range(1, n_made + 1):
        _run("scatter", "run", str(folder), str(number), "--device", "cpu", "-q")
    _run("scatter", "finish", str(folder), "-O", str(output), "-q")


def _run(*words: str) -> str:
    """Run the program; returns what it prints."""
    return subprocess.run(
        [sys.executable, "-m", "spliceai_cli", *words], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


@contextmanager
def _cluster(folder: Path) -> Iterator[Path]:
    """A Dask cluster of two workers; its scheduler file."""
    file = folder / "scheduler.json"
    options = ["--scheduler-file", str(file), "--no-dashboard"]
    commands = [["scheduler", "--port", "0", *options], *[["worker", "--nthreads", "1", "--no-nanny", *options]] * 2]
    programs: list[subprocess.Popen[bytes]] = []
    try:
        for words in commands:
            program = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
            process = subprocess.Popen(program, cwd=folder, stderr=subprocess.DEVNULL)
            programs.append(process)
            while not file.exists():
                if process.poll() is not None:
                    sys.exit("Dask's scheduler does not start: pip install 'spliceai-cli[dask]'")
                time.sleep(0.1)
        yield file
    finally:
        for process in reversed(programs):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
