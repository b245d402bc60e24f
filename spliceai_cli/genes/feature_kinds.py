"""Kinds of GTF and GFF3 features: which are exons or parts of them, and which are genes."""

from __future__ import annotations

import re
from functools import cache

#: Roles of features, whatever a file calls them. ``UNTRANSLATED`` is a part of an exon, as ``CODING`` is.
GENE, TRANSCRIPT, EXON, CODING, STOP, UNTRANSLATED = "gene", "transcript", "exon", "CDS", "stop_codon", "UTR"
REGION, IGNORED, OTHER = "region", "ignored", "other"

_UTR = re.compile(r"(?:five_prime_|three_prime_|[53]'?[-_]?)?utr[53]?|(?:five|three)_prime_untranslated_region")
_PARTS = {"cds": CODING, "stop_codon": STOP}
_GTF = {**_PARTS, "gene": GENE, "transcript": TRANSCRIPT, "exon": EXON}
_GFF3 = {
    **_PARTS,
    **dict.fromkeys(("exon", "pseudogenic_exon", "noncoding_exon"), EXON),
    **dict.fromkeys(("region", "chromosome"), REGION),
    # These have no parts, and files have many of them.
    **dict.fromkeys(("cdna_match", "match", "start_codon", "intron"), IGNORED),
}

_TRANSCRIPTS = ("rna", "transcript", "ribozyme", "riboswitch")
_WHOLE = {"retained_intron", "antisense", "sense_intronic", "sense_overlapping", "tec"}

# Words in the names of features that resemble or lie on a transcript but are not one.
_OTHERS = {"region", "match", "part", "site", "fragment", "motif", "feature", "cluster", "primer", "probe", "protein"}


@cache
def gtf_role(kind: str) -> str:
    """The role of a GTF feature; upper or lower case.

    >>> [gtf_role(kind) for kind in ("exon", "Exon", "CDS", "5UTR", "3'-UTR", "five_prime_utr", "UTR", "start_codon")]
    ['exon', 'exon', 'CDS', 'UTR', 'UTR', 'UTR', 'UTR', 'other']
    """
    return UNTRANSLATED if _UTR.fullmatch(kind.lower()) else _GTF.get(kind.lower(), OTHER)


@cache
def gff3_role(kind: str) -> str:
    """The role of a GFF3 feature, in upper or lower case; genes and transcripts are ``OTHER``, see ``is_gene``.

    >>> [gff3_role(kind) for kind in ("EXON", "pseudogenic_exon", "three_prime_UTR", "region", "match", "mRNA")]
    ['exon', 'exon', 'UTR', 'region', 'ignored', 'other']
    """
    return UNTRANSLATED if _UTR.fullmatch(kind.lower()) else _GFF3.get(kind.lower(), OTHER)


@cache
def is_gene(kind: str) -> bool:
    """Whether a feature is a gene, by the end of its name.

    >>> [kind for kind in ("gene", "ncRNA_gene", "pseudogene", "V_gene_segment", "mRNA", "operon") if is_gene(kind)]
    ['gene', 'ncRNA_gene', 'pseudogene']
    """
    return kind.lower().endswith("gene")


@cache
def is_transcript(kind: str) -> bool:
    """Whether the Sequence Ontology counts a feature as a transcript, judged by the words of its name.

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
