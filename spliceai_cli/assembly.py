"""Do VCF, FASTA and gene table describe the same assembly?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genes.builds import detect_build
from spliceai_cli.plan import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.variant import SkipReason

# Before a run, judged on the first 100 alleles in genes; with fewer, on all if there are at least 20.
_N_JUDGED = 100
_N_LEAST = 20

# On another assembly a REF of one base still agrees by chance, one time in four: about 75 % mismatch, not all. On the
# right one next to none do.
_MISMATCH_LIMIT = 0.5

# What is held back until the verdict, so that nothing is scored or written before it. A file that begins with more than
# that outside genes is passed on, and judged when it reaches them. Holding costs memory, and time as well: with 10,000
# records held throughout, the garbage collector took 40 % of the run.
_MAX_HELD_BYTES = 64 << 20
_MAX_HELD_RECORDS = 10_000


class RefCount:
    """How many REF alleles are not what the FASTA has.

    Attributes:
        n_checked: alleles that can tell.
        n_mismatches: those of them that mismatch.
    """

    def __init__(self) -> None:
        self.n_checked = 0
        self.n_mismatches = 0
        self._first = ""

    def add(self, plan: Plan) -> None:
        """Count an allele if it was compared with the FASTA."""
        # A symbolic allele may have REF N, which says nothing of the assembly, as N in the FASTA.
        if not plan.fasta_bases or plan.fasta_bases[0] == "N" or plan.variant.ref == "N":
            return
        self.n_checked += 1
        if plan.skip is SkipReason.REF_MISMATCH:
            self.n_mismatches += 1
            chrom, pos, ref, *_ = plan.variant
            self._first = self._first or f"{chrom}:{pos}, VCF {_short(ref)}, FASTA {_short(plan.fasta_bases)}"

    @property
    def is_of_another_assembly(self) -> bool:
        """Whether of at least 20 alleles half mismatch."""
        return self.n_checked >= _N_LEAST and self.n_mismatches >= _MISMATCH_LIMIT * self.n_checked

    def said(self, of: str) -> str:
        """What was found, ``of`` being ``of`` or ``of the first``."""
        return f"{self.n_mismatches} {of} {self.n_checked} REF alleles do not match the FASTA (first: {self._first})"


class _Sized(Protocol):
    @property
    def n_bytes(self) -> int: ...


Tag = TypeVar("Tag", bound=_Sized)


class AssemblyCheck:
    """Holds planned records back until it is clear that their REF alleles are those of the FASTA.

    Args:
        scorer: with the FASTA and the genes.
        name: of the VCF, for messages.
        contigs: that the VCF header declares, with lengths.
        warn: told if the declared lengths are of another build than the FASTA but the REF alleles do not settle it.
        allow_missing_contigs: accept a VCF that shares no contig with FASTA and table.
    """

    def __init__(
        self,
        scorer: Scorer,
        name: str,
        contigs: dict[str, int],
        warn: Callable[[str], None],
        *,
        allow_missing_contigs: bool = False,
    ) -> None:
        self._scorer = scorer
        self._name = name
        self._contigs = contigs
        self._warn = warn
        self._is_shared = allow_missing_contigs or any(map(self._shares, contigs))
        self._first_contig: str | None = None
        self._refs = RefCount()

    def hold(self, planned: Iterable[tuple[Tag, Sequence[Plan]]]) -> Iterator[tuple[Tag, Sequence[Plan]]]:
        """The same items in the same order; none before the verdict, unless that is long in coming.

        Raises:
            AssemblyError: of at least 20 alleles in genes half mismatch, or no contig is shared.
        """
        held: list[tuple[Tag, Sequence[Plan]]] = []
        n_held_bytes = 0
        items = iter(planned)
        for tag, plans in items:
            held.append((tag, plans))
            n_held_bytes += tag.n_bytes
            self._count(plans)
            if self._refs.n_checked >= _N_JUDGED:
                break
            if n_held_bytes >= _MAX_HELD_BYTES or len(held) >= _MAX_HELD_RECORDS:
                yield from held
                held = []
                yield from self._count_passing(items)
                break
        self._judge()
        yield from held
        del held
        yield from items

    def _count_passing(self, items: Iterator[tuple[Tag, Sequence[Plan]]]) -> Iterator[tuple[Tag, Sequence[Plan]]]:
        for tag, plans in items:
            self._count(plans)
            yield tag, plans
            if self._refs.n_checked >= _N_JUDGED:
                return

    def _shares(self, chrom: str) -> bool:
        return self._scorer.reference.contigs.find(chrom) is not None and self._scorer.genes.has_contig(chrom)

    def _count(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            if not self._is_shared:
                self._first_contig = self._first_contig or plan.variant.chrom
                self._is_shared = self._shares(plan.variant.chrom)
            self._refs.add(plan)

    def _judge(self) -> None:
        reference = self._scorer.reference
        if self._first_contig is not None and not self._is_shared:
            raise AssemblyError(
                f"{self._name}, {reference.path} and -A {self._scorer.annotation.name} share no contig "
                f"(VCF: {self._first_contig}; FASTA: {_few(reference.lengths)}; "
                f"genes: {_few(self._scorer.genes.chroms)}).",
                "Give the reference and genes of the VCF's assembly, or --allow-missing-contigs to pass it through.",
            )
        if self._refs.is_of_another_assembly:
            raise AssemblyError(
                f"{self._name} and {reference.path} are different assemblies: {self._refs.said('of the first')}.",
                self._hint(),
            )
        theirs, ours = detect_build(self._contigs), detect_build(reference.lengths)
        if theirs and ours and theirs != ours:
            self._warn(
                f"{self._name} may be of another assembly than {reference.path}: {self._declared(theirs)}, and the "
                f"FASTA is {ours}, but only {self._refs.n_mismatches} of {self._refs.n_checked} REF alleles looked at "
                "mismatch. Make sure that -R is the reference that the VCF was called on."
            )

    def _hint(self) -> str:
        theirs, ours = detect_build(self._contigs), detect_build(self._scorer.reference.lengths)
        if theirs is None:
            have = f"{self._scorer.reference.path} is {ours}. " if ours else ""
            return f"{have}Give the reference that the VCF was called on with -R."
        if theirs == ours:
            return (
                f"{self._declared(theirs)} as the FASTA is, yet the bases differ: was the header rewritten, "
                "or the file lifted over without its alleles?"
            )
        return f"{self._declared(theirs)}. Pass that reference with -R."

    def _declared(self, build: str) -> str:
        chrom, length = next((c, n) for c, n in self._contigs.items() if detect_build({c: n}) == build)
        return f"##contig gives {chrom} length {length}, which is {build}"


def _few(names: Iterable[str]) -> str:
    first, *rest = [*list(names)[:4]] or ["none"]
    shown = ", ".join([first, *rest[:2]])
    return f"{shown}, …" if len(rest) > 2 else shown  # noqa: PLR2004


def _short(bases: str) -> str:
    return bases if len(bases) <= 10 else f"{bases[:10]}…"  # noqa: PLR2004
