"""The README of a run: what the model is made from, how good it is, and how it may be used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.provenance import full_version
from spliceai_cli.text import counted
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.splits import Split

_MEASURES = ("loss", "acceptor_top_k", "acceptor_pr_auc", "donor_top_k", "donor_pr_auc")


def card(
    config: TrainConfig,
    spec: NetworkSpec,
    reference: Reference,
    annotation: Annotation,
    split: Split,
    validations: Mapping[int, Mapping[str, float]],
    sha256: str,
    start: str,
) -> str:
    """The text, in Markdown.

    Args:
        config: the recipe.
        spec: of the networks.
        reference: the FASTA.
        annotation: the genes.
        split: their parts.
        validations: number of a network -> its last validation.
        sha256: digest of the tensors.
        start: the model that training began with; empty if it began with random weights.
    """
    build = detect_build(reference.lengths)
    began = f"- Started from {start}.\n" if start else ""
    heading = "| network | " + " | ".join(_MEASURES) + " |"
    rows = "\n".join(
        f"| {number} | " + " | ".join(f"{row[name]:.4f}" if name in row else "–" for name in _MEASURES) + " |"
        for number, row in sorted(validations.items())
    )
    test = f"{counted(len(split.test), 'genes')} in {', '.join(config.test)}" if config.test else "none"
    return f"""# {config.name}

Predicts splice acceptors and donors from {spec.context:,} bases of context; {counted(config.networks, "networks")} of \
{spec.channels} features. SHA-256 of the tensors: {sha256}. Made by spliceai-cli {full_version()}.

    spliceai-cli annotate --model {config.name}=RUN -I in.vcf -R genome.fa -A genes.gtf -O out.vcf

Scores are written to INFO/{config.name}. How accurate they are on the test genes:

    spliceai-cli evaluate sites --model RUN -R genome.fa -A genes.gtf --genes RUN/test-genes.txt \
--context {config.surroundings}

## Licence

Of the weights: {config.licence}.

## Data

- Reference: {Path(reference.path).name}{f" ({build})" if build else ""}.
- Genes: {annotation.title}, SHA-256 {annotation.sha256}; transcripts: {annotation.selection.transcripts}.
{began}
## Split

- Training: {counted(len(split.train), "genes")} in {", ".join(config.train)}.
- Validation: {counted(len(split.validation), "genes")}, {config.validation:.0%} of those of each chromosome.
- Test: {test}; not looked at in training.
- Left out: {counted(len(split.left_out), "genes")}.

`genes.tsv` lists them, with the reason for each that was left out.

## Measures on validation genes, after the last epoch

{heading}
|{"---|" * (len(_MEASURES) + 1)}
{rows}

## Recipe

```toml
{config.to_toml()}```
"""
