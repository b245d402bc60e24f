"""A toy genome with many blocks of genes, its variants, and commands that annotate them whole and in parts."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import builders, toy_networks

ROOT = Path(__file__).parents[2]

_LENGTHS = {"chr1": 300_000, "chr2": 200_000}
_HEADER = (
    "##fileformat=VCFv4.2\n"
    '##FILTER=<ID=PASS,Description="All filters passed">\n'
    "##contig=<ID=chr1,length=300000>\n##contig=<ID=chr2,length=200000>\n##contig=<ID=chrUn>\n"
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="count">\n'
    '##INFO=<ID=END,Number=1,Type=Integer,Description="end">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)


@dataclass(frozen=True)
class World:
    """A folder with everything that a run needs.

    Attributes:
        folder: the folder.
        fasta, table, weights: reference, genes and networks.
        vcf: sorted records of all kinds.
        options: options of ``annotate`` and of ``scatter plan`` that name these.
    """

    folder: Path
    fasta: Path
    table: Path
    weights: Path
    vcf: Path

    @property
    def options(self) -> tuple[str, ...]:
        return ("-R", str(self.fasta), "-A", str(self.table), "--weights", str(self.weights))


def make_world(folder: Path, *, spec: Any = toy_networks.RANDOM_SPEC, n_records: int = 150) -> World:
    """Two contigs with a gene every 20 kb on alternating strands, and records in and between them."""
    contigs = {name: builders.random_bases(n, seed) for seed, (name, n) in enumerate(_LENGTHS.items(), 5)}
    genes = [
        builders.gene(f"{name}_{start}", name[3:], "+-"[i % 2], start, start + 9_000, *_exons(start))
        for name, n in _LENGTHS.items()
        for i, start in enumerate(range(2_000, n - 10_000, 20_000))
    ]
    contigs = builders.spliced(contigs, genes)
    weights = folder / "toy"
    weights.mkdir()
    return World(
        folder,
        builders.write_fasta(folder / "genome.fa", contigs),
        builders.write_table(folder / "genes.txt", genes),
        toy_networks.save(weights, spec, toy_networks.random_tensors(spec)),
        _write_vcf(folder / "in.vcf", contigs, n_records),
    )


def _exons(start: int) -> tuple[tuple[int, int], ...]:
    return (start, start + 400), (start + 8_000, start + 9_000)


def _write_vcf(path: Path, contigs: dict[str, str], n_records: int) -> Path:
    draw = random.Random(3)
    places = sorted((draw.choice(list(contigs)), draw.randrange(100, 190_000)) for _ in range(n_records))
    lines = []
    for i, (chrom, pos) in enumerate(places):
        ref = contigs[chrom][pos - 1 : pos - 1 + (1, 1, 1, 1, 3, 1, 1)[i % 7]]
        other = "ACGT"[("ACGT".index(ref[0]) + 1) % 4]
        alts = (other, f"{other},<DEL>", f"{ref[0]}GATTA", other, ref[0], "*", ".")[i % 7]
        if i % 41 == 0:
            ref, alts = other, ref[0]  # differs from the FASTA
        lines.append(f"{chrom}\t{pos}\trs{i}\t{ref}\t{alts}\t.\tPASS\tAC={i}\n")
    lines.append("chrUn\t5\t.\tA\tC\t.\t.\t.\n")
    path.write_text(_HEADER + "".join(lines))
    return path


def program(*arguments: object, timeout: float = 300, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run ``spliceai-cli`` in a process of its own, on one thread."""
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, timeout=timeout, env=environment(), **more
    )


def command(*arguments: object) -> list[str]:
    """The command line of ``spliceai-cli``."""
    return [sys.executable, "-m", "spliceai_cli", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **more}


def run_parts(call: Callable[..., Any], folder: Path, numbers: range, *options: object) -> None:
    for number in numbers:
        done = call("scatter", "run", folder, number, "--device", "cpu", "--no-progress", *options)
        assert done.code == 0, done.stderr
