"""``spliceai-cli calibrate``: fit a model's temperature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import completion, options
from spliceai_cli.cli.annotation import chosen_annotation
from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
from spliceai_cli.cli.loci import WHOLE_GENES, chosen_loci, context_option, watched_loci
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.progress import progress
from spliceai_cli.cli.stdout import results_to_stdout
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.settings.words import BOTH, MODEL_NAMES, N_AROUND, STRANDS

if TYPE_CHECKING:
    from spliceai_cli.models.ensemble import Ensemble

_EPILOG = """\b
Example:
  spliceai-cli calibrate RUN -R hg38.fa -A gencode.gtf.gz --genes RUN/validation-genes.txt -O calibrated.safetensors
"""


@cloup.command(name="calibrate", epilog=_EPILOG)
@cloup.argument("model", type=PATH, shell_complete=completion.models, help="Model, as --model takes it.")
@cloup.option_group(
    "Genes",
    *options.GENOME,
    *WHOLE_GENES,
    context_option(N_AROUND),
)
@cloup.option_group(
    "What is written",
    output("The safetensors file to write, which --model takes.", metavar="FILE"),
    cloup.option("--key", metavar="KEY", help="Name and INFO key of the result.  [default: that of MODEL and _cal]"),
)
@cloup.option_group("Computing", options.device, options.threads)
@cloup.option_group("Messages", progress, options.verbose, options.quiet)
def calibrate(model: str, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Fit the temperature of a model to annotated splice sites.

    All logits are divided by one number, so that, as far as one number can do it, about 70 % of the positions with a
    probability of 0.7 are sites. It is folded into the weights that are written. Choose genes on which the model was
    not trained and will not be tested.
    """
    from spliceai_cli.engine.device import choose_device
    from spliceai_cli.files.output import Output
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.train.calibrate import at_temperature, fit_temperature, sample_logits

    ensemble, key = _opened(model, params)
    use_threads(params["threads"], is_verbose=params["verbose"])
    reference = Reference(params["reference"])
    loci = chosen_loci(params, chosen_annotation(params, reference), reference, STRANDS[BOTH])
    warn_of_left_parts([params["target"]])
    with watched_loci(params, loci) as watch:
        sample = sample_logits(
            ensemble,
            loci,
            reference,
            is_alone=params["context"] == N_AROUND,
            device=choose_device(params["device"]),
            watch=watch,
        )
    fit = fit_temperature(sample)
    if fit.is_limit:
        say_warning(
            f"{ensemble.spec.name} fits these genes best at a temperature beyond the limit; they may be too few."
        )
    weights = at_temperature(ensemble, fit.temperature, key)
    with results_to_stdout(), Output(params["target"], "v", label="weights") as file:
        file.write(weights.to_safetensors())
    say(f"temperature {fit.temperature:.3f}; loss {fit.before:.6f} before, {fit.after:.6f} after; INFO/{key}")


def _opened(model: str, params: Mapping[str, Any]) -> tuple[Ensemble, str]:
    """The model, and the INFO key of the result."""
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.evaluate.open import check_sites
    from spliceai_cli.files.output import check_distinct, check_place
    from spliceai_cli.models.info_keys import check_key
    from spliceai_cli.models.open import open_model

    target = params["target"]
    check_distinct(target, files_read({**params, "model": model}))
    check_place(target, label="weights")
    ensemble = open_model(model, installed_store().home)
    check_sites(ensemble.spec)
    key = f"{ensemble.spec.key}_cal" if params["key"] is None else params["key"]
    check_key(key)
    if key.lower() in MODEL_NAMES:
        raise click.UsageError(f"--key {key} is the name of a published model; choose another.")
    return ensemble, key
