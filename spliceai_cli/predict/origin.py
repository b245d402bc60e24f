"""What probabilities were made with, for the file beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from spliceai_cli import __version__
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.network import Ensemble
from spliceai_cli.predict.request import AlleleRequest, Request
from spliceai_cli.settings import Settings


def origin_json(
    ensembles: Sequence[Ensemble], annotation: Annotation | None, chosen: Mapping[str, object], columns: Sequence[str]
) -> bytes:
    """Our version and all that decides the values, as JSON.

    Args:
        ensembles: of the models.
        annotation: of the genes; None without.
        chosen: settings, by name.
        columns: of the values.
    """
    models = [
        {
            "Model": one.spec.name,
            "Key": one.spec.key,
            "WeightsSHA256": one.sha256,
            "NetworkSHA256": one.spec.sha256,
        }
        for one in ensembles
    ]
    genes = {"Annotation": Path(annotation.name).name, **annotation.origin} if annotation is not None else {}
    found = {"Version": __version__, "Models": models, **genes, **chosen, "Columns": list(columns)}
    return json.dumps(found, indent=2).encode() + b"\n"


def chosen_of(request: Request, reference: Reference, settings: Settings, min_probability: float) -> dict[str, object]:
    """What else decides the values, by the names that the header of ``annotate`` uses where it has them."""
    regions = request.regions
    found: dict[str, object] = {
        "Reference": Path(reference.path).name,
        "Regions": regions.name if isinstance(regions, Path) else list(regions) or "all",
        "GeneNames": list(request.gene_names or ()),
        "Strand": request.strand,
        "MinProbability": min_probability,
        "Precision": settings.precision,
    }
    if not isinstance(request, AlleleRequest):
        return {**found, "Context": request.context or "default"}
    return {
        **found,
        "Alleles": Path(request.vcf).name,
        "Distance": settings.distance,
        "MaxAlleleLength": settings.max_allele_length,
        "MaxSVLength": settings.max_sv_length,
    }
