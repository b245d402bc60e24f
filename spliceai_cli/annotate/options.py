"""What one run of ``annotate`` reads, does and writes."""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.genome.regions import Targets
from spliceai_cli.settings.words import OVERWRITE, VCF
from spliceai_cli.variants.variant import SkipReason


@dataclass(frozen=True)
class AnnotateOptions:
    """Input, output and options of one run of ``annotate``.

    Attributes:
        source, target: paths of input and output; ``-`` for standard input and output.
        output_type: one of ``settings.words.OUTPUT_TYPES``.
        regions: keep records that overlap these.
        targets: keep records whose POS is in these.
        allow_missing_contigs: see ``AssemblyCheck``.
        max_ref_mismatch: see ``RefCheck``.
        strict: reasons for skipping an allele that make the command fail, after everything is written.
        existing: what to do with records that are already scored: one of ``settings.words.EXISTING``.
        layout: one of ``settings.words.LAYOUTS``.
        extra: kinds of INFO fields to write in addition to the scores: ``fields.TRANSCRIPT``, ``LARGEST``, ``RAW``,
            ``REASON``; the layout ``tsv`` has columns for all, those of ``RAW`` only if it is given.
        index: one of ``settings.words.INDEXES`` to write an index, or None.
        stats: path for the counts as JSON, or None.
        fasta: path for predicted transcripts and proteins, or None.
    """

    source: str
    target: str
    output_type: str = "v"
    regions: Targets | None = None
    targets: Targets | None = None
    allow_missing_contigs: bool = False
    max_ref_mismatch: float | None = None
    strict: frozenset[SkipReason] = frozenset()
    existing: str = OVERWRITE
    layout: str = VCF
    extra: frozenset[str] = frozenset()
    index: str | None = None
    stats: str | None = None
    fasta: str | None = None
