"""``spliceai-cli calibrate``: fit a model's temperature."""

from __future__ import annotations

from typing import Any

import click
import cloup

from spliceai_cli.cli import completion, options
from spliceai_cli.cli.annotation import chosen_annotation
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import ProgressLine, is_shown, progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.settings.words import CONTEXTS, MODEL_NAMES, N_AROUND

_EPILOG = """\b
Example:
  spliceai-cli calibrate RUN -R hg38.fa -A gencode.gtf.gz --genes RUN/validation-genes.txt -O calibrated.safetensors
"""


@cloup.command(name="calibrate", epilog=_EPILOG)
@cloup.argument("model", type=PATH, shell_complete=completion.models, help="Model, as --model takes it.")
@cloup.option_group(
    "Genes",
    *options.GENOME,
    *region_options("Only genes entirely within these regions.", "Only genes entirely within this file's regions."),
    cloup.option(
        "--context",
        type=click.Choice(CONTEXTS),
        default=N_AROUND,
        show_default=True,
        help="What the networks see around a gene.",
    ),
)
@cloup.option_group(
    "What is written",
    output("The safetensors file to write, which --model takes.", metavar="FILE"),
    cloup.option("--key", metavar="KEY", help="Name and INFO key of the result.  [default: that of MODEL and _cal]"),
)
@cloup.option_group("Computing", options.device, options.threads)
@cloup.option_group("Messages", progress, options.verbose, options.quiet)
def calibrate(model: str, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Fit the temperature of a model, so that about 70 % of the positions with a probability of 0.7 are sites.

    Logits are divided by one number, which is folded into the weights that are written. Choose genes that the model was
    not trained with, and others than those that it is tested on.
    """
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.engine.device import choose_device
    from spliceai_cli.evaluate.open import check_sites, choose_loci
    from spliceai_cli.files.output import Output, check_distinct
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.models.info_keys import check_key
    from spliceai_cli.models.open import open_model
    from spliceai_cli.train import calibrate as fit

    check_distinct(params["target"], files_read({**params, "model": model}))
    use_threads(params["threads"], is_verbose=params["verbose"])
    ensemble = open_model(model, installed_store().home)
    check_sites(ensemble.spec)
    key = params["key"] or f"{ensemble.spec.key}_cal"
    check_key(key)
    if key.lower() in MODEL_NAMES:
        raise click.UsageError(f"--key {key} is the name of a published model; choose another.")
    reference = Reference(params["reference"])
    annotation = chosen_annotation(params, reference)
    is_alone = params["context"] == N_AROUND
    loci = choose_loci(
        annotation.genes,
        reference,
        regions=chosen_regions(params) or chosen_targets(params),
        strands="+-",
        is_alone=is_alone,
    )
    warn_of_left_parts([params["target"]])
    n_positions = sum(locus.interval.length for locus in loci)
    line = ProgressLine("positions", shown=is_shown(params))
    try:
        sample = fit.sample_logits(
            ensemble,
            loci,
            reference,
            is_alone=is_alone,
            device=choose_device(params["device"]),
            watch=lambda locus, n: line.move(lambda: f"{locus.chrom}:{locus.interval.start + 1:,}", n, n / n_positions),
        )
    finally:
        line.close()
    found = fit.calibrate(sample)
    if found.is_limit:
        say_warning(
            f"{ensemble.spec.name} fits these genes best at a temperature beyond the limit; they may be too few."
        )
    weights = fit.at_temperature(ensemble, found.temperature, key)
    with results_to_stdout(), Output(params["target"], "v", label="weights") as file:
        file.write(weights.to_safetensors())
    say(f"temperature {found.temperature:.3f}; loss {found.before:.6f} before, {found.after:.6f} after; INFO/{key}")
