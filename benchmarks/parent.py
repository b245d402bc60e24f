"""What the process that reads and writes does, without the networks: for each allele in genes, and for records outside.

    python benchmarks/parent.py dense exome isolated
    python benchmarks/parent.py outside

The answers of the workers are made up; the records of ``outside`` are 300,000 SNVs between two genes.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import cases

from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.run import annotate, written_fields
from spliceai_cli.files.output import Output
from spliceai_cli.parallel.messages import packed, packed_result, unpacked
from spliceai_cli.plan.planner import Plan
from spliceai_cli.plan.windows import Window, windows
from spliceai_cli.scorer import Scorer
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.scoring.watcher import NoWatcher
from spliceai_cli.variants.variant import Outcome
from spliceai_cli.vcf.layouts import Writer, open_writer
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import VcfReader

_OUTSIDE = "outside"
_N_OUTSIDE = 300_000


class MeasuredWindow(NamedTuple):
    """A window with alleles in genes.

    Attributes:
        n_alleles: alleles in genes.
        n_bytes: memory that its records take while they wait.
    """

    n_alleles: int
    n_bytes: int


class Measured(NamedTuple):
    """What a case takes in the parent.

    Attributes:
        windows: its windows with alleles in genes.
        plan_s, pack_s, unpack_s, write_s: seconds for each allele in genes.
        sent, received: bytes for each allele in genes.
    """

    windows: Sequence[MeasuredWindow]
    plan_s: float
    pack_s: float
    unpack_s: float
    write_s: float
    sent: float
    received: float


def main() -> None:
    """Print a line per case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="+", choices=[*cases.NAMES, _OUTSIDE])
    for name in parser.parse_args().case:
        if name == _OUTSIDE:
            print(f"{_N_OUTSIDE:,} records outside genes: {outside():,.0f} per second")
            continue
        case = measured(name)
        n_alleles = sum(window.n_alleles for window in case.windows)
        steps = {"planned": case.plan_s, "packed": case.pack_s, "unpacked": case.unpack_s, "written": case.write_s}
        print(
            f"{name}\t{len(case.windows)} windows of {n_alleles / len(case.windows):.0f} alleles",
            *(f"{step} {1e6 * seconds:.0f} us" for step, seconds in steps.items()),
            f"sent {case.sent:.0f} B\treceived {case.received:.0f} B",
            sep="\t",
            flush=True,
        )


def measured(name: str) -> Measured:
    """What each step takes for an allele of a case, in processor time."""
    scorer = Scorer(reference=cases.unpack_reference(), annotation="grch37", distance=50)
    vcf_path, target = str(cases.build(name).vcf), str(cases.CACHE / "parent.out.vcf")
    spent = dict.fromkeys(("plan", "pack", "unpack", "write"), 0.0)
    sent = received = 0
    measured_windows: list[MeasuredWindow] = []

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        start = time.process_time()
        yield
        spent[step] += time.process_time() - start

    with open_lines(vcf_path, None) as lines, Output(target, "v") as output:
        reader = VcfReader(lines, vcf_path)
        options = AnnotateOptions(vcf_path, target)
        writer = open_writer(options.layout, output, reader, written_fields(options, scorer))
        with timed("plan"):
            planned = ((record, [scorer.plan(variant) for variant in record.variants]) for record in reader)
            cut = list(windows(planned, lambda record, _: record.n_bytes))
        for window in filter(lambda window: window.n_jobs, cut):
            plans = [plan for _, plans in window.records for plan in plans if plan.jobs]
            with timed("pack"):
                message = packed(plans)
            answer = packed_result(list(map(_outcome, plans)))
            with timed("unpack"):
                unpacked(answer, scorer.reference)
            with timed("write"):
                _write(writer, window)
            sent, received = sent + len(message), received + len(answer)
            measured_windows.append(MeasuredWindow(len(plans), window.n_bytes))
    Path(target).unlink()
    n_alleles = sum(window.n_alleles for window in measured_windows)
    plan_s, pack_s, unpack_s, write_s = (seconds / n_alleles for seconds in spent.values())
    return Measured(measured_windows, plan_s, pack_s, unpack_s, write_s, sent / n_alleles, received / n_alleles)


def outside() -> float:
    """Records outside genes per second of processor time, from file to file."""
    scorer = Scorer(reference=cases.unpack_reference(), annotation="grch37", distance=50)
    source, target = cases.CACHE / "outside.vcf", cases.CACHE / "outside.out.vcf"
    _write_outside(source, scorer)
    start = time.process_time()
    annotate(AnnotateOptions(str(source), str(target)), lambda: scorer, NoWatcher(), print)
    elapsed_s = time.process_time() - start
    target.unlink()
    return _N_OUTSIDE / elapsed_s


def _write_outside(path: Path, scorer: Scorer) -> None:
    """An SNV at each base of the first stretch of chr20 that is long enough, without genes and N."""
    genes = sorted((gene.start, gene.end) for gene in scorer.annotation.genes if gene.chrom == "20")
    ends = itertools.accumulate((end for _, end in genes), max)
    starts = (end for end, (start, _) in zip(ends, genes[1:], strict=False) if start - end >= _N_OUTSIDE)
    stretches = ((start, scorer.reference.fetch("20", start, start + _N_OUTSIDE).decode()) for start in starts)
    start, bases = next((start, bases) for start, bases in stretches if "N" not in bases)
    with path.open("w") as file:
        file.write("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for i, base in enumerate(bases, start + 1):
            file.write(f"20\t{i}\t.\t{base}\t{'A' if base != 'A' else 'C'}\t.\tPASS\tAC=1;AN=5008\n")


def _outcome(plan: Plan) -> Outcome:
    zero = Effect(0.0, 0)
    scores = (DeltaScore(plan.variant.alt, job.gene.symbol, zero, zero, zero, zero) for job in plan.jobs)
    return Outcome(plan.variant, tuple(scores))


def _write(writer: Writer, window: Window) -> None:
    for record, plans in window.records:
        writer.write(record, list(map(_outcome, plans)))


if __name__ == "__main__":
    main()
