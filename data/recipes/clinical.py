"""Clinical variants of BRCA1 and FBN1 with what is needed to score them, for ``spliceai-cli evaluate variants``.

``python data/recipes/clinical.py COMPARISON.tsv WINDOWS_FOLDER OUT_FOLDER`` writes ``variants.tsv``, ``genome.fa`` and
``genes.txt``. The variants are those of the published comparison of CI-SpliceAI (Strauch et al. 2022, CC BY 4.0). BRCA1
is on GRCh38 chr17, FBN1 on GRCh37 chr15, so one FASTA and one gene table can hold both: each contig is N except for the
window around its gene.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genes.table import format_table
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store, default_home

# Length of the contigs that the windows are cut from.
_LENGTHS = {("GRCh38", "17"): 83_257_441, ("GRCh37", "15"): 102_531_392}
_COLUMNS = ("chrom", "pos", "ref", "alt", "gene", "label")


def main(comparison: Path, windows: Path, out: Path) -> None:
    """Write the three files."""
    out.mkdir(parents=True, exist_ok=True)
    with comparison.open() as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    lines = ["\t".join(_COLUMNS)]
    for row in rows:
        gene = row["expected_SpliceAI_1.3.1_D4999_unmasked"].split("|")[1]
        label = row["label_splice_affecting"]
        lines.append("\t".join((row["chrom"], row["pos"], row["ref"], row["alt"], gene, label)))
    (out / "variants.tsv").write_text("\n".join(lines) + "\n")
    names = sorted({row["window"] for row in rows})
    (out / "genome.fa").write_text("".join(_contig(windows / name) for name in names))
    (out / "genome.fa.fai").unlink(missing_ok=True)
    (out / "genes.txt").write_text(format_table([gene for name in names for gene in _genes(name)]))


def _place(name: str) -> tuple[str, str, int, int]:
    """Build, contig, start and end (1-based, inclusive) of a window: BUILD_chrC_START-END_NAME.fa."""
    build, chrom, place = name.split("_")[:3]
    start, end = map(int, place.split("-"))
    return build, chrom.removeprefix("chr"), start, end


def _contig(window: Path) -> str:
    build, chrom, start, end = _place(window.name)
    bases = "".join(window.read_text().splitlines()[1:])
    return f">{chrom}\n{'N' * (start - 1)}{bases}{'N' * (_LENGTHS[build, chrom] - end)}\n"


def _genes(name: str) -> list:
    """The genes of the built-in table on the window's contig."""
    build, chrom, *_ = _place(name)
    table = Store(default_home(os.environ), SPLICEAI).require_table(build.lower())
    return [gene for gene in read_annotation(table, Selection()).genes if gene.chrom == chrom]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
