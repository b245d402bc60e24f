"""Makes the scorer that the options describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spliceai_cli.cli import options
from spliceai_cli.cli.consequence_options import chosen_consequence
from spliceai_cli.cli.messages import say_warning
from spliceai_cli.cli.notes import say_chosen
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.cli.workers import chosen_workers
from spliceai_cli.settings import Compute, Settings

if TYPE_CHECKING:
    from spliceai_cli.scorer import Scorer


def open_scorer(chosen: Mapping[str, Any]) -> Scorer:
    """Make the scorer that ``options.GENOME``, ``SCORES``, ``COMPUTING``, ``verbose`` and ``quiet`` describe.

    With ``--auto-install``, installs missing weights first. Summarizes the genes chosen from the annotation on stderr.

    Raises:
        SpliceAICliError: the reference, annotation, weights or device cannot be used.
    """
    from spliceai_cli.cli.weights import install_missing, installed_store
    from spliceai_cli.scorer import Scorer

    use_threads(chosen["threads"], is_verbose=chosen["verbose"])
    store = installed_store()
    if chosen["auto_install"]:
        install_missing(chosen["models"])
    scorer = Scorer(
        reference=chosen["reference"],
        annotation=chosen["annotation"],
        selection=options.chosen_selection(chosen),
        settings=Settings(
            models=chosen["models"],
            distance=chosen["distance"],
            mask=int(chosen["mask"]),
            compat=chosen["compat"],
            max_allele_length=chosen["max_allele_length"],
            max_sv_length=chosen["max_sv_length"],
            normalize=chosen["normalize"],
            precision=chosen["precision"],
        ),
        compute=Compute(
            device=chosen["device"],
            batch_size=chosen["batch_size"],
            memory=chosen["memory"],
            engine=chosen["engine"],
            kernels=chosen["kernels"],
            weights=chosen["weights"],
            home=store.home,
            annotation_cache=chosen["annotation_cache"],
            **chosen_workers(chosen),
        ),
        consequence=chosen_consequence(chosen),
        allow_foreign_genes=chosen["allow_foreign_genes"],
        warn=say_warning,
    )
    say_chosen(scorer.annotation)
    return scorer
