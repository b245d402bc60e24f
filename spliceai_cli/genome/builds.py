"""Human genome builds, identified by contig lengths, names or accessions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from spliceai_cli.genome.coords import contig_key

# Lengths of the assembled chromosomes as published by the Genome Reference Consortium and the T2T consortium. Each
# of the first 23 differs between the builds, so a FASTA of a single chromosome is enough.
_CHROMOSOMES = (*map(str, range(1, 23)), "X", "Y")
_LENGTHS = {
    "GRCh37": (
        249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431, 135534747,
        135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983, 63025520,
        48129895, 51304566, 155270560, 59373566,
    ),
    "GRCh38": (
        248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422,
        135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167,
        46709983, 50818468, 156040895, 57227415,
    ),
    "T2T-CHM13v2.0": (
        248387328, 242696752, 201105948, 193574945, 182045439, 172126628, 160567428, 146259331, 150617247, 134758134,
        135127769, 133324548, 113566686, 101161492, 99753195, 96330374, 84276897, 80542538, 61707364, 66210255,
        45090682, 51324926, 154259566, 62460029,
    ),
}  # fmt: skip
_BUILD_OF = {
    (chrom, length): build
    for build, lengths in _LENGTHS.items()
    for chrom, length in zip(_CHROMOSOMES, lengths, strict=True)
}


# Version of RefSeq's accessions NC_000001 to NC_000024 in GRCh37; in GRCh38 each is one higher.
_GRCH37_VERSIONS = (10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10, 9)
_BUILD_OF_ACCESSION = {
    f"NC_{number:06}.{version + n_later}": build
    for number, version in enumerate(_GRCH37_VERSIONS, 1)
    for n_later, build in enumerate(("GRCh37", "GRCh38"))
}

_ACCESSION_OF = {
    (build, chrom): f"NC_{number:06}.{version + n_later}"
    for number, (chrom, version) in enumerate(zip(_CHROMOSOMES, _GRCH37_VERSIONS, strict=True), 1)
    for n_later, build in enumerate(("GRCh37", "GRCh38"))
}

# Other names, in lower case. NCBI36 is listed so that it is refused when the FASTA is a later build.
_BUILD_OF_NAME = {
    "ncbi36": "NCBI36", "hg18": "NCBI36", "b36": "NCBI36",
    "grch37": "GRCh37", "hg19": "GRCh37", "b37": "GRCh37",
    "grch38": "GRCh38", "hg38": "GRCh38", "b38": "GRCh38",
    "t2t-chm13v2.0": "T2T-CHM13v2.0", "chm13v2.0": "T2T-CHM13v2.0", "chm13": "T2T-CHM13v2.0", "hs1": "T2T-CHM13v2.0",
}  # fmt: skip

#: Alternatives of all build names, longest first, for case-insensitive regular expressions.
BUILD_NAMES = "|".join(re.escape(name) for name in sorted(_BUILD_OF_NAME, key=len, reverse=True))


def build_named(name: str) -> str | None:
    """The build with this name, in upper or lower case; None if no build has it.

    >>> build_named("hg38"), build_named("grch37"), build_named("chr19")
    ('GRCh38', 'GRCh37', None)
    """
    return _BUILD_OF_NAME.get(name.lower())


def detect_build(lengths: Mapping[str, int]) -> str | None:
    """The build whose chromosome lengths match most contigs; None if no contig matches any build.

    >>> detect_build({"chr19": 58617616, "chrUn": 5}), detect_build({"19": 59128983}), detect_build({"19": 7})
    ('GRCh38', 'GRCh37', None)
    """
    votes = Counter(
        build for name, length in lengths.items() if (build := _BUILD_OF.get((contig_key(name), length))) is not None
    )
    return votes.most_common(1)[0][0] if votes else None


def build_of_accession(accession: str) -> str | None:
    """The build of a human chromosome's versioned RefSeq accession; None for any other name.

    >>> build_of_accession("NC_000019.10"), build_of_accession("NC_000019.9"), build_of_accession("NC_000019.8")
    ('GRCh38', 'GRCh37', None)
    """
    return _BUILD_OF_ACCESSION.get(accession)


def accession_of(build: str, chrom: str) -> str | None:
    """RefSeq's accession of a chromosome, under any usual name, in a build; None if it has none that is known.

    >>> accession_of("GRCh38", "chr19"), accession_of("GRCh37", "X"), accession_of("GRCh38", "chrUn_KI270302v1")
    ('NC_000019.10', 'NC_000023.10', None)
    """
    return _ACCESSION_OF.get((build, contig_key(chrom)))
