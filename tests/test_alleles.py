"""Every row of DESIGN §3's table on toy networks, hundreds of alleles against the literal oracle."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest
import torch
from support import builders, literal, oracle, toy_networks

from spliceai_cli import Compute, Scorer, Settings, Variant
from spliceai_cli.variants.variant import Structure

pytestmark = pytest.mark.usefixtures("one_thread")

SPEC = toy_networks.RANDOM_SPEC

# chr1: three letters of each IUPAC code, a run of N, a lower-case stretch; PLUS and MINUS overlap.
# chr2: a gene on each strand from the first base to the last.
LETTERS = {
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
}
IUPAC_AT = 1200
N_RUN = (1400, 1412)
LOWER = (1500, 1600)
GENES = (
    builders.gene("PLUS", "chr1", "+", 300, 2400),
    builders.gene("MINUS", "chr1", "-", 900, 2800),
    builders.gene("FORTH", "chr2", "+", 0, 700),
    builders.gene("BACK", "chr2", "-", 0, 700),
)


def _chr1() -> str:
    bases = list(builders.random_bases(3200, seed=11))
    for i, letter in enumerate(LETTERS):
        bases[IUPAC_AT + 3 * i] = letter
    bases[N_RUN[0] : N_RUN[1]] = "N" * (N_RUN[1] - N_RUN[0])
    bases[LOWER[0] : LOWER[1]] = "".join(bases[LOWER[0] : LOWER[1]]).lower()
    return "".join(bases)


CONTIGS = {"chr1": _chr1(), "chr2": builders.random_bases(700, seed=12)}


class Maker:
    """Makes alleles whose REF agrees with the FASTA."""

    def __init__(self) -> None:
        self._random = random.Random(2026)

    def ref(self, chrom, pos, n=1) -> str:
        """Letters of the FASTA, upper case, with a base of its set for each IUPAC letter."""
        letters = CONTIGS[chrom][pos - 1 : pos - 1 + n].upper()
        assert len(letters) == n
        return "".join(self._random.choice(LETTERS.get(letter, letter)) for letter in letters)

    def bases(self, n) -> str:
        return "".join(self._random.choices("ACGT", k=n))

    def pos(self, first=330, last=1900) -> int:
        return self._random.randint(first, last)

    def change(self, chrom, pos, n_ref, n_alt) -> Variant:
        """A replacement whose first and last bases differ, so that nothing is trimmed."""
        ref = self.ref(chrom, pos, n_ref)
        while True:
            alt = self.bases(n_alt)
            if alt[0] != ref[0] and alt[-1] != ref[-1]:
                return Variant(chrom, pos, ref, alt)

    def snv(self, chrom, pos) -> Variant:
        return self.change(chrom, pos, 1, 1)

    def deletion(self, chrom, pos, n) -> Variant:
        ref = self.ref(chrom, pos, n + 1)
        return Variant(chrom, pos, ref, ref[0])

    def insertion(self, chrom, pos, n) -> Variant:
        ref = self.ref(chrom, pos)
        return Variant(chrom, pos, ref, ref + self.bases(n))

    def padded(self, variant, n_left, n_right) -> Variant:
        left = self.ref(variant.chrom, variant.pos - n_left, n_left)
        right = self.ref(variant.chrom, variant.pos + len(variant.ref), n_right)
        return variant._replace(
            pos=variant.pos - n_left, ref=left + variant.ref + right, alt=left + variant.alt + right
        )

    def symbolic(self, chrom, pos, kind, length) -> Variant:
        inserted = self.bases(length) if kind == "INS" else ""
        structure = Structure(kind, 0 if kind == "INS" else length, inserted)
        return Variant(chrom, pos, self.ref(chrom, pos), f"<{kind}>", structure)


def _cycled(values, n):
    return [values[i % len(values)] for i in range(n)]


SYMBOLIC = {
    "DEL": [1, 7, 50, 51, 100, 101, 600],
    "DUP": [1, 7, 50, 51, 300],
    "INV": [1, 2, 7, 50, 51, 52, 101, 600],
    "INS": [1, 6, 49, 50, 51, 300],
}


def make_alleles() -> dict[str, list[Variant]]:
    """Kind -> alleles; the same at every call."""
    make = Maker()
    deleted = [1, 2, 3, 10, 33, 48, 49, 50]
    long = [51, 52, 60, 75, 99, 100]
    longer = [101, 102, 150, 250, 400, 499, 500, 501, 700, 1000, 1001, 1100]
    inserted = [1, 2, 3, 12, 49, 50, 51, 100, 101, 299, 300]
    found = {
        "SNV": [make.snv("chr1", make.pos()) for _ in range(40)],
        "padded SNV": [make.padded(make.snv("chr1", make.pos()), i % 4, (i + 1) % 3) for i in range(12)],
        "MNV": [make.change("chr1", make.pos(), n, n) for n in _cycled([2, 3, 4, 8, 20], 20)],
        "long MNV": [make.change("chr1", make.pos(), n, n) for n in (60, 110)],
        "delins": [
            make.change("chr1", make.pos(), n_ref, n_alt)
            for n_ref, n_alt in _cycled([(3, 2), (2, 4), (5, 3), (2, 30), (60, 3), (120, 5), (8, 9), (30, 12)], 24)
        ],
        "delins with one base": [
            make.change("chr1", make.pos(), n_ref, n_alt)
            for n_ref, n_alt in _cycled([(3, 1), (1, 2), (2, 1), (1, 40), (70, 1), (130, 1)], 18)
        ],
        "padded indel": [
            make.padded(make.deletion("chr1", make.pos(), n), 2, 1) for n in (1, 4, 49, 51, 120)
        ] + [make.padded(make.insertion("chr1", make.pos(), n), 1, 2) for n in (1, 5, 60, 300)],
        "deletion": [make.deletion("chr1", make.pos(), n) for n in _cycled(deleted, 24)],
        "deletion > 50": [make.deletion("chr1", make.pos(), n) for n in _cycled(long, 18)],
        "deletion > 100": [make.deletion("chr1", make.pos(330, 1500), n) for n in _cycled(longer, 24)],
        "insertion": [make.insertion("chr1", make.pos(), n) for n in _cycled(inserted, 33)],
        "gene ends": [v for gene in GENES[:2] for edge in (gene.start, gene.end) for v in _at_edge(make, edge)],
        "contig ends": _at_contig_ends(make),
        "N, IUPAC, lower case": _ambiguous(make),
    }  # fmt: skip
    for kind, lengths in SYMBOLIC.items():
        found[f"<{kind}>"] = [make.symbolic("chr1", make.pos(330, 1500), kind, n) for n in lengths * 2]
    seen = set()
    return {kind: [v for v in variants if not (v in seen or seen.add(v))] for kind, variants in found.items()}


def _at_edge(make, edge):
    """Around ``edge``, the last POS before a gene's first base, or its last POS."""
    yield from (make.snv("chr1", edge + i) for i in (-1, 0, 1, 2))
    yield make.deletion("chr1", edge - 4, 9)
    yield make.deletion("chr1", edge - 1, 1)
    yield make.deletion("chr1", edge, 1)
    yield make.deletion("chr1", edge - 30, 75)
    yield make.deletion("chr1", edge - 60, 130)
    yield from (make.insertion("chr1", edge + i, 7) for i in (-1, 0, 1))
    yield make.insertion("chr1", edge, 120)
    yield make.change("chr1", edge - 2, 5, 5)
    yield make.change("chr1", edge - 2, 6, 3)
    yield make.change("chr1", edge - 2, 3, 8)
    yield make.change("chr1", edge - 1, 4, 1)
    yield make.change("chr1", edge, 1, 5)
    yield make.padded(make.snv("chr1", edge + 1), 2, 2)
    yield make.padded(make.snv("chr1", edge), 1, 2)
    for kind in ("DEL", "DUP", "INV", "INS"):
        yield make.symbolic("chr1", edge - 3, kind, 8)
    yield make.symbolic("chr1", edge - 60, "INV", 110)
    yield make.symbolic("chr1", edge - 60, "DEL", 110)


def _at_contig_ends(make):
    last = len(CONTIGS["chr2"])
    return [
        make.snv("chr2", 1),
        make.snv("chr2", 2),
        make.snv("chr2", last - 1),
        make.snv("chr2", last),
        make.insertion("chr2", 1, 20),
        make.insertion("chr2", last, 20),
        make.insertion("chr2", last, 300),
        make.deletion("chr2", 1, 12),
        make.deletion("chr2", 1, 80),
        make.deletion("chr2", last - 12, 12),
        make.deletion("chr2", last - 80, 80),
        # The first base deleted: there is none before it to keep.
        Variant("chr2", 1, CONTIGS["chr2"][:2], CONTIGS["chr2"][1]),
        make.change("chr2", 1, 3, 3),
        make.change("chr2", last - 2, 3, 4),
        make.change("chr2", last - 4, 5, 2),
        # The whole contig but its first base.
        make.deletion("chr2", 1, last - 1),
        make.symbolic("chr2", 1, "DEL", 30),
        make.symbolic("chr2", 1, "DUP", 30),
        make.symbolic("chr2", last - 30, "INV", 30),
        make.symbolic("chr2", last - 30, "DEL", 30),
        make.symbolic("chr2", last, "INS", 30),
        # A telomere: POS 0 is what is before the first base.
        Variant._make(("chr2", 0, "N", "<DEL>", Structure("DEL", 10))),
    ]


def _ambiguous(make):
    lower = CONTIGS["chr1"][LOWER[0] : LOWER[1]]
    found = [make.snv("chr1", IUPAC_AT + 1 + 3 * i) for i in range(len(LETTERS))]
    found += [make.change("chr1", IUPAC_AT + 3 * i, 3, 3) for i in range(0, len(LETTERS), 3)]
    found += [
        make.deletion("chr1", IUPAC_AT - 5, 20),
        make.deletion("chr1", IUPAC_AT + 2, 60),
        make.insertion("chr1", IUPAC_AT + 4, 15),
        make.snv("chr1", N_RUN[0] - 1),
        make.snv("chr1", N_RUN[0]),
        make.snv("chr1", N_RUN[0] + 5),
        make.snv("chr1", N_RUN[1] + 1),
        make.deletion("chr1", N_RUN[0] - 5, 30),
        make.deletion("chr1", N_RUN[0] + 3, 4),
        make.insertion("chr1", N_RUN[0] + 5, 9),
        # N in ALT, and in what is inserted.
        Variant("chr1", 700, make.ref("chr1", 700), "N"),
        Variant("chr1", 701, make.ref("chr1", 701), make.ref("chr1", 701) + "ANNA"),
        Variant("chr1", 702, make.ref("chr1", 702, 3), "NNN"),
        # Case: of the FASTA, of REF, of ALT, of either.
        make.snv("chr1", LOWER[0] + 1),
        make.deletion("chr1", LOWER[0] + 10, 20),
        Variant("chr1", LOWER[0] + 31, lower[30], "acgt"["ACGT".index(lower[30].upper()) - 1]),
        Variant("chr1", LOWER[0] + 41, lower[40:44], lower[40].upper()),
        Variant("chr1", LOWER[0] + 51, lower[50], lower[50].upper() + "acgtACGT"),
        Variant("chr1", LOWER[0] + 61, lower[60:64].upper(), lower[60:62] + "cca"),
        Variant("chr1", 703, make.ref("chr1", 703, 4).lower(), make.ref("chr1", 703).upper()),
        # Copies and turns of what nobody knows.
        make.symbolic("chr1", IUPAC_AT - 6, "DUP", 20),
        make.symbolic("chr1", IUPAC_AT - 6, "INV", 20),
        make.symbolic("chr1", IUPAC_AT - 6, "DEL", 20),
        make.symbolic("chr1", N_RUN[0] - 6, "INV", 30),
        make.symbolic("chr1", LOWER[0] - 6, "DUP", 60),
    ]
    return found


ALLELES = make_alleles()
LEAST = 300


@pytest.fixture(scope="module")
def world(tmp_path_factory, toy_weights):
    folder = tmp_path_factory.mktemp("alleles")
    fasta = builders.write_fasta(folder / "a.fa", CONTIGS)
    table = builders.write_table(folder / "t.txt", GENES)
    spec = {"blocks": [(b.kernel, b.dilation, b.is_tapped) for b in SPEC.blocks], "eps": SPEC.norm_eps}
    tensors = toy_networks.random_tensors()

    def scorer(distance):
        compute = Compute(device="cpu", weights=toy_weights)
        return Scorer(reference=fasta, annotation=table, settings=Settings(distance=distance), compute=compute)

    # Double precision: what is left of the difference is ours.
    nets = [oracle.net_from_tensors(tensors, f"{i}.", spec, torch.float64) for i in (1, 2)]
    return SimpleNamespace(scorer=scorer, nets=nets)


@pytest.mark.parametrize("distance", [0, 1, 50, 500])
def test_alleles__of_every_kind_have_the_scores_of_the_literal_oracle(world, distance):
    """Unrounded scores within 2e-6; the same places but where the oracle's own top two differ by less than 1e-6."""
    tally, scorer = literal.Tally(), world.scorer(distance)
    for kind, variants in ALLELES.items():
        n_wrong = len(tally.wrong)
        literal.compare(
            tally,
            scorer,
            variants,
            world.nets,
            contig_of=CONTIGS.__getitem__,
            flank=SPEC.flank,
            tolerance=2e-6,
        )
        tally.wrong[n_wrong:] = [f"{kind} {text}" for text in tally.wrong[n_wrong:]]
    print(f"D={distance}: {tally}")
    assert not tally.wrong, f"{len(tally.wrong)} differ\n" + "\n".join(tally.wrong[:20])
    every = [variant for variants in ALLELES.values() for variant in variants]
    assert tally.n_alleles == len(every) == len(set(every))
    assert tally.n_scored >= LEAST
