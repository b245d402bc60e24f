"""The standard genetic code."""

from __future__ import annotations

from itertools import product

#: Letter of a stop codon, and of a codon with an unknown base.
STOP, UNKNOWN = "*", "X"

# NCBI translation table 1, codons in the order T C A G.
_ACIDS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_CODE = dict(zip(("".join(codon) for codon in product("TCAG", repeat=3)), _ACIDS, strict=True))

_NAMES = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu", "G": "Gly", "H": "His",
    "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe", "P": "Pro", "S": "Ser", "T": "Thr", "W": "Trp",
    "Y": "Tyr", "V": "Val", STOP: "Ter", UNKNOWN: "Xaa",
}  # fmt: skip


def translate(bases: str) -> str:
    """One letter for each whole codon, stops included.

    >>> translate("ATGGCNTAAG")
    'MX*'
    """
    return "".join(_CODE.get(bases[i : i + 3], UNKNOWN) for i in range(0, len(bases) - 2, 3))


def translate_to_stop(bases: str) -> str:
    """Like ``translate``, up to the first stop, which is included.

    >>> translate_to_stop("ATGTAAGCC"), translate_to_stop("ATGGC")
    ('M*', 'M')
    """
    acids, stop, _ = translate(bases).partition(STOP)
    return acids + stop


def three_letters(acids: str) -> str:
    """Amino acids in the notation of HGVS.

    >>> three_letters("MA*")
    'MetAlaTer'
    """
    return "".join(_NAMES[acid] for acid in acids)
