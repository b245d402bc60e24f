"""What is to be predicted, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.genome.regions import Targets, parse_regions, read_targets
from spliceai_cli.settings import CONTEXTS, STRANDS, TrackSettings, check_word


@dataclass(frozen=True)
class RegionRequest:
    """Contigs, regions of them, or genes.

    Attributes:
        regions: texts as ``-r`` takes them, or the path of a BED file; empty for everything.
        gene_names: symbols, gene or transcript IDs, or several with commas between; empty for every gene of the
            annotation, None for regions rather than genes.
        strand: a key of ``settings.STRANDS``; genes on another strand are left out.
        context: what the networks see around a region or gene, one of ``settings.CONTEXTS``; None for the genome around
            regions, and around genes for what the model sees when variants are scored.

    Raises:
        UsageError: ``strand`` or ``context`` is none of these.
    """

    regions: tuple[str, ...] | Path = ()
    gene_names: tuple[str, ...] | None = None
    strand: str = TrackSettings.strand
    context: str | None = None

    def __post_init__(self) -> None:
        check_word("strand", self.strand, STRANDS)
        if self.context is not None:
            check_word("context", self.context, CONTEXTS)


@dataclass(frozen=True)
class AlleleRequest:
    """The surroundings of alleles, with REF and with ALT.

    Attributes:
        vcf: path of a VCF or BCF; ``-`` for standard input.
        regions, gene_names, strand: which alleles, and on which genes or strands; as those of ``RegionRequest``.
        max_ref_mismatch: percent of REF alleles that may differ from the FASTA; None for the default.

    Raises:
        UsageError: ``strand`` is none of ``settings.STRANDS``.
    """

    vcf: str
    regions: tuple[str, ...] | Path = ()
    gene_names: tuple[str, ...] | None = None
    strand: str = TrackSettings.strand
    max_ref_mismatch: float | None = None

    def __post_init__(self) -> None:
        check_word("strand", self.strand, STRANDS)


Request = RegionRequest | AlleleRequest


def targets_of(request: Request) -> Targets | None:
    """The regions of a request; None for everything.

    Raises:
        UsageError: they are malformed, unreadable, or none.
    """
    if isinstance(request.regions, Path):
        return read_targets(request.regions, is_bed=True)
    return parse_regions(request.regions) if request.regions else None


def split_names(texts: tuple[str, ...] | None) -> list[str]:
    """Names of genes, one by one."""
    return [name.strip() for text in texts or () for name in text.split(",") if name.strip()]
