"""Small genomes, tables and VCFs for tests."""

from __future__ import annotations

import hashlib
import random
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genome.coords import ContigNames, Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.planner import ModelInput, Planner
from spliceai_cli.plan.rules import Rules
from spliceai_cli.scores.kind import ScoreKind
from spliceai_cli.scores.sites import SITES

VCF_HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def random_bases(n: int, seed: int) -> str:
    return "".join(random.Random(seed).choices("ACGT", k=n))


def write_fasta(path: Path, contigs: Mapping[str, str], width: int = 60) -> Path:
    with path.open("w") as handle:
        for name, bases in contigs.items():
            handle.write(f">{name} test\n")
            for start in range(0, len(bases), width):
                handle.write(bases[start : start + width] + "\n")
    return path


class AllC(Reference):
    """Contigs of these lengths, every base of which is C; no chromosome is written for a test."""

    def __init__(self, lengths: Mapping[str, int]) -> None:
        self.path, self.lengths, self.contigs = Path("FASTA"), dict(lengths), ContigNames(lengths)

    def fetch(self, chrom: str, start: int, end: int) -> bytes:
        assert chrom in self.lengths
        return b"C" * (end - start)


def gene(symbol: str, chrom: str, strand: str, start: int, end: int, *exons: tuple[int, int]) -> Gene:
    return Gene(symbol, chrom, strand, start, end, tuple(Interval(*exon) for exon in (exons or ((start, end),))))


def write_table(path: Path, genes: Iterable[Gene]) -> Path:
    lines = ["#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END"]
    for g in genes:
        starts = "".join(f"{exon.start}," for exon in g.exons)
        ends = "".join(f"{exon.end}," for exon in g.exons)
        lines.append(f"{g.symbol}\t{g.chrom}\t{g.strand}\t{g.start}\t{g.end}\t{starts}\t{ends}")
    path.write_text("\n".join(lines) + "\n")
    return path


def write_vcf(path: Path, rows: Iterable[tuple[str, int, str, str]], header: str = VCF_HEADER) -> Path:
    body = "".join(f"{chrom}\t{pos}\t.\t{ref}\t{alt}\t.\t.\t.\n" for chrom, pos, ref, alt in rows)
    path.write_text(header + body)
    return path


@dataclass(frozen=True)
class Genome:
    """Two contigs of random bases; genes on both strands, two of them overlapping."""

    fasta: Path
    table: Path
    contigs: Mapping[str, str]
    genes: tuple[Gene, ...]

    def base(self, chrom: str, pos: int, n: int = 1) -> str:
        return self.contigs[chrom][pos - 1 : pos - 1 + n]

    def other(self, chrom: str, pos: int) -> str:
        """A base that is not the reference's."""
        return "ACGT"[("ACGT".index(self.base(chrom, pos)) + 1) % 4]


def spliced(contigs: Mapping[str, str], genes: Iterable[Gene]) -> dict[str, str]:
    """Contigs, ``chr1`` for the genes of ``1``, on which introns have the ends of introns."""
    contigs = dict(contigs)
    for gene in genes:
        first, last = ("GT", "AG") if gene.strand == "+" else ("CT", "AC")
        for start, end in gene.introns:
            bases = contigs[f"chr{gene.chrom}"]
            contigs[f"chr{gene.chrom}"] = f"{bases[:start]}{first}{bases[start + 2 : end - 2]}{last}{bases[end:]}"
    return contigs


def small_genome(folder: Path) -> Genome:
    """chr1: PLUS 100-500 and MINUS 400-900 overlap; chr2: EDGE runs to the contig's end."""
    bases = {"chr1": random_bases(1000, seed=1), "chr2": random_bases(300, seed=2)}
    genes = (
        gene("PLUS", "1", "+", 100, 500, (100, 180), (260, 330), (450, 500)),
        gene("MINUS", "1", "-", 400, 900, (400, 470), (600, 700), (850, 900)),
        gene("EDGE", "2", "+", 0, 300, (0, 60), (200, 300)),
    )
    contigs = spliced(bases, genes)
    return Genome(write_fasta(folder / "genome.fa", contigs), write_table(folder / "genes.txt", genes), contigs, genes)


def write_wheel(path: Path, members: dict[str, bytes]) -> Path:
    """A wheel as far as anything here looks into one."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def sha256(raw: bytes) -> str:
    """Its SHA-256 in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def planner(fasta: Reference, genes: Iterable[Gene], rules: Rules, *, kind: ScoreKind = SITES, **options) -> Planner:
    """A planner for one model."""
    index = genes if isinstance(genes, GeneIndex) else GeneIndex(list(genes))
    return Planner(fasta, index, [ModelInput(rules, kind)], **options)
