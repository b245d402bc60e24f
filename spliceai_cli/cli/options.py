"""Options that commands share, declared once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import cloup

from spliceai_cli.cli import completion
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.messages import set_quiet
from spliceai_cli.cli.numbers import MemorySize, Number, WholeNumber
from spliceai_cli.genes.selection import Selection
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.settings.words import (
    BUILT_IN_GENES,
    COMPAT_MODES,
    CPU_BATCH_SIZE,
    DEFAULT_ANNOTATION,
    DEVICES,
    ENGINES,
    GENE_IDS,
    GPU_BATCH_SIZE,
    KERNELS,
    MASKS,
    MAX_REF_MISMATCH,
    MAX_REF_MISMATCH_CONTRADICTED,
    MODEL_NAMES,
    PRECISIONS,
    TRANSCRIPTS,
)
from spliceai_cli.variants.variant import SkipReason

CODES = tuple(reason.code for reason in SkipReason)


device = cloup.option(
    "--device",
    default=Compute.device,
    show_default=True,
    metavar="|".join(DEVICES),
    shell_complete=completion.devices,
    help="Where to compute. auto: CUDA if there is one, else CPU.",
)
threads = cloup.option(
    "--threads",
    type=WholeNumber(1, 1024),
    metavar="N",
    help="CPU threads.  [default: the CPUs that this process may use, by affinity, cgroup and batch system]",
)
verbose = cloup.option("-v", "--verbose", is_flag=True, help="Say what limits the number of CPU threads.")
weights_dir = cloup.option(
    "--weights",
    type=LocalPath(Path),
    metavar="PATH",
    help="Load the networks from this file or folder instead of the installed ones.",
)
model = cloup.option(
    "--model",
    "models",
    type=PATH,
    multiple=True,
    default=Settings.models,
    show_default=True,
    metavar="NAME|PATH|KEY=PATH",
    shell_complete=completion.models,
    help=f"Model: {', '.join(MODEL_NAMES)}, or weights. Repeat to use several models.",
)
reference = cloup.option(
    "-R",
    "--reference",
    type=PATH,
    required=True,
    metavar="FASTA",
    help="Genome, plain or BGZF; index created if missing.",
)
quiet = cloup.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=set_quiet, help="Print nothing but errors."
)
memory = cloup.option(
    "--memory",
    type=MemorySize(),
    metavar="SIZE",
    help="Stay below this much memory, e.g. 1.5G.  [default: what machine or container allows]",
)
precision = cloup.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    default=Settings.precision,
    show_default=True,
    help="fast: bfloat16 factors, on GPUs only. Twice as fast; scores may move by 0.01.",
)
kernels = cloup.option(
    "--kernels",
    type=click.Choice(KERNELS),
    default=Compute.kernels,
    show_default=True,
    help="native: our own, several times as fast on a CPU. torch: PyTorch's. auto: native where they can run.",
)
annotation = cloup.option(
    "-A",
    "--annotation",
    type=PATH,
    metavar="NAME|FILE",
    shell_complete=completion.annotation_names,
    default=DEFAULT_ANNOTATION,
    show_default=True,
    help=f"Genes: a GTF, GFF3 or gene table; or built in, {BUILT_IN_GENES}: gencode (by the reference's build), "
    "grch37, grch38 (hg19, hg38).",
)

genes_file = cloup.option(
    "--genes",
    "genes_file",
    type=PATH,
    metavar="FILE",
    help="Only these genes: one symbol, gene ID or alias per line.",
)

#: Options for how to read an annotation and which parts of it to use.
SELECTION = (
    cloup.option(
        "--transcripts",
        type=PATH,
        default=Selection.transcripts,
        show_default=True,
        metavar="|".join((*TRANSCRIPTS, "FILE")),
        shell_complete=completion.transcripts,
        help="Which transcripts of GTF or GFF3 represent a gene. FILE: one transcript ID per line.",
    ),
    genes_file,
    cloup.option("--biotypes", metavar="TYPE[,…]", help="Only genes of these biotypes, e.g. protein_coding,lncRNA."),
    cloup.option(
        "--gene-id",
        type=click.Choice(GENE_IDS),
        default=Selection.gene_id,
        show_default=True,
        help="Identifier written to SYMBOL.",
    ),
    cloup.option(
        "--strict-annotation",
        is_flag=True,
        help="Refuse an annotation if any part of it cannot be used, instead of leaving that part out.",
    ),
    cloup.option(
        "--annotation-cache/--no-annotation-cache",
        default=Compute.annotation_cache,
        help="Cache parsed GTF and GFF3 for the next run.  [default: yes]",
    ),
)

allow_foreign_genes = cloup.option(
    "--allow-foreign-genes",
    is_flag=True,
    help="Accept genes that seem to be from another assembly.",
)


max_ref_mismatch = cloup.option(
    "--max-ref-mismatch",
    type=Number(0, 100, "%"),
    metavar="PERCENT",
    help="Stop if more REF alleles in genes differ from the reference. 100: never.  "
    f"[default: {MAX_REF_MISMATCH:g}; {MAX_REF_MISMATCH_CONTRADICTED:g} if ##contig lengths differ from the "
    "reference's]",
)

#: Options for the genome and its genes.
GENOME = (reference, annotation, *SELECTION, allow_foreign_genes)

#: Options that can change a score.
SCORES = (
    model,
    cloup.option(
        "-D",
        "--distance",
        type=WholeNumber(0),
        default=Settings.distance,
        show_default=True,
        metavar="BP",
        help="Look for changes up to this far from the variant.",
    ),
    cloup.option(
        "-M",
        "--mask",
        type=click.Choice([str(mask) for mask in MASKS]),
        default=str(Settings.mask),
        show_default=True,
        help="Hide gains at annotated and losses at unannotated sites. 1: as in 1.3.1. 2: exact (recommended).",
    ),
    cloup.option(
        "--max-allele-length",
        type=WholeNumber(1),
        default=Settings.max_allele_length,
        show_default=True,
        metavar="BP",
        help="Leave out alleles whose REF or ALT is longer.",
    ),
    cloup.option(
        "--max-sv-length",
        type=WholeNumber(0),
        default=Settings.max_sv_length,
        show_default=True,
        metavar="BP",
        help="Leave out <DEL>, <DUP>, <INV> and <INS> longer than this; 0 leaves out all.",
    ),
    cloup.option("--normalize", is_flag=True, help="Left-align insertions and deletions before scoring."),
    cloup.option("--compat", type=click.Choice(COMPAT_MODES), help="Score as spliceai 1.3.1 does, mistakes included."),
)

#: Options for the machine that computes; scores do not depend on them.
MACHINE = (
    device,
    threads,
    cloup.option(
        "--batch-size",
        type=WholeNumber(1),
        metavar="N",
        help=f"Sequences at a time.  [default: {CPU_BATCH_SIZE} on CPU, {GPU_BATCH_SIZE} on GPU]",
    ),
)

auto_install = cloup.option(
    "--auto-install", is_flag=True, help="Install weights and gene tables first if they are missing."
)

#: Options for the way to compute, which may change a score by float rounding.
METHOD = (
    memory,
    cloup.option(
        "--engine",
        type=click.Choice(ENGINES),
        default=Compute.engine,
        show_default=True,
        help="incremental: REF once for nearby variants, ALT only where it can differ. plain: every window in full.",
    ),
    kernels,
    precision,
    weights_dir,
    auto_install,
)

#: Options for how scores are computed.
COMPUTING = (*MACHINE, *METHOD)


def select_genes(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``SELECTION`` to a command."""
    for option in reversed(SELECTION):
        command = option(command)
    return command


def chosen_selection(params: Mapping[str, Any]) -> Selection:
    """The selection that the options of ``SELECTION`` describe.

    Raises:
        UsageError: ``--biotypes`` is given but empty.
    """
    biotypes = chosen_biotypes(params)
    return Selection(
        params["transcripts"], params["genes_file"], biotypes, params["gene_id"], params["strict_annotation"]
    )


def chosen_biotypes(params: Mapping[str, Any]) -> tuple[str, ...]:
    """The biotypes of ``--biotypes``; none if it is not given.

    Raises:
        UsageError: it is given but empty.
    """
    biotypes = tuple(text.strip() for text in (params["biotypes"] or "").split(",") if text.strip())
    if params["biotypes"] is not None and not biotypes:
        raise click.UsageError("--biotypes names no biotype. Was a variable empty?")
    return biotypes
