"""The input of the golden case ``tests/golden/cispliceai``: variants of BRCA1, and of chr19's genes on both strands.

    python data/recipes/golden_cispliceai.py GENES COMPARISON WINDOW FASTA

GENES is the ``grch38.csv`` of cispliceai 1.2.2; COMPARISON the table of clinical variants and WINDOW the sequence
around BRCA1 (``../shared/data``). Writes ``chr19.input.vcf`` and ``genes.txt`` of the case, the same bytes each time,
and beside FASTA, which gets contig ``17`` with the window at its place and N elsewhere, ``brca1.input.vcf``. The
expected files are what cispliceai 1.2.2 itself writes, run in an environment of its own; CHR19 is what
``data/recipes/chr19.py`` prints. Of BRCA1 the case keeps the values behind the allele, a line for each row of
COMPARISON on GRCh38, as the variants are not ours to keep:

    cis-vcf FASTA -i brca1.input.vcf -o brca1.D50.expected.vcf -d 50 -b 1
    cis-vcf FASTA -i brca1.input.vcf -o brca1.D1000.expected.vcf -b 1
    cis-vcf CHR19 -i chr19.input.vcf -o chr19.D50.expected.vcf -d 50 -b 1 --all
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden"
CASE = GOLDEN / "cispliceai"
BRCA1 = "ENSG00000012048"
LINE = 60
BEYOND = 20_000  # bases after the window, so that no window of the program's runs over the contig's end
CHR19_LENGTH = 58_617_616
HEADER = """\
##fileformat=VCFv4.2
##reference=GRCh38
##contig=<ID={chrom},length={length}>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
"""
# Kinds of the golden case chr19 that stop the program or that it answers with a message.
LEFT_OUT = {"spanning_deletion", "mixed_alt", "symbolic", "no_alt", "ref_mismatch", "lower_case_ref"}


class Row(NamedTuple):
    """A gene as the program's table has it: 1-based, ``end`` is the first base outside the gene."""

    name: str
    chrom: str
    strand: str
    start: int
    end: int

    def covers(self, pos: int) -> bool:
        """Whether the program scores a variant at a position for this gene."""
        return self.start <= pos < self.end

    def __str__(self) -> str:
        """The row of a gene table. The program's has no exons of one transcript; one exon stands for them."""
        start, end = self.start - 1, self.end - 1
        return f"{self.name}\t{self.chrom}\t{self.strand}\t{start}\t{end}\t{start},\t{end},"


def read_genes(path: Path) -> list[Row]:
    """All genes, in the table's order."""
    with path.open(encoding="utf-8") as handle:
        return [
            Row(r["gene_id"], r["chr"].removeprefix("chr"), r["strand"], int(r["start"]), int(r["end"]))
            for r in csv.DictReader(handle)
        ]


def write_fasta(window: Path, fasta: Path) -> int:
    """Put the window, ``>CHROM:FIRST-LAST …`` (1-based), among N.

    Returns:
        The contig's length.
    """
    header, *lines = window.read_text("ascii").splitlines()
    chrom, span = header[1:].split()[0].split(":")
    first = int(span.split("-")[0])
    bases = "N" * (first - 1) + "".join(lines).upper() + "N" * BEYOND
    body = "\n".join(bases[i : i + LINE] for i in range(0, len(bases), LINE))
    fasta.write_text(f">{chrom}\n{body}\n", "ascii")
    return len(bases)


def brca1_variants(comparison: Path) -> list[tuple[int, str, str, str]]:
    """Position, ID, REF and ALT of the clinical variants on GRCh38, sorted."""
    with comparison.open(encoding="utf-8") as handle:
        rows = [r for r in csv.DictReader(handle, delimiter="\t") if (r["build"], r["chrom"]) == ("GRCh38", "17")]
    return sorted((int(r["pos"]), ".", r["ref"], r["alt"]) for r in rows)


def chr19_variants(genes: Sequence[Row]) -> list[tuple[int, str, str, str]]:
    """The records of the golden case chr19 that the program can score and that are in a gene of its table."""
    found = []
    for line in (GOLDEN / "chr19" / "input.vcf").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            _, pos, kind, ref, alt, *_ = line.split("\t")
            if kind not in LEFT_OUT and any(gene.covers(int(pos)) for gene in genes if gene.chrom == "19"):
                found.append((int(pos), kind, ref, alt))
    return found


def write_vcf(path: Path, chrom: str, length: int, variants: Iterable[tuple[int, str, str, str]]) -> None:
    """Write position, ID, REF and ALT as records."""
    body = "".join(f"{chrom}\t{pos}\t{name}\t{ref}\t{alt}\t.\t.\t.\n" for pos, name, ref, alt in variants)
    path.write_text(HEADER.format(chrom=chrom, length=length) + body, "utf-8")


def main(table: Path, comparison: Path, window: Path, fasta: Path) -> None:
    """Write the inputs, the gene table and the sequence."""
    genes = read_genes(table)
    chr19 = chr19_variants(genes)
    write_vcf(CASE / "chr19.input.vcf", "19", CHR19_LENGTH, chr19)
    write_vcf(fasta.with_name("brca1.input.vcf"), "17", write_fasta(window, fasta), brca1_variants(comparison))
    used = [g for g in genes if g.name == BRCA1 or (g.chrom == "19" and any(g.covers(pos) for pos, *_ in chr19))]
    header = "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END\n"
    (CASE / "genes.txt").write_text(header + "".join(f"{gene}\n" for gene in used), "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: python data/recipes/golden_cispliceai.py GENES COMPARISON WINDOW FASTA")
    main(*map(Path, sys.argv[1:]))
