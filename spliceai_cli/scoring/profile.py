"""Probabilities of REF and ALT along a gene around one variant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spliceai_cli.arrays import FloatArray, IntArray
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.bases import reverse_complement
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import NetworkSpec, Track
from spliceai_cli.plan.edit import Prediction, shared_ends
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.sequence import transcript_order
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.averaging import averaged
from spliceai_cli.variants.variant import Variant


@dataclass(frozen=True, eq=False)
class Profile:
    """What one allele does to the probabilities of one gene, position by position.

    Attributes:
        variant: the allele.
        gene: the transcript.
        score: what is reported of it.
        model: INFO key of the model's scores, e.g. ``SpliceAI``.
        tracks: which columns of ``ref`` and ``alt`` are worth showing.
        positions: (W,) 1-based genomic positions, ascending.
        bases: (W) letters of the reference there, + strand; N beyond the contig.
        ref: (W, outputs) probabilities of REF.
        alt: (W, outputs) probabilities of ALT laid on REF positions: 0 at deleted bases, and the largest of inserted
            bases at the base before them (see ``Alignment.lay``).
        replaced: 0-based genomic REF positions that the allele takes out; empty for a pure insertion, at its place.
        n_inserted: bases put in their place.
    """

    variant: Variant
    gene: Gene
    score: Score
    model: str
    tracks: tuple[Track, ...]
    positions: IntArray
    bases: str
    ref: FloatArray
    alt: FloatArray
    replaced: Interval
    n_inserted: int

    @property
    def change(self) -> FloatArray:
        """(W, outputs) ALT less REF."""
        return self.alt - self.ref


def profile_of(variant: Variant, job: Job, prediction: Prediction, score: Score, spec: NetworkSpec) -> Profile:
    """The profile of an allele on a gene.

    Args:
        variant: the allele as its record has it.
        job: what was computed.
        prediction: what the networks answered.
        score: what is reported of it.
        spec: of the model.
    """
    scored = job.alignment.ref_scored
    step = -1 if job.gene.strand == "-" else 1
    replaced, n_inserted = _change(job)
    return Profile(
        variant=variant,
        gene=job.gene,
        score=score,
        model=spec.key,
        tracks=spec.tracks,
        positions=np.arange(scored.start + 1, scored.end + 1),
        bases=job.edit.sequence.reference_bases(scored),
        ref=averaged(prediction.ref[::step], spec),
        alt=averaged(job.alignment.lay(prediction.alt[::step]), spec),
        replaced=replaced,
        n_inserted=n_inserted,
    )


def _change(job: Job) -> tuple[Interval, int]:
    """The bases that an allele takes out, and how many it puts in their place, as its record has them.

    Not those of the edit: where several places look the same, it takes the last in transcript order.
    """
    edit, (pos, n_ref, n_alt) = job.edit, (job.alignment.pos, job.alignment.n_ref, job.alignment.n_alt)
    record = transcript_order(Interval(pos - 1, pos - 1 + n_ref), job.gene.strand)
    ref, alt = edit.ref_codes(record), edit.alt_codes(Interval(record.start, record.start + n_alt))
    if job.gene.strand == "-":
        ref, alt = reverse_complement(ref), reverse_complement(alt)
    n_left, n_right = shared_ends(ref, alt)
    return Interval(pos - 1 + n_left, pos - 1 + n_ref - n_right), n_alt - n_left - n_right
