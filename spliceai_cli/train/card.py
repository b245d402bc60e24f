"""The card of a run, its README: what the model is made from, how good it is, and how it may be used."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from spliceai_cli.genome.builds import detect_build
from spliceai_cli.provenance import full_version
from spliceai_cli.settings.words import CANONICAL
from spliceai_cli.text import counted
from spliceai_cli.train.folder import GENES, TEST_GENES
from spliceai_cli.train.inputs import Inputs
from spliceai_cli.train.splits import Split

_MEASURES = ("loss", "acceptor_top_k", "acceptor_pr_auc", "donor_top_k", "donor_pr_auc")


def card(inputs: Inputs, split: Split, validations: Mapping[int, Mapping[str, float]], sha256: str) -> str:
    """The text, in Markdown.

    Args:
        inputs: what the run is made from.
        split: the genes of each part.
        validations: number of each network, from 1 -> its last validation.
        sha256: digest of the tensors.
    """
    config, spec, annotation = inputs.config, inputs.spec, inputs.annotation
    build = detect_build(inputs.reference.lengths)
    start = f"- Started from {inputs.start.name}.\n" if inputs.start.name else ""
    heading = "| network | " + " | ".join(_MEASURES) + " |"
    rows = "\n".join(
        f"| {number} | " + " | ".join(f"{row[name]:.4f}" if name in row else "–" for name in _MEASURES) + " |"
        for number, row in sorted(validations.items())
    )
    rule = annotation.selection.transcripts
    transcripts = "" if rule == CANONICAL else f" --transcripts {shlex.quote(str(rule))}"
    test = f"{counted(len(split.test), 'genes')} in {', '.join(config.test)}" if config.test else "none"
    return f"""# {config.name}

Predicts splice acceptors and donors from {spec.context:,} bases of context; {counted(config.networks, "networks")} of \
{spec.channels} features. SHA-256 of the tensors: {sha256}. Made by spliceai-cli {full_version()}.

    spliceai-cli annotate --model {config.name}=RUN -I in.vcf -R genome.fa -A genes.gtf -O out.vcf

Scores are written to INFO/{config.name}. This measures the accuracy on the test genes:

    spliceai-cli evaluate sites --model RUN -R genome.fa -A genes.gtf --genes RUN/{TEST_GENES} \
--context {config.surroundings}{transcripts}

## Licence

Weights: {config.licence}.

## Data

- Reference: {Path(inputs.reference.path).name}{f" ({build})" if build else ""}.
- Genes: {annotation.title}, SHA-256 {annotation.sha256}; transcripts: {rule}.
{start}
## Split

- Training: {counted(len(split.train), "genes")} in {", ".join(config.train)}.
- Validation: {counted(len(split.validation), "genes")}, about {config.validation:.0%} of the training genes of each \
chromosome.
- Test: {test}; not used in training.
- Left out: {counted(len(split.left_out), "genes")}.

`{GENES}` lists them, with the reason for each that was left out.

## Measures after the last epoch, on at most {counted(config.validation_windows, "examples")} of validation genes

{heading}
|{"---|" * (len(_MEASURES) + 1)}
{rows}

## Recipe

```toml
{config.to_toml()}```
"""
