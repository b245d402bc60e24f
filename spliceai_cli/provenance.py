"""What scores were made with: all that can change one, so that equal input and provenance give equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spliceai_cli.models.spec import ModelIdentity
from spliceai_cli.settings import Settings

__version__ = "0.1.0"

#: Key of our own header line.
PROVENANCE_KEY = "spliceai-annotate"


@dataclass(frozen=True)
class Provenance:
    """What made scores or probabilities; what is written of it anywhere is a view of this.

    The FASTA is no part of it: its bases stand in the records.

    Attributes:
        models: in the order asked for.
        genes: what of the annotation can change a score, see ``Annotation.origin``; empty without genes.
        choices: settings, by the names that are written.
        version: ours.
    """

    models: tuple[ModelIdentity, ...]
    genes: Mapping[str, str]
    choices: Mapping[str, object]
    version: str = __version__

    def header_lines(self) -> tuple[str, ...]:
        """Lines of a VCF header, one for each model.

        With an ID, that of the INFO field, and quoted values, as VCF 4.3 wants structured lines; htslib keeps those
        when it merges headers.
        """
        return tuple(map(_header_line, self.models, self.by_model()))

    def by_model(self) -> list[dict[str, object]]:
        """All facts of each model by itself."""
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
        """All facts, the models side by side."""
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
        """A digest of all facts: scores of the same variant on the same sequence are the same where it is."""
        return hashlib.sha256(json.dumps(self.together(), sort_keys=True).encode()).hexdigest()


def provenance_of(settings: Settings, models: Sequence[ModelIdentity], genes: Mapping[str, str]) -> Provenance:
    """The provenance of scores.

    Args:
        settings: what can change a score.
        models: that score.
        genes: what of the annotation can change one.
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
