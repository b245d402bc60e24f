"""Kinds of GFF3 features: which hold exons, and which are genes."""

from __future__ import annotations

from functools import cache

EXONS = {"exon", "pseudogenic_exon", "noncoding_exon"}
CODING = "CDS"

#: Features that hold nothing, of which files have many.
IGNORED = {"cDNA_match", "match", "five_prime_UTR", "three_prime_UTR", "start_codon", "stop_codon", "intron"}
REGIONS = {"region", "chromosome"}

_TRANSCRIPTS = ("rna", "transcript", "ribozyme", "riboswitch")
_WHOLE = {"retained_intron", "antisense", "sense_intronic", "sense_overlapping", "tec"}

# What lies on a transcript, or is like one, and is none.
_OTHERS = {"region", "match", "part", "site", "fragment", "motif", "feature", "cluster", "primer", "probe", "protein"}


@cache
def is_gene(kind: str) -> bool:
    """Whether a feature is a gene, by the end of its name.

    >>> [kind for kind in ("gene", "ncRNA_gene", "pseudogene", "V_gene_segment", "mRNA", "operon") if is_gene(kind)]
    ['gene', 'ncRNA_gene', 'pseudogene']
    """
    return kind.lower().endswith("gene")


@cache
def is_transcript(kind: str) -> bool:
    """Whether a feature is what the Sequence Ontology derives from a transcript, by the words of its name.

    >>> kinds = ("mRNA", "lnc_RNA", "miRNA_primary_transcript", "V_gene_segment", "NMD_transcript_variant")
    >>> all(map(is_transcript, kinds))
    True
    >>> any(map(is_transcript, ("gene", "protein", "polypeptide", "match_part", "transcript_region", "operon")))
    False
    """
    name = kind.lower()
    words = name.split("_")
    if is_gene(kind) or not _OTHERS.isdisjoint(words):
        return False
    return name in _WHOLE or name.endswith("gene_segment") or any(word.endswith(_TRANSCRIPTS) for word in words)
