"""How well tracks of ``spliceai-cli predict`` agree with annotated splice sites; prints a table for docs/accuracy.md.

    spliceai-cli predict -R chr19.fa -O chr19.bw
    python benchmarks/accuracy.py --annotation GRCh38.chr19.ensembl91.gff3.gz spliceai=chr19.bw

Give several models as NAME=OUT, with OUT as it was given to ``predict -O``; strands without files are left out, and so
are genes on contigs that the files do not have. What is counted:

- Genes: one transcript (``--transcripts canonical``) for each protein-coding gene, with at least two exons.
- Sites: acceptors are the first bases of all exons but a transcript's first, donors the last bases of all but its last,
  each position once.
- Positions: all bases within the span of any of these genes, on its strand, each once. Positions that are not predicted
  count as 0.
- "> 0.5": the share of sites with a probability above 0.5.
- "top-k": of the k positions with the largest probability, k being the number of sites, the share that are sites.
- "PR-AUC": average precision, the sum over thresholds of precision times the increase of recall; positions of the same
  probability share a threshold.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pybigtools
from numpy.typing import NDArray

from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.coords import ContigNames, Interval
from spliceai_cli.settings import CANONICAL
from spliceai_cli.tracks.sinks import BIGWIG, STRAND_NAMES, Destination

_LIKELY = 0.5


class Agreement(NamedTuple):
    """Counts and scores of one kind of site."""

    n_sites: int
    n_positions: int
    likely: float
    top_k: float
    pr_auc: float


def agreement(probabilities: NDArray[np.float32], is_site: NDArray[np.bool_]) -> Agreement:
    """Scores of probabilities against sites.

    Args:
        probabilities: (n,).
        is_site: (n,), at least one.
    """
    n_sites = int(is_site.sum())
    order = np.argsort(-probabilities, kind="stable")
    values, found = probabilities[order], np.cumsum(is_site[order])
    # The last position of each threshold.
    ends = np.flatnonzero(np.append(values[1:] != values[:-1], True))
    precision, recall = found[ends] / (ends + 1), found[ends] / n_sites
    return Agreement(
        n_sites=n_sites,
        n_positions=len(values),
        likely=float((probabilities[is_site] > _LIKELY).mean()),
        top_k=float(found[n_sites - 1] / n_sites),
        pr_auc=float((precision * np.diff(recall, prepend=0)).sum()),
    )


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Ascending, without overlaps."""
    found: list[Interval] = []
    for one in sorted(intervals):
        if found and one.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def of_track(path: Path, genes: Sequence[Gene], kind: str) -> Agreement | None:
    """Agreement of a bigWig with the ``acceptors`` or ``donors`` of genes on its strand; None without genes."""
    values, sites = [], []
    with pybigtools.open(str(path)) as track:
        lengths = track.chroms()
        names = ContigNames(lengths)
        for chrom in dict.fromkeys(gene.chrom for gene in genes):
            name = names.find(chrom)
            if name is None:
                continue
            here = [gene for gene in genes if gene.chrom == chrom]
            wanted = np.unique([pos - 1 for gene in here for pos in getattr(gene, kind)])
            for span in merged(Interval(gene.start, min(gene.end, lengths[name])) for gene in here):
                values.append(track.values(name, *span, fillna=0).astype(np.float32))
                sites.append(np.isin(np.arange(*span), wanted, assume_unique=True))
    return agreement(np.concatenate(values), np.concatenate(sites)) if values else None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--annotation", type=Path, required=True, help="GTF or GFF3 with biotypes")
    parser.add_argument("tracks", nargs="+", metavar="NAME=OUT")
    chosen = parser.parse_args()
    genes = [g for g in read_annotation(chosen.annotation, Selection(CANONICAL)).genes if len(g.exons) > 1]
    genes = [gene for gene in genes if gene.biotype == "protein_coding"]
    print("| model | strand | genes | site | sites | positions | > 0.5 | top-k | PR-AUC |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, _, out in (text.partition("=") for text in chosen.tracks):
        for strand in STRAND_NAMES:
            here = [gene for gene in genes if gene.strand == strand]
            for track in ("acceptor", "donor"):
                path = Path(Destination(out, BIGWIG).signal_name(track, strand))
                found = of_track(path, here, f"{track}s") if path.exists() else None
                if found is not None:
                    scores = " | ".join(f"{score:.4f}" for score in (found.likely, found.top_k, found.pr_auc))
                    counts = f"{found.n_sites:,} | {found.n_positions:,}"
                    print(f"| {name} | {strand} | {len(here):,} | {track} | {counts} | {scores} |")


if __name__ == "__main__":
    main()
