"""Checks whether the REF alleles of a VCF match the FASTA."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genome.accession import check_contig
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.planner import Plan
from spliceai_cli.settings.words import MAX_REF_MISMATCH, MAX_REF_MISMATCH_CONTRADICTED
from spliceai_cli.text import counted, shortened

# The verdict is given after the first 100 alleles in genes, then at every full thousand, and at the end: builds can
# agree over the first megabases of a contig.
_N_JUDGED = 100
_N_BETWEEN = 1000

# Below 20 alleles a percentage means little: unless ##contig lengths also contradict the FASTA, more than half of them
# must mismatch. Among up to 100 alleles, one or two mismatches may be typos and are not enough.
_N_LEAST = 20
_N_LEAST_MISMATCHES = 3

# At this percentage or more it is another assembly, not a file with mistakes.
_OTHER_ASSEMBLY = 25.0

# N and IUPAC letters, in VCF or FASTA, match several bases, so such alleles prove nothing.
_AMBIGUOUS = re.compile("[NRYSWKMBDHVnryswkmbdhv]")


class _Contradiction(NamedTuple):
    """A contig with one length in the VCF header and another in the FASTA."""

    chrom: str
    declared: int
    length: int


class RefCheck:
    """Counts REF alleles that differ from the FASTA, and judges whether VCF and FASTA are the same assembly.

    The REF of a record counts once, however many ALTs it has.

    Args:
        reference: the FASTA.
        name: name of the VCF, for messages.
        contigs: contig in the VCF header -> its length; 0 if the header gives none.
        warn: called once if declared lengths contradict the FASTA but the REF alleles do not.
        max_mismatch: percentage of REF alleles that may mismatch; None means 5, or 1 if lengths contradict the FASTA.

    Attributes:
        name: name of the VCF.
        n_checked: REF alleles that were compared.
        n_mismatches: compared alleles that mismatch.
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
            contig: _Contradiction(chrom, length, reference.lengths[contig])
            for contig, chrom, length in declared
            if contig is not None and length != reference.lengths[contig]
        }
        self._chroms: set[str] = set()
        # The header may list contigs without records, so only contigs of compared alleles count.
        self._contradiction: _Contradiction | None = None

    @property
    def has_verdict(self) -> bool:
        """Whether enough alleles were compared for a first verdict."""
        return self.n_checked >= _N_JUDGED

    def add(self, plans: Iterable[Plan]) -> None:
        """Count the REF of a record if it was compared with the FASTA.

        Args:
            plans: plans of the record's alleles.

        Raises:
            AssemblyError: a verdict is due, and VCF and FASTA are different assemblies; or the name of the contig is an
                accession of another assembly.
        """
        # An allele outside genes, or without a sequence, is not compared, so another allele of the record is used.
        plan = next((plan for plan in plans if plan.fasta_bases), None)
        if plan is None or _AMBIGUOUS.search(plan.fasta_bases) or _AMBIGUOUS.search(plan.variant.ref):
            return
        variant, bases = plan.variant, plan.fasta_bases
        if variant.chrom not in self._chroms:
            self._chroms.add(variant.chrom)
            check_contig(self.name, variant.chrom, self._reference)
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
        """Refuse a VCF of another assembly, judged by the alleles counted so far.

        Args:
            of: ``of``, or ``of the first`` if there may be more alleles.

        Raises:
            AssemblyError: VCF and FASTA are different assemblies.
        """
        theirs, ours = detect_build(self._contigs), detect_build(self._reference.lengths)
        if self._is_of_another_assembly:
            is_certain = self._contradiction is not None or self._rate >= _OTHER_ASSEMBLY
            vcf, fasta = _with(self.name, theirs), _with(str(self._reference.path), ours)
            raise AssemblyError(
                f"{f'{vcf} and {fasta} are different assemblies' if is_certain else f'{vcf} does not fit {fasta}'}: "
                f"{self.n_mismatches:,} {of} {counted(self.n_checked, 'REF alleles')} ({self._shown_rate} %) "
                f"{self._verb} not match the FASTA; the limit is {self._limit:g} % (first: {self._first}).",
                f"{self._hint(theirs, ours)} To score the alleles that match anyway, give --max-ref-mismatch "
                f"{math.ceil(self._rate)} or more.",
            )
        # If no allele was compared, as when all are outside genes, only the header can be judged.
        contradiction = self._contradiction or (
            next(iter(self._contradictions.values()), None) if not self.n_checked else None
        )
        if contradiction is not None and not self._has_warned:
            self._has_warned = True
            self._warn(
                f"{self.name} and {self._reference.path} may be of different assemblies: {_lengths(contradiction)}; "
                f"{self._agreement}. Make sure that -R is the reference that the VCF was called on."
            )

    @property
    def _limit(self) -> float:
        if self._max_mismatch is not None:
            return self._max_mismatch
        return MAX_REF_MISMATCH if self._contradiction is None else MAX_REF_MISMATCH_CONTRADICTED

    @property
    def _rate(self) -> float:
        return 100 * self.n_mismatches / self.n_checked if self.n_checked else 0.0

    @property
    def _shown_rate(self) -> str:
        """The rate, with enough digits to distinguish it from the limit."""
        digits = next((n for n in (1, 2, 3) if round(self._rate, n) > self._limit), 4)
        return f"{round(self._rate, digits):g}"

    @property
    def _is_of_another_assembly(self) -> bool:
        if 100 * self.n_mismatches <= self._limit * self.n_checked:
            return False
        if self._contradiction is not None:
            return True
        is_number = self.n_mismatches >= _N_LEAST_MISMATCHES
        if self.n_checked < _N_LEAST:
            return is_number and 2 * self.n_mismatches > self.n_checked
        # A limit given by the user is applied as it is.
        return is_number or self._max_mismatch is not None

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
        if self._rate < _OTHER_ASSEMBLY:
            return "Look at the first: was REF edited by hand, or called on another version of the reference?"
        if theirs and theirs == ours:
            return (
                f"##contig lengths are {theirs}'s as the FASTA's are, yet the bases differ: was the header rewritten, "
                "or the file lifted over without its alleles?"
            )
        return "Pass the reference that the VCF was called on with -R."


def _with(name: str, build: str | None) -> str:
    return f"{name} ({build})" if build else name


def _lengths(contradiction: _Contradiction) -> str:
    """Both lengths of a contig, with their builds."""
    chrom, declared, length = contradiction
    theirs, ours = (_with(f"{n:,}", detect_build({chrom: n})) for n in (declared, length))
    return f"##contig gives {chrom} length {theirs}, the FASTA {ours}"
