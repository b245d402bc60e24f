"""The inputs: VCFs cut from real ones, on GRCh37 chr20."""

from __future__ import annotations

import gzip
import itertools
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.cli.weights import installed_store
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.resolve import resolve_annotation

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "benchmarks" / "cache"
SHARED = ROOT.parent / "shared" / "data"
FASTA = CACHE / "GRCh37.chr20.fa"
EXOME = SHARED / "vcf" / "bench" / "exome.GRCh37.chr20.vcf.gz"
DENSE = SHARED / "vcf" / "bench" / "1000G.GRCh37.chr20_1-2M.vcf.gz"

# Exon 6 of JAG1 on GRCh37 with 150 bp on either side of its acceptor.
_SATURATED = ("20", 10_633_100, 10_633_400)
_ISOLATED_BP = 20_000
_N_PAIRS = 120  # of a slice that is paired with 1.3.1, which needs 1.4 s for each

Row = list[str]


@dataclass(frozen=True)
class Case:
    """One input.

    Attributes:
        name: as in the tables.
        distance: ``-D``.
        vcf: all of it.
        slice_vcf: contiguous records with about 120 allele×gene pairs, from the middle.
        n_pairs, n_slice_pairs: allele×gene pairs that both tools score.
    """

    name: str
    distance: int
    vcf: Path
    slice_vcf: Path
    n_pairs: int
    n_slice_pairs: int


def build(name: str) -> Case:
    """Make the files of a case in ``benchmarks/cache``.

    Raises:
        FileNotFoundError: the real VCFs or the reference are not there.
    """
    make, distance = _CASES[name]
    unpack_reference()
    lengths = {"20": 63_025_520}
    genes = GeneIndex(resolve_annotation("grch37", lengths, installed_store()).genes)
    rows = [row for row in make() if _n_pairs(row, genes)]
    counts = [_n_pairs(row, genes) for row in rows]
    first = _middle(counts)
    n_rows = next(
        (n for n, total in enumerate(itertools.accumulate(counts[first:]), 1) if total >= _N_PAIRS), len(rows) - first
    )
    whole, part = CACHE / f"{name}.vcf", CACHE / f"{name}.slice.vcf"
    _write(whole, rows)
    _write(part, rows[first : first + n_rows])
    return Case(name, distance, whole, part, sum(counts), sum(counts[first : first + n_rows]))


def header_only() -> Path:
    """A VCF without records: what remains is start-up."""
    path = CACHE / "empty.vcf"
    _write(path, [])
    return path


def _middle(counts: list[int]) -> int:
    """First row of a slice that lies in the middle by pairs."""
    start = max(0, (sum(counts) - _N_PAIRS) // 2)
    return next((i for i, total in enumerate(itertools.accumulate(counts)) if total > start), 0)


def _n_pairs(row: Row, genes: GeneIndex) -> int:
    """Allele×gene pairs that 1.3.1 scores too: no MNV, no symbolic ALT."""
    pos, ref = int(row[1]), row[3]
    alts = [a for a in row[4].split(",") if a.isalpha() and (len(ref) == 1 or len(a) == 1) and len(ref) <= 50]  # noqa: PLR2004
    return len(alts) * len(genes.overlapping(row[0], pos - 1, pos))


def _rows(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt") as handle:
        for line in handle:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")[:5]


def _isolated() -> Iterator[Row]:
    last = -_ISOLATED_BP
    for row in _rows(EXOME):
        if int(row[1]) - last > _ISOLATED_BP:
            last = int(row[1])
            yield row


def _saturation() -> Iterator[Row]:
    import pysam

    chrom, start, end = _SATURATED
    with pysam.FastaFile(str(FASTA)) as fasta:
        bases = fasta.fetch(chrom, start, end).upper()
    for pos, ref in enumerate(bases, start + 1):
        yield from ([chrom, str(pos), ".", ref, alt] for alt in "ACGT" if alt != ref)


def _indels() -> Iterator[Row]:
    return (row for row in _rows(DENSE) if any(len(a) != len(row[3]) for a in row[4].split(",") if a.isalpha()))


_CASES: dict[str, tuple[Callable[[], Iterable[Row]], int]] = {
    "isolated": (_isolated, 50),
    "exome": (lambda: _rows(EXOME), 50),
    "dense": (lambda: _rows(DENSE), 50),
    "saturation": (_saturation, 50),
    "indel": (_indels, 50),
    "D500": (lambda: _rows(EXOME), 500),
}
NAMES = tuple(_CASES)


def _write(path: Path, rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        handle.write("##fileformat=VCFv4.2\n##contig=<ID=20,length=63025520>\n")
        handle.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        handle.writelines("\t".join([*row, ".", ".", "."]) + "\n" for row in rows)


def unpack_reference() -> Path:
    """Plain FASTA: 1.3.1 reads BGZF only with a further package."""
    if not FASTA.exists():
        FASTA.parent.mkdir(parents=True, exist_ok=True)
        part = FASTA.with_suffix(".part")
        with gzip.open(SHARED / "reference" / "GRCh37.chr20.fa.gz") as source, part.open("wb") as target:
            shutil.copyfileobj(source, target)
        part.replace(FASTA)
    return FASTA
