"""Makes the scorer that the options describe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import chosen_consequence
from spliceai_cli.cli.messages import say_warning
from spliceai_cli.cli.notes import say_chosen
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.cli.workers import chosen_workers
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings

if TYPE_CHECKING:
    from spliceai_cli.scorer import Scorer


def prepared_scorer(params: Mapping[str, Any]) -> Callable[[], Scorer]:
    """Check ``options.GENOME``, ``SCORES``, ``COMPUTING``, ``verbose`` and ``quiet``, without loading PyTorch.

    Args:
        params: the parameters of the command.

    Returns:
        A function that makes the scorer which these options describe. With ``--auto-install`` it installs missing
        weights first. It summarizes the genes chosen from the annotation on stderr.

    Raises:
        SpliceAICliError: options are wrong, or files of names cannot be read; from the function: the reference,
            annotation, weights or device cannot be used.
    """
    from spliceai_cli.cli.weights import install_missing

    consequence = chosen_consequence(params)
    selection = options.chosen_selection(params)
    settings, compute = _settings(params), _compute(params)

    def open_scorer() -> Scorer:
        from spliceai_cli.scorer import Scorer

        use_threads(params["threads"], is_verbose=params["verbose"])
        if params["auto_install"]:
            install_missing(params["models"])
        scorer = Scorer(
            reference=params["reference"],
            annotation=params["annotation"],
            selection=selection,
            settings=settings,
            compute=compute,
            consequence=consequence,
            allow_foreign_genes=params["allow_foreign_genes"],
            warn=say_warning,
        )
        say_chosen(scorer.annotation)
        return scorer

    return open_scorer


def _settings(params: Mapping[str, Any]) -> Settings:
    return Settings(
        models=params["models"],
        distance=params["distance"],
        mask=int(params["mask"]),
        compat=params["compat"],
        max_allele_length=params["max_allele_length"],
        max_sv_length=params["max_sv_length"],
        normalize=params["normalize"],
        precision=params["precision"],
    )


def _compute(params: Mapping[str, Any]) -> Compute:
    from spliceai_cli.cli.weights import installed_store

    return Compute(
        device=params["device"],
        batch_size=params["batch_size"],
        memory=params["memory"],
        engine=params["engine"],
        kernels=params["kernels"],
        weights=params["weights"],
        home=installed_store().home,
        annotation_cache=params["annotation_cache"],
        **chosen_workers(params),
    )
