"""Check that VCF, FASTA and gene table describe the same assembly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.planner import Plan
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.scorer import Scorer
from spliceai_cli.summary import Summary
from spliceai_cli.variants.variant import SkipReason

# Limits of the records held back until the verdict, so that nothing is scored or written before it. If a file begins
# with more records outside genes, these are passed on, and the verdict comes when it reaches genes. Holding costs
# memory and time: with 10,000 records held throughout, the garbage collector took 40 % of the run.
_MAX_HELD_BYTES = 64 << 20
_MAX_HELD_RECORDS = 10_000


Sized = TypeVar("Sized", bound="_Sized")


class _Sized(Protocol):
    @property
    def n_bytes(self) -> int: ...


class _Inputs(Protocol):
    """What VCF records are planned with; a ``Scorer`` is one."""

    @property
    def reference(self) -> Reference: ...
    @property
    def genes(self) -> GeneIndex: ...
    @property
    def annotation(self) -> Annotation: ...


class AssemblyCheck:
    """Holds planned records back until it is clear that their REF alleles agree with the FASTA.

    Args:
        inputs: gives the FASTA and the genes.
        name: name of the VCF, for messages.
        contigs: contigs that the VCF header declares with lengths.
        refs: compares the REF alleles with the FASTA.
        allow_missing_contigs: whether to accept a VCF that shares no contig with both the FASTA and the gene table.
    """

    def __init__(
        self,
        inputs: _Inputs,
        name: str,
        contigs: Iterable[str],
        refs: RefCheck,
        *,
        allow_missing_contigs: bool = False,
    ) -> None:
        self._inputs = inputs
        self._name = name
        self._refs = refs
        self._is_shared = allow_missing_contigs or any(map(self._shares, contigs))
        self._first_contig: str | None = None

    def hold(self, planned: Iterable[tuple[Sized, Sequence[Plan]]]) -> Iterator[tuple[Sized, Sequence[Plan]]]:
        """The same items in the same order; none before the first verdict, unless too many would have to be held.

        Raises:
            AssemblyError: too many REF alleles mismatch (see ``RefCheck``), or no contig is shared.
        """
        held: list[tuple[Sized, Sequence[Plan]]] = []
        n_held_bytes = 0
        items = iter(planned)
        for tag, plans in items:
            self._count(plans)
            held.append((tag, plans))
            n_held_bytes += tag.n_bytes
            if self._refs.has_verdict or n_held_bytes >= _MAX_HELD_BYTES or len(held) >= _MAX_HELD_RECORDS:
                break
        else:
            self._judge()
        yield from held
        del held
        # No function call for records outside genes, because up to 100,000 of them pass here per second.
        for item in items:
            for plan in item[1]:
                if plan.fasta_bases or not self._is_shared:
                    self._count(item[1])
                    break
            yield item
        self._judge()

    def _shares(self, chrom: str) -> bool:
        return self._inputs.reference.contigs.find(chrom) is not None and self._inputs.genes.has_contig(chrom)

    def _count(self, plans: Sequence[Plan]) -> None:
        if not self._is_shared and plans:
            chrom = plans[0].variant.chrom
            self._first_contig = self._first_contig or chrom
            self._is_shared = self._shares(chrom)
        self._refs.add(plans)

    def _judge(self) -> None:
        reference = self._inputs.reference
        if self._first_contig is not None and not self._is_shared:
            raise AssemblyError(
                f"{self._name}, {reference.path} and -A {self._inputs.annotation.name} share no contig "
                f"({_named_contigs(self._inputs, self._first_contig)}).",
                "Give the reference and genes of the VCF's assembly, or --allow-missing-contigs to pass it through.",
            )
        self._refs.judge()


def warn_of_unknown_contigs(scorer: Scorer, name: str, summary: Summary, warn: Callable[[str], None]) -> None:
    """Warn if all alleles lie on contigs that FASTA and annotation do not share, though the VCF header has shared ones.

    Args:
        scorer: gives the FASTA and the genes.
        name: name of the VCF, for the message.
        summary: counts of all its alleles.
        warn: called with the warning.
    """
    elsewhere = summary.example([SkipReason.CONTIG])
    # NO_ALT and SYMBOLIC are assigned before the contig is checked.
    n_unknown = summary.n_skipped([SkipReason.NO_ALT, SkipReason.SYMBOLIC, SkipReason.CONTIG])
    if elsewhere is not None and n_unknown == summary.n_alleles:
        warn(
            f"no allele of {name} lies on a contig that {scorer.reference.path} and -A {scorer.annotation.name} both "
            f"have ({_named_contigs(scorer, elsewhere.variant.chrom)}), so none has a score."
        )


def _named_contigs(inputs: _Inputs, chrom: str) -> str:
    """Text that compares a contig of the VCF with a few contigs of the FASTA and the genes."""
    return f"VCF: {chrom}; FASTA: {_few(inputs.reference.lengths)}; genes: {_few(inputs.genes.chroms)}"


def _few(names: Iterable[str]) -> str:
    first, *rest = [*list(names)[:4]] or ["none"]
    shown = ", ".join([first, *rest[:2]])
    return f"{shown}, …" if len(rest) > 2 else shown  # noqa: PLR2004
