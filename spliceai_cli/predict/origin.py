"""What probabilities were made with, for the file beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from spliceai_cli import __version__
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.models.network import Ensemble


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
