"""Provenance of base-by-base values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spliceai_cli.genome.regions import RegionsFile
from spliceai_cli.predict.open import Inputs
from spliceai_cli.predict.request import RegionRequest, Request
from spliceai_cli.provenance import Provenance


def provenance_of_tracks(
    inputs: Inputs, request: Request, min_probability: float, columns: Sequence[str]
) -> Provenance:
    """Everything that determines the values, under the names of ``provenance_of`` where it has them.

    Args:
        inputs: genome, genes and networks that the values are predicted with.
        request: the contigs, regions, genes or alleles asked for.
        min_probability: smaller probabilities are left out.
        columns: names of the columns.
    """
    annotation = inputs.annotation
    genes = {"annotation": Path(annotation.name).name, **annotation.origin} if annotation is not None else {}
    models = tuple(ensemble.identity for ensemble in inputs.ensembles)
    choices = _choices(inputs, request, min_probability)
    return Provenance(models, genes, {**choices, "columns": list(columns)})


def _choices(inputs: Inputs, request: Request, min_probability: float) -> dict[str, object]:
    settings, regions = inputs.settings, request.regions
    shared: dict[str, object] = {
        "reference": Path(inputs.reference.path).name,
        "regions": regions.path.name if isinstance(regions, RegionsFile) else list(regions) or None,
        "gene_names": list(request.gene_names or ()) or None,
        "strand": request.strand,
        "min_probability": min_probability,
        "precision": settings.precision,
    }
    if isinstance(request, RegionRequest):
        return {**shared, "context": request.context}
    return {
        **shared,
        "vcf": Path(request.vcf).name,
        "distance": settings.distance,
        "max_allele_length": settings.max_allele_length,
        "max_sv_length": settings.max_sv_length,
    }
