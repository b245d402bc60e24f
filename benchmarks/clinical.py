"""How well models tell clinical variants that affect splicing from those that do not.

The variants, with a validated label each, are those of BRCA1 and FBN1 in the published comparison of CI-SpliceAI
(Strauch et al. 2022, CC BY 4.0). A variant's score is the largest change that the model reports in the gene. Prints a
Markdown table with AUC-PR (average precision) and AUROC of every model, on the same variants.

    python benchmarks/clinical.py COMPARISON.tsv WINDOWS_FOLDER --model spliceai --model cispliceai …
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import NamedTuple

import click
from sklearn.metrics import average_precision_score, roc_auc_score

from spliceai_cli import Compute, Scorer, Settings, Variant

# Length of the contigs that the windows are cut from.
_LENGTHS = {("GRCh38", "17"): 83_257_441, ("GRCh37", "15"): 102_531_392}


class Case(NamedTuple):
    """A variant with its label."""

    variant: Variant
    gene: str
    is_affecting: bool
    window: str


def read_cases(path: Path) -> list[Case]:
    """The rows of the comparison."""
    with path.open() as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    return [
        Case(
            Variant(row["chrom"], int(row["pos"]), row["ref"], row["alt"]),
            row["expected_SpliceAI_1.3.1_D4999_unmasked"].split("|")[1],
            row["label_splice_affecting"] == "1",
            row["window"],
        )
        for row in rows
    ]


def write_contig(window: Path, folder: Path) -> Path:
    """A FASTA with the window at its place and N elsewhere: BUILD_chrC_START-END_NAME.fa, 1-based inclusive."""
    build, chrom, place = window.stem.split("_")[:3]
    start, end = map(int, place.split("-"))
    bases = "".join(window.read_text().splitlines()[1:])
    length = _LENGTHS[build, chrom.removeprefix("chr")]
    path = folder / f"{window.stem}.contig.fa"
    path.write_text(f">{chrom.removeprefix('chr')}\n{'N' * (start - 1)}{bases}{'N' * (length - end)}\n")
    return path


def largest_changes(cases: list[Case], windows: Path, settings: Settings) -> tuple[list[str], dict[str, list[float]]]:
    """Keys of the models, and by key the score of every case, in their order."""
    found: dict[str, dict[Case, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for window in sorted({case.window for case in cases}):
            members = [case for case in cases if case.window == window]
            build = window.split("_")[0].lower()
            fasta = write_contig(windows / window, Path(folder))
            scorer = Scorer(reference=fasta, annotation=build, settings=settings, compute=Compute(device="cpu"))
            for case, outcome in zip(members, scorer.score(case.variant for case in members), strict=True):
                for score in outcome.scores:
                    if score.symbol == case.gene:
                        found.setdefault(score.model_key, {})[case] = score.max_score
    for key, of_model in found.items():
        if missing := [case for case in cases if case not in of_model]:
            raise SystemExit(f"{key} has no score for {len(missing)} of {len(cases)} variants: {missing[0].variant}")
    return list(found), {key: [found[key][case] for case in cases] for key in found}


@click.command()
@click.argument("comparison", type=click.Path(path_type=Path, exists=True))
@click.argument("windows", type=click.Path(path_type=Path, exists=True))
@click.option("--model", "models", multiple=True, default=("spliceai",), help="As for spliceai-annotate.")
@click.option("-D", "--distance", default=50, show_default=True)
def main(comparison: Path, windows: Path, models: tuple[str, ...], distance: int) -> None:
    """Print the table."""
    cases = read_cases(comparison)
    labels = [case.is_affecting for case in cases]
    click.echo(f"{len(cases)} variants, {sum(labels)} of them affect splicing; D = {distance}, no mask\n")
    click.echo("| model | AUC-PR | AUROC |\n|---|---|---|")
    for model in models:
        keys, scores = largest_changes(cases, windows, Settings(models=(model,), distance=distance))
        for key in keys:
            precision, roc = average_precision_score(labels, scores[key]), roc_auc_score(labels, scores[key])
            click.echo(f"| {key} | {precision:.3f} | {roc:.3f} |")


if __name__ == "__main__":
    main()
