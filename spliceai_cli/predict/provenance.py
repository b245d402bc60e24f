"""Provenance of base-by-base values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spliceai_cli.predict.open import Inputs
from spliceai_cli.predict.request import RegionRequest, Request, TargetsFile
from spliceai_cli.provenance import Provenance
from spliceai_cli.settings import TrackSettings


def provenance_of_tracks(
    inputs: Inputs, request: Request, min_probability: float, columns: Sequence[str]
) -> Provenance:
    """Everything that determines the values, under the names that the header of ``annotate`` uses, where it has them.

    Args:
        inputs: genome, genes and networks that the values are predicted with.
        request: the contigs, regions, genes or alleles asked for.
        min_probability: smaller probabilities are left out.
        columns: names of the columns.

    Raises:
        UsageError: ``min_probability`` is out of range.
    """
    annotation = inputs.annotation
    genes = {"Annotation": Path(annotation.name).name, **annotation.origin} if annotation is not None else {}
    models = tuple(ensemble.identity for ensemble in inputs.ensembles)
    choices = _choices(inputs, request, min_probability)
    return Provenance(models, genes, {**choices, "Columns": list(columns)})


def _choices(inputs: Inputs, request: Request, min_probability: float) -> dict[str, object]:
    settings = TrackSettings(
        distance=inputs.settings.distance,
        strand=request.strand,
        context=request.context if isinstance(request, RegionRequest) else None,
        min_probability=min_probability,
        precision=inputs.settings.precision,
    )
    regions = request.regions
    shared: dict[str, object] = {
        "Reference": Path(inputs.reference.path).name,
        "Regions": regions.name if isinstance(regions, (Path, TargetsFile)) else list(regions) or "all",
        "GeneNames": list(request.gene_names or ()),
        "Strand": settings.strand,
        "MinProbability": settings.min_probability,
        "Precision": settings.precision,
    }
    if isinstance(request, RegionRequest):
        return {**shared, "Context": settings.context or "default"}
    return {
        **shared,
        "Alleles": Path(request.vcf).name,
        "Distance": settings.distance,
        "MaxAlleleLength": inputs.settings.max_allele_length,
        "MaxSVLength": inputs.settings.max_sv_length,
    }
