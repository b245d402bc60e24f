"""The input of the golden test ``tests/golden/chr19``: published variants with made ones around exon edges.

``python data/recipes/golden_chr19.py TABLE`` writes ``input.vcf``, the same bytes each time. TABLE is the gene table
``grch38.txt`` of spliceai 1.3.1, as installed by ``spliceai-cli weights install``. The expected files are what
spliceai 1.3.1 itself writes, with FASTA the file that ``data/recipes/chr19.py`` prints:

    spliceai -I input.vcf -O D50.expected.vcf -R FASTA -A grch38 -D 50 -M 0
    spliceai -I input.vcf -O D500.masked.expected.vcf -R FASTA -A grch38 -D 500 -M 1
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from chr19 import CACHE, fetch

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.table import read_table

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "data" / "examples" / "chr19.vcf"
INPUT = ROOT / "tests" / "golden" / "chr19" / "input.vcf"
SEED = 19
HEADER = """\
##fileformat=VCFv4.2
##reference=GRCh38
##contig=<ID=19,length=58617616>
##ALT=<ID=DEL,Description="Deletion">
##INFO=<ID=END,Number=1,Type=Integer,Description="Last base of the deletion">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
"""

_T = TypeVar("_T")


class Row(NamedTuple):
    """One line of the VCF; ``kind`` becomes its ID."""

    pos: int
    kind: str
    ref: str
    alt: str
    info: str = "."


class Maker:
    """Variants of chosen kinds, each near an exon edge of another gene.

    Args:
        sequence: of chr19.
        genes: of chr19 with at least three exons, in table order.
    """

    def __init__(self, sequence: str, genes: Sequence[Gene]) -> None:
        self._sequence = sequence
        self._random = random.Random(SEED)
        shuffled = sorted(genes, key=lambda gene: (self._random.random(), gene.symbol))
        self._shared = [gene for gene in shuffled if _has_neighbour(gene, genes)]
        alone = [gene for gene in shuffled if not _has_neighbour(gene, genes)]
        plus, minus = ([gene for gene in alone if gene.strand == strand] for strand in "+-")
        # Both strands in turn, no gene twice.
        self._fresh = iter([gene for pair in zip(plus, minus, strict=False) for gene in pair])

    def rows(self) -> Iterator[Row]:
        """All made records, kind by kind."""
        yield from (self._snv(next(self._fresh), "snv") for _ in range(12))
        yield from (self._snv(gene, "overlap") for gene in self._shared[:3])
        yield from (self._insertion(n_bases) for n_bases in (1, 2, 3, 8, 21, 50))
        yield from (self._deletion(n_bases, "deletion") for n_bases in (1, 2, 4, 11, 30, 50))
        yield from (self._deletion(n_bases, "long_deletion") for n_bases in (55, 64, 81, 98))
        yield self._deletion(130, "longer_than_window")
        yield from (self._substitution(n_bases) for n_bases in (2, 3))
        yield self._delins()
        yield from self._multi_allelic()
        yield from self._gene_ends()
        yield from self._odd()

    def _snv(self, gene: Gene, kind: str) -> Row:
        pos = self._near_edge(gene)
        return Row(pos, kind, self._bases(pos), self._other(pos))

    def _insertion(self, n_bases: int) -> Row:
        pos = self._near_edge(next(self._fresh))
        return Row(pos, "insertion", self._bases(pos), self._bases(pos) + self._made(n_bases))

    def _deletion(self, n_bases: int, kind: str) -> Row:
        pos = self._near_edge(next(self._fresh)) - n_bases // 2
        return Row(pos, kind, self._bases(pos, n_bases + 1), self._bases(pos))

    def _substitution(self, n_bases: int) -> Row:
        pos = self._near_edge(next(self._fresh))
        alt = "".join(self._other(pos + i) for i in range(n_bases))
        return Row(pos, "mnv", self._bases(pos, n_bases), alt)

    def _delins(self) -> Row:
        pos = self._near_edge(next(self._fresh))
        return Row(pos, "delins", self._bases(pos, 3), self._other(pos))

    def _multi_allelic(self) -> Iterator[Row]:
        pos = self._near_edge(next(self._fresh))
        ref = self._bases(pos)
        yield Row(pos, "three_alt", ref, ",".join(base for base in "ACGT" if base != ref))
        pos = self._near_edge(next(self._fresh))
        yield Row(pos, "spanning_deletion", self._bases(pos), f"{self._other(pos)},*")
        pos = self._near_edge(next(self._fresh))
        ref = self._bases(pos, 3)
        yield Row(pos, "mixed_alt", ref, f"{ref[0]},{self._other(pos)}{ref[1:]},{ref[:2]}{self._made(2)}{ref[2]},*")

    def _gene_ends(self) -> Iterator[Row]:
        """The first base of a gene and the last of another, with the bases just outside them."""
        first, last = next(self._fresh), next(self._fresh)
        for pos, kind in (
            (first.start, "before_gene"),
            (first.start + 1, "first_of_gene"),
            (last.end, "last_of_gene"),
            (last.end + 1, "after_gene"),
        ):
            yield Row(pos, kind, self._bases(pos), self._other(pos))

    def _odd(self) -> Iterator[Row]:
        pos = self._near_edge(next(self._fresh))
        yield Row(pos, "ref_mismatch", self._other(pos), self._bases(pos))
        pos = self._near_edge(next(self._fresh))
        yield Row(pos, "lower_case_alt", self._bases(pos), self._other(pos).lower())
        pos = self._near_edge(next(self._fresh))
        yield Row(pos, "lower_case_ref", self._bases(pos).lower(), self._other(pos))
        pos = self._near_edge(next(self._fresh))
        yield Row(pos, "symbolic", self._bases(pos), "<DEL>", f"END={pos + 30}")
        pos = self._near_edge(next(self._fresh))
        yield Row(pos, "no_alt", self._bases(pos), ".")

    def _near_edge(self, gene: Gene) -> int:
        """A base up to 12 bp from an edge that splices, skewed towards the edge."""
        edge = self._choose(gene.edges[1:-1])
        return edge + self._choose((-12, -7, -3, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3, 5, 6, 10))

    def _choose(self, among: Sequence[_T]) -> _T:
        # Only random() is promised to give the same numbers in every Python version.
        return among[int(self._random.random() * len(among))]

    def _bases(self, pos: int, n_bases: int = 1) -> str:
        return self._sequence[pos - 1 : pos - 1 + n_bases]

    def _other(self, pos: int) -> str:
        return self._choose([base for base in "ACGT" if base != self._bases(pos)])

    def _made(self, n_bases: int) -> str:
        return "".join(self._choose("ACGT") for _ in range(n_bases))


def _has_neighbour(gene: Gene, genes: Sequence[Gene]) -> bool:
    return any(other is not gene and other.covers(gene.start, gene.end) for other in genes)


def _read_sequence(fasta: Path) -> str:
    return "".join(fasta.read_text("ascii").split("\n")[1:]).upper()


def _published(vcf: Path) -> Iterator[Row]:
    for line in vcf.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            _, pos, name, ref, alt, *_ = line.split("\t")
            yield Row(int(pos), name, ref, alt)


def main(table: Path) -> None:
    """Write ``input.vcf``, sorted by position."""
    genes = [gene for gene in read_table(table).genes if gene.chrom == "19"]
    maker = Maker(_read_sequence(fetch(CACHE)), [gene for gene in genes if len(gene.exons) >= 3])
    rows = sorted([*_published(EXAMPLES), *maker.rows()])
    body = "".join(f"19\t{row.pos}\t{row.kind}\t{row.ref}\t{row.alt}\t.\t.\t{row.info}\n" for row in rows)
    INPUT.write_text(HEADER + body, "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python data/recipes/golden_chr19.py TABLE")
    main(Path(sys.argv[1]))
