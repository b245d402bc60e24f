"""Scored positions beyond those of the scores, for what needs to see the whole exon and its neighbours."""

from __future__ import annotations

from dataclasses import replace

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.sequence import transcript_order


def widened(alignment: Alignment, gene: Gene) -> Alignment:
    """The alignment, extended so that both ends of the variant's own exon are scored.

    A variant in an intron belongs to the nearest exon; of two as near, to the one with the lower coordinates.
    """
    scored = alignment.ref_scored
    pos = alignment.pos - 1
    exon = min(gene.exons, key=lambda exon: max(exon.start - pos, pos - exon.end + 1, 0), default=scored)
    n_left, n_right = max(0, scored.start - exon.start), max(0, exon.end - scored.end)
    return replace(alignment, anchor=alignment.anchor + n_left, width=alignment.width + n_left + n_right)


def cropped(prediction: Prediction, edit: Edit, alignment: Alignment) -> Prediction:
    """The outputs on an alignment's positions, from those on the edit's, of which they are part."""
    strand = edit.sequence.strand
    ref = transcript_order(alignment.ref_scored, strand)
    if ref == edit.ref_scored and alignment.alt_width == edit.alt_scored.length:
        return prediction
    start = ref.start if strand == "+" else ref.end + edit.shift - alignment.alt_width
    alt = Interval(start, start + alignment.alt_width)
    return Prediction(
        prediction.ref[ref.start - edit.ref_scored.start : ref.end - edit.ref_scored.start],
        prediction.alt[alt.start - edit.alt_scored.start : alt.end - edit.alt_scored.start],
    )
