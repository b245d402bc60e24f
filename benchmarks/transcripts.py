"""What ``--transcripts all`` costs beside ``canonical`` on a dense VCF, and how many windows are the networks' work.

    python benchmarks/transcripts.py

Transcripts whose masked window around an allele is the same share one pass, so the cost should follow the number of
distinct windows. The VCF has an SNV every 50 bp of a stretch of GRCh38 chr19 with 15 genes; the genes are Ensembl 91's.
"""

from __future__ import annotations

import argparse
import time

from cases import ROOT

from spliceai_cli import Compute, Scorer, Variant
from spliceai_cli.engine.threads import use_threads
from spliceai_cli.genes.selection import Selection
from spliceai_cli.plan.dedup import share
from spliceai_cli.settings.words import ALL, CANONICAL

FASTA = ROOT / "data" / "cache" / "GRCh38.chr19.fa"
GENES = ROOT.parent / "shared" / "data" / "annotation" / "GRCh38.chr19.ensembl91.gff3.gz"
_OTHER = {"A": "C", "C": "T", "G": "A", "T": "G"}


def main() -> None:
    """Print a line per selection, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=int, default=38_400_000)
    parser.add_argument("--length", type=int, default=25_000)
    parser.add_argument("--repeats", type=int, default=2)
    chosen = parser.parse_args()
    use_threads(None)
    found: dict[str, tuple[int, float]] = {}
    print("transcripts\talleles×transcripts\tdistinct windows\ts")
    for _ in range(chosen.repeats):
        for which in (CANONICAL, ALL):
            scorer = Scorer(
                reference=FASTA, annotation=GENES, selection=Selection(which), compute=Compute(device="cpu")
            )
            variants = snvs(scorer, chosen.start, chosen.length)
            edits = [job.edit for variant in variants for job in scorer.plan(variant).jobs]
            n_windows = len(share(edits, scorer.models[0].spec.flank).edits)
            start = time.perf_counter()
            n_scores = sum(len(outcome.scores) for outcome in scorer.score(variants))
            elapsed_s = time.perf_counter() - start
            found[which] = min(found.get(which, (n_windows, elapsed_s)), (n_windows, elapsed_s))
            print(f"{which}\t{n_scores}\t{n_windows}\t{elapsed_s:.1f}")
    (n_one, one_s), (n_all, all_s) = found[CANONICAL], found[ALL]
    print(
        f"windows {n_all / n_one:.2f}, time {all_s / one_s:.2f}: {all_s / one_s / (n_all / n_one):.2f} of their ratio"
    )


def snvs(scorer: Scorer, start: int, length: int) -> list[Variant]:
    """An SNV every 50 bp."""
    chrom = next(iter(scorer.reference.lengths))
    bases = scorer.reference.fetch(chrom, start, start + length).decode().upper()
    return [
        Variant(chrom, start + i + 1, bases[i], _OTHER[bases[i]]) for i in range(0, length, 50) if bases[i] in _OTHER
    ]


if __name__ == "__main__":
    main()
