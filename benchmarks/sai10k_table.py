"""The table of SAI-10k-calc (Canson et al. 2023), from an annotated VCF, by ``--consequence sai10k``.

For those who compare the two programs. Columns and words are those of its release with ``Increased_exon_inclusion``.
What differs on purpose: ``Lost_exons`` lists all skipped exons, not only the outer two, and its frame is that of them
all.

    python benchmarks/sai10k_table.py ANNOTATED.vcf -R hg19.fa -A genes.gtf > table.tsv
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from spliceai_cli.consequence import events, frame
from spliceai_cli.consequence.by_scores import ScoreRules, Scores
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.events import Event
from spliceai_cli.consequence.frame import Reading, read
from spliceai_cli.consequence.sequence import Spliced, letters_of
from spliceai_cli.consequence.transcript import ACCEPTOR, DONOR, Transcript
from spliceai_cli.consequence.translate import STOP
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.edit import Edit
from spliceai_cli.plan.planner import ModelInput, Planner
from spliceai_cli.plan.rules import Rules
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.settings.words import BY_SAI10K, BY_SAI10K_REFALT
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import VcfReader

COLUMNS = (
    "Used_RefSeq_Transcript", "strand", "Any_splicing_aberration", "bp_5prime", "bp_3prime", "Partial_intron_retention",
    "Partial_exon_deletion", "Partial_exon_start", "Partial_exon_end", "Partial_frameshift",
    "Partial_intron_retention_aaseq", "Partial_exon_deletion_aaseq", "Gained_exon_size", "Pseudoexon_activation",
    "Pseudoexon_start", "Pseudoexon_end", "Pseudoexon_frameshift", "Pseudoexon_intron", "Pseudoexon_activation_aaseq",
    "Increased_exon_inclusion", "Exon_with_increased_inclusion", "Increased_exon_inclusion_aaseq", "Exon_skipping",
    "Lost_exons", "Exon_skipping_frameshift", "Exon_skipping_aaseq", "Retained_intron_size", "Intron_retention",
    "Retained_intron", "Intron_retention_frameshift", "Intron_retention_aaseq",
)  # fmt: skip

_OUTSIDE = {
    events.PARTIAL_DELETION: "does not affect coding region",
    events.PARTIAL_RETENTION: "does not affect coding region",
    events.SKIPPING: "non-coding exons lost",
    events.PSEUDOEXON: "non-coding pseudoexon",
    events.RETENTION: "non-coding intron retained",
}
_NO_CHAIN = {
    events.SKIPPING: "lost site/s do not match consensus",
    events.RETENTION: "loss site/s do not match consensus",
}


class Case(NamedTuple):
    """An allele on a transcript.

    Attributes:
        transcript: the transcript.
        edit: the allele on the transcript's sequence.
        scores: its four scores.
    """

    transcript: Transcript
    edit: Edit
    scores: Scores


def row(case: Case, settings: ConsequenceSettings) -> dict[str, str]:
    """The columns of one allele on one transcript."""
    transcript, scores = case.transcript, case.scores
    change = Change(case.edit.replaced, letters_of(case.edit.alt))
    rules = ScoreRules(transcript, change, scores, settings)
    by_kind = {event.kind: event for event in (*rules.of_losses(), *rules.of_gains(), *rules.moved_ends())}
    added = {kind: rules.n_added(kind) for kind in (ACCEPTOR, DONOR)}
    cells = dict.fromkeys(COLUMNS, "NA")
    texts = {kind: _protein(event, case, change) for kind, event in by_kind.items()}

    def yes(kind: str) -> str:
        return "YES" if kind in by_kind else "NO"

    cells |= {
        "Used_RefSeq_Transcript": transcript.gene.transcript_id,
        "strand": "1" if transcript.gene.strand == "+" else "-1",
        "Any_splicing_aberration": "YES" if by_kind else "NO",
        "bp_5prime": str(-added[ACCEPTOR]),
        "bp_3prime": str(added[DONOR]),
        "Partial_intron_retention": yes(events.PARTIAL_RETENTION),
        "Partial_exon_deletion": yes(events.PARTIAL_DELETION),
        "Partial_intron_retention_aaseq": texts.get(events.PARTIAL_RETENTION, "-"),
        "Partial_exon_deletion_aaseq": texts.get(events.PARTIAL_DELETION, "-"),
        "Pseudoexon_activation": yes(events.PSEUDOEXON),
        "Pseudoexon_activation_aaseq": texts.get(events.PSEUDOEXON, "-"),
        "Increased_exon_inclusion": yes(events.INCLUSION),
        "Increased_exon_inclusion_aaseq": "-",
        "Exon_skipping": yes(events.SKIPPING),
        "Exon_skipping_aaseq": texts.get(events.SKIPPING, "-"),
        "Intron_retention": yes(events.RETENTION),
        "Intron_retention_aaseq": texts.get(events.RETENTION, "-"),
    }
    if size := rules.gained_size():
        cells["Gained_exon_size"] = str(size)
    for event in by_kind.values():
        cells |= _of_event(event, transcript, texts.get(event.kind, ""))
    if rules.is_retained():
        cells["Retained_intron_size"] = str(scores.acceptor_loss.pos - scores.donor_loss.pos - 1)
    return cells


def _of_event(event: Event, transcript: Transcript, text: str) -> dict[str, str]:
    shifts = "YES" if event.size % 3 else "NO"
    if event.kind in (events.PARTIAL_DELETION, events.PARTIAL_RETENTION):
        assert event.chain is not None
        is_known = text not in (*_OUTSIDE.values(), "impacts native start of stop site")
        start, end = sorted(map(transcript.genomic, (event.chain[event.first].start, event.chain[event.first].end - 1)))
        shift = shifts if is_known else "NA"
        return {"Partial_exon_start": str(start), "Partial_exon_end": str(end), "Partial_frameshift": shift}
    if event.kind == events.PSEUDOEXON:
        start, end = sorted(transcript.genomic(pos) for _, pos in event.sites)
        shift = shifts if _is_after_coding(transcript, event.first) else "NA"
        places = {"Pseudoexon_start": str(start), "Pseudoexon_end": str(end), "Pseudoexon_frameshift": shift}
        return {**places, "Pseudoexon_intron": str(event.first + 1)}
    if event.chain is None:
        return {}
    if event.kind == events.SKIPPING:
        lost = ",".join(str(exon + 1) for exon in range(event.first, event.last + 1))
        return {"Lost_exons": lost, "Exon_skipping_frameshift": shifts}
    if event.kind == events.RETENTION:
        shift = shifts if _is_after_coding(transcript, event.first) else "NA"
        return {"Retained_intron": str(event.first + 1), "Intron_retention_frameshift": shift}
    return {"Exon_with_increased_inclusion": str(event.first + 1)} if event.kind == events.INCLUSION else {}


def _is_after_coding(transcript: Transcript, intron: int) -> bool:
    """Whether the exon before an intron is coding in part."""
    coding = transcript.coding
    return coding is not None and coding.overlaps(*transcript.exons[intron])


def _protein(event: Event, case: Case, change: Change) -> str:
    """The column with amino acids, or the words in its place."""
    transcript, coding = case.transcript, case.transcript.coding
    if event.kind == events.INCLUSION:
        return "-"
    if event.chain is None:
        return _NO_CHAIN[event.kind]
    if coding is None or not _touches(event, transcript, coding):
        return _OUTSIDE[event.kind]
    exons = transcript.exons[event.first : event.last + 1]
    ends = (coding.start, coding.end - 1)
    if event.kind == events.SKIPPING and any(exon.start <= pos < exon.end for exon in exons for pos in ends):
        return "native start or stop is lost"
    if any(pos in _lost(event, transcript) for pos in ends):
        return "impacts native start of stop site"
    ref = Spliced.of(transcript.exons, case.edit.ref_codes)
    reading = read(ref, Spliced.of(event.chain, case.edit.alt_codes), coding, transcript.gene.phase, change)
    return _in_brackets(reading)


def _lost(event: Event, transcript: Transcript) -> range:
    """The bases that a moved end takes from its exon."""
    if event.kind != events.PARTIAL_DELETION or event.chain is None:
        return range(0)
    (kind, pos), exon = event.sites[0], transcript.exons[event.first]
    return range(exon.start, pos) if kind == ACCEPTOR else range(pos + 1, exon.end)


def _touches(event: Event, transcript: Transcript, coding: Interval) -> bool:
    """Whether an event changes what lies between start and stop codon."""
    if event.kind == events.SKIPPING:
        return any(coding.overlaps(*exon) for exon in transcript.exons[event.first : event.last + 1])
    if event.kind in (events.RETENTION, events.PSEUDOEXON):
        intron = transcript.introns[event.first]
        return coding.start < intron.start and intron.end < coding.end
    lost = _lost(event, transcript)
    if lost:
        return coding.overlaps(lost.start, lost.stop)
    exon = transcript.exons[event.first]
    edge = exon.start if event.sites[0][0] == ACCEPTOR else exon.end - 1
    return coding.start <= edge < coding.end


def _in_brackets(reading: Reading) -> str:
    """Three amino acids before the change, the new ones in brackets, and three after it if the frame stays."""
    if reading.frame == frame.UNCHANGED:
        return "no difference in protein sequence"
    i = reading.first_changed
    before = reading.alt[max(0, i - 3) : i]
    if reading.is_new_stop and len(reading.alt) <= len(reading.through or reading.alt):
        return f"{before}[{reading.alt[i:]}]"
    if reading.stop is None:
        return "protein sequence extends beyond native stop site"
    ref, alt = reading.ref.rstrip(STOP), reading.alt.rstrip(STOP)
    n_most = min(len(ref), len(alt)) - i
    n_right = next((n for n in range(n_most) if ref[-1 - n] != alt[-1 - n]), n_most)
    return f"{before}[{alt[i : len(alt) - n_right]}]{alt[len(alt) - n_right :][:3]}"


def rows(vcf: Path, reference: Reference, genes: GeneIndex, settings: ConsequenceSettings) -> Iterator[dict[str, str]]:
    """The rows of an annotated VCF: one per score whose gene, or transcript, the annotation has."""
    planner = Planner(reference, genes, [ModelInput(Rules(settings.reach, 10_000))])
    with open_lines(str(vcf)) as lines:
        for record in VcfReader(lines, str(vcf)):
            texts = [DeltaScore.parse(text) for text in record.values("SpliceAI")]
            for variant in record.variants:
                for job in planner.plan(variant).jobs:
                    for score in texts:
                        name = score.symbol.removeprefix("RefSeqTx-")
                        if score.allele == variant.alt and name in job.gene.names and not score.is_missing:
                            transcript = Transcript.of(job.gene)
                            scores = Scores.of(score.effects_by_name, transcript, variant.pos)
                            place = (variant.chrom, str(variant.pos), record.id, variant.ref, variant.alt)
                            named = dict(zip(("#CHROM", "POS", "ID", "REF", "ALT"), place, strict=True))
                            yield named | row(Case(transcript, job.edit, scores), settings)


@click.command()
@click.argument("vcf", type=click.Path(path_type=Path, exists=True))
@click.option("-R", "--reference", required=True, type=click.Path(exists=True))
@click.option("-A", "--annotation", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--refalt", is_flag=True, help="Use the probabilities of REF and ALT.")
def main(vcf: Path, reference: str, annotation: Path, refalt: bool) -> None:
    """Print the table."""
    fasta = Reference(reference)
    genes = GeneIndex(read_annotation(annotation, Selection(transcripts="all")).genes, fasta.lengths)
    settings = ConsequenceSettings(method=BY_SAI10K_REFALT if refalt else BY_SAI10K)
    for number, cells in enumerate(rows(vcf, fasta, genes, settings)):
        if not number:
            click.echo("\t".join(cells))
        click.echo("\t".join(cells.values()))


if __name__ == "__main__":
    main()
