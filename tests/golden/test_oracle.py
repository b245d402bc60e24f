"""The rows of DESIGN §3's table on the published networks, against the literal oracle reading the Keras files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import oracle
import pytest

from spliceai_cli import Compute, Scorer, Settings, Variant

pytestmark = [pytest.mark.golden, pytest.mark.weights]

CACHE = Path(__file__).parents[2] / "data" / "cache"


@pytest.fixture(scope="session")
def nets(tmp_path_factory):
    wheels = sorted(CACHE.glob("spliceai-1.3.1-*.whl"))
    if not wheels:
        pytest.skip("no wheel of spliceai 1.3.1: make data")
    folder = tmp_path_factory.mktemp("keras")
    with zipfile.ZipFile(wheels[0]) as archive:
        members = [f"spliceai/models/spliceai{i}.h5" for i in range(1, 6)]
        return oracle.nets_from_keras([archive.extract(member, folder) for member in members])


@pytest.fixture(scope="session")
def scorer(store, chr19):
    return Scorer(
        reference=chr19,
        annotation="grch38",
        settings=Settings(distance=50),
        compute=Compute(device="cpu", home=store.home),
    )


class Contig:
    """A contig that reads letters by index, as the oracle wants, without loading it whole."""

    def __init__(self, reference, chrom):
        self._reference = reference
        self._chrom = chrom

    def __len__(self):
        return self._reference.lengths[self._chrom]

    def __getitem__(self, index):
        return self._reference.fetch(self._chrom, index, index + 1).decode()


# pos, number of REF bases, ALT ("" deletes all but the first base); RYR1 + and others − as the gene tells.
CASES = {
    "snv": (38467722, 1, "T"),
    "deletion of 60 before an exon": (38496346, 61, ""),
    "deletion of 51, one more than D": (38467700, 52, ""),
    "deletion of 130, longer than 2 D": (38467650, 131, ""),
    "mnv of 2": (38467722, 2, "TG"),
    "mnv of 4 with shared ends": (38467720, 4, "ACTA"),
    "delins 3 > 2": (38467721, 3, "GA"),
    "delins 2 > 4": (38467721, 2, "TTAG"),
    "delins 3 > 1": (38467721, 3, "T"),
    "insertion of 70": (38467722, 1, "C" + "GTAAGT" * 11 + "ACGT"),
    "delins 80 > 3 with both ends in sight": (38467690, 80, "TCT"),
    "minus strand: deletion of 60": (13317250, 61, ""),
    "minus strand: mnv": (13317250, 3, "GTA"),
    "minus strand: insertion": (13317250, 1, "TACAG"),
}


@pytest.mark.parametrize("name", CASES)
def test_score__equals_the_literal_oracle(name, scorer, nets):
    pos, n_ref, alt = CASES[name]
    ref = scorer.reference.fetch("19", pos - 1, pos - 1 + n_ref).decode()
    variant = Variant("19", pos, ref, alt or ref[0])
    _compare(scorer, nets, variant)


@pytest.mark.parametrize("side", ["start", "end"])
@pytest.mark.parametrize("strand", "+-")
def test_score__alleles_across_gene_ends(side, strand, scorer, nets):
    """A deletion that begins outside the gene, and one that runs out of it."""
    gene = next(g for g in scorer.genes.genes if g.chrom == "19" and g.strand == strand and g.end - g.start > 20_000)
    pos = gene.start - 4 if side == "start" else gene.end - 4
    ref = scorer.reference.fetch("19", pos - 1, pos + 9).decode()
    _compare(scorer, nets, Variant("19", pos, ref, ref[0]), symbol=gene.symbol)


def test_score__first_bases_of_a_contig(nets, store, tmp_path, scorer):
    """1.3.1 leaves the first 5 kb of a contig out; here N stands before them."""
    import builders

    bases = scorer.reference.fetch("19", 38467000, 38468500).decode()
    gene = builders.gene("EDGE", "c", "+", 0, 1500)
    fasta = builders.write_fasta(tmp_path / "c.fa", {"c": bases})
    edge = Scorer(
        reference=fasta,
        annotation=builders.write_table(tmp_path / "c.txt", [gene]),
        settings=Settings(distance=50),
        compute=Compute(device="cpu", home=store.home),
    )
    for pos in (1, 722, 1500):
        _compare(edge, nets, Variant("c", pos, bases[pos - 1], "A" if bases[pos - 1] != "A" else "T"))


def _compare(scorer, nets, variant, symbol=None):
    [outcome] = scorer.score([variant])
    assert outcome.scores, outcome.skip
    chrom = scorer.reference.contigs.find(variant.chrom)
    genes = {gene.symbol: gene for gene in scorer.genes.genes if gene.chrom == chrom}
    assert symbol is None or symbol in {score.symbol for score in outcome.scores}
    for score in outcome.scores:
        gene = genes[score.symbol]
        expected = oracle.score(
            Contig(scorer.reference, chrom),
            oracle.Gene(gene.strand, gene.start + 1, gene.end),
            (variant.pos, variant.ref, variant.alt),
            scorer.settings.distance,
            nets,
            5000,
        )
        print(f"{variant.pos} {len(variant.ref)}>{len(variant.alt)}: {score}")
        for effect, (value, offset, lead) in zip(score.effects, expected.values(), strict=True):
            assert abs(effect.score - value) <= 1e-5
            if lead > 1e-5:
                assert effect.offset == offset


def test_score__both_ends_of_a_long_deletion_are_seen(scorer):
    """RYR1 19:38496346, 60 bp deleted up to 3 bp before an exon: 1.3.1 says 0.01 at D=50 and 1.00 at +63 at D=500."""
    ref = scorer.reference.fetch("19", 38496345, 38496406).decode()
    [outcome] = scorer.score([Variant("19", 38496346, ref, ref[0])])
    loss = outcome.scores[0].acceptor_loss
    assert (f"{loss.score:.2f}", loss.offset) == ("1.00", 63)
