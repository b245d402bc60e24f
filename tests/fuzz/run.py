"""``make fuzz``: coverage-guided fuzzing (atheris, libFuzzer) of every target of ``fuzz_targets.py``.

What fails, and what reaches code that no seed reaches, is appended to ``seeds/TARGET.txt``; ``test_seeds.py`` runs it.
One failure does not end a run: the first input of each place in the code that fails is kept, and fuzzing goes on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from types import FrameType

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))
with atheris.instrument_imports(include=["spliceai_cli"]) if "--child" in sys.argv else nullcontext():
    from fuzz import fuzz_targets

WORK = Path(__file__).parents[2] / "data" / "cache" / "fuzz"

#: File, line before, line.
Step = tuple[str, int, int]

_PACKAGE = "/spliceai_cli/"

# Longer inputs find little and are slow; longer seeds are hard to read.
_MAX_LENGTH = 2048
_MAX_SEED = 400

# What the mutator would seldom make by itself.
_WORDS = (
    "##fileformat=VCFv4.2\\x0a", "#CHROM\\x09POS\\x09ID\\x09REF\\x09ALT\\x09QUAL\\x09FILTER\\x09INFO",
    "##INFO=<ID=SpliceAI,", "##INFO=<ID=SpliceAI_DS_max,", "##spliceai-annotate=", "##contig=<ID=chr1,length=",
    "\\x0d\\x0a", "\\x0a\\x0a", "SpliceAI=", "SpliceAI_DS_max=", "SpliceAI_RAW=", "SpliceAI_SKIP=", ";END=",
    ";SVLEN=", ";SEQ=", ";IMPRECISE", "<DEL>", "<DUP>", "<INV>", "<INS>", "<DUP:TANDEM>", "<DEL:ME:ALU>", "<NON_REF>",
    "*", "G]chr2:10]", "]chr2:10]G", ".", "chr1 5200 A C ", "chr2 1 T G ", "\\x09+\\x09", "\\x09-\\x09",
    "9999999999999999999", "\\xff", "\\xc2\\xb2", "track", "1,000",
)  # fmt: skip


def main() -> int:
    """Fuzz all targets, or one as a child process that libFuzzer ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--target", choices=fuzz_targets.TARGETS, action="append", help="default: all")
    parser.add_argument("--child", choices=fuzz_targets.TARGETS, help=argparse.SUPPRESS)
    chosen, rest = parser.parse_known_args()
    if chosen.child:
        fuzz(chosen.child, rest)
    names = chosen.target or list(fuzz_targets.TARGETS)
    n_failures = sum(run(name, max(1, chosen.seconds // len(names))) for name in names)
    print(f"{n_failures} failures; python -m pytest tests/fuzz shows them" if n_failures else "no failures")
    return min(1, n_failures)


def fuzz(name: str, arguments: list[str]) -> None:
    """Let libFuzzer call a target; it ends the process."""
    target = fuzz_targets.TARGETS[name]
    seen: set[str] = set()

    def one_input(data: bytes) -> None:
        try:
            target(data)
        except Exception as error:
            place = _place(error)
            if place not in seen:
                seen.add(place)
                path = WORK / name / "failed" / f"{len(seen)}"
                path.write_bytes(data)
                print(f"FAILED {name}: {data!r}\n{''.join(traceback.format_exception(error))}", flush=True)

    atheris.Setup([sys.argv[0], *arguments], one_input)
    atheris.Fuzz()


def _place(error: Exception) -> str:
    """Type and last lines: what tells one bug from another."""
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    return f"{type(error).__name__} {[(frame.filename, frame.lineno) for frame in frames]}"


def run(name: str, seconds: int) -> int:
    """Fuzz one target for so long; the number of failures."""
    folder = WORK / name
    for part in ("seeds", "found", "failed"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for old in (*(folder / "seeds").iterdir(), *(folder / "failed").iterdir()):
        old.unlink()
    for i, seed in enumerate(fuzz_targets.read_seeds(name)):
        (folder / "seeds" / f"{i:05}").write_bytes(seed)
    words = folder / "words.dict"
    words.write_text("".join(f'"{word}"\n' for word in _WORDS))
    print(f"{name}: {seconds} s from {len(list((folder / 'seeds').iterdir()))} seeds", flush=True)
    limits = (f"-max_len={_MAX_LENGTH}", "-timeout=20", "-rss_limit_mb=4096", f"-artifact_prefix={folder / 'failed'}/")
    code = _child(name, *limits, f"-dict={words}", f"-max_total_time={seconds}", folder / "found", folder / "seeds")
    failed = [path.read_bytes() for path in sorted((folder / "failed").iterdir())]
    found = [path.read_bytes() for path in (folder / "found").iterdir()]
    n_new = fuzz_targets.add_seeds(name, [*failed, *reaching_more(name, found)])
    print(f"{name}: {n_new} new seeds, {len(failed)} failures", flush=True)
    if code and not failed:
        raise SystemExit(f"{name}: the fuzzer itself ended with {code}")
    return len(failed)


def _child(name: str, *arguments: str | Path) -> int:
    with (WORK / name / "log.txt").open("w") as log:
        command = [sys.executable, __file__, "--child", name, *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=log, text=True, check=False)
    print(done.stdout, end="", flush=True)
    return done.returncode


def reaching_more(name: str, found: list[bytes]) -> Iterator[bytes]:
    """The short ones that take a step from line to line which no seed takes, and none before them.

    libFuzzer's own merge counts how often a step is taken, and keeps hundreds.
    """
    known: set[Step] = set().union(*(_steps(name, seed) for seed in fuzz_targets.read_seeds(name)))
    for data in sorted(found, key=lambda data: (len(data), data)):
        if len(data) <= _MAX_SEED and (new := _steps(name, data) - known):
            known |= new
            yield data


def _steps(name: str, data: bytes) -> set[Step]:
    steps: set[Step] = set()

    def trace(frame: FrameType, event: str, argument: object) -> Callable | None:
        if _PACKAGE not in frame.f_code.co_filename:
            return None
        last = 0

        def trace_lines(frame: FrameType, event: str, argument: object) -> Callable:
            nonlocal last
            steps.add((frame.f_code.co_filename, last, frame.f_lineno))
            last = frame.f_lineno
            return trace_lines

        return trace_lines

    sys.settrace(trace)
    try:
        # A failure was told when it was found.
        with suppress(Exception):
            fuzz_targets.TARGETS[name](data)
    finally:
        sys.settrace(None)
    return steps


if __name__ == "__main__":
    sys.exit(main())
