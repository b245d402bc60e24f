"""What a user can choose: the words of every option, and settings with their defaults. Plain values, nothing loaded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.errors import UsageError

#: Models that are known by name, and the one that is meant without a name.
MODEL_NAMES = ("spliceai", "cispliceai", "openspliceai", "pangolin")
DEFAULT_MODEL = "spliceai"

#: Annotations that are known by name; ``gencode`` is the built-in table of the reference's own build.
BY_BUILD = "gencode"
DEFAULT_ANNOTATION = BY_BUILD
ANNOTATION_NAMES = (BY_BUILD, "grch37", "hg19", "grch38", "hg38")

#: Words for which transcripts stand for a gene; anything else is a file.
CANONICAL, MANE, ALL = "canonical", "mane", "all"
TRANSCRIPTS = (CANONICAL, MANE, ALL)

#: What SYMBOL prints: attributes of a gene.
GENE_IDS = ("symbol", "gene_id", "transcript_id")

#: Masks, see ``scoring.mask``.
MASKS = (0, 1, 2)

#: Programs whose scores are reproduced, mistakes included.
COMPAT_1_3_1 = "1.3.1"
COMPAT_MODES = (COMPAT_1_3_1,)

#: Ways to compute, see ``engine.engines``.
INCREMENTAL, PLAIN = "incremental", "plain"
ENGINES = (INCREMENTAL, PLAIN)

#: Number formats of convolutions, see ``engine.kernels``.
FLOAT32, FAST = "float32", "fast"
PRECISIONS = (FLOAT32, FAST)

#: Forms of the names of devices, see ``engine.device.choose_device``.
DEVICES = ("auto", "cpu", "cuda[:N]", "mps")

#: Sequences at a time. On a CPU larger batches leave its caches.
CPU_BATCH_SIZE, GPU_BATCH_SIZE = 8, 256

#: Outputs of ``annotate``, as in bcftools: VCF text, BGZF, BCF, uncompressed BCF.
OUTPUT_TYPES = ("v", "z", "b", "u")

#: Indexes of compressed outputs.
TBI, CSI = "tbi", "csi"
INDEXES = (TBI, CSI)

#: What becomes of records that have scores already, see ``annotate.existing``.
OVERWRITE, KEEP, ERROR = "overwrite", "keep", "error"
EXISTING = (OVERWRITE, KEEP, ERROR)

#: What ``annotate`` writes, see ``vcf.layouts``.
VCF, PRECOMPUTED, TSV = "vcf", "precomputed", "tsv"
LAYOUTS = (VCF, PRECOMPUTED, TSV)

#: The word for all reasons for which an allele in a gene can go unscored.
IN_GENE = "in-gene"

#: REF alleles in genes that may differ from the reference, in percent; the second where contig lengths differ, too. On
#: another assembly a REF of one base still agrees by chance, one time in four: about 75 % differ, not all. On the right
#: one next to none do.
MAX_REF_MISMATCH, MAX_REF_MISMATCH_CONTRADICTED = 5.0, 1.0

#: Formats of pictures, as names end.
HTML = "html"
PICTURES = ("png", "svg", "pdf", HTML)

#: Scored bp on either side of a variant in a picture: sites that pair up are mostly farther apart than 50 bp.
PICTURE_DISTANCE = 500

#: Files of values base by base, see ``tracks.sinks``.
BIGWIG, BEDGRAPH, PARQUET = "bigwig", "bedgraph", "parquet"
TRACK_FORMATS = (BIGWIG, BEDGRAPH, TSV, PARQUET)

#: Word for strands -> the strands.
BOTH = "both"
STRANDS = {"+": "+", "-": "-", BOTH: "+-"}

#: What networks see around a region or gene: the genome, or N.
GENOME_AROUND, N_AROUND = "genome", "N"
CONTEXTS = (GENOME_AROUND, N_AROUND)


@dataclass(frozen=True)
class Settings:
    """What can change a score, beside the data.

    Attributes:
        models: names or paths of models, see ``models.open.open_model``.
        distance: scored bp on either side of POS, 0 or more.
        mask: 0 none, 1 nearest exon edge, 2 the transcript's own sites by class (see ``mask``).
        compat: None, or ``"1.3.1"`` for the rules of spliceai 1.3.1.
        max_allele_length: longest REF or ALT that is scored.
        max_sv_length: bases that a symbolic allele that is scored may stand for; 0 leaves all of them out.
        normalize: whether insertions and deletions are left-aligned before they are scored.
        precision: ``"float32"``, or ``"fast"`` for convolutions of bfloat16 factors: scores move by up to 0.01.

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
    """What can change probabilities base by base, beside the data.

    Attributes:
        distance: bp on either side of an allele, 0 or more.
        strand: a key of ``STRANDS``.
        context: one of ``CONTEXTS``; None for the genome around regions, and around genes what scoring takes.
        min_probability: smaller ones are left out.
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
        memory: bytes that the process may use; None for what the machine or its container allows.
        engine: ``"incremental"``, or ``"plain"`` for a full forward pass of every sequence.
        weights: path to load the networks from, in place of the one model of the settings.
        home: folder of the installed weights and tables; None for the default.
        annotation_cache: whether parsed GTF and GFF3 are kept there for the next start.
    """

    device: str = "auto"
    batch_size: int | None = None
    memory: int | None = None
    engine: str = INCREMENTAL
    weights: Path | str | None = None
    home: Path | str | None = None
    annotation_cache: bool = True

    def __post_init__(self) -> None:
        check_word("engine", self.engine, ENGINES)
        for name in ("batch_size", "memory"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"{name} is {value}; 1 or more expected.")


def check_word(name: str, word: str, words: Collection[str]) -> None:
    """Refuse a word that is not in a vocabulary.

    Raises:
        UsageError: it is not one of the words.
    """
    if word not in words:
        raise UsageError(f"there is no {name} '{word}'; choose from {', '.join(words)}.")
