"""What options of ``predict`` ask for, as objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from spliceai_cli.cli import options
from spliceai_cli.cli.notes import say_chosen
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.cli.warning import warner
from spliceai_cli.provenance import Provenance
from spliceai_cli.settings import DEFAULT_ANNOTATION, GENOME_AROUND, N_AROUND, STRANDS, Compute, Settings

if TYPE_CHECKING:
    from spliceai_cli.genes.annotation import Annotation
    from spliceai_cli.genes.gene import Gene
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.genome.regions import Targets
    from spliceai_cli.models.network import Ensemble
    from spliceai_cli.predict.alleles import Alleles
    from spliceai_cli.predict.places import Place
    from spliceai_cli.predict.profiles import RegionProbabilities
    from spliceai_cli.scoring.outputs import Models
    from spliceai_cli.summary import Summary
    from spliceai_cli.variants.variant import Variant
    from spliceai_cli.vcf.reader import Record

Chosen = Mapping[str, Any]


class Inputs(NamedTuple):
    """What predictions are made with, beside the FASTA.

    Attributes:
        ensembles: of the models.
        annotation: the genes to choose from; None if none are asked for.
    """

    ensembles: tuple[Ensemble, ...]
    annotation: Annotation | None


def open_inputs(chosen: Chosen, reference: Reference) -> Inputs:
    """The models, and the annotation if genes are asked for.

    Raises:
        SpliceAICliError: weights or annotation are not as they should be.
    """
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.models.open import open_chosen

    ensembles = open_chosen(chosen["models"], chosen["weights"], installed_store().home)
    return Inputs(ensembles, _annotation(chosen, reference) if has_genes(chosen) else None)


def provenance_of_tracks(chosen: Chosen, inputs: Inputs, columns: Sequence[str]) -> Provenance:
    """What decides the values, by the names that the header of ``annotate`` uses where it has them."""
    annotation = inputs.annotation
    genes = {"Annotation": Path(annotation.name).name, **annotation.origin} if annotation is not None else {}
    models = tuple(ensemble.identity for ensemble in inputs.ensembles)
    return Provenance(models, genes, {**_choices(chosen), "Columns": list(columns)})


def _choices(chosen: Chosen) -> dict[str, object]:
    found = {
        "Reference": Path(chosen["reference"]).name,
        "Regions": list(chosen["regions"]) or (chosen["bed"].name if chosen["bed"] else "all"),
        "GeneNames": list(chosen["gene_names"]),
        "Strand": chosen["strand"],
        "MinProbability": chosen["min_probability"],
        "Precision": chosen["precision"],
    }
    if not chosen["alleles"]:
        return {**found, "Context": chosen["context"] or "default"}
    settings = Settings(distance=chosen["distance"])
    return {
        **found,
        "Alleles": Path(chosen["alleles"]).name,
        "Distance": settings.distance,
        "MaxAlleleLength": settings.max_allele_length,
        "MaxSVLength": settings.max_sv_length,
    }


def open_profiles(chosen: Chosen, reference: Reference, inputs: Inputs) -> RegionProbabilities:
    """Contigs, regions or genes with the networks that predict them.

    Raises:
        SpliceAICliError: any of regions, genes or device is not as it should be.
    """
    from spliceai_cli.engine.device import available_memory, choose_device
    from spliceai_cli.engine.scan import Scanner
    from spliceai_cli.predict.profiles import RegionProbabilities
    from spliceai_cli.scoring.outputs import Models

    models = Models([one.spec for one in inputs.ensembles])
    places = _places(chosen, reference, models, inputs.annotation)
    use_threads(chosen["threads"], is_verbose=chosen["verbose"])
    device, memory = choose_device(chosen["device"]), chosen["memory"] or available_memory()
    scanners = [Scanner(ensemble, device, memory, chosen["precision"]) for ensemble in inputs.ensembles]
    return RegionProbabilities(places, models, scanners, chosen["min_probability"])


def open_alleles(chosen: Chosen, reference: Reference, inputs: Inputs, summary: Summary) -> Alleles:
    """The alleles of ``--alt`` with the networks that predict them.

    Args:
        chosen: the options.
        reference: the FASTA.
        inputs: models and genes.
        summary: counts the alleles.

    Raises:
        SpliceAICliError: any of VCF, regions, genes or device is not as it should be.
    """
    from spliceai_cli.engine.budget import check_memory
    from spliceai_cli.engine.device import available_memory, choose_device
    from spliceai_cli.genes.index import GeneIndex
    from spliceai_cli.plan.compat import rules_of
    from spliceai_cli.plan.planner import Planner
    from spliceai_cli.plan.ref_check import RefCheck
    from spliceai_cli.predict.alleles import Alleles, model_inputs, place_alleles
    from spliceai_cli.scoring.outputs import Models
    from spliceai_cli.scoring.runner import open_runners
    from spliceai_cli.vcf.lines import open_lines
    from spliceai_cli.vcf.reader import VcfReader

    models = Models([one.spec for one in inputs.ensembles])
    settings = Settings(distance=chosen["distance"], precision=chosen["precision"])
    memory = chosen["memory"] or available_memory()
    check_memory(settings, [one.spec for one in inputs.ensembles], memory)
    genes = _genes_or_contigs(chosen, reference, inputs.annotation)
    planner = Planner(reference, GeneIndex(genes, reference.lengths), model_inputs(rules_of(settings), models))
    regions, warn = _regions(chosen), warner(chosen)
    with open_lines(chosen["alleles"], regions) as lines:
        vcf = VcfReader(lines, chosen["alleles"])
        for doubt in vcf.warnings:
            warn(doubt)
        refs = RefCheck(reference, vcf.name, vcf.contigs, warn, chosen["max_ref_mismatch"])
        placed = place_alleles(_variants(vcf, regions), planner, reference.lengths, summary, refs)
    use_threads(chosen["threads"], is_verbose=chosen["verbose"])
    device = choose_device(chosen["device"])
    runners = open_runners(inputs.ensembles, settings, Compute(), device=device, memory=memory)
    return Alleles(placed, runners, models, chosen["min_probability"])


def _places(chosen: Chosen, reference: Reference, models: Models, annotation: Annotation | None) -> list[Place]:
    from spliceai_cli.predict.places import contig_places, gene_places

    strands, regions = STRANDS[chosen["strand"]], _regions(chosen)
    if annotation is None:
        return contig_places(reference, regions, strands, [chosen["context"] != N_AROUND] * len(models.kinds))
    genes = _genes(chosen, annotation)
    if regions is not None:
        # They have to be on the reference, like regions that stand alone.
        contig_places(reference, regions, strands, [True])
        genes = [gene for gene in genes if regions.overlaps(gene.chrom, gene.start, gene.end)]
    contexts = [
        chosen["context"] == GENOME_AROUND if chosen["context"] else not kind.is_gene_alone for kind in models.kinds
    ]
    return gene_places(reference, genes, strands, contexts)


def _genes_or_contigs(chosen: Chosen, reference: Reference, annotation: Annotation | None) -> list[Gene]:
    from spliceai_cli.predict.alleles import whole_contigs

    strands = STRANDS[chosen["strand"]]
    if annotation is None:
        return whole_contigs(reference.lengths, strands)
    return [gene for gene in _genes(chosen, annotation) if gene.strand in strands]


def _variants(records: Iterable[Record], regions: Targets | None) -> Iterator[list[Variant]]:
    """The alleles of each record that the regions let through."""
    for record in records:
        if regions is None or regions.overlaps(record.chrom, record.pos - 1, max(record.last_pos, 1)):
            yield record.variants


def _regions(chosen: Chosen) -> Targets | None:
    from spliceai_cli.genome.regions import parse_regions, read_targets

    if chosen["regions"] and chosen["bed"]:
        raise click.UsageError("--regions and --bed do not go together.")
    if chosen["bed"]:
        return read_targets(chosen["bed"], is_bed=True)
    return parse_regions(chosen["regions"]) if chosen["regions"] else None


def has_genes(chosen: Chosen) -> bool:
    """Whether genes are asked for."""
    return any(chosen[option] for option in ("annotation", "gene_names", "genes_file", "biotypes"))


def _annotation(chosen: Chosen, reference: Reference) -> Annotation:
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.genes.resolve import annotation_for

    annotation = annotation_for(
        reference,
        chosen["annotation"] or DEFAULT_ANNOTATION,
        installed_store(),
        options.chosen_selection(chosen),
        is_cached=chosen["annotation_cache"],
        allow_foreign=chosen["allow_foreign_genes"],
        warn=warner(chosen),
    )
    if not chosen["quiet"]:
        say_chosen(annotation)
    return annotation


def _genes(chosen: Chosen, annotation: Annotation) -> list[Gene]:
    from spliceai_cli.genes.named import named_genes

    names = [name.strip() for text in chosen["gene_names"] for name in text.split(",") if name.strip()]
    if chosen["gene_names"] and not names:
        raise click.UsageError("--gene names none. Was a variable empty?")
    return named_genes(annotation.genes, names, annotation.name)
