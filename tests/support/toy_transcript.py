"""A small gene whose splicing can be followed on paper, and profiles of it made by hand.

In transcript order, 0-based half-open, with 30 bases before it on the contig:

    exon 1    0- 60   30 T, then ATG and 9 times GCA (codons 1 to 10)
    exon 2  160-220   20 times GGT                   (codons 11 to 30)
    exon 3  320-370   16 times CCA, then CC          (codons 31 to 46, and two bases of 47)
    exon 4  470-540   A, GCA, GCA, TAA, then CTTGACC and T (the rest of 47, 48, 49, stop 50)

Introns have 100 bases: GTAAGTTAA, 89 T, AG. No exon has a stop in another frame than its own: GCA reads CAG and AGC,
GGT reads GTG and TGG, CCA reads CAC and ACC.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from support import builders

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.interpreter import Interpreter
from spliceai_cli.consequence.sequence import letters_of
from spliceai_cli.consequence.transcript import ACCEPTOR
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.bases import reverse_complement_text
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models import spec
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.rules import Rules
from spliceai_cli.plan.sequence import transcript_order
from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.variants.variant import Variant

MARGIN = 30
EXONS = ((0, 60), (160, 220), (320, 370), (470, 540))
CODING = (30, 480)
INTRON = "GTAAGTTAA" + 89 * "T" + "AG"
EXON_BASES = (
    30 * "T" + "ATG" + 9 * "GCA",
    20 * "GGT",
    16 * "CCA" + "CC",
    "A" + 2 * "GCA" + "TAA" + "CTTGACC" + 53 * "T",
)
BASES = INTRON.join(EXON_BASES)
LENGTH = len(BASES) + 2 * MARGIN

#: Site -> probability of REF; every annotated site has 0.9.
ACCEPTORS = tuple(start for start, _ in EXONS[1:])
DONORS = tuple(end - 1 for _, end in EXONS[:-1])


class Toy:
    """The gene on one strand.

    Attributes:
        gene: the gene.
        transcript_id: of the gene; HGVS names it.
    """

    def __init__(self, folder: Path, strand: str, *, coding: tuple[int, int] | None = CODING, chrom: str = "7") -> None:
        contig = MARGIN * "A" + BASES + MARGIN * "A"
        bases = contig if strand == "+" else reverse_complement_text(contig)
        self.strand, self.chrom = strand, chrom
        self.reference = Reference(builders.write_fasta(folder / f"toy{ord(strand)}.fa", {chrom: bases}))
        exons = tuple(sorted(self.on_contig(*exon) for exon in EXONS))
        parts: tuple[Interval, ...] = ()
        if coding:
            inside = (Interval(max(a, coding[0]), min(b, coding[1])) for a, b in EXONS)
            parts = tuple(sorted(self.on_contig(*part) for part in inside))
        start, end = exons[0].start, exons[-1].end
        self.gene = Gene("TOY", chrom, strand, start, end, exons, transcript_id="NM_1.1", coding=parts)

    def on_contig(self, start: int, end: int) -> Interval:
        """An interval of the gene in genomic order."""
        if self.strand == "+":
            return Interval(start + MARGIN, end + MARGIN)
        return Interval(LENGTH - MARGIN - end, LENGTH - MARGIN - start)

    def pos(self, at: int) -> int:
        """1-based genomic position of a base of the gene."""
        return self.on_contig(at, at + 1).end

    def variant(self, at: int, ref: str, alt: str) -> Variant:
        """An allele whose REF begins at a base of the gene, written in the gene's direction."""
        assert BASES[at : at + len(ref)] == ref
        if self.strand == "+":
            return Variant(self.chrom, self.pos(at), ref, alt)
        bases = reverse_complement_text(ref), reverse_complement_text(alt)
        return Variant(self.chrom, self.pos(at + len(ref) - 1), *bases)

    def job(self, variant: Variant) -> Job:
        planner = builders.planner(self.reference, [self.gene], Rules(distance=LENGTH, max_allele_length=1000))
        (job,) = planner.plan(variant).jobs
        return job

    def prediction(self, job: Job, ref: Mapping = {}, alt: Mapping = {}) -> Prediction:
        """Annotated sites with 0.9, and others as given: kind and base of the gene -> probability.

        Bases of ALT are those of ALT: right of an insertion they are shifted. Deleted sites are not there.
        """
        start = self.first
        edit = job.edit

        def values(positions: Interval, change: Change, more: Mapping) -> np.ndarray:
            out = np.zeros((positions.length, 3), np.float32)
            for kind, sites in (("acceptor", ACCEPTORS), ("donor", DONORS)):
                column = spec.ACCEPTOR if kind == ACCEPTOR else spec.DONOR
                for site in sites:
                    if (at := change.to_alt(start + site)) is not None:
                        out[at - positions.start, column] = 0.9
                for (of, site), value in more.items():
                    if of == kind:
                        out[start + site - positions.start, column] = value
            return out

        change = Change(edit.replaced, letters_of(edit.alt))
        unchanged = Change(Interval(start, start))
        return Prediction(values(edit.ref_scored, unchanged, ref), values(edit.alt_scored, change, alt))

    @property
    def first(self) -> int:
        """The gene's first base in transcript order."""
        return transcript_order(Interval(self.gene.start, self.gene.end), self.strand).start

    def score(self, variant: Variant, job: Job, prediction: Prediction) -> DeltaScore:
        """The four scores, by their definition."""
        step = -1 if self.strand == "-" else 1
        ref, laid = prediction.ref[::step], job.alignment.lay(prediction.alt[::step])

        def effect(change: np.ndarray, column: int) -> Effect:
            i = int(change[:, column].argmax())
            offset = i - job.alignment.anchor + job.alignment.n_trimmed
            return Effect(float(change[i, column]), offset, float(ref[i, column]), float(laid[i, column]))

        four = [effect(sign * (laid - ref), c) for c in (spec.ACCEPTOR, spec.DONOR) for sign in (1, -1)]
        return DeltaScore(variant.alt, "TOY", *four, transcript_id=self.gene.transcript_id)

    def consequences(
        self,
        variant: Variant,
        alt: Mapping,
        ref: Mapping = {},
        settings: ConsequenceSettings | None = None,
        **how: bool,
    ) -> tuple[Consequence, ...]:
        """The consequences of an allele whose profiles are given as in ``prediction``."""
        job = self.job(variant)
        prediction = self.prediction(job, ref, alt)
        interpreter = Interpreter(settings or ConsequenceSettings(), **{"has_coding": True, "build": None, **how})
        return interpreter.consequences(job, self.score(variant, job, prediction), prediction)

    def inclusions(self, variant: Variant, alt: Mapping, ref: Mapping = {}) -> tuple[ExonInclusion, ...]:
        """The changes of inclusion of an allele whose profiles are given as in ``prediction``."""
        job = self.job(variant)
        prediction = self.prediction(job, ref, alt)
        score = self.score(variant, job, prediction)
        interpreter = Interpreter(ConsequenceSettings(), has_coding=True, build=None)
        found = interpreter.consequences(job, score, prediction)
        return interpreter.inclusions(job, score, prediction, found)
