"""``spliceai-cli evaluate``: measure the accuracy of models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.accuracy_output import FORM, RELIABILITY, check_outputs, check_plot, ending, write_accuracy
from spliceai_cli.cli.annotation import chosen_annotation
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.loci import WHOLE_GENES, chosen_loci, context_option, watched_loci
from spliceai_cli.cli.numbers import WholeNumber
from spliceai_cli.cli.progress import ProgressLine, is_shown, progress
from spliceai_cli.cli.scorer import prepared_scorer
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.words import BOTH, GENOME_AROUND, N_AROUND, STRANDS

if TYPE_CHECKING:
    from spliceai_cli.evaluate.sites import Bootstrap, SiteAccuracy, SiteModel
    from spliceai_cli.models.ensemble import Ensemble
    from spliceai_cli.provenance import Provenance
    from spliceai_cli.variants.variant import Outcome

_BOOTSTRAP = (
    cloup.option(
        "--bootstrap",
        "n_resamples",
        type=WholeNumber(0, 100_000),
        default=200,
        show_default=True,
        metavar="N",
        help="Resamples for the 95 % intervals; 0 for no interval.",
    ),
    cloup.option(
        "--seed", type=WholeNumber(0), default=1, show_default=True, metavar="N", help="Seed of the resampling."
    ),
)
_EPILOG_SITES = """\b
Examples:
  spliceai-cli evaluate sites -R hg38.fa -A gencode.gtf.gz --biotypes protein_coding -r chr1,chr3
  spliceai-cli evaluate sites -R hg38.fa -A genes.gff3 --model spliceai --model RUN --plot reliability.svg
  spliceai-cli evaluate sites … --model RUN --genes RUN/test-genes.txt --matrices RUN/train-genes.txt
"""

# Row of the position weight matrices. An INFO key has no space, so no model has this name.
_MATRICES = "weight matrices"
_EPILOG_VARIANTS = """\b
Example:
  spliceai-cli evaluate variants labelled.tsv -R hg38.fa -A gencode --model spliceai --model cispliceai
"""


@cloup.group(name="evaluate")
def evaluate() -> None:
    """Measure how accurate models are, on annotated splice sites or on labelled variants."""


@evaluate.command(name="sites", epilog=_EPILOG_SITES)
@cloup.option_group(
    "Genes",
    *options.GENOME,
    *WHOLE_GENES,
    cloup.option(
        "--strand", type=click.Choice(list(STRANDS)), default=BOTH, show_default=True, help="Only genes on this strand."
    ),
    context_option(GENOME_AROUND),
)
@cloup.option_group(
    "Models",
    options.model,
    cloup.option(
        "--matrices",
        "matrix_genes",
        type=PATH,
        metavar="FILE",
        help="For comparison, position weight matrices made from these genes, which are listed as for --genes.",
    ),
)
@cloup.option_group(
    "What is written",
    *FORM,
    RELIABILITY,
    *_BOOTSTRAP,
)
@cloup.option_group(
    "Computing",
    options.device,
    options.threads,
    options.memory,
    options.kernels,
    options.precision,
    options.weights_dir,
)
@cloup.option_group("Messages", progress, options.verbose, options.quiet)
def sites(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Compare predicted splice sites with those of an annotation.

    Acceptors are the first bases of all exons except a transcript's first, donors the last bases of all except its
    last; every other base of a gene is not a site. Prints top-k accuracy and PR-AUC with intervals from resampled
    genes, the calibration, and the accuracy by strength of the site and by biotype.
    """
    check_outputs(params)
    check_plot(params)

    from spliceai_cli.evaluate.open import open_matrices, open_scanners
    from spliceai_cli.evaluate.sites import evaluate_sites
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.provenance import Provenance

    use_threads(params["threads"], is_verbose=params["verbose"])
    reference = Reference(params["reference"])
    annotation = chosen_annotation(params, reference)
    loci = chosen_loci(params, annotation, reference, STRANDS[params["strand"]])
    ensembles, compute = _models(params)
    models: dict[str, SiteModel] = {**open_scanners(ensembles, compute, params["precision"])}
    choices = {name: params[name] for name in ("context", "strand", "precision", "n_resamples", "seed")}
    if params["matrix_genes"]:
        others = chosen_annotation({**params, "genes_file": params["matrix_genes"]}, reference)
        models[_MATRICES] = open_matrices(others.genes, reference)
        choices["matrices"] = others.origin["genes"]
    with watched_loci(params, loci) as watch:
        accuracies = evaluate_sites(
            models,
            loci,
            reference,
            is_alone=params["context"] == N_AROUND,
            bootstrap=_bootstrap(params),
            watch=watch,
        )
    provenance = Provenance(tuple(ensemble.identity for ensemble in ensembles), annotation.origin, choices)
    _write_sites(params, accuracies, provenance)


def _models(params: Mapping[str, Any]) -> tuple[Sequence[Ensemble], Compute]:
    """The models of ``--model``, and how to compute."""
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.models.open import open_chosen

    home = installed_store().home
    compute = Compute(
        device=params["device"],
        memory=params["memory"] or None,
        kernels=params["kernels"],
        weights=params["weights"],
        home=home,
    )
    return open_chosen(params["models"], compute.weights, home), compute


def _write_sites(params: Mapping[str, Any], accuracies: Sequence[SiteAccuracy], provenance: Provenance) -> None:
    from spliceai_cli.evaluate.text import site_tables, to_json

    write_accuracy(params, site_tables(accuracies), lambda: to_json(accuracies, provenance.together()))
    if params["plot"]:
        from spliceai_cli.evaluate.picture import draw_reliability
        from spliceai_cli.files.output import Output

        with Output(params["plot"], "v", label="picture") as file:
            file.write(draw_reliability(accuracies, ending(params["plot"])))


@evaluate.command(name="variants", epilog=_EPILOG_VARIANTS)
@cloup.argument(
    "labelled",
    type=LocalPath(Path),
    metavar="TABLE",
    help="Separated by tabs or commas, with a header: chrom, pos, ref, alt, and a label of 1 or 0.",
)
@cloup.option_group(
    "Labels",
    cloup.option(
        "--label",
        default="label",
        show_default=True,
        metavar="COLUMN",
        help="Column of the labels. 1: affects splicing.",
    ),
    cloup.option("--gene", metavar="COLUMN", help="Column of the gene whose scores count.  [default: all genes]"),
)
@cloup.option_group("Genome and genes", *options.GENOME)
@cloup.option_group("Scores", *options.SCORES)
@cloup.option_group("What is written", *FORM, *_BOOTSTRAP)
@cloup.option_group("Computing", *options.COMPUTING)
@cloup.option_group("Messages", progress, options.verbose, options.quiet)
def variants(labelled: Path, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Compare scores of variants with their labels.

    A variant's score is the largest change that a model reports, of whatever kind. Prints PR-AUC and AUROC with
    intervals from resampled variants, and sensitivity, specificity and precision at 0.2, 0.5, 0.8 and Youden's cut-off,
    the one with the largest sum of sensitivity and specificity. Variants without a score are counted by reason and
    left out.
    """
    check_outputs({**params, "labelled": labelled})

    from spliceai_cli.evaluate.labelled import read_labelled
    from spliceai_cli.evaluate.text import to_json, variant_tables
    from spliceai_cli.evaluate.variants import evaluate_variants

    cases = read_labelled(labelled, params["label"], params["gene"])
    scorer = prepared_scorer(params)()

    def place(outcome: Outcome) -> Callable[[], str]:
        return lambda: f"{outcome.variant.chrom}:{outcome.variant.pos:,}"

    with closing(ProgressLine("variants", shown=is_shown(params))) as line:
        accuracies = evaluate_variants(
            scorer,
            cases,
            bootstrap=_bootstrap(params),
            watch=lambda outcome, n: line.move(place(outcome), n, n / len(cases)),
        )
    write_accuracy(params, variant_tables(accuracies), lambda: to_json(accuracies, scorer.provenance.together()))


def _bootstrap(params: Mapping[str, Any]) -> Bootstrap:
    from spliceai_cli.evaluate.sites import Bootstrap

    return Bootstrap(params["n_resamples"], params["seed"])
