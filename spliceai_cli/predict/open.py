"""From a request to a source of rows: places or alleles, with the networks that predict them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.engine.budget import check_memory
from spliceai_cli.engine.device import available_memory
from spliceai_cli.errors import UsageError
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.index import GeneIndex, GeneLookup
from spliceai_cli.genes.named import named_genes
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.regions import Targets
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import ModelIdentity
from spliceai_cli.parallel.strategy import strategy_of
from spliceai_cli.plan.compat import rules_of
from spliceai_cli.plan.planner import Planner
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.predict.alleles import Alleles, PlacedAlleles, model_inputs, place_alleles
from spliceai_cli.predict.places import Place, contig_places, gene_places
from spliceai_cli.predict.profiles import RegionProbabilities
from spliceai_cli.predict.request import AlleleRequest, RegionRequest, Request, split_names, targets_of
from spliceai_cli.predict.stations import AlleleOpening, AlleleStation, ScanOpening, ScanStation
from spliceai_cli.predict.whole_strands import WholeStrands
from spliceai_cli.scoring.outputs import Models
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.settings.words import GENOME_AROUND, N_AROUND, STRANDS
from spliceai_cli.summary import Summary
from spliceai_cli.variants.variant import Variant
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import Record, VcfReader


class Inputs(NamedTuple):
    """Everything that predictions are made with, apart from the request.

    Attributes:
        reference: the FASTA.
        annotation: the genes to choose from; None without genes.
        ensembles: networks of each model.
        settings: gives the distance, longest alleles and precision; the rest is not used.
        compute: how to compute.
    """

    reference: Reference
    annotation: Annotation | None
    ensembles: tuple[Ensemble, ...]
    settings: Settings
    compute: Compute


def open_regions(inputs: Inputs, request: RegionRequest, warn: Callable[[str], None]) -> RegionProbabilities:
    """Contigs, regions or genes, with the networks that predict them.

    Args:
        inputs: genome, genes and networks to predict with.
        request: the places to predict.
        warn: called with warnings about a cluster.

    Raises:
        SpliceAICliError: the regions, genes or device cannot be used.
    """
    models = Models([ensemble.spec for ensemble in inputs.ensembles])
    places = _places(inputs, request, models)
    opening = ScanOpening(*_opened_from(inputs))
    strategy = strategy_of(opening, ScanStation(opening, inputs.reference, inputs.ensembles), warn)
    own = opening.with_memory(strategy.memory or inputs.compute.memory)
    station = ScanStation(own, inputs.reference, inputs.ensembles)
    return RegionProbabilities(places, models, station, strategy)


def open_alleles(inputs: Inputs, request: AlleleRequest, summary: Summary, warn: Callable[[str], None]) -> Alleles:
    """The alleles of a VCF, with the networks that predict them.

    Args:
        inputs: genome, genes and networks to predict with.
        request: the alleles to predict.
        summary: counts the alleles.
        warn: called with warnings about the VCF or a cluster.

    Raises:
        SpliceAICliError: the VCF, regions, genes or device cannot be used.
    """
    specs = [ensemble.spec for ensemble in inputs.ensembles]
    models = Models(specs)
    memory = inputs.compute.memory or available_memory()
    check_memory(inputs.settings, specs, memory)
    planner = Planner(inputs.reference, _lookup(inputs, request), model_inputs(rules_of(inputs.settings), models))
    placed = _placed(inputs.reference, request, planner, summary, warn)
    opening = AlleleOpening(*_opened_from(inputs))
    strategy = strategy_of(opening, AlleleStation(opening, inputs.reference, inputs.ensembles), warn)
    own = opening.with_memory(strategy.memory or inputs.compute.memory)
    return Alleles(placed, models, AlleleStation(own, inputs.reference, inputs.ensembles), strategy)


def _opened_from(inputs: Inputs) -> tuple[Path, Settings, Compute, tuple[ModelIdentity, ...]]:
    identities = tuple(ensemble.identity for ensemble in inputs.ensembles)
    return inputs.reference.path, inputs.settings, inputs.compute, identities


def _places(inputs: Inputs, request: RegionRequest, models: Models) -> list[Place]:
    reference, strands, regions = inputs.reference, STRANDS[request.strand], targets_of(request)
    if request.gene_names is None:
        return contig_places(reference, regions, strands, [request.context != N_AROUND] * len(models.kinds))
    genes = _genes(inputs, request)
    if regions is not None:
        # Called for its checks only: the regions have to be on the reference, as without genes.
        contig_places(reference, regions, strands, [True])
        genes = [gene for gene in genes if regions.overlaps(gene.chrom, gene.start, gene.end)]
    contexts = [
        request.context == GENOME_AROUND if request.context else not kind.is_gene_alone for kind in models.kinds
    ]
    return gene_places(reference, genes, strands, contexts)


def _placed(
    reference: Reference, request: AlleleRequest, planner: Planner, summary: Summary, warn: Callable[[str], None]
) -> PlacedAlleles:
    regions = targets_of(request)
    with open_lines(request.vcf, regions) as lines:
        vcf = VcfReader(lines, request.vcf)
        for doubt in vcf.warnings:
            warn(doubt)
        refs = RefCheck(reference, vcf.name, vcf.contigs, warn, request.max_ref_mismatch)
        return place_alleles(_variants(vcf, regions), planner, reference.lengths, summary, refs)


def _lookup(inputs: Inputs, request: AlleleRequest) -> GeneLookup:
    strands, lengths = STRANDS[request.strand], inputs.reference.lengths
    if request.gene_names is None:
        return WholeStrands(lengths, strands)
    return GeneIndex([gene for gene in _genes(inputs, request) if gene.strand in strands], lengths)


def _genes(inputs: Inputs, request: Request) -> list[Gene]:
    if inputs.annotation is None:
        raise UsageError("genes are asked for, but no annotation is given.", "Give annotation='gencode', or a path.")
    names = split_names(request.gene_names)
    if request.gene_names and not names:
        raise UsageError("no gene is named.", "Leave the names out for every gene.")
    return named_genes(inputs.annotation.genes, names, inputs.annotation.name)


def _variants(records: Iterable[Record], regions: Targets | None) -> Iterator[list[Variant]]:
    """The alleles of each record that overlaps the regions."""
    for record in records:
        if regions is None or regions.overlaps(record.chrom, record.pos - 1, max(record.last_pos, 1)):
            yield record.variants
