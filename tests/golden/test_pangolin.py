"""Pangolin's scores, against a literal reading of its paper."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from support import builders, oracle, oracle_pangolin
from support.letters import Letters

from spliceai_cli import Variant

pytestmark = [pytest.mark.golden, pytest.mark.weights]

TOLERANCE = 2e-6
# Where the largest and next largest change differ by less, either place is right.
CLEAR_LEAD = 2e-6
# The oracle takes 3 s for an allele and strand.
N_SAMPLED = 3

# On both strands; the last five overlap another gene, on the other strand or on their own, with edges that differ.
GENES = ("RYR1", "CACNA1A", "LDLR", "GAMT", "WDR83", "C19orf70", "ARHGEF18", "MEF2B", "KLK9")

# Beside an edge of an exon. Where the allele starts, counted from the edge; REF bases; ALT; D. In ALT "=" is the first
# REF base, "~" the last one and "x" another base than REF's there.
KINDS = [
    (0, 1, "x", 50),
    (-1, 1, "x", 50),
    (2, 1, "x", 50),
    (5, 1, "x", 1),
    (0, 1, "x", 0),
    (-14, 1, "x", 500),
    (-1, 2, "xx", 50),
    (-2, 4, "xxxx", 50),
    (-5, 3, "xx", 50),
    (1, 2, "xTAAx", 50),
    (-2, 5, "x", 50),
    (0, 2, "~", 50),
    (-1, 2, "=", 50),
    (-4, 4, "=", 1),
    (-20, 21, "=", 500),
    (-30, 51, "=", 50),
    (-10, 64, "=", 50),
    (-90, 101, "=", 50),
    (-140, 131, "=", 50),
    (0, 1, "=G", 50),
    (-1, 1, "=GTAAGT", 50),
    (3, 1, "=" + "TTTCAG" * 12, 50),
    (-10, 1, "=" + "ACGTTGCAAG" * 15, 50),
    (-6, 1, "xCAG", 0),
]  # fmt: skip
N_CASES = len(GENES) * len(KINDS)


@dataclass
class Tally:
    n_scores: int = 0
    n_large: int = 0
    n_near_ties: int = 0
    largest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.n_scores} scores, {self.n_large} of 0.2 or more; largest difference {self.largest:.1e}; "
            f"{self.n_near_ties} places not compared, for the lead is too small or nothing is left"
        )

    def compare(self, where, found, expected) -> None:
        """Count one gain or loss."""
        difference = abs(abs(found.score) - expected.score)
        is_clear = expected.lead >= CLEAR_LEAD and expected.score > 0
        self.n_scores += 1
        self.n_large += expected.score >= 0.2
        self.n_near_ties += not is_clear
        self.largest = max(self.largest, difference)
        if not difference <= TOLERANCE or (is_clear and found.offset != expected.offset):
            self.wrong.append(f"{where}: {expected} expected, {found.score:.7f} at {found.offset:+d} found")


def cases(scorer) -> Iterator[tuple[int, Variant]]:
    """D and allele: every kind at an exon edge of every gene, not its first or last."""
    genes = {gene.symbol: gene for gene in scorer.genes.genes if gene.chrom == "19"}
    chosen = random.Random(19)
    for symbol in GENES:
        edges = genes[symbol].edges[2:-2]
        for start, n_ref, alt, distance in KINDS:
            pos = chosen.choice(edges) + start
            ref = scorer.reference.fetch("19", pos - 1, pos - 1 + n_ref).decode()
            yield distance, Variant("19", pos, ref, _spelled(ref, alt))


def _spelled(ref, alt):
    ends = {"=": ref[0], "~": ref[-1]}
    letters = []
    for i, letter in enumerate(alt):
        beside = ref[-1] if i == len(alt) - 1 else ref[min(i, len(ref) - 1)]
        letters.append(ends.get(letter, oracle_pangolin.PAIR[beside] if letter == "x" else letter))
    return "".join(letters)


def covering(scorer, variant):
    genes = [gene for gene in scorer.genes.genes if gene.chrom == variant.chrom]
    allele = (variant.pos, variant.ref, variant.alt)
    return [g for g in genes if oracle.covers(oracle.Gene(g.strand, g.start + 1, g.end), allele)]


def test_score__equals_the_literal_oracle(chr19, make_pangolin, pangolin_nets, sample):
    """SNVs, MNVs, indels and delins at exon edges on both strands, also where genes overlap, with and without mask."""
    tally = Tally()
    every = list(cases(make_pangolin(chr19)))
    assert len(every) == N_CASES > 200
    for distance, variant in sample(every, N_SAMPLED):
        scorers = [make_pangolin(chr19, distance=distance, mask=mask) for mask in (0, 1)]
        genes = covering(scorers[0], variant)
        contig = Letters(scorers[0].reference, "19")
        allele = (variant.pos, variant.ref, variant.alt)
        changes = {
            strand: oracle_pangolin.changes(contig, strand, allele, distance, pangolin_nets)
            for strand in {gene.strand for gene in genes}
        }
        for mask, scorer in enumerate(scorers):
            [outcome] = scorer.score([variant])
            scores = {score.symbol: score for score in outcome.scores}
            assert set(scores) == {gene.symbol for gene in genes}
            for gene in genes:
                edges = gene.edges if mask else None
                gain, loss = oracle_pangolin.extremes(*changes[gene.strand], variant.pos, edges)
                where = f"{variant} {gene.symbol} D={distance} mask={mask}"
                tally.compare(f"{where} gain", scores[gene.symbol].gain, gain)
                tally.compare(f"{where} loss", scores[gene.symbol].loss, loss)
    print(tally)
    assert not tally.wrong, "\n".join(tally.wrong)


def test_score__contig_ends_and_letters_that_are_no_bases(chr19, make_pangolin, pangolin_nets, tmp_path):
    """Pangolin leaves the ends of contigs out; here N stands for what is not there. Genes do not mask the sequence."""
    bases = list(make_pangolin(chr19).reference.fetch("19", 38467000, 38468500).decode())
    bases[300:312] = "N" * 12
    bases[700:710] = "acgtacgtac"
    contig = "".join(bases)
    genes = [builders.gene("FORTH", "c", "+", 600, 1500), builders.gene("BACK", "c", "-", 0, 1500)]
    table = builders.write_table(tmp_path / "t.txt", genes)
    scorer = make_pangolin(builders.write_fasta(tmp_path / "c.fa", {"c": contig}), table)
    tally = Tally()
    for pos, n_ref, alt in ((1, 1, "x"), (1500, 1, "=GTAAGT"), (299, 22, "="), (705, 5, "=")):
        ref = contig[pos - 1 : pos - 1 + n_ref].upper()
        variant = Variant("c", pos, ref, _spelled(ref, alt))
        [outcome] = scorer.score([variant])
        for score in outcome.scores:
            strand = "+" if score.symbol == "FORTH" else "-"
            gain, loss = oracle_pangolin.extremes(
                *oracle_pangolin.changes(contig, strand, (pos, ref, variant.alt), 50, pangolin_nets), pos
            )
            tally.compare(f"{variant} gain", score.gain, gain)
            tally.compare(f"{variant} loss", score.loss, loss)
    print(tally)
    assert tally.n_scores == 2 * (1 + 2 + 1 + 2)
    assert not tally.wrong, "\n".join(tally.wrong)
