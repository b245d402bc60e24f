"""The rows of DESIGN §3's table on the published networks, against the literal oracle reading the Keras files.

``tests/test_alleles.py`` compares hundreds more on toy networks.
"""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from support import builders, literal, oracle
from support.letters import Letters

from spliceai_cli import Compute, Scorer, Settings, Variant
from spliceai_cli.variants.variant import Structure

pytestmark = [pytest.mark.golden, pytest.mark.weights]

CACHE = Path(__file__).parents[2] / "data" / "cache"
FLANK = 5000

# The oracle takes 2 s for an allele; four parts, so that none of them takes long.
N_PARTS = 4
N_SAMPLED = 12


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
def make_scorer(store, chr19):
    """A scorer by distance; on chr19 unless told otherwise."""
    made = {}

    def make(distance, reference=chr19, annotation="grch38"):
        key = distance, reference
        if key not in made:
            made[key] = Scorer(
                reference=reference,
                annotation=annotation,
                settings=Settings(distance=distance),
                compute=Compute(device="cpu", home=store.home),
            )
        return made[key]

    return make


class Case(NamedTuple):
    """An allele at a place of chr19: ``n_ref`` bases become ``alt``, or a symbolic allele of ``length``.

    ``alt`` may begin with ``=``, which stands for the first REF base.
    """

    pos: int
    n_ref: int
    alt: str
    distance: int = 50
    length: int = 0


# RYR1 on the plus strand, CACNA1A on the minus strand.
NAMED = [
    Case(38467722, 1, "T"),
    # A deletion of 60 before an exon; of one more than D; of more than 2 D.
    Case(38496346, 61, "="),
    Case(38467700, 52, "="),
    Case(38467650, 131, "="),
    # MNVs, one with shared ends; delins.
    Case(38467722, 2, "TG"),
    Case(38467720, 4, "ACTA"),
    Case(38467721, 3, "GA"),
    Case(38467721, 2, "TTAG"),
    Case(38467721, 3, "T"),
    Case(38467722, 1, "C" + "GTAAGT" * 11 + "ACGT"),
    Case(38467690, 80, "TCT"),
    Case(13317250, 61, "="),
    Case(13317250, 3, "GTA"),
    Case(13317250, 1, "TACAG"),
]

# One edge of an exon each. Where the allele starts, counted from the edge; REF bases; ALT; D.
_KINDS = [
    (0, 1, "T", 50),
    (-1, 1, "A", 500),
    (2, 1, "G", 1),
    (0, 1, "C", 0),
    (-3, 2, "GT", 50),
    (-2, 4, "CAGG", 50),
    (-5, 3, "TA", 50),
    (1, 2, "GTAAG", 50),
    (-2, 5, "A", 50),
    (0, 1, "GC", 50),
    (-1, 2, "=", 50),
    (-4, 4, "=", 1),
    (-20, 21, "=", 500),
    (-30, 51, "=", 50),
    (-55, 52, "=", 50),
    (-10, 64, "=", 50),
    (-90, 101, "=", 50),
    (-140, 131, "=", 50),
    (-300, 601, "=", 500),
    (-1, 6, "=", 0),
    (0, 1, "=G", 50),
    (-1, 1, "=GTAAGT", 50),
    (3, 1, "=" + "TTTCAG" * 12, 50),
    (-10, 1, "=" + "ACGTTGCAAG" * 30, 50),
    (-40, 70, "TCT", 50),
    (-5, 12, "TTTTTTTTTCAGGTAAGT", 50),
    (-5, 1, "<DEL>", 50, 40),
    (-100, 1, "<DEL>", 50, 120),
    (-12, 1, "<DUP>", 50, 30),
    (-150, 1, "<DUP>", 50, 300),
    (-6, 1, "<INV>", 50, 12),
    (-45, 1, "<INV>", 50, 51),
    (-100, 1, "<INV>", 50, 120),
    (1, 1, "<INS>", 50, 25),
]  # fmt: skip
GENES = ("RYR1", "CACNA1A", "LDLR", "SMARCA4")
N_CASES = len(NAMED) + 3 * len(_KINDS)


def cases(scorer) -> list[Case]:
    """The named ones, and every kind at three exon edges of the four genes in turn."""
    genes = {gene.symbol: gene for gene in scorer.genes.genes if gene.chrom == "19"}
    edges = []
    for symbol in GENES:
        gene = genes[symbol]
        edges += [(exon.start + 1, exon.end) for exon in gene.exons[2:-2]]
    chosen = random.Random(19).sample(edges, 3 * len(_KINDS))
    found = list(NAMED)
    for i, edge in enumerate(chosen):
        start, n_ref, alt, distance, *length = _KINDS[i % len(_KINDS)]
        found.append(Case(edge[i // len(_KINDS) % 2] + start, n_ref, alt, distance, *length))
    return found


def variant_of(case, reference):
    ref = reference.fetch("19", case.pos - 1, case.pos - 1 + case.n_ref).decode()
    if case.alt.startswith("<"):
        inserted = builders.random_bases(case.length, seed=5) if case.alt == "<INS>" else ""
        return Variant("19", case.pos, ref, case.alt, Structure(case.alt[1:-1], case.length * (not inserted), inserted))
    alt = case.alt.replace("=", ref[0])
    if alt == ref:
        alt = alt.translate(str.maketrans("ACGT", "CGTA"))
    return Variant("19", case.pos, ref, alt)


def check(tally):
    print(tally)
    assert not tally.wrong, f"{len(tally.wrong)} differ\n" + "\n".join(tally.wrong)


def compare(tally, scorer, variants, nets):
    reference = scorer.reference
    literal.compare(
        tally,
        scorer,
        variants,
        nets,
        contig_of=lambda chrom: Letters(reference, chrom),
        flank=FLANK,
        tolerance=2e-6,
    )


@pytest.mark.parametrize("part", range(N_PARTS))
def test_score__equals_the_literal_oracle(part, make_scorer, nets, sample):
    """All kinds of alleles at exon edges of genes on both strands, at D of 0, 1, 50 and 500."""
    scorer = make_scorer(50)
    every = cases(scorer)
    assert len(every) == len(set(every)) == N_CASES
    chosen = sample(every[part::N_PARTS], N_SAMPLED)
    tally = literal.Tally()
    for distance in (0, 1, 50, 500):
        variants = [variant_of(case, scorer.reference) for case in chosen if case.distance == distance]
        compare(tally, make_scorer(distance), variants, nets)
    check(tally)
    assert tally.n_alleles == tally.n_scored == len(chosen) >= N_SAMPLED


@pytest.mark.parametrize("side", ["start", "end"])
@pytest.mark.parametrize("strand", "+-")
def test_score__alleles_across_gene_ends(side, strand, make_scorer, nets):
    """A deletion that begins outside the gene, and one that runs out of it."""
    scorer = make_scorer(50)
    gene = next(g for g in scorer.genes.genes if g.chrom == "19" and g.strand == strand and g.end - g.start > 20_000)
    pos = gene.start - 4 if side == "start" else gene.end - 4
    ref = scorer.reference.fetch("19", pos - 1, pos + 9).decode()
    tally = literal.Tally()
    compare(tally, scorer, [Variant("19", pos, ref, ref[0])], nets)
    check(tally)
    assert tally.n_scored == 1


# Of 1,500 bases of RYR1 with an exon: what the FASTA has in place of them, 0-based.
SPOILT = {300: "N" * 12, 650: "R", 653: "Y", 656: "K", 700: "acgtacgtac", 722: "S"}


@pytest.fixture(scope="module")
def spoilt(make_scorer, tmp_path_factory):
    """A contig with genes on both strands from its first base to its last, and letters that are no bases."""
    folder = tmp_path_factory.mktemp("spoilt")
    bases = list(make_scorer(50).reference.fetch("19", 38467000, 38468500).decode())
    for at, letters in SPOILT.items():
        bases[at : at + len(letters)] = letters
    contig = "".join(bases)
    genes = [builders.gene("FORTH", "c", "+", 0, 1500), builders.gene("BACK", "c", "-", 0, 1500)]
    return make_scorer(
        50, builders.write_fasta(folder / "c.fa", {"c": contig}), builders.write_table(folder / "t.txt", genes)
    ), contig


def test_score__contig_ends_and_letters_that_are_no_bases(spoilt, nets):
    """1.3.1 leaves the ends of contigs out, and takes other letters for bases; here N stands for both."""
    scorer, contig = spoilt
    upper = contig.upper()
    alleles = [
        Variant("c", 1, upper[0], "A" if upper[0] != "A" else "T"),
        Variant("c", 1500, upper[-1], upper[-1] + "GTAAGT"),
        Variant("c", 1, upper[:30], upper[0]),
        # N, R and Y in sight, or in REF; lower case in FASTA, REF and ALT.
        Variant("c", 299, upper[298:320], upper[298]),
        Variant("c", 651, "A", "C"),
        Variant("c", 653, upper[652] + "T" + upper[654], "ACA"),
        Variant("c", 705, contig[704:709].lower(), "g"),
        Variant("c", 690, upper[689], "<DUP>", Structure("DUP", 40)),
    ]
    tally = literal.Tally()
    compare(tally, scorer, alleles, nets)
    check(tally)
    assert (tally.n_scored, tally.n_scores) == (len(alleles), 2 * len(alleles))


def test_score__both_ends_of_a_long_deletion_are_seen(make_scorer):
    """RYR1 19:38496346, 60 bp deleted up to 3 bp before an exon: 1.3.1 says 0.01 at D=50 and 1.00 at +63 at D=500."""
    scorer = make_scorer(50)
    ref = scorer.reference.fetch("19", 38496345, 38496406).decode()
    [outcome] = scorer.score([Variant("19", 38496346, ref, ref[0])])
    loss = outcome.scores[0].acceptor_loss
    assert (f"{loss.score:.2f}", loss.offset) == ("1.00", 63)
