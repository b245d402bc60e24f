"""Pangolin's scores and the oracle's, against what Pangolin itself wrote."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from support import builders, oracle_pangolin
from support.letters import Letters

from spliceai_cli import Variant

pytestmark = [pytest.mark.golden, pytest.mark.weights]

N_SAMPLED = 8
# The oracle takes 3 s for an allele and strand.
N_SAMPLED_ORACLE = 3


class Written(NamedTuple):
    """A record of Pangolin's own; ``scores`` by gene, with gain and loss as ``(offset, score)``."""

    variant: Variant
    scores: dict[str, tuple[tuple[int, float], tuple[int, float]]]


def written(vcf) -> list[Written]:
    records = []
    for line in vcf.read_text().splitlines():
        if not line.startswith("#"):
            chrom, pos, _, ref, alt, _, _, info = line.split("\t")
            found = re.search(r"Pangolin=([^;]+)", info)
            scores = {}
            for text in found[1].split(",") if found else ():
                symbol, gain, loss = text.split("|")[:3]
                scores[symbol] = tuple((int(at), abs(float(score))) for at, score in (gain.split(":"), loss.split(":")))
            records.append(Written(Variant(chrom, int(pos), ref, alt), scores))
    return records


def same_text(score, theirs) -> bool:
    """Two decimals are equal, and so is the place if they are not 0.00; 1e-5 about a rounding edge is allowed."""
    at, rounded = theirs
    is_close = f"{score.score:.2f}" == f"{rounded:.2f}" or abs(score.score - rounded) <= 0.005 + 1e-5
    return is_close and (score.offset == at or rounded == 0)


def test_oracle__equals_what_pangolin_wrote(chr19, shared, pangolin_nets, make_pangolin, sample):
    """So that the oracle is not our own opinion: 84 records with 96 scores, none of which differs."""
    scorer = make_pangolin(chr19)
    contig = Letters(scorer.reference, "19")
    strands = {gene.symbol: gene.strand for gene in scorer.genes.genes if gene.chrom == "19"}
    records = [r for r in written(shared / "golden" / "pangolin.chr19.D50.unmasked.vcf") if r.scores]
    assert (len(records), sum(len(r.scores) for r in records)) == (84, 96)
    for variant, scores in sample(records, N_SAMPLED_ORACLE):
        for symbol, theirs in scores.items():
            allele = (variant.pos, variant.ref, variant.alt)
            ours = oracle_pangolin.extremes(
                *oracle_pangolin.changes(contig, strands[symbol], allele, 50, pangolin_nets), variant.pos
            )
            assert all(map(same_text, ours, theirs)), f"{variant} {symbol}: {theirs} expected, {ours} found"


def test_score__equals_what_pangolin_wrote(chr19, shared, make_pangolin, sample):
    """Pangolin leaves out a deletion of more than 2 D and what is in no gene; the latter has no score here either."""
    scorer = make_pangolin(chr19)
    records = sample(written(shared / "golden" / "pangolin.chr19.D50.unmasked.vcf"), N_SAMPLED)
    wrong, n_scores, too_large, outside = [], 0, 0, 0
    for (variant, theirs), outcome in zip(records, scorer.score([r.variant for r in records]), strict=True):
        ours = {score.symbol: score for score in outcome.scores}
        if not theirs:
            too_large += bool(ours) and len(variant.ref) > 2 * scorer.settings.distance
            outside += not ours
            if ours and len(variant.ref) <= 2 * scorer.settings.distance:
                wrong.append(f"{variant}: no score expected, {outcome.scores} found")
            continue
        if ours.keys() != theirs.keys():
            wrong.append(f"{variant}: genes {list(theirs)} expected, {list(ours)} found")
            continue
        for symbol, (gain, loss) in theirs.items():
            n_scores += 1
            found = ours[symbol]
            loss_found = found.loss.__class__(abs(found.loss.score), found.loss.offset)
            if not (same_text(found.gain, gain) and same_text(loss_found, loss)):
                wrong.append(f"{variant}: {theirs} expected, {found} found")
    print(
        f"{len(records)} records, {n_scores} scores; not scored by Pangolin: {too_large} too large, {outside} outside"
    )
    assert not wrong, "\n".join(wrong)


def test_score__brca1_as_an_older_pangolin_found_it(shared, make_pangolin, tmp_path):
    """A smoke test: the file's networks were other ones. A gain lies where it did, and is about as large."""
    lines = (shared / "windows" / "GRCh37_chr17_41100001-41300000_BRCA1_hg19.fa").read_text().splitlines()
    contig = "N" * 41_100_000 + "".join(lines[1:])
    fasta = builders.write_fasta(tmp_path / "17.fa", {"chr17": contig})
    table = builders.write_table(tmp_path / "t.txt", [builders.gene("BRCA1", "chr17", "-", 41_196_311, 41_277_500)])
    scorer = make_pangolin(fasta, table)
    records = written(shared / "golden" / "pangolin.brca.GRCh37.expected.vcf")
    assert len(records) == 4
    for (variant, theirs), outcome in zip(records, scorer.score([r.variant for r in records]), strict=True):
        [(gain, _)] = theirs.values()
        [score] = outcome.scores
        assert (score.gain.offset, score.gain.score) == (gain[0], pytest.approx(gain[1], abs=0.2)), variant
