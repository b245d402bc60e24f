"""From the scores and profiles of an allele to its consequences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from spliceai_cli.consequence import frame
from spliceai_cli.consequence.annotated import Annotated
from spliceai_cli.consequence.by_profile import events_of_profile
from spliceai_cli.consequence.by_scores import Scores, events_of_scores
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.describing import described
from spliceai_cli.consequence.evidence import hints
from spliceai_cli.consequence.inclusion import inclusion
from spliceai_cli.consequence.placement import placed
from spliceai_cli.consequence.sequence import letters_of
from spliceai_cli.consequence.support import Profiles, Support, support_of_profiles, support_of_score
from spliceai_cli.genes.gene import Gene
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.rules import Rules
from spliceai_cli.plan.sequence import GeneSequence
from spliceai_cli.plan.widened import cropped
from spliceai_cli.scores.consequence import MANE, Consequence, ExonInclusion
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.mask import NoMask
from spliceai_cli.scoring.sites import delta_score
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.settings.words import BY_PROFILE
from spliceai_cli.variants.variant import Variant


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
        return tuple(
            described(event, annotated, job.edit, change, score, criteria=criteria, settings=self.settings)
            for event in events
        )

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

    def _of(self, job: Job) -> tuple[Annotated, Change]:
        edit = job.edit
        return self._annotated(job.gene, edit.sequence), Change(edit.replaced, letters_of(edit.alt))

    def _annotate(self, gene: Gene, sequence: GeneSequence) -> Annotated:
        return Annotated.of(gene, sequence, has_coding=self._has_coding, build=self._build)

    def _hints(self, job: Job, annotated: Annotated, change: Change, largest: float) -> tuple[str, ...]:
        """Criteria that the scores would support; what an allele does to codons is looked at only where it matters."""
        transcript = annotated.transcript
        effect = ""
        if (
            transcript.coding
            and transcript.coding.overlaps(*change.replaced)
            and transcript.exon_with(change.replaced.start) is not None
        ):
            reading, _ = annotated.read(transcript.in_alt(change), job.edit, change)
            effect = reading.frame
        is_silent, is_null = effect == frame.UNCHANGED, effect in frame.NULL
        return hints(transcript, change.replaced, largest, is_silent=is_silent, is_null=is_null)


def _placed(job: Job, change: Change) -> Change:
    """The allele as HGVS places it; scores have offsets from where the VCF does, profiles have not."""
    return placed(change, lambda span: letters_of(job.edit.ref_codes(span)))


def _support(job: Job, annotated: Annotated, change: Change, prediction: Prediction, least: float) -> Support:
    profiles = Profiles(prediction.ref, prediction.alt, job.edit.ref_scored.start, job.edit.alt_scored.start)
    return support_of_profiles(annotated.transcript, change, profiles, least)
