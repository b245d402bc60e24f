"""An event in full: with its frame, its stop, its names and sequences."""

from __future__ import annotations

from spliceai_cli.consequence import frame
from spliceai_cli.consequence.annotated import Annotated
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.events import INCLUSION, NO_EFFECT, Event
from spliceai_cli.consequence.frame import Reading
from spliceai_cli.consequence.nmd import decay
from spliceai_cli.consequence.protein import describe_protein
from spliceai_cli.consequence.rna import NOT_KNOWN, describe_rna
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.consequence.translate import STOP
from spliceai_cli.plan.edit import Edit
from spliceai_cli.plan.sequence import transcript_order
from spliceai_cli.scores.consequence import Consequence
from spliceai_cli.scores.score import Score
from spliceai_cli.settings.consequence import ConsequenceSettings


def described(
    event: Event,
    annotated: Annotated,
    edit: Edit,
    change: Change,
    score: Score,
    *,
    criteria: tuple[str, ...],
    settings: ConsequenceSettings,
) -> Consequence:
    """An event with its frame, its stop and its names.

    Args:
        event: the event.
        annotated: the transcript on which it happens.
        edit: gives the bases of ALT.
        change: the allele, in transcript order.
        score: the score of the allele on the transcript, which names both.
        criteria: hints for the allele, see ``evidence``.
        settings: decide about decay.
    """
    transcript = annotated.transcript
    is_changed = event.kind not in (NO_EFFECT, INCLUSION)
    reading, spliced = Reading(frame.UNKNOWN), None
    if event.chain is not None and is_changed:
        reading, spliced = annotated.read(event.chain, edit, change)
    rna = describe_rna(event, transcript, change, annotated.names) if annotated.names else NOT_KNOWN
    lost, gained = _exchanged(reading)
    return Consequence(
        allele=score.allele,
        symbol=score.symbol,
        model_key=score.model_key,
        transcript_id=score.transcript_id,
        mane=transcript.gene.mane,
        event=event.kind,
        weight=event.weight,
        first_exon=0 if event.kind == NO_EFFECT else event.first + 1,
        last_exon=0 if event.kind == NO_EFFECT else event.last + 1,
        n_exons=len(transcript.exons),
        size=event.size,
        sites=tuple((kind, transcript.genomic(change.beside(pos))) for kind, pos in event.sites),
        frame=reading.frame if is_changed else frame.UNCHANGED,
        aa_lost=lost,
        aa_gained=gained,
        codons_to_stop=reading.codons_to_stop,
        nmd=decay(reading, spliced, settings) if spliced else "",
        rna=_with_accession(annotated.accession, rna) if is_changed else "",
        protein=describe_protein(reading) if is_changed else "",
        evidence=criteria,
        exons=_on_ref(event, transcript, change),
        bases=spliced.bases if spliced else "",
        amino_acids=reading.alt,
    )


def _with_accession(accession: str, rna: str) -> str:
    return f"{accession}:{rna}" if accession else rna


def _exchanged(reading: Reading) -> tuple[int | None, int | None]:
    """Amino acids that a protein loses, and gains in their place."""
    if not reading.alt:
        return None, None
    ref, alt = reading.ref.rstrip(STOP), reading.alt.rstrip(STOP)
    n_left = reading.first_changed
    n_most = min(len(ref), len(alt)) - n_left
    if reading.frame != frame.IN_FRAME:
        return max(0, len(ref) - n_left), max(0, len(alt) - n_left)
    n_right = next((i for i in range(n_most) if ref[-1 - i] != alt[-1 - i]), n_most)
    return len(ref) - n_left - n_right, len(alt) - n_left - n_right


def _on_ref(event: Event, transcript: Transcript, change: Change) -> tuple[tuple[int, int], ...] | None:
    """The predicted exons in genomic order on REF; an exon of inserted bases alone has no length."""
    if event.chain is None:
        return None
    strand = transcript.gene.strand
    spans = (transcript_order(change.span_to_ref(exon), strand) for exon in event.chain if exon.length)
    return tuple(sorted((span.start, span.end) for span in spans))
