"""Clinical variants with what is needed to score them, for ``spliceai-cli evaluate variants``.

``python data/recipes/clinical.py DATA_FOLDER OUT_FOLDER`` writes ``variants.tsv``, ``genome.fa`` and ``genes.txt``. The
variants are those of the published comparison of CI-SpliceAI (Strauch et al. 2022, CC BY 4.0) for which sequence is at
hand: BRCA1 on GRCh38 chr17, all on GRCh38 chr19, and FBN1 on GRCh37 chr15. These are different chromosomes, so one
FASTA and one gene table can hold them; chr15 and chr17 are N except for a window around the gene. The column
``published`` is the largest score of SpliceAI 1.3.1 (D = 4999, raw) that was published with them.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genes.table import format_table
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store, default_home
from spliceai_cli.scores.sites import DeltaScore

CHR19 = Path(__file__).resolve().parents[1] / "cache" / "GRCh38.chr19.fa"
COMPARISON = Path("golden", "cispliceai_comparison.BRCA1_FBN1.tsv")
VARIANTS = Path("consequence", "ci_variants.GRCh38.csv")
SCORES = Path("consequence", "ci_variants.spliceai-1.3.1.D4999.vcf")

# Length of the contigs that the windows are cut from.
_LENGTHS = {("GRCh38", "17"): 83_257_441, ("GRCh37", "15"): 102_531_392}


class Row(NamedTuple):
    """A line of ``variants.tsv``; the gene is empty if several were scored, ``published`` a dot without a score."""

    chrom: str
    pos: str
    ref: str
    alt: str
    gene: str
    label: str
    published: str


def main(data: Path, out: Path) -> None:
    """Write the three files."""
    out.mkdir(parents=True, exist_ok=True)
    with (data / COMPARISON).open() as handle:
        compared = list(csv.DictReader(handle, delimiter="\t"))
    rows = [*map(_compared, compared), *_on_chr19(data)]
    (out / "variants.tsv").write_text("".join("\t".join(row) + "\n" for row in (Row._fields, *rows)))
    windows = sorted({row["window"] for row in compared})
    with (out / "genome.fa").open("w") as genome:
        genome.writelines(_contig(data / "windows" / name) for name in windows)
        with CHR19.open() as chr19:
            shutil.copyfileobj(chr19, genome)
    (out / "genome.fa.fai").unlink(missing_ok=True)
    places = [*((build, chrom) for build, chrom, *_ in map(_place, windows)), ("GRCh38", "19")]
    (out / "genes.txt").write_text(format_table([gene for place in places for gene in _genes(*place)]))


def _compared(row: dict[str, str]) -> Row:
    scores = row["expected_SpliceAI_1.3.1_D4999_unmasked"].split(",")
    return _row((row["chrom"], row["pos"], row["ref"], row["alt"]), row["label_splice_affecting"], scores)


def _on_chr19(data: Path) -> Iterator[Row]:
    with (data / SCORES).open() as handle:
        fields = [line.rstrip("\n").split("\t") for line in handle if not line.startswith("#")]
    published = {(row[0].removeprefix("chr"), row[1], *row[3:5]): row[7].removeprefix("SpliceAI=") for row in fields}
    with (data / VARIANTS).open(newline="") as handle:
        for row in csv.DictReader(handle):
            variant = (row["#CHROM"], row["POS"], row["REF"], row["ALT"])
            if variant[0] == "19":
                yield _row(variant, row["SpliceAffecting"], published[variant].split(","))


def _row(variant: tuple[str, str, str, str], label: str, texts: Iterable[str]) -> Row:
    scores = [DeltaScore.parse(text) for text in texts]
    genes = {score.symbol for score in scores}
    largest = max((score.max_score for score in scores if not score.is_missing), default=None)
    published = "." if largest is None else f"{largest:.2f}"
    return Row(*variant, genes.pop() if len(genes) == 1 else "", label, published)


def _place(name: str) -> tuple[str, str, int, int]:
    """Build, contig, start and end (1-based, inclusive) of a window: BUILD_chrC_START-END_NAME.fa."""
    build, chrom, place = name.split("_")[:3]
    start, end = map(int, place.split("-"))
    return build, chrom.removeprefix("chr"), start, end


def _contig(window: Path) -> str:
    build, chrom, start, end = _place(window.name)
    bases = "".join(window.read_text().splitlines()[1:])
    return f">{chrom}\n{'N' * (start - 1)}{bases}{'N' * (_LENGTHS[build, chrom] - end)}\n"


def _genes(build: str, chrom: str) -> list:
    """The genes of the built-in table on a contig."""
    table = Store(default_home(os.environ), SPLICEAI).require_table(build.lower())
    return [gene for gene in read_annotation(table, Selection()).genes if gene.chrom == chrom]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
