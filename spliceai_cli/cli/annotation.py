"""The annotation that the options name, where no scorer opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spliceai_cli.cli import options
from spliceai_cli.cli.messages import say_warning
from spliceai_cli.cli.notes import say_chosen

if TYPE_CHECKING:
    from spliceai_cli.genes.annotation import Annotation
    from spliceai_cli.genome.fasta import Reference


def chosen_annotation(chosen: Mapping[str, Any], reference: Reference) -> Annotation:
    """The genes that ``options.GENOME`` describe, checked against the reference and summarized on stderr.

    Raises:
        SpliceAICliError: they cannot be read, or are of another assembly.
    """
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.genes.resolve import annotation_for

    annotation = annotation_for(
        reference,
        chosen["annotation"],
        installed_store(),
        options.chosen_selection(chosen),
        is_cached=chosen["annotation_cache"],
        allow_foreign=chosen["allow_foreign_genes"],
        warn=say_warning,
    )
    say_chosen(annotation)
    return annotation
