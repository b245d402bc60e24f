"""Consequences into a VCF that has scores already: no networks are run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace

from spliceai_cli.annotate.assembly import AssemblyCheck
from spliceai_cli.annotate.interpreted import Interpreted
from spliceai_cli.annotate.planned import Warner
from spliceai_cli.consequence.interpreter import Interpreter
from spliceai_cli.errors import VcfError
from spliceai_cli.files.output import Output
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.planner import Job, ModelInput, Plan, Planner
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.plan.rules import Rules
from spliceai_cli.provenance import PROVENANCE_KEY, full_version, header_line
from spliceai_cli.scores.consequence import MANE, Consequence
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kinds import KINDS
from spliceai_cli.scores.sites import KEY, SITES, DeltaScore
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.text import counted
from spliceai_cli.variants.variant import Outcome
from spliceai_cli.vcf.fields import CONSEQUENCE, INCLUSION, fields_of
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import Record, VcfReader
from spliceai_cli.vcf.transcripts import values_with_transcripts
from spliceai_cli.vcf.writer import OutputFields, VcfWriter

# Parts of a value with the four scores, and with the probabilities of REF and of ALT after them.
_N_SCORES, _N_WITH_PROBABILITIES = 10, 18

# SAI-10k-calc's example has this before the transcript that stands for the symbol.
_PREFIX = "RefSeqTx-"

_DISTANCE = re.compile(rb'##%b=<ID=([^,]+),.*Distance="(\d+)"' % PROVENANCE_KEY.encode())


@dataclass(frozen=True)
class ConsequenceJob:
    """Input, output and settings of one run.

    Attributes:
        source, target: paths of input and output; ``-`` for standard input and output.
        output_type: one of ``settings.words.OUTPUT_TYPES``.
        settings: method and thresholds.
        allow_missing_contigs: see ``AssemblyCheck``.
        max_ref_mismatch: see ``RefCheck``.
    """

    source: str
    target: str
    output_type: str
    settings: ConsequenceSettings
    allow_missing_contigs: bool = False
    max_ref_mismatch: float | None = None


class _Scored:
    """Finds the consequences of records by their own scores.

    Args:
        reference: the FASTA.
        annotation: the genes.
        settings: method and thresholds.
        keys: INFO keys of models of acceptors and donors.

    Attributes:
        reference, annotation: as given.
        genes: the genes by place.
        counts: what became of alleles with scores.
    """

    def __init__(
        self, reference: Reference, annotation: Annotation, settings: ConsequenceSettings, keys: Sequence[str]
    ) -> None:
        self.reference, self.annotation = reference, annotation
        self.genes = GeneIndex(annotation.genes, reference.lengths)
        self.counts = Interpreted()
        rules = Rules(settings.reach, Settings.max_allele_length, Settings.max_sv_length)
        self._planner = Planner(reference, self.genes, [ModelInput(rules)])
        self._keys = keys
        has_coding = any(gene.coding for gene in annotation.genes)
        self._interpreter = Interpreter(settings, has_coding=has_coding, build=detect_build(reference.lengths))

    def plan(self, record: Record) -> list[Plan]:
        """The plans of a record's alleles."""
        return [self._planner.plan(variant) for variant in record.variants]

    def outcomes(self, record: Record, plans: Iterable[Plan]) -> list[Outcome]:
        """An outcome for each allele, with consequences and without scores.

        Raises:
            ValueError: a value is malformed.
        """
        scores = [score for key in self._keys for score in read_scores(record, key)]
        return [Outcome(plan.variant, consequences=tuple(self._of(plan, scores))) for plan in plans]

    def _of(self, plan: Plan, scores: Sequence[DeltaScore]) -> list[Consequence]:
        alt = plan.variant.alt.upper()
        own = [score for score in scores if score.allele.upper() == alt and not score.is_missing]
        pairs = sorted(_paired(own, plan.jobs), key=lambda pair: MANE.index(pair[1].gene.mane))
        found = [
            consequence
            for score, job in pairs
            for consequence in self._interpreter.consequences(job, replace(score, **job.gene.ids), None)
        ]
        self.counts.n_without_probabilities += sum(score.effects[0].ref is None for score, _ in pairs)
        if own:
            self.counts.count(plan.variant, plan.reason, is_found=bool(found))
        return found


def _paired(scores: Sequence[DeltaScore], jobs: Sequence[Job]) -> Iterator[tuple[DeltaScore, Job]]:
    """Each transcript with its score: the one that names it, else the only one of its gene and model.

    Raises:
        ValueError: several scores could be that of a transcript.
    """
    for job in jobs:
        of_gene = [score for score in scores if score.symbol.removeprefix(_PREFIX) in job.gene.names]
        named = [score for score in of_gene if score.transcript_id in ("", job.gene.transcript_id)]
        for key in dict.fromkeys(score.model_key for score in named):
            candidates = dict.fromkeys(score for score in named if score.model_key == key)
            if len(candidates) > 1:
                raise ValueError(
                    f"INFO/{key} has {len(candidates)} different values for {job.gene.symbol}, and no INFO/{key}_TX "
                    "says which transcript each belongs to; annotate with --transcript-id"
                )
            yield next(iter(candidates)), job


def annotate_from_scores(
    job: ConsequenceJob, reference: Reference, annotation: Annotation, warn: Warner
) -> Interpreted:
    """Write a VCF with the consequences that its scores predict; returns how many alleles have some.

    Args:
        job: input, output and settings.
        reference: the FASTA.
        annotation: the genes.
        warn: called with warnings about the input.

    Raises:
        SpliceAICliError: any known failure; no output file is left under its final name.
    """
    with ExitStack() as stack:
        vcf = VcfReader(stack.enter_context(open_lines(job.source)), _shown(job.source))
        keys = _keys(vcf)
        output = stack.enter_context(Output(job.target, job.output_type))
        for doubt in (*vcf.warnings, *_near_sighted(vcf, job.settings.reach)):
            warn(doubt)
        owned = tuple(f for key in keys for f in fields_of(key) if f.kind in (CONSEQUENCE, INCLUSION))
        written = tuple(field for field in owned if field.kind == CONSEQUENCE)
        lines = tuple(_provenance(field.key, job.settings, annotation) for field in written)
        writer = VcfWriter(output, vcf.header, OutputFields(lines, written, owned))
        scored = _Scored(reference, annotation, job.settings, keys)
        refs = RefCheck(reference, vcf.name, vcf.contigs, warn, job.max_ref_mismatch)
        check = AssemblyCheck(scored, vcf.name, vcf.contigs, refs, allow_missing_contigs=job.allow_missing_contigs)
        for record, plans in check.hold((record, scored.plan(record)) for record in vcf):
            try:
                outcomes = scored.outcomes(record, plans)
            except ValueError as error:
                raise VcfError(f"{vcf.name}, line {record.line_number}: {error}.") from error
            writer.write(record, outcomes)
        writer.start()
    if job.settings.uses_probabilities and (n := scored.counts.n_without_probabilities):
        warn(
            f"{vcf.name}: {counted(n, 'scores')} without probabilities of REF and ALT, which {job.settings.method} "
            "needs to move the end of an exon. Annotate with --raw."
        )
    return scored.counts


def read_scores(record: Record, key: str) -> Iterator[DeltaScore]:
    """The scores in a record, with the probabilities of REF and ALT if it has them.

    They are in ``KEY_RAW``, as ``--raw`` writes them, or in eight more parts of each value: REF and then ALT, each in
    the order AG, AL, DG, DL.

    Raises:
        ValueError: a value is malformed.
    """
    raw = iter(record.values(f"{key}_RAW"))
    for text, transcript_id in values_with_transcripts(record, key):
        if text == ".":
            continue
        parts = text.split("|")
        is_extended = len(parts) == _N_WITH_PROBABILITIES
        parsed = DeltaScore.parse("|".join(parts[:_N_SCORES]) if is_extended else text, key)
        score = replace(parsed, transcript_id=transcript_id)
        if score.is_missing:
            yield score
        elif is_extended:
            yield _with_probabilities(score, parts[10:14], parts[14:18])
        elif pairs := next(raw, ""):
            values = pairs.split("|")[2:]
            yield _with_probabilities(score, values[::2], values[1::2])
        else:
            yield score


def _with_probabilities(score: DeltaScore, refs: Sequence[str], alts: Sequence[str]) -> DeltaScore:
    """A score with the probabilities of REF and ALT; those given as dots stay unknown."""
    if not refs or "." in (*refs, *alts):
        return score
    if not len(refs) == len(alts) == len(score.effects):
        raise ValueError(f"INFO/{score.model_key} of {score.symbol} does not have four probabilities of REF and of ALT")
    four: Iterator[Effect] = (
        replace(effect, ref=_probability(ref), alt=_probability(alt))
        for effect, ref, alt in zip(score.effects, refs, alts, strict=True)
    )
    key, transcript_id = score.model_key, score.transcript_id
    return DeltaScore(score.allele, score.symbol, *four, model_key=key, transcript_id=transcript_id)


def _probability(text: str) -> float:
    """Read a probability.

    Raises:
        ValueError: the text is not a number from 0 to 1.
    """
    with suppress(ValueError):
        if 0 <= (value := float(text)) <= 1:
            return value
    raise ValueError(f"a probability is '{text}', a number from 0 to 1 expected")


def _keys(vcf: VcfReader) -> list[str]:
    """INFO keys of scores of acceptors and donors.

    Raises:
        VcfError: the file has none.
    """
    others = {line.split(b",")[0] for line in vcf.header for kind in KINDS.values() if kind is not SITES
              if kind.format_start.encode() in line}  # fmt: skip
    keys = [key for key in vcf.score_keys if f"##INFO=<ID={key}".encode() not in others]
    keys = keys or [key for key in vcf.info_keys if key == KEY]
    if not keys:
        raise VcfError(f"{vcf.name} has no INFO/{KEY}.", "Annotate it first: spliceai-annotate -D 4999")
    return keys


def _near_sighted(vcf: VcfReader, reach: int) -> Iterator[str]:
    """Warnings for scores that were made with a small distance, as far as the header says."""
    for line in vcf.header:
        match = _DISTANCE.match(line)
        if match and int(match[2]) < reach:
            key, distance = match[1].decode(), int(match[2])
            yield f"{vcf.name} has INFO/{key} with -D {distance}: sites beyond it are not seen; {reach} is usual here."


def _provenance(key: str, settings: ConsequenceSettings, annotation: Annotation) -> str:
    return header_line(key, {"version": full_version(), "from": "scores", **annotation.origin, **settings.facts})


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path
