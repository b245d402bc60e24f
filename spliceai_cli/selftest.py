"""Test of a machine against variants whose scores are known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import as_file, files

from spliceai_cli.engine.device import choose_device
from spliceai_cli.engine.kernels import native_kernels
from spliceai_cli.errors import SelftestError
from spliceai_cli.scorer import Scorer
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import SITES
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.variants.variant import Variant

# Float rounding moved scores by at most 2e-6 between the machines tried; TF32 moves them by 1e-3.
_TOLERANCE = 1e-5


def check_known_answers(compute: Compute) -> Iterator[str]:
    """Score the variants of ``resources/selftest.json``; yields the kernels, one line per variant, then a verdict.

    The file says how its scores were made. They are unrounded, so that a device of lower precision is detected even
    where the printed score is the same.

    Raises:
        SelftestError: a score is off by more than 1e-5, or is at a different position.
    """
    folder = files("spliceai_cli") / "resources"
    answers = json.loads((folder / "selftest.json").read_text("utf-8"))
    with ExitStack() as stack:
        # The folder as a whole, because the FASTA's index has to lie beside the FASTA.
        path = stack.enter_context(as_file(folder))
        scorer = Scorer(
            reference=path / "selftest.fa",
            annotation=path / "selftest.genes.txt",
            settings=Settings(distance=answers["distance"]),
            compute=compute,
        )
        device = choose_device(compute.device)
        kernels = native_kernels(scorer.models[0].spec, device, scorer.settings.precision, compute.kernels)
        yield f"kernels\t{kernels}"
        variants = [Variant(*case["variant"]) for case in answers["cases"]]
        largest, n_wrong = 0.0, 0
        for case, outcome in zip(answers["cases"], scorer.score(variants), strict=True):
            score = next((candidate for candidate in outcome.scores if candidate.kind is SITES), None)
            difference = _difference(case, score)
            largest = max(largest, difference)
            n_wrong += difference > _TOLERANCE
            verdict = "ok" if difference <= _TOLERANCE else "WRONG"
            yield f"{verdict}\t{outcome.variant}\t{score or outcome.reason}\tdifference {difference:.1e}"
    if n_wrong:
        raise SelftestError(
            f"{n_wrong} of {len(variants)} known answers differ by more than {_TOLERANCE:g} (largest {largest:.1e}).",
            "Do not use scores from this device. Try --device cpu; check driver and PyTorch build.",
        )
    yield f"{len(variants)} known answers agree within {_TOLERANCE:g} (largest difference {largest:.1e})"


def _difference(case: dict[str, list[float]], score: Score | None) -> float:
    """Largest difference of the four scores; infinite if the score is missing or a nonzero one has moved."""
    if score is None or score.is_missing:
        return float("inf")
    pairs = list(zip(score.effects, case["scores"], case["offsets"], strict=True))
    if any(abs(effect.offset - offset) > 0 for effect, expected, offset in pairs if round(expected, 2) > 0):
        return float("inf")
    return max(abs(effect.score - expected) for effect, expected, _ in pairs)
