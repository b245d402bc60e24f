"""What options of ``predict`` ask for, as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from spliceai_cli.cli import options

if TYPE_CHECKING:
    from spliceai_cli.fasta import Reference
    from spliceai_cli.gene import Gene
    from spliceai_cli.network import Ensemble
    from spliceai_cli.plan import Sight
    from spliceai_cli.prediction.alleles import Alleles, PlacedAlleles
    from spliceai_cli.prediction.models import Models
    from spliceai_cli.prediction.places import Place
    from spliceai_cli.prediction.profiles import Profiles
    from spliceai_cli.report.summary import Summary
    from spliceai_cli.settings import Settings
    from spliceai_cli.targets import Targets
    from spliceai_cli.variant import Variant

#: ``--strand`` values.
STRANDS = {"+": "+", "-": "-", "both": "+-"}

Chosen = Mapping[str, Any]


def open_profiles(chosen: Chosen, reference: Reference) -> Profiles:
    """Contigs, regions or genes with the networks that predict them.

    Raises:
        SpliceAICliError: any of regions, genes, weights or device is not as it should be.
    """
    from spliceai_cli.engine.device import available_memory, choose_device, use_threads
    from spliceai_cli.engine.scan import Scanner
    from spliceai_cli.prediction.models import Models
    from spliceai_cli.prediction.profiles import Profiles

    ensembles = _ensembles(chosen)
    models = Models([one.spec for one in ensembles])
    places = _places(chosen, reference, models)
    use_threads(chosen["threads"])
    device, memory = choose_device(chosen["device"]), chosen["memory"] or available_memory()
    scanners = [Scanner(ensemble, device, memory, chosen["precision"]) for ensemble in ensembles]
    return Profiles(places, models, scanners, chosen["min_probability"])


def open_alleles(chosen: Chosen, reference: Reference, summary: Summary) -> Alleles:
    """The alleles of ``--alt`` with the networks that predict them.

    Args:
        chosen: the options.
        reference: the FASTA.
        summary: counts the alleles.

    Raises:
        SpliceAICliError: any of VCF, regions, genes, weights or device is not as it should be.
    """
    from spliceai_cli.engine.device import available_memory, choose_device, use_threads
    from spliceai_cli.engine.engines import make_engine
    from spliceai_cli.prediction.alleles import Alleles, sights
    from spliceai_cli.prediction.models import Models
    from spliceai_cli.settings import Settings

    ensembles = _ensembles(chosen)
    models = Models([one.spec for one in ensembles])
    settings = Settings(distance=chosen["distance"])
    memory = chosen["memory"] or available_memory()
    _check_memory(ensembles, settings, memory)
    placed = _placed(chosen, reference, sights(settings.rules, models), summary)
    use_threads(chosen["threads"])
    engines = [
        make_engine(
            "incremental",
            ensemble,
            device=choose_device(chosen["device"]),
            batch_size=None,
            memory=memory,
            precision=chosen["precision"],
        )
        for ensemble in ensembles
    ]
    return Alleles(placed, engines, models, chosen["min_probability"])


def _check_memory(ensembles: Sequence[Ensemble], settings: Settings, memory: int) -> None:
    """Refuse a distance at which the largest allele would not fit, before any work starts."""
    from spliceai_cli.engine.budget import Budget
    from spliceai_cli.errors import UsageError

    longest = 2 * settings.distance + 1 + max(settings.max_allele_length, settings.max_sv_length)
    if not all(Budget(ensemble.spec, memory).fits(longest) for ensemble in ensembles):
        raise UsageError(
            f"{memory / 2**30:.1f} GB are too little for -D {settings.distance} with alleles of up to "
            f"{max(settings.max_allele_length, settings.max_sv_length):,} bp.",
            "Allow more (--memory), or lower -D.",
        )


def _ensembles(chosen: Chosen) -> tuple[Ensemble, ...]:
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.weights.models import open_chosen

    return open_chosen(chosen["models"], chosen["weights"], installed_store().home)


def _places(chosen: Chosen, reference: Reference, models: Models) -> list[Place]:
    from spliceai_cli.prediction.places import contig_places, gene_places

    strands, regions = STRANDS[chosen["strand"]], _regions(chosen)
    if not has_genes(chosen):
        return contig_places(reference, regions, strands, [chosen["context"] != "N"] * len(models.are_masked))
    genes = _genes(chosen, reference)
    if regions is not None:
        # They have to be on the reference, like regions that stand alone.
        contig_places(reference, regions, strands, [True])
        genes = [gene for gene in genes if regions.overlaps(gene.chrom, gene.start, gene.end)]
    contexts = [chosen["context"] == "genome" if chosen["context"] else not masked for masked in models.are_masked]
    return gene_places(reference, genes, strands, contexts)


def _placed(chosen: Chosen, reference: Reference, shown: Sequence[Sight], summary: Summary) -> PlacedAlleles:
    from spliceai_cli.genes.index import GeneIndex
    from spliceai_cli.plan import Planner
    from spliceai_cli.prediction.alleles import place_alleles, whole_contigs

    strands = STRANDS[chosen["strand"]]
    if has_genes(chosen):
        genes = [gene for gene in _genes(chosen, reference) if gene.strand in strands]
    else:
        genes = whole_contigs(reference.lengths, strands)
    planner = Planner(reference, GeneIndex(genes), shown)
    return place_alleles(_records(chosen), planner, reference.lengths, summary, name=chosen["alleles"])


def _records(chosen: Chosen) -> Iterator[list[Variant]]:
    """The alleles of each record that the regions let through."""
    from spliceai_cli.vcf import VcfReader
    from spliceai_cli.vcf_input import open_lines

    regions = _regions(chosen)
    with open_lines(chosen["alleles"], regions) as lines:
        for record in VcfReader(lines, chosen["alleles"]):
            if regions is None or regions.overlaps(record.chrom, record.pos - 1, max(record.last_pos, 1)):
                yield record.variants


def _regions(chosen: Chosen) -> Targets | None:
    from spliceai_cli.targets import parse_regions, read_targets

    if chosen["regions"] and chosen["bed"]:
        raise click.UsageError("--regions and --bed do not go together.")
    if chosen["bed"]:
        return read_targets(chosen["bed"], is_bed=True)
    return parse_regions(chosen["regions"]) if chosen["regions"] else None


def has_genes(chosen: Chosen) -> bool:
    """Whether genes are asked for."""
    return any(chosen[option] for option in ("annotation", "gene_names", "genes_file", "biotypes"))


def _genes(chosen: Chosen, reference: Reference) -> list[Gene]:
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.genes.resolve import BY_BUILD, resolve_annotation
    from spliceai_cli.prediction.places import named_genes

    annotation = resolve_annotation(
        chosen["annotation"] or BY_BUILD,
        reference.lengths,
        installed_store(),
        options.chosen_selection(chosen),
        is_cached=chosen["annotation_cache"],
    )
    if (annotation.rules or annotation.left_out) and not chosen["quiet"]:
        click.echo(annotation.summary(), err=True)
    names = [name.strip() for text in chosen["gene_names"] for name in text.split(",") if name.strip()]
    if chosen["gene_names"] and not names:
        raise click.UsageError("--gene names none. Was a variable empty?")
    return named_genes(annotation.genes, names, annotation.name)
