"""The words that options accept, and defaults of options."""

from __future__ import annotations

#: Leaves a choice to the program, for each option that accepts it.
AUTO = "auto"

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
NATIVE, TORCH = "native", "torch"
KERNELS = (AUTO, NATIVE, TORCH)

#: Device names that are accepted, see ``engine.device.choose_device``.
DEVICES = (AUTO, "cpu", "cuda[:N][,…]", "cuda:all", "mps")

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
ALWAYS, NEVER = "always", "never"
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
