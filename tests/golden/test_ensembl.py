"""Scores with Ensembl's annotation of chr19 beside those that 1.3.1 wrote with its own table."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from support.compare import read_vcf, score

from spliceai_cli import Compute, DeltaScore, Scorer, Settings
from spliceai_cli.genes.resolve import resolve_annotation

pytestmark = [pytest.mark.golden, pytest.mark.weights]

SAME = "the same transcript span, the same text"


def test_ensembl_91__the_same_transcript_gives_the_same_scores(store, chr19, shared, sample):
    """Scores depend on a transcript's strand and span alone; where they differ from the table's, that is the cause."""
    lines = sample(read_vcf(shared / "golden" / "chr19.D50.spliceai-1.3.1.vcf"))
    scorer = Scorer(
        reference=chr19,
        annotation=shared / "annotation" / "GRCh38.chr19.ensembl91.gff3.gz",
        settings=Settings(compat="1.3.1"),
        compute=Compute(device="cpu", home=store.home, annotation_cache=False),
    )
    table = resolve_annotation("grch38", scorer.reference.lengths, store).genes
    in_table = _spans(gene for gene in table if gene.chrom in ("19", "chr19"))
    in_ensembl = _spans(scorer.annotation.genes)
    causes: Counter[str] = Counter()
    for line, outcomes in zip(lines, score(scorer, lines), strict=True):
        found = {(s.allele, s.symbol): str(s) for outcome in outcomes for s in outcome.scores}
        expected = {(s.allele, s.symbol): str(s) for s in map(DeltaScore.parse, line.values)}
        for key in found.keys() | expected.keys():
            cause = _cause(in_table[key[1]], in_ensembl[key[1]])
            causes[cause] += 1
            if cause == SAME:
                assert found.get(key) == expected.get(key), f"{line}: {key}"
    print(f"{len(lines)} records: {dict(causes)}")
    assert causes[SAME] >= len(lines) / 2


def _spans(genes):
    """Symbol -> strands and spans of its genes."""
    spans = defaultdict(set)
    for gene in genes:
        spans[gene.symbol].add((gene.strand, gene.start, gene.end))
    return spans


def _cause(in_table, in_ensembl) -> str:
    if not in_table:
        return "no gene of this name in the table"
    if not in_ensembl:
        return "no gene of this name in Ensembl 91"
    return SAME if in_table == in_ensembl else "another transcript is canonical"
