"""Genes whose splice sites are compared with predictions: their options, and the loci that these choose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli.progress import ProgressLine, is_shown
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.settings.words import CONTEXTS, N_AROUND

if TYPE_CHECKING:
    from spliceai_cli.evaluate.loci import Locus
    from spliceai_cli.genes.annotation import Annotation
    from spliceai_cli.genome.fasta import Reference

#: ``-r`` and ``-T``, for genes that lie entirely within.
WHOLE_GENES = region_options(
    "Only genes entirely within these regions.", "Only genes entirely within this file's regions."
)


def context_option(default: str) -> Callable[[Any], Any]:
    """``--context``.

    Args:
        default: one of ``CONTEXTS``.
    """
    return cloup.option(
        "--context",
        type=click.Choice(CONTEXTS),
        default=default,
        show_default=True,
        help="What the networks see around a gene. N: each gene alone, as in training and in scoring variants.",
    )


def chosen_loci(params: Mapping[str, Any], annotation: Annotation, reference: Reference, strands: str) -> list[Locus]:
    """The loci that the options above choose.

    Args:
        params: the parameters of the command.
        annotation: the genes.
        reference: the FASTA.
        strands: only genes on these.

    Raises:
        AnnotationError: no gene is left.
        RegionsError: the file of ``-T`` or ``--bed`` is unreadable or malformed.
    """
    from spliceai_cli.evaluate.open import choose_loci

    chosen = (chosen_regions(params), chosen_targets(params))
    return choose_loci(
        annotation.genes,
        reference,
        regions=[regions for regions in chosen if regions is not None],
        strands=strands,
        is_alone=params["context"] == N_AROUND,
    )


@contextmanager
def watched_loci(params: Mapping[str, Any], loci: Sequence[Locus]) -> Iterator[Callable[[Locus, int], None]]:
    """Show progress along loci until the ``with`` block ends.

    Args:
        params: the parameters of the command.
        loci: all loci.

    Yields:
        A function to call after each locus with the number of positions done so far.
    """
    n_positions = sum(locus.interval.length for locus in loci)
    with closing(ProgressLine("positions", shown=is_shown(params))) as line:
        yield lambda locus, n: line.move(lambda: f"{locus.chrom}:{locus.interval.start + 1:,}", n, n / n_positions)
