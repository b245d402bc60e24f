"""SpliceAI delta scores for every variant of a VCF.

Public names are resolved on first use, so that ``import spliceai_cli`` and ``--help`` load nothing that computes.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from spliceai_cli.provenance import __version__ as __version__

if TYPE_CHECKING:
    from spliceai_cli.errors import SpliceAICliError
    from spliceai_cli.genes.selection import Selection
    from spliceai_cli.notation.text import parse_variant
    from spliceai_cli.predict.model import Model, load_model
    from spliceai_cli.predict.predictor import Predictor
    from spliceai_cli.predict.tracks import Tracks
    from spliceai_cli.report.frames import to_frame
    from spliceai_cli.report.plot.plot import plot
    from spliceai_cli.scorer import Scorer
    from spliceai_cli.scores.consequence import Consequence, ExonInclusion
    from spliceai_cli.scores.effect import Effect
    from spliceai_cli.scores.sites import DeltaScore
    from spliceai_cli.scores.tissues import TissueScore
    from spliceai_cli.scoring.profile import Profile
    from spliceai_cli.settings.compute import Compute
    from spliceai_cli.settings.consequence import ConsequenceSettings
    from spliceai_cli.settings.scoring import Settings, TrackSettings
    from spliceai_cli.tracks.rows import Rows
    from spliceai_cli.variants.variant import Outcome, SkipReason, Structure, Variant

_HOME_OF = {
    "Compute": "settings.compute",
    "Consequence": "scores.consequence",
    "ConsequenceSettings": "settings.consequence",
    "DeltaScore": "scores.sites",
    "Effect": "scores.effect",
    "ExonInclusion": "scores.consequence",
    "Model": "predict.model",
    "Outcome": "variants.variant",
    "Predictor": "predict.predictor",
    "Profile": "scoring.profile",
    "Rows": "tracks.rows",
    "Scorer": "scorer",
    "Selection": "genes.selection",
    "Settings": "settings.scoring",
    "SkipReason": "variants.variant",
    "SpliceAICliError": "errors",
    "Structure": "variants.variant",
    "TissueScore": "scores.tissues",
    "TrackSettings": "settings.scoring",
    "Tracks": "predict.tracks",
    "Variant": "variants.variant",
    "load_model": "predict.model",
    "parse_variant": "notation.text",
    "plot": "report.plot.plot",
    "to_frame": "report.frames",
}

__all__ = [
    "Compute",
    "Consequence",
    "ConsequenceSettings",
    "DeltaScore",
    "Effect",
    "ExonInclusion",
    "Model",
    "Outcome",
    "Predictor",
    "Profile",
    "Rows",
    "Scorer",
    "Selection",
    "Settings",
    "SkipReason",
    "SpliceAICliError",
    "Structure",
    "TissueScore",
    "TrackSettings",
    "Tracks",
    "Variant",
    "load_model",
    "parse_variant",
    "plot",
    "to_frame",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (module attribute hook, PEP 562)
    if name not in _HOME_OF:
        raise AttributeError(f"module 'spliceai_cli' has no attribute '{name}'")
    return getattr(importlib.import_module(f"spliceai_cli.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
