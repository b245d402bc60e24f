"""Genomes whose genes have introns that look like introns, or not."""

from __future__ import annotations

from pathlib import Path

from support import builders

from spliceai_cli.genes.gene import Gene

EXON, INTRON = 40, 60
N_INTRONS = 6
GAP = 100

#: Bases of a gene with its introns, and to the next.
PITCH = (N_INTRONS + 1) * EXON + N_INTRONS * INTRON + GAP

#: Ends of introns in transcript order, as they lie on the + strand.
PLUS = {"GT-AG": ("GT", "AG"), "GC-AG": ("GC", "AG"), "AT-AC": ("AT", "AC"), "other": ("CC", "CC")}
MINUS = {"GT-AG": ("CT", "AC"), "GC-AG": ("CT", "GC"), "AT-AC": ("GT", "AT"), "other": ("GG", "GG")}


def genes(n: int, *, chrom: str = "1", offset: int = 0) -> list[Gene]:
    """Genes one after the other, strands in turn."""
    made = []
    for i in range(n):
        start = offset + i * PITCH + GAP
        exons = [(start + k * (EXON + INTRON), start + k * (EXON + INTRON) + EXON) for k in range(N_INTRONS + 1)]
        made.append(builders.gene(f"G{i}", chrom, "+-"[i % 2], start, exons[-1][1], *exons))
    return made


def bases(of: list[Gene], ends: list[str], *, n_more: int = 1000) -> str:
    """A contig for these genes: random, with the ends of introns written in, in turn."""
    contig = list(builders.random_bases(max(gene.end for gene in of) + n_more, seed=3))
    introns = [(gene.strand, intron) for gene in of for intron in gene.introns]
    for i, (strand, intron) in enumerate(introns):
        first, last = (PLUS if strand == "+" else MINUS)[ends[i % len(ends)]]
        contig[intron.start : intron.start + 2] = first
        contig[intron.end - 2 : intron.end] = last
    return "".join(contig)


def write(folder: Path, contig: str, of: list[Gene]) -> tuple[Path, Path]:
    """FASTA with contig ``chr1``, and table."""
    fasta = builders.write_fasta(folder / "spliced.fa", {"chr1": contig})
    return fasta, builders.write_table(folder / "spliced.txt", of)
