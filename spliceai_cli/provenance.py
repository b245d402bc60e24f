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

# Words of names that the header writes in capitals.
_ABBREVIATIONS = frozenset({"id", "sha256", "sv"})


@dataclass(frozen=True)
class Provenance:
    """Everything that scores or probabilities were made with; every output that shows provenance is derived from it.

    The FASTA is not part of it, because the records already contain its bases.

    Attributes:
        models: the models, in the order requested.
        genes: the facts about the annotation that can change a score, see ``Annotation.origin``; empty without genes.
        choices: settings, under the names and with the values that JSON has.
        version: version of this program.
    """

    models: tuple[ModelIdentity, ...]
    genes: Mapping[str, object]
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
        return [{"version": self.version, **_model_facts(model), **self.genes, **self.choices} for model in self.models]

    def together(self) -> dict[str, object]:
        """All facts once, with a list of the models."""
        return {"version": self.version, "models": [*map(_model_facts, self.models)], **self.genes, **self.choices}

    def cache_key(self) -> str:
        """A digest of all facts. Equal keys mean equal scores for the same variant on the same sequence."""
        return hashlib.sha256(json.dumps(self.together(), sort_keys=True).encode()).hexdigest()


def provenance_of(settings: Settings, models: Sequence[ModelIdentity], genes: Mapping[str, object]) -> Provenance:
    """The provenance of scores.

    Args:
        settings: the settings that can change a score.
        models: the models that score, in order.
        genes: the facts about the annotation that can change a score.
    """
    choices: dict[str, object] = {
        "distance": settings.distance,
        "mask": settings.mask,
        "max_allele_length": settings.max_allele_length,
        "max_sv_length": settings.max_sv_length,
        "normalize": settings.normalize,
        "compat": settings.compat,
        "precision": settings.precision,
    }
    return Provenance(tuple(models), genes, choices)


def header_facts(facts: Mapping[str, object]) -> dict[str, str]:
    """Facts under the names and with the texts of the VCF header; the model's key is its ID there.

    >>> header_facts({"model_name": "spliceai", "max_sv_length": 9, "genes_sha256": "c", "normalize": False})
    {'Model': 'spliceai', 'MaxSVLength': '9', 'GenesSHA256': 'c', 'Normalize': 'false'}
    """
    return {_header_name(name): _header_text(value) for name, value in facts.items() if name != "model_key"}


def _model_facts(model: ModelIdentity) -> dict[str, object]:
    return {
        "model_name": model.name,
        "model_key": model.key,
        "weights_sha256": model.weights_sha256,
        "network_sha256": model.network_sha256,
    }


def _header_line(model: ModelIdentity, facts: Mapping[str, object]) -> str:
    quoted = (f'{name}="{text}"' for name, text in header_facts(facts).items())
    return f"##{PROVENANCE_KEY}=<ID={model.key},{','.join(quoted)}>"


def _header_name(name: str) -> str:
    """``max_sv_length`` -> ``MaxSVLength``; ``model_name`` is ``Model``."""
    words = name.removesuffix("_name").split("_")
    return "".join(word.upper() if word in _ABBREVIATIONS else word.capitalize() for word in words)


def _header_text(value: object) -> str:
    """A value as the header writes it: ``false`` for False, ``none`` for None."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
