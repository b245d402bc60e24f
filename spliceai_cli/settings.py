"""Everything that a user can choose: the words that options accept, and the settings with their defaults."""

from __future__ import annotations

import operator
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import SupportsFloat

from spliceai_cli.errors import UsageError
from spliceai_cli.text import shown

#: Models that have a name, and the default.
MODEL_NAMES = ("spliceai", "cispliceai", "openspliceai", "pangolin")
DEFAULT_MODEL = "spliceai"

#: Annotations that have a name; ``gencode`` is the built-in table of the reference's own build.
BY_BUILD = "gencode"
DEFAULT_ANNOTATION = BY_BUILD
ANNOTATION_NAMES = (BY_BUILD, "grch37", "hg19", "grch38", "hg38")

#: What the built-in tables hold, for help, messages and pictures. GENCODE V24 is in Ensembl 83, December 2015.
BUILT_IN_GENES = "GENCODE V24 (2015), one transcript per gene"

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

#: Kernels of convolutions, see ``engine.kernels``: native ones if they can compute the network, otherwise PyTorch's;
#: only native ones; only PyTorch's.
AUTO, NATIVE, TORCH = "auto", "native", "torch"
KERNELS = (AUTO, NATIVE, TORCH)

#: Device names that are accepted, see ``engine.device.choose_device``.
DEVICES = ("auto", "cpu", "cuda[:N][,…]", "cuda:all", "mps")

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

#: Methods of ``--consequence``: from the whole profile, or from four scores by the rules of SAI-10k-calc.
#: The last one uses the probabilities of REF and ALT, too.
BY_PROFILE, BY_SAI10K, BY_SAI10K_REFALT = "profile", "sai10k", "sai10k-refalt"
CONSEQUENCE_METHODS = (BY_PROFILE, BY_SAI10K, BY_SAI10K_REFALT)

#: When tables are coloured.
AUTO, ALWAYS, NEVER = "auto", "always", "never"
COLOURS = (AUTO, ALWAYS, NEVER)

#: Orders of the rows of a table.
POSITION, SCORE = "position", "score"
ORDERS = (POSITION, SCORE)

#: Formats of pictures, which are also the file extensions.
HTML = "html"
PICTURES = ("png", "svg", "pdf", HTML)

#: Scored bp on either side of a variant in a picture: paired sites are mostly farther apart than 50 bp.
PICTURE_DISTANCE = 500

#: Records of a VCF that are drawn unless more are asked for.
PICTURE_LIMIT = 100

#: Formats of base-by-base values, see ``tracks.sinks``.
BIGWIG, BEDGRAPH, PARQUET = "bigwig", "bedgraph", "parquet"
TRACK_FORMATS = (BIGWIG, BEDGRAPH, TSV, PARQUET)

#: Value of ``--strand`` -> the strands.
BOTH = "both"
STRANDS = {"+": "+", "-": "-", BOTH: "+-"}

#: The bases that networks see around a region or gene: the genome's, or N.
GENOME_AROUND, N_AROUND = "genome", "N"
CONTEXTS = (GENOME_AROUND, N_AROUND)

# Smallest values of whole numbers in settings.
_LEAST = {"distance": 0, "max_allele_length": 1, "max_sv_length": 0}

# Smallest and largest values of numbers in settings that are not probabilities or differences of two.
_WITHIN = {"pair_factor": (0, 10), "rest_factor": (0, 10), "ref_inclusion": (0.5, 0.999)}

_TYPE_NAMES = {str: "a text", bool: "True or False"}


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
        check_texts("models", self.models)
        if not self.models:
            raise UsageError("models is empty; a tuple of names or paths expected.")
        for name, least in _LEAST.items():
            put(self, name, whole_number(name, getattr(self, name), least))
        put(self, "mask", whole_number("mask", self.mask))
        if self.mask not in MASKS:
            raise UsageError(f"mask is {self.mask}; one of {', '.join(map(str, MASKS))} expected.")
        if self.compat not in (None, *COMPAT_MODES):
            raise UsageError(f"there is no compatibility mode '{self.compat}'; {COMPAT_1_3_1} is the only one.")
        check_type("normalize", self.normalize, bool)
        if self.normalize and self.compat:
            raise UsageError("spliceai 1.3.1 does not left-align: choose normalize or compat, not both.")
        check_word("precision", self.precision, PRECISIONS)


@dataclass(frozen=True)
class TrackSettings:
    """Everything that can change base-by-base probabilities, apart from the data and the request.

    Attributes:
        models: as in ``Settings``.
        distance: bp on either side of an allele, 0 or more.
        max_allele_length, max_sv_length: as in ``Settings``.
        precision: one of ``PRECISIONS``.

    Raises:
        UsageError: a value is out of range.
    """

    models: tuple[str, ...] = Settings.models
    distance: int = 500
    max_allele_length: int = Settings.max_allele_length
    max_sv_length: int = Settings.max_sv_length
    precision: str = Settings.precision

    def __post_init__(self) -> None:
        settings = self.without_mask
        for name in _LEAST:
            put(self, name, getattr(settings, name))

    @property
    def without_mask(self) -> Settings:
        """The settings that alleles are computed with."""
        return Settings(
            self.models,
            self.distance,
            max_allele_length=self.max_allele_length,
            max_sv_length=self.max_sv_length,
            precision=self.precision,
        )


@dataclass(frozen=True)
class ConsequenceSettings:
    """Everything that can change a predicted consequence, apart from the data and the scores.

    Lengths are in bp; bounds include their value unless they say more than.

    Attributes:
        method: one of ``CONSEQUENCE_METHODS``.
        reach: scored bp on either side of POS, at least.
        min_pair, max_pair: smaller and larger change of two sites that make or lose an exon together, at least.
        min_gain: gain of a site that moves the end of an exon, at least.
        min_exon, max_exon: length of a new exon.
        max_retained: bases of an intron that a moved end adds, at most.
        intron_margin: bases between a new exon and the ends of its intron, more than.
        min_largest: ``profile``: weight of an allele's largest event, at least; otherwise there is no effect.
        min_weight: ``profile``: weight of its further events, at least.
        pair_factor: ``profile``: what the loss of a partner counts as evidence for skipping or retention.
        rest_factor: ``profile``: what the part of a loss that no site takes up counts as such evidence.
        ref_inclusion: ``profile``: the share of transcripts in which REF has an exon, from which log-odds count.
        near_exon: ``sai10k``: distance of the variant from an exon that loses sites or bases, at most.
        min_alt, min_partner_loss, min_alt_excess, least_alt_excess: ``sai10k-refalt``: see ``consequence.by_scores``.
        nmd_junction: bases before the last junction in which a new stop escapes decay.
        nmd_start: coding bases after the start in which a new stop escapes decay.

    Raises:
        UsageError: a value is out of range.
    """

    method: str = BY_PROFILE
    reach: int = 4999
    min_pair: float = 0.02
    max_pair: float = 0.2
    min_gain: float = 0.2
    min_largest: float = 0.2
    min_weight: float = 0.1
    pair_factor: float = 4.5
    rest_factor: float = 0.5
    ref_inclusion: float = 0.98
    min_exon: int = 25
    max_exon: int = 500
    max_retained: int = 250
    intron_margin: int = 50
    near_exon: int = 50
    min_alt: float = 0.9
    min_partner_loss: float = 0.1
    min_alt_excess: float = 0.2
    least_alt_excess: float = -0.2
    nmd_junction: int = 50
    nmd_start: int = 100

    def __post_init__(self) -> None:
        check_word("consequence method", self.method, CONSEQUENCE_METHODS)
        for field in fields(self):
            name, value = field.name, getattr(self, field.name)
            if isinstance(field.default, int):
                put(self, name, whole_number(name, value))
            elif isinstance(field.default, float):
                put(self, name, number_within(name, value, *_WITHIN.get(name, (-1, 1))))

    @property
    def uses_probabilities(self) -> bool:
        """Whether the rules of SAI-10k-calc use the probabilities of REF and ALT."""
        return self.method == BY_SAI10K_REFALT

    @property
    def facts(self) -> dict[str, object]:
        """The method and every threshold, for headers and ``--stats``."""
        thresholds = {f"consequence_{field.name}": getattr(self, field.name) for field in fields(self)[1:]}
        return {"consequence": self.method, **thresholds}


@dataclass(frozen=True)
class Compute:
    """How to compute; apart from ``weights``, none of it changes a score by more than float rounding.

    Attributes:
        device: see ``engine.device.choose_devices``; with several, each has a worker.
        batch_size: sequences at a time; None picks by device.
        memory: bytes that the process may use; None for as much as the machine or its container allows.
        engine: ``"incremental"``, or ``"plain"`` for a full forward pass of every sequence.
        kernels: one of ``KERNELS``.
        workers: windows of alleles that are computed at a time; None for as many as there are CPU threads, if there are
            enough windows.
        dask: address or scheduler file of a Dask cluster that computes instead of this machine; None for none.
        weights: path to load the networks from, instead of the only model of the settings.
        home: folder of the installed weights and tables; None for the default.
        annotation_cache: whether parsed GTF and GFF3 files are cached in ``home`` for the next run.
    """

    device: str = "auto"
    batch_size: int | None = None
    memory: int | None = None
    engine: str = INCREMENTAL
    kernels: str = AUTO
    workers: int | None = 1
    dask: str | None = None
    weights: Path | str | None = None
    home: Path | str | None = None
    annotation_cache: bool = True

    def __post_init__(self) -> None:
        check_word("engine", self.engine, ENGINES)
        check_word("kernels", self.kernels, KERNELS)
        check_type("device", self.device, str)
        check_type("annotation_cache", self.annotation_cache, bool)
        for name in ("batch_size", "memory", "workers"):
            if (value := getattr(self, name)) is not None:
                put(self, name, whole_number(name, value, 1))
        for name in ("weights", "home"):
            if (value := getattr(self, name)) is not None:
                check_path(name, value)


def check_word(name: str, word: object, words: Collection[str]) -> None:
    """Refuse a word that is not in a vocabulary.

    Raises:
        UsageError: ``word`` is not one of ``words``.
    """
    if not isinstance(word, str) or word not in words:
        said = f"'{word}'" if isinstance(word, str) else shown(word)
        raise UsageError(f"there is no {name} {said}; choose from {', '.join(words)}.")


def whole_number(name: str, value: object, least: int = 0) -> int:
    """A value of any integer type as an ``int``; booleans are not numbers.

    Raises:
        UsageError: the value is not a whole number, or is below ``least``.
    """
    number = None if isinstance(value, bool) or not hasattr(value, "__index__") else operator.index(value)
    if number is None or number < least:
        said = number if number is not None else shown(value)
        raise UsageError(f"{name} is {said}; a whole number, {least} or more, expected.")
    return number


def number_within(name: str, value: object, least: float, most: float) -> float:
    """A number of any type as a ``float``; booleans are not numbers.

    Raises:
        UsageError: the value is not a number, or is out of range.
    """
    number = float(value) if isinstance(value, SupportsFloat) and not isinstance(value, bool) else None
    if number is None or not least <= number <= most:
        said = shown(value) if number is None else f"{number:g}"
        raise UsageError(f"{name} is {said}; {least:g} to {most:g} expected.")
    return number


def check_type(name: str, value: object, kind: type, *, is_optional: bool = False) -> None:
    """Refuse a value of another type.

    Args:
        name: name of the argument, for the message.
        value: the value.
        kind: the type expected.
        is_optional: whether None is accepted.

    Raises:
        UsageError: the value is of another type.
    """
    if not isinstance(value, kind) and not (is_optional and value is None):
        raise UsageError(f"{name} is {shown(value)}; {_TYPE_NAMES.get(kind, f'a {kind.__name__}')} expected.")


def check_path(name: str, value: object) -> None:
    """Refuse a value that is not a path.

    Raises:
        UsageError: the value is neither a text nor a ``Path``, or is empty.
    """
    if not isinstance(value, (str, Path)) or not str(value):
        raise UsageError(f"{name} is {shown(value)}; a path expected, as text or Path.")


def check_texts(name: str, values: object) -> None:
    """Refuse a value that is not a tuple of texts; a single text would be read letter by letter.

    Raises:
        UsageError: the value is of another type, or an element is.
    """
    if not isinstance(values, tuple) or not all(isinstance(value, str) and value for value in values):
        raise UsageError(f"{name} is {shown(values)}; a tuple of texts expected.")


def put(frozen: object, name: str, value: object) -> None:
    """Set a field of a frozen dataclass from its own ``__post_init__``."""
    object.__setattr__(frozen, name, value)
