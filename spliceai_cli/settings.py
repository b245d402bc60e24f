"""Everything that a user can choose: the words that options accept, and the settings with their defaults."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.errors import UsageError

#: Models that have a name, and the default.
MODEL_NAMES = ("spliceai", "cispliceai", "openspliceai", "pangolin")
DEFAULT_MODEL = "spliceai"

#: Annotations that have a name; ``gencode`` is the built-in table of the reference's own build.
BY_BUILD = "gencode"
DEFAULT_ANNOTATION = BY_BUILD
ANNOTATION_NAMES = (BY_BUILD, "grch37", "hg19", "grch38", "hg38")

#: Words that select the transcripts to represent a gene; any other text is a file name.
CANONICAL, MANE, ALL = "canonical", "mane", "all"
TRANSCRIPTS = (CANONICAL, MANE, ALL)

#: Attributes of a gene that can be written to SYMBOL.
GENE_IDS = ("symbol", "gene_id", "transcript_id")

#: Values of ``--mask``, see ``scoring.mask``.
MASKS = (0, 1, 2)

#: Versions of spliceai whose scores can be reproduced, mistakes included.
COMPAT_1_3_1 = "1.3.1"
COMPAT_MODES = (COMPAT_1_3_1,)

#: Engines, see ``engine.engines``.
INCREMENTAL, PLAIN = "incremental", "plain"
ENGINES = (INCREMENTAL, PLAIN)

#: Number formats of convolutions, see ``engine.kernels``.
FLOAT32, FAST = "float32", "fast"
PRECISIONS = (FLOAT32, FAST)

#: Kernels of convolutions, see ``engine.kernels``: native ones where they can compute a network, nothing else, or
#: PyTorch's.
AUTO, NATIVE, TORCH = "auto", "native", "torch"
KERNELS = (AUTO, NATIVE, TORCH)

#: Device names that are accepted, see ``engine.device.choose_device``.
DEVICES = ("auto", "cpu", "cuda[:N]", "mps")

#: Sequences at a time. On a CPU, larger batches no longer fit its caches.
CPU_BATCH_SIZE, GPU_BATCH_SIZE = 8, 256

#: Output types of ``annotate``, as in bcftools: VCF text, VCF in BGZF, BCF, uncompressed BCF.
OUTPUT_TYPES = ("v", "z", "b", "u")

#: Indexes of compressed outputs.
TBI, CSI = "tbi", "csi"
INDEXES = (TBI, CSI)

#: What to do with records that are already scored, see ``annotate.existing``.
OVERWRITE, KEEP, ERROR = "overwrite", "keep", "error"
EXISTING = (OVERWRITE, KEEP, ERROR)

#: Output layouts of ``annotate``, see ``vcf.layouts``.
VCF, PRECOMPUTED, TSV = "vcf", "precomputed", "tsv"
LAYOUTS = (VCF, PRECOMPUTED, TSV)

#: The word of ``--strict`` for every reason why an allele in a gene can go unscored.
IN_GENE = "in-gene"

#: Percentage of REF alleles in genes that may differ from the reference; the second applies if contig lengths differ
#: too. On the wrong assembly about 75 % differ, since one base in four agrees by chance; on the right one almost none.
MAX_REF_MISMATCH, MAX_REF_MISMATCH_CONTRADICTED = 5.0, 1.0

#: Formats of pictures, which are also the file extensions.
HTML = "html"
PICTURES = ("png", "svg", "pdf", HTML)

#: Scored bp on either side of a variant in a picture: paired sites are mostly farther apart than 50 bp.
PICTURE_DISTANCE = 500

#: Formats of base-by-base values, see ``tracks.sinks``.
BIGWIG, BEDGRAPH, PARQUET = "bigwig", "bedgraph", "parquet"
TRACK_FORMATS = (BIGWIG, BEDGRAPH, TSV, PARQUET)

#: Value of ``--strand`` -> the strands.
BOTH = "both"
STRANDS = {"+": "+", "-": "-", BOTH: "+-"}

#: The bases that networks see around a region or gene: the genome's, or N.
GENOME_AROUND, N_AROUND = "genome", "N"
CONTEXTS = (GENOME_AROUND, N_AROUND)


@dataclass(frozen=True)
class Settings:
    """Everything that can change a score, apart from the data.

    Attributes:
        models: names or paths of models, see ``models.open.open_model``.
        distance: scored bp on either side of POS, 0 or more.
        mask: 0 none, 1 nearest exon edge, 2 the transcript's own sites by class (see ``scoring.mask``).
        compat: None, or ``"1.3.1"`` for the rules of spliceai 1.3.1.
        max_allele_length: longest REF or ALT scored, in bp.
        max_sv_length: longest symbolic allele scored, in bp; 0 skips them all.
        normalize: whether insertions and deletions are left-aligned before they are scored.
        precision: ``"float32"``, or ``"fast"`` to multiply in bfloat16, which moves scores by up to 0.01.

    Raises:
        UsageError: a value is out of range.
    """

    models: tuple[str, ...] = (DEFAULT_MODEL,)
    distance: int = 50
    mask: int = 0
    compat: str | None = None
    max_allele_length: int = 10_000
    max_sv_length: int = 10_000
    normalize: bool = False
    precision: str = FLOAT32

    def __post_init__(self) -> None:
        if not isinstance(self.models, tuple) or not self.models:
            raise UsageError(f"models is {self.models!r}; a tuple of names or paths expected.")
        if not isinstance(self.distance, int) or self.distance < 0:
            raise UsageError(f"distance is {self.distance}; a whole number, 0 or more, expected.")
        if self.mask not in MASKS:
            raise UsageError(f"mask is {self.mask}; one of {', '.join(map(str, MASKS))} expected.")
        if self.compat not in (None, *COMPAT_MODES):
            raise UsageError(f"there is no compatibility mode '{self.compat}'; {COMPAT_1_3_1} is the only one.")
        if self.max_allele_length < 1:
            raise UsageError(f"max-allele-length is {self.max_allele_length}; 1 or more expected.")
        if self.max_sv_length < 0:
            raise UsageError(f"max-sv-length is {self.max_sv_length}; 0 or more expected.")
        if self.normalize and self.compat:
            raise UsageError("spliceai 1.3.1 does not left-align: choose normalize or compat, not both.")
        check_word("precision", self.precision, PRECISIONS)


@dataclass(frozen=True)
class TrackSettings:
    """Everything that can change base-by-base probabilities, apart from the data.

    Attributes:
        distance: bp on either side of an allele, 0 or more.
        strand: a key of ``STRANDS``.
        context: one of ``CONTEXTS``; None for the genome around regions, and the same as in scoring around genes.
        min_probability: smaller probabilities are left out.
        precision: one of ``PRECISIONS``.

    Raises:
        UsageError: a value is out of range.
    """

    distance: int = 500
    strand: str = BOTH
    context: str | None = None
    min_probability: float = 0.0
    precision: str = FLOAT32

    def __post_init__(self) -> None:
        if not isinstance(self.distance, int) or self.distance < 0:
            raise UsageError(f"distance is {self.distance}; a whole number, 0 or more, expected.")
        if not 0 <= self.min_probability <= 1:
            raise UsageError(f"min_probability is {self.min_probability}; 0 to 1 expected.")
        check_word("strand", self.strand, STRANDS)
        if self.context is not None:
            check_word("context", self.context, CONTEXTS)
        check_word("precision", self.precision, PRECISIONS)


@dataclass(frozen=True)
class Compute:
    """How to compute; apart from ``weights``, none of it changes a score by more than float rounding.

    Attributes:
        device: see ``engine.device.choose_device``.
        batch_size: sequences at a time; None picks by device.
        memory: bytes that the process may use; None for as much as the machine or its container allows.
        engine: ``"incremental"``, or ``"plain"`` for a full forward pass of every sequence.
        kernels: one of ``KERNELS``.
        weights: path to load the networks from, instead of the only model of the settings.
        home: folder of the installed weights and tables; None for the default.
        annotation_cache: whether parsed GTF and GFF3 files are cached in ``home`` for the next run.
    """

    device: str = "auto"
    batch_size: int | None = None
    memory: int | None = None
    engine: str = INCREMENTAL
    kernels: str = AUTO
    weights: Path | str | None = None
    home: Path | str | None = None
    annotation_cache: bool = True

    def __post_init__(self) -> None:
        check_word("engine", self.engine, ENGINES)
        check_word("kernels", self.kernels, KERNELS)
        for name in ("batch_size", "memory"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"{name} is {value}; 1 or more expected.")


def check_word(name: str, word: str, words: Collection[str]) -> None:
    """Refuse a word that is not in a vocabulary.

    Raises:
        UsageError: ``word`` is not one of ``words``.
    """
    if word not in words:
        raise UsageError(f"there is no {name} '{word}'; choose from {', '.join(words)}.")
