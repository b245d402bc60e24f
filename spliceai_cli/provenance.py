"""Provenance: everything that can change a score, so that equal input and equal provenance give equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spliceai_cli.models.spec import ModelIdentity
from spliceai_cli.settings import Settings

__version__ = "0.1.0"

#: Key of the VCF header line that this program writes.
PROVENANCE_KEY = "spliceai-annotate"


@dataclass(frozen=True)
class Provenance:
    """Everything that scores or probabilities were made with; every output that shows provenance is derived from it.

    The FASTA is not part of it, because the records already contain its bases.

    Attributes:
        models: the models, in the order requested.
        genes: the facts about the annotation that can change a score, see ``Annotation.origin``; empty without genes.
        choices: settings, under the names used in the output.
        version: version of this program.
    """

    models: tuple[ModelIdentity, ...]
    genes: Mapping[str, str]
    choices: Mapping[str, object]
    version: str = __version__

    def header_lines(self) -> tuple[str, ...]:
        """VCF header lines, one per model.

        Each line has an ID, which is that of the INFO field, and quoted values: VCF 4.3 requires both of structured
        lines, and htslib keeps such lines when it merges headers.
        """
        return tuple(map(_header_line, self.models, self.by_model()))

    def by_model(self) -> list[dict[str, object]]:
        """All facts, repeated for each model."""
        return [
            {
                "Version": self.version,
                "Model": model.name,
                "WeightsSHA256": model.weights_sha256,
                "NetworkSHA256": model.network_sha256,
                **self.genes,
                **self.choices,
            }
            for model in self.models
        ]

    def together(self) -> dict[str, object]:
        """All facts once, with a list of the models."""
        models = [
            {
                "Model": model.name,
                "Key": model.key,
                "WeightsSHA256": model.weights_sha256,
                "NetworkSHA256": model.network_sha256,
            }
            for model in self.models
        ]
        return {"Version": self.version, "Models": models, **self.genes, **self.choices}

    def cache_key(self) -> str:
        """A digest of all facts. Equal keys mean equal scores for the same variant on the same sequence."""
        return hashlib.sha256(json.dumps(self.together(), sort_keys=True).encode()).hexdigest()


def provenance_of(settings: Settings, models: Sequence[ModelIdentity], genes: Mapping[str, str]) -> Provenance:
    """The provenance of scores.

    Args:
        settings: the settings that can change a score.
        models: the models that score, in order.
        genes: the facts about the annotation that can change a score.
    """
    choices: dict[str, object] = {
        "Distance": settings.distance,
        "Mask": settings.mask,
        "MaxAlleleLength": settings.max_allele_length,
        "MaxSVLength": settings.max_sv_length,
        "Normalize": str(settings.normalize).lower(),
        "Compat": settings.compat or "none",
        "Precision": settings.precision,
    }
    return Provenance(tuple(models), genes, choices)


def _header_line(model: ModelIdentity, facts: Mapping[str, object]) -> str:
    quoted = (f'{name}="{value}"' for name, value in facts.items())
    return f"##{PROVENANCE_KEY}=<ID={model.key},{','.join(quoted)}>"
