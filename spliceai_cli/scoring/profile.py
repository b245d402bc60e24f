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
from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.averaging import averaged
from spliceai_cli.variants.variant import Variant


@dataclass(frozen=True, eq=False)
class Profile:
    """The probabilities of one gene with REF and with ALT, position by position.

    Attributes:
        variant: the allele.
        gene: the transcript.
        score: the score that is reported for the allele.
        model_key: INFO key of the model's scores, e.g. ``SpliceAI``.
        tracks: the columns of ``ref`` and ``alt`` to show.
        positions: (W,) 1-based genomic positions, ascending.
        bases: (W) letters of the reference at these positions, + strand; N beyond the contig.
        ref: (W, outputs) probabilities of REF.
        alt: (W, outputs) probabilities of ALT laid on REF positions: 0 at deleted bases; inserted bases are represented
            by their largest probability, at the base before them (see ``Alignment.lay``).
        replaced: 0-based genomic REF positions that the allele replaces; for a pure insertion, the empty interval at
            which it is inserted.
        n_inserted: number of bases that replace them.
        consequences: consequences on this transcript, if they were looked for.
        inclusions: changes of inclusion of its exons, likewise.
        near: the score within the default distance of ``annotate``, to compare with; None if it was not computed.
    """

    variant: Variant
    gene: Gene
    score: Score
    model_key: str
    tracks: tuple[Track, ...]
    positions: IntArray
    bases: str
    ref: FloatArray
    alt: FloatArray
    replaced: Interval
    n_inserted: int
    consequences: tuple[Consequence, ...] = ()
    inclusions: tuple[ExonInclusion, ...] = ()
    near: Score | None = None

    @property
    def change(self) -> FloatArray:
        """(W, outputs) ALT minus REF."""
        return self.alt - self.ref


def profile_of(variant: Variant, job: Job, prediction: Prediction, score: Score, spec: NetworkSpec) -> Profile:
    """The profile of an allele on a gene.

    Args:
        variant: the allele as written in its record.
        job: the work that was computed.
        prediction: the networks' outputs.
        score: the score that is reported for the allele.
        spec: spec of the model.
    """
    scored = job.alignment.ref_scored
    step = -1 if job.gene.strand == "-" else 1
    replaced, n_inserted = _change(job)
    return Profile(
        variant=variant,
        gene=job.gene,
        score=score,
        model_key=spec.key,
        tracks=spec.tracks,
        positions=np.arange(scored.start + 1, scored.end + 1),
        bases=job.edit.sequence.reference_bases(scored),
        ref=averaged(prediction.ref[::step], spec),
        alt=averaged(job.alignment.lay(prediction.alt[::step]), spec),
        replaced=replaced,
        n_inserted=n_inserted,
    )


def _change(job: Job) -> tuple[Interval, int]:
    """The REF positions that an allele replaces, and the number of bases that replace them, as in its record.

    Not taken from the edit: among equivalent positions, an edit uses the last in transcript order.
    """
    edit, (pos, n_ref, n_alt) = job.edit, (job.alignment.pos, job.alignment.n_ref, job.alignment.n_alt)
    record = transcript_order(Interval(pos - 1, pos - 1 + n_ref), job.gene.strand)
    ref, alt = edit.ref_codes(record), edit.alt_codes(Interval(record.start, record.start + n_alt))
    if job.gene.strand == "-":
        ref, alt = reverse_complement(ref), reverse_complement(alt)
    n_left, n_right = shared_ends(ref, alt)
    return Interval(pos - 1 + n_left, pos - 1 + n_ref - n_right), n_alt - n_left - n_right
