"""What scores were made with: everything that can change one, so that equal input and origin give equal bytes."""

from __future__ import annotations

from spliceai_cli import __version__, info
from spliceai_cli.scorer import Scorer


def origin(scorer: Scorer) -> dict[str, str | int]:
    """Our version and all that can change a score, by the names that the header uses."""
    settings = scorer.settings
    return {
        "Version": __version__,
        "Model": scorer.ensemble.spec.name,
        "WeightsSHA256": scorer.ensemble.sha256,
        **scorer.annotation.origin,
        "Distance": settings.distance,
        "Mask": settings.mask,
        "MaxAlleleLength": settings.max_allele_length,
        "MaxSVLength": settings.max_sv_length,
        "Normalize": str(settings.normalize).lower(),
        "Compat": settings.compat or "none",
        "Precision": settings.precision,
    }


def header_value(scorer: Scorer) -> str:
    """Value of our own header line.

    With an ID and quoted values, as VCF 4.3 wants structured lines; htslib keeps those when it merges headers.
    """
    values = (f'{key}="{value}"' for key, value in origin(scorer).items())
    return f"<ID={info.KEY},{','.join(values)}>"
