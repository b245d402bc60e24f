"""What the user names, opened: genes as loci, models as scanners."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spliceai_cli.engine.device import available_memory, choose_device
from spliceai_cli.engine.scan import Scanner
from spliceai_cli.errors import AnnotationError, ReferenceGenomeError, UsageError
from spliceai_cli.evaluate.loci import Locus, joined_loci, single_loci, spliced
from spliceai_cli.evaluate.matrices import MatrixModel, site_windows
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.bases import N
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.regions import Targets
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import ACCEPTOR, NetworkSpec
from spliceai_cli.scores.sites import SITES
from spliceai_cli.settings.compute import Compute
from spliceai_cli.text import counted


def choose_loci(
    genes: Iterable[Gene], reference: Reference, *, regions: Sequence[Targets], strands: str, is_alone: bool
) -> list[Locus]:
    """The loci of the genes that have a splice site.

    Args:
        genes: genes of an annotation.
        reference: the FASTA.
        regions: only genes that lie entirely within each of these; empty for all.
        strands: only genes on these.
        is_alone: whether each gene is a locus; otherwise those that overlap on a strand are one.

    Raises:
        AnnotationError: no gene is left.
        ReferenceGenomeError: the reference is N at all of their acceptors.
    """
    within = [
        gene
        for gene in spliced(genes, reference)
        if gene.strand in strands and all(targets.hold(gene.chrom, gene.start, gene.end) for targets in regions)
    ]
    if not within:
        raise AnnotationError(
            "no gene is left to evaluate: none has two exons or more, lies on the reference and within the regions.",
            "Check -A, -r, -T, --strand, --genes and --biotypes.",
        )
    loci = single_loci(within, reference) if is_alone else joined_loci(within, reference)
    if not any((site_windows([locus], ACCEPTOR, reference) != N).any() for locus in loci):
        raise ReferenceGenomeError(
            f"{reference.path} has nothing but N at the splice sites of {counted(len(within), 'genes')}.",
            "Choose genes whose sequence it has.",
        )
    return loci


def open_matrices(genes: Iterable[Gene], reference: Reference) -> MatrixModel:
    """Position weight matrices of the splice sites of genes.

    Raises:
        AnnotationError: no gene has a splice site.
    """
    members = spliced(genes, reference)
    if not members:
        raise AnnotationError(
            "no gene is left to make matrices from: none has two exons or more and lies on the reference.",
            "Check --matrices, -A and --biotypes.",
        )
    return MatrixModel(single_loci(members, reference), reference)


def check_sites(spec: NetworkSpec) -> None:
    """Refuse a model without outputs for acceptors and donors.

    Raises:
        UsageError: the model predicts tissues instead.
    """
    if spec.kind is not SITES:
        raise UsageError(
            f"{spec.name} has one probability for acceptors and donors together, in each tissue.",
            "Only its scores of variants can be measured: spliceai-cli evaluate variants.",
        )


def open_scanners(ensembles: Sequence[Ensemble], compute: Compute, precision: str) -> dict[str, Scanner]:
    """A scanner for each model, by INFO key.

    Args:
        ensembles: the models.
        compute: gives device, memory and kernels.
        precision: as ``--precision``.

    Raises:
        UsageError: a model has no outputs for acceptors and donors.
        DeviceError: the device is not available.
    """
    for ensemble in ensembles:
        check_sites(ensemble.spec)
    device, memory = choose_device(compute.device, precision), compute.memory or available_memory()
    return {ensemble.spec.key: Scanner(ensemble, device, memory, precision, compute.kernels) for ensemble in ensembles}
