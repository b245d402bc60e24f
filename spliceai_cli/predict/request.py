"""Requests: the contigs, regions, genes or alleles to predict."""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.genome.regions import RegionsFile, Targets, parse_regions, read_targets
from spliceai_cli.settings.checks import check_word
from spliceai_cli.settings.words import BOTH, CONTEXTS, STRANDS


@dataclass(frozen=True)
class RegionRequest:
    """A request for contigs, regions of them, or genes.

    Attributes:
        regions: texts in the form that ``-r`` takes, or a file; empty for everything.
        gene_names: symbols, gene IDs or transcript IDs; a text may hold several, separated by commas. Empty for every
            gene of the annotation, None for regions rather than genes.
        strand: a key of ``settings.STRANDS``; genes on another strand are left out.
        context: one of ``settings.CONTEXTS``: the bases that the networks see around a region or gene. None for the
            genome around regions, and for the same bases as in scoring around genes.

    Raises:
        UsageError: ``strand`` or ``context`` has another value.
    """

    regions: tuple[str, ...] | RegionsFile = ()
    gene_names: tuple[str, ...] | None = None
    strand: str = BOTH
    context: str | None = None

    def __post_init__(self) -> None:
        check_word("strand", self.strand, STRANDS)
        if self.context is not None:
            check_word("context", self.context, CONTEXTS)


@dataclass(frozen=True)
class AlleleRequest:
    """A request for the surroundings of alleles, with REF and with ALT.

    Attributes:
        vcf: path of a VCF or BCF; ``-`` for standard input.
        regions, gene_names, strand: limit the alleles, genes and strands; as in ``RegionRequest``.
        max_ref_mismatch: percent of REF alleles that may differ from the FASTA; None for the default.

    Raises:
        UsageError: ``strand`` is not a key of ``settings.STRANDS``.
    """

    vcf: str
    regions: tuple[str, ...] | RegionsFile = ()
    gene_names: tuple[str, ...] | None = None
    strand: str = BOTH
    max_ref_mismatch: float | None = None

    def __post_init__(self) -> None:
        check_word("strand", self.strand, STRANDS)


Request = RegionRequest | AlleleRequest


def targets_of(request: Request) -> Targets | None:
    """The regions of a request; None for everything.

    Raises:
        UsageError: regions given as text are malformed.
        RegionsError: a file of regions is unreadable, malformed or empty.
    """
    if isinstance(request.regions, RegionsFile):
        return read_targets(request.regions.path, is_bed=request.regions.is_bed)
    return parse_regions(request.regions) if request.regions else None


def split_names(texts: tuple[str, ...] | None) -> list[str]:
    """Split comma-separated texts into single names of genes."""
    return [name.strip() for text in texts or () for name in text.split(",") if name.strip()]
