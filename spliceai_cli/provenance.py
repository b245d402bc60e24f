"""What scores were made with: everything that can change one, so that equal input and origin give equal bytes."""

from __future__ import annotations

from spliceai_cli import __version__
from spliceai_cli.scorer import Scorer
from spliceai_cli.vcf.fields import PROVENANCE_KEY


def origin(scorer: Scorer, model: int = 0) -> dict[str, str | int]:
    """Our version and all that can change a score of a model, by the names that the header uses."""
    settings, ensemble = scorer.settings, scorer.models[model]
    return {
        "Version": __version__,
        "Model": ensemble.spec.name,
        "WeightsSHA256": ensemble.sha256,
        "NetworkSHA256": ensemble.spec.sha256,
        **scorer.annotation.origin,
        "Distance": settings.distance,
        "Mask": settings.mask,
        "MaxAlleleLength": settings.max_allele_length,
        "MaxSVLength": settings.max_sv_length,
        "Normalize": str(settings.normalize).lower(),
        "Compat": settings.compat or "none",
        "Precision": settings.precision,
    }


def header_lines(scorer: Scorer) -> tuple[str, ...]:
    """Our own header lines, one for each model.

    With an ID, that of the INFO field, and quoted values, as VCF 4.3 wants structured lines; htslib keeps those when it
    merges headers.
    """
    return tuple(_header_line(ensemble.spec.key, origin(scorer, i)) for i, ensemble in enumerate(scorer.models))


def _header_line(key: str, values: dict[str, str | int]) -> str:
    quoted = (f'{name}="{value}"' for name, value in values.items())
    return f"##{PROVENANCE_KEY}=<ID={key},{','.join(quoted)}>"
