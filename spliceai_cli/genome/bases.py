"""Bases as small integers, the way the networks take them.

A code is 0 to 3 for A, C, G, T, and ``N`` (4) for everything else: all-zero in one-hot.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]

N = 4


def _table(letters: dict[str, int]) -> bytes:
    codes = [N] * 256
    for letter, code in letters.items():
        codes[ord(letter)] = codes[ord(letter.lower())] = code
    return bytes(codes)


#: byte -> code; lower case counts as upper case.
BASES = _table({"A": 0, "C": 1, "G": 2, "T": 3})

# Complement of each code: A<->T, C<->G, N stays.
_COMPLEMENT = np.array([3, 2, 1, 0, N], dtype=np.uint8)


_COMPLEMENT_TEXT = str.maketrans("ACGT", "TGCA")

# FASTA letter -> VCF letters that agree with it. Only N agrees with an N in the FASTA. An N in the VCF also agrees with
# the ambiguous letters (R, Y, ...), because older programs write N for them.
_AGREES = {
    base: base + letters + ("N" if letters else "")
    for base, letters in {
        "A": "", "C": "", "G": "", "T": "", "N": "", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
        "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG",
    }.items()
}  # fmt: skip


def encode(bases: bytes, table: bytes = BASES) -> Codes:
    """(L,) codes of L letters.

    >>> encode(b"ACGTNacgtR").tolist()
    [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
    """
    return np.frombuffer(bases.translate(table), dtype=np.uint8)


def agrees(stated: str, bases: str) -> bool:
    """Whether stated bases agree with the FASTA's, both upper case; an IUPAC letter there agrees with all its bases.

    >>> agrees("AC", "AC"), agrees("A", "R"), agrees("C", "R"), agrees("N", "R"), agrees("N", "A"), agrees("", "")
    (True, True, False, True, False, False)
    """
    if not stated or len(stated) != len(bases):
        return False
    return stated == bases or all(letter in _AGREES.get(base, base) for letter, base in zip(stated, bases, strict=True))


def reverse_complement(codes: Codes) -> Codes:
    """(L,) codes of the other strand, read in its direction.

    >>> reverse_complement(encode(b"ACCN")).tolist() == encode(b"NGGT").tolist()
    True
    """
    return _COMPLEMENT[codes[::-1]]


def reverse_complement_text(bases: str) -> str:
    """Upper-case letters of the other strand, read in its direction; letters other than A C G T stay.

    >>> reverse_complement_text("ACCN")
    'NGGT'
    """
    return bases[::-1].translate(_COMPLEMENT_TEXT)
