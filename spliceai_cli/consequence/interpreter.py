"""From the scores and profiles of an allele to its consequences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from spliceai_cli.consequence import frame
from spliceai_cli.consequence.by_profile import events_of_profile
from spliceai_cli.consequence.by_scores import Scores, events_of_scores
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.events import INCLUSION, NO_EFFECT, Event
from spliceai_cli.consequence.evidence import hints
from spliceai_cli.consequence.frame import Reading, read, with_stop
from spliceai_cli.consequence.inclusion import inclusion
from spliceai_cli.consequence.nmd import decay
from spliceai_cli.consequence.placement import placed
from spliceai_cli.consequence.protein import describe_protein
from spliceai_cli.consequence.rna import NOT_KNOWN, RnaNames, describe_rna
from spliceai_cli.consequence.sequence import Spliced, letters_of
from spliceai_cli.consequence.support import Profiles, Support, support_of_profiles, support_of_score
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.consequence.translate import STOP
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.accession import is_mitochondrial
from spliceai_cli.genome.builds import accession_of
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.rules import Rules
from spliceai_cli.plan.sequence import GeneSequence, transcript_order
from spliceai_cli.plan.widened import cropped
from spliceai_cli.scores.consequence import MANE, Consequence, ExonInclusion
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.mask import NoMask
from spliceai_cli.scoring.sites import delta_score
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.settings.words import BY_PROFILE
from spliceai_cli.variants.variant import Variant


class _Annotated(NamedTuple):
    """A transcript as the annotation has it, with its sequence.

    Attributes:
        transcript: the transcript.
        spliced: its sequence.
        names: names of its bases; None if they are counted from a start codon that is not known.
        accession: accession of the chromosome and ID of the transcript, for HGVS; empty without an ID.
        is_translated: whether the standard genetic code is that of its contig.
    """

    transcript: Transcript
    spliced: Spliced
    names: RnaNames | None
    accession: str
    is_translated: bool


class Interpreter:
    """Finds the consequences of alleles.

    Args:
        settings: method and thresholds.
        keys: index of each model with acceptors and donors -> its INFO key.
        rules: decide on which positions consequences are looked for.
        has_coding: whether the annotation says what is coding; if not, frames and proteins are unknown.
        build: the human build of the FASTA, for accessions; None if it is none.
    """

    def __init__(
        self,
        settings: ConsequenceSettings,
        *,
        has_coding: bool,
        build: str | None,
        keys: Mapping[int, str] = MappingProxyType({}),
        rules: Rules | None = None,
    ) -> None:
        self.settings = settings
        self.rules = rules
        self._keys = keys
        self._has_coding = has_coding
        self._build = build
        self._annotated = lru_cache(maxsize=256)(self._annotate)

    def interpret(
        self, variant: Variant, predicted: Sequence[tuple[Job, Prediction]]
    ) -> tuple[tuple[Consequence, ...], tuple[ExonInclusion, ...]]:
        """The consequences of an allele on all transcripts, and the changes of inclusion; MANE transcripts first."""
        consequences: list[Consequence] = []
        inclusions: list[ExonInclusion] = []
        for job, prediction in sorted(predicted, key=lambda pair: MANE.index(pair[0].gene.mane)):
            if job.reach is None or self.rules is None:
                continue
            seen = job._replace(alignment=job.reach)
            near = cropped(prediction, job.edit, job.reach)
            score = delta_score(variant, seen, near, rules=self.rules, mask=NoMask(), key=self._keys[job.model])
            found = self.consequences(seen, score, prediction)
            consequences += found
            inclusions += self.inclusions(seen, score, prediction, found)
        return tuple(consequences), tuple(inclusions)

    def consequences(self, job: Job, score: Score, prediction: Prediction | None) -> tuple[Consequence, ...]:
        """The consequences of an allele on a transcript, largest weight first.

        Args:
            job: the allele on the transcript.
            score: its four scores within ``reach``, without a mask.
            prediction: the model's outputs; None if there are only the scores.
        """
        if score.is_missing:
            return ()
        annotated, change = self._of(job)
        pos = job.alignment.pos - job.alignment.n_trimmed
        if self.settings.method == BY_PROFILE:
            if prediction is None:
                support = support_of_score(annotated.transcript, change, score.effects_by_name, pos)
            else:
                change = _placed(job, change)
                support = _support(job, annotated, change, prediction, self.settings.min_site)
            events = events_of_profile(support, self.settings)
        else:
            scores = Scores.of(score.effects_by_name, annotated.transcript, pos)
            events = events_of_scores(annotated.transcript, change, scores, self.settings)
        criteria = self._hints(job, annotated, change, score.max_score)
        return tuple(self._described(event, job, change, score, criteria) for event in events)

    def inclusions(
        self, job: Job, score: Score, prediction: Prediction, consequences: Sequence[Consequence]
    ) -> tuple[ExonInclusion, ...]:
        """The change of inclusion of the variant's own exon, and of each that an event touches; ascending."""
        annotated, change = self._of(job)
        change = _placed(job, change)
        support = _support(job, annotated, change, prediction, self.settings.min_site)
        own, _ = annotated.transcript.nearest_exon(change.replaced)
        touched = {number - 1 for c in consequences if c.first_exon for number in range(c.first_exon, c.last_exon + 1)}
        found = {exon: inclusion(support, exon) for exon in sorted({own, *touched})}
        names = (score.allele, score.symbol, score.model_key, score.transcript_id)
        return tuple(
            ExonInclusion(*names, exon + 1, known[0], *(known[1:]))
            for exon, known in found.items()
            if known is not None
        )

    def _of(self, job: Job) -> tuple[_Annotated, Change]:
        edit = job.edit
        return self._annotated(job.gene, edit.sequence), Change(edit.replaced, letters_of(edit.alt))

    def _annotate(self, gene: Gene, sequence: GeneSequence) -> _Annotated:
        transcript = Transcript.of(gene)
        spliced = Spliced.of(transcript.exons, sequence.codes)
        if transcript.coding:
            transcript = replace(transcript, coding=with_stop(spliced, transcript.coding, gene.phase))
        names = RnaNames(transcript, spliced) if transcript.coding or self._has_coding else None
        chromosome = accession_of(self._build, gene.chrom) if self._build else None
        accession = f"{chromosome}({gene.transcript_id})" if chromosome else gene.transcript_id
        is_translated = not is_mitochondrial(gene.chrom)
        return _Annotated(transcript, spliced, names, accession if gene.transcript_id else "", is_translated)

    def _hints(self, job: Job, annotated: _Annotated, change: Change, largest: float) -> tuple[str, ...]:
        """Criteria that the scores would support; what an allele does to codons is looked at only where it matters."""
        transcript = annotated.transcript
        effect = ""
        if (
            transcript.coding
            and transcript.coding.overlaps(*change.replaced)
            and transcript.exon_with(change.replaced.start) is not None
        ):
            reading, _ = self._read(transcript.in_alt(change), job.edit, annotated, change)
            effect = reading.frame
        is_silent, is_null = effect == frame.UNCHANGED, effect in frame.NULL
        return hints(transcript, change.replaced, largest, is_silent=is_silent, is_null=is_null)

    def _read(
        self, chain: Sequence[Interval], edit: Edit, annotated: _Annotated, change: Change
    ) -> tuple[Reading, Spliced]:
        spliced = Spliced.of(chain, edit.alt_codes)
        coding = annotated.transcript.coding
        if coding is None:
            return Reading(frame.NONCODING if self._has_coding else frame.UNKNOWN), spliced
        if not annotated.is_translated:
            return Reading(frame.UNKNOWN), spliced
        return read(annotated.spliced, spliced, coding, annotated.transcript.gene.phase, change), spliced

    def _described(
        self, event: Event, job: Job, change: Change, score: Score, criteria: tuple[str, ...]
    ) -> Consequence:
        """An event with its frame, its stop and its names."""
        annotated, _ = self._of(job)
        transcript = annotated.transcript
        is_changed = event.kind not in (NO_EFFECT, INCLUSION)
        reading, spliced = Reading(frame.UNKNOWN), None
        if event.chain is not None and is_changed:
            reading, spliced = self._read(event.chain, job.edit, annotated, change)
        rna = describe_rna(event, transcript, change, annotated.names) if annotated.names else NOT_KNOWN
        lost, gained = _exchanged(reading)
        return Consequence(
            allele=score.allele,
            symbol=score.symbol,
            model_key=score.model_key,
            transcript_id=score.transcript_id,
            mane=job.gene.mane,
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
            nmd=decay(reading, spliced, self.settings) if spliced else "",
            rna=_with_accession(annotated.accession, rna) if is_changed else "",
            protein=describe_protein(reading) if is_changed else "",
            evidence=criteria,
            exons=_on_ref(event, transcript, change),
            bases=spliced.bases if spliced else "",
            amino_acids=reading.alt,
        )


def _placed(job: Job, change: Change) -> Change:
    """The allele as HGVS places it; scores have offsets from where the VCF does, profiles have not."""
    return placed(change, lambda span: letters_of(job.edit.ref_codes(span)))


def _support(job: Job, annotated: _Annotated, change: Change, prediction: Prediction, least: float) -> Support:
    profiles = Profiles(prediction.ref, prediction.alt, job.edit.ref_scored.start, job.edit.alt_scored.start)
    return support_of_profiles(annotated.transcript, change, profiles, least)


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
