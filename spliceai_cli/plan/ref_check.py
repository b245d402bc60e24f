"""Are the REF alleles of a VCF those of the FASTA?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.planner import Plan
from spliceai_cli.text import counted, shortened

# Judged on the first 100 alleles in genes, then at every full thousand, and at the end. Builds can agree over the first
# megabases of a contig.
_N_JUDGED = 100
_N_BETWEEN = 1000

# On another assembly a REF of one base still agrees by chance, one time in four: about 75 % mismatch, not all. On the
# right one next to none do.
_MAX_MISMATCH = 5.0
_MAX_MISMATCH_CONTRADICTED = 1.0

# Fewer alleles make no share, unless ##contig lengths say the same. Without, more than half of them have to mismatch,
# and not just one or two.
_N_LEAST = 20
_N_LEAST_MISMATCHES = 3

# N and IUPAC letters, in VCF or FASTA, stand for several bases: such alleles cannot tell.
_AMBIGUOUS = re.compile("[NRYSWKMBDHVnryswkmbdhv]")


class _Contradiction(NamedTuple):
    """A contig with one length in the VCF header and another in the FASTA."""

    chrom: str
    declared: int
    length: int


class RefCheck:
    """Counts REF alleles that are not what the FASTA has, and judges whether VCF and FASTA are of one assembly.

    Args:
        reference: the FASTA.
        name: of the VCF, for messages.
        contigs: that the VCF header declares, with lengths; 0 where it gives none.
        warn: called once if declared lengths contradict the FASTA but the REF alleles do not.
        max_mismatch: percentage of REF alleles that may mismatch; None for 5, or 1 where lengths contradict the FASTA.

    Attributes:
        name: of the VCF.
        n_checked: alleles that were compared.
        n_mismatches: those of them that mismatch.
    """

    def __init__(
        self,
        reference: Reference,
        name: str,
        contigs: Mapping[str, int],
        warn: Callable[[str], None],
        max_mismatch: float | None = None,
    ) -> None:
        self.n_checked = 0
        self.n_mismatches = 0
        self._first = ""
        self._reference = reference
        self.name = name
        self._contigs = contigs
        self._warn = warn
        self._has_warned = False
        self._max_mismatch = max_mismatch
        self._n_next = _N_JUDGED
        declared = ((reference.contigs.find(chrom), chrom, length) for chrom, length in contigs.items() if length)
        self._contradictions = {
            found: _Contradiction(chrom, length, reference.lengths[found])
            for found, chrom, length in declared
            if found is not None and length != reference.lengths[found]
        }
        # The header may list contigs that no record lies on: what counts is the contigs of alleles that were compared.
        self._contradiction: _Contradiction | None = None

    @property
    def has_verdict(self) -> bool:
        """Whether enough alleles were compared for a first verdict."""
        return self.n_checked >= _N_JUDGED

    def add(self, plan: Plan) -> None:
        """Count an allele if it was compared with the FASTA.

        Raises:
            AssemblyError: it is time for a verdict, and VCF and FASTA are different assemblies.
        """
        variant, bases = plan.variant, plan.fasta_bases
        if not bases or _AMBIGUOUS.search(bases) or _AMBIGUOUS.search(variant.ref):
            return
        self.n_checked += 1
        if self._contradiction is None and self._contradictions:
            self._contradiction = self._contradictions.get(self._reference.contigs.find(variant.chrom) or "")
        if variant.ref.upper() != bases:
            self.n_mismatches += 1
            place = f"{variant.chrom}:{variant.pos}"
            self._first = self._first or f"{place}, VCF {shortened(variant.ref)}, FASTA {shortened(bases)}"
        if self.n_checked == self._n_next:
            self._n_next = (self.n_checked // _N_BETWEEN + 1) * _N_BETWEEN
            self.judge(of="of the first")

    def judge(self, *, of: str = "of") -> None:
        """Refuse a VCF of another assembly, by the alleles counted so far.

        Args:
            of: ``of``, or ``of the first`` if there may be more alleles.

        Raises:
            AssemblyError: VCF and FASTA are different assemblies.
        """
        theirs, ours = detect_build(self._contigs), detect_build(self._reference.lengths)
        if self._is_of_another_assembly:
            raise AssemblyError(
                f"{_with(self.name, theirs)} and {_with(str(self._reference.path), ours)} are different assemblies: "
                f"{self.n_mismatches:,} {of} {counted(self.n_checked, 'REF alleles')} {self._verb} not match the FASTA "
                f"(first: {self._first}).",
                f"{self._hint(theirs, ours)} To score what matches all the same, raise --max-ref-mismatch.",
            )
        # Without any allele to compare, as on positions outside genes, the header is all there is to go by.
        contradiction = self._contradiction or (
            next(iter(self._contradictions.values()), None) if not self.n_checked else None
        )
        if contradiction is not None and not self._has_warned:
            self._has_warned = True
            self._warn(
                f"{self.name} may be of another assembly than {self._reference.path}: {_lengths(contradiction)}; "
                f"{self._agreement}. Make sure that -R is the reference that the VCF was called on."
            )

    @property
    def _is_of_another_assembly(self) -> bool:
        limit = self._max_mismatch
        if limit is None:
            limit = _MAX_MISMATCH if self._contradiction is None else _MAX_MISMATCH_CONTRADICTED
        if 100 * self.n_mismatches <= limit * self.n_checked:
            return False
        if self.n_checked >= _N_LEAST or self._contradiction is not None:
            return True
        return self.n_mismatches >= _N_LEAST_MISMATCHES and 2 * self.n_mismatches > self.n_checked

    @property
    def _agreement(self) -> str:
        if not self.n_checked:
            return "no REF allele could be compared"
        if not self.n_mismatches:
            return f"but none of the REF alleles compared ({self.n_checked:,}) mismatches"
        return f"{self.n_mismatches:,} of {counted(self.n_checked, 'REF alleles')} compared {self._verb} not match"

    @property
    def _verb(self) -> str:
        return "does" if self.n_mismatches == 1 else "do"

    def _hint(self, theirs: str | None, ours: str | None) -> str:
        if self._contradiction is not None:
            return f"{_lengths(self._contradiction)}. Pass the reference that the VCF was called on with -R."
        if theirs and theirs == ours:
            return (
                f"##contig lengths are {theirs}'s as the FASTA's are, yet the bases differ: was the header rewritten, "
                "or the file lifted over without its alleles?"
            )
        return "Pass the reference that the VCF was called on with -R."


def _with(name: str, build: str | None) -> str:
    return f"{name} ({build})" if build else name


def _lengths(contradiction: _Contradiction) -> str:
    """Both lengths of a contig, with the builds that they are of."""
    chrom, declared, length = contradiction
    theirs, ours = (_with(f"{n:,}", detect_build({chrom: n})) for n in (declared, length))
    return f"##contig gives {chrom} length {theirs}, the FASTA {ours}"
