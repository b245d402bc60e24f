"""Checks whether genes fit a FASTA: introns have canonical ends, and transcripts end on their contigs."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import comb
from operator import attrgetter
from typing import NamedTuple

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.gene import SHORTEST_INTRON, Gene
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.text import counted

#: Ends of nearly all introns: the major spliceosome, its variant, and the minor spliceosome.
CANONICAL = ("GT-AG", "GC-AG", "AT-AC")

# 97 to 99 % of introns have canonical ends on the right assembly (98.4 % of Ensembl 91 on chr19, with pseudogenes), and
# 2 % on another (2.1 % of grch37 on chr19 of GRCh38).
_TRUE_SHARE = 0.97
_LEAST_SHARE = 0.5
_USUAL_SHARE = 0.9
_MANY_INTRONS = 20
_CERTAIN_INTRONS = 3

# A small sample is judged by the probability that so few introns are canonical on the right assembly: at most one of
# five, 4e-6; none of three, 3e-5. On another assembly, two or more of five are canonical with a probability of 0.4 %.
_LEAST_INTRONS, _LEAST_CHANCE = 5, 1e-5
_LEAST_DOUBTED, _DOUBTED_CHANCE = 3, 1e-3

# A sample site is a group of nearby introns of one gene, which one read covers even in BGZF. A few introns from many
# genes are more informative than many from few: 32 sites hold about 140 introns. Sites of N are skipped, up to a limit.
_PLACE_BASES = 1 << 16
_PLACE_INTRONS = 6
_N_PLACES = 32
_N_TRIED = 3000
_N_GENES = 2000
_SEED = 1

# Beyond a contig's end the networks see N, and no network sees farther than this.
_FLANK = 5000

_COMPLEMENT = bytes.maketrans(b"ACGT", b"TGCA")
_KNOWN_ENDS = re.compile("[ACGT]{2}-[ACGT]{2}")


def intron_ends(intron: Interval, strand: str, chrom: str, fetch: Callable[[str, int, int], bytes]) -> str:
    """First and last two bases of an intron in transcript order, e.g. ``GT-AG``.

    Args:
        intron: 0-based half-open.
        strand: strand of the gene.
        chrom: the FASTA's own name of the contig.
        fetch: function that returns bases, see ``Reference.fetch`` and ``read``.
    """
    first = fetch(chrom, intron.start, intron.start + 2)
    last = fetch(chrom, intron.end - 2, intron.end)
    if strand == "-":
        first, last = (bases.translate(_COMPLEMENT)[::-1] for bases in (last, first))
    return f"{first.decode()}-{last.decode()}"


@dataclass(frozen=True)
class Fit:
    """How well genes fit a FASTA.

    Attributes:
        ends: intron ends in the sample, see ``intron_ends`` -> number of introns.
        n_genes: transcripts on contigs of the FASTA.
        beyond: transcripts that end too far beyond their contig to belong to this FASTA.
    """

    ends: Counter[str] = field(default_factory=Counter)
    n_genes: int = 0
    beyond: Sequence[Gene] = ()

    @property
    def n_introns(self) -> int:
        """Introns in the sample."""
        return self.ends.total()

    @property
    def n_canonical(self) -> int:
        """Introns in the sample with ``CANONICAL`` ends."""
        return sum(self.ends[ends] for ends in CANONICAL)

    @property
    def is_foreign(self) -> bool:
        """Whether the genes belong to another assembly."""
        return bool(self.beyond) or self._has_fewer(_LEAST_SHARE, _LEAST_INTRONS, _LEAST_CHANCE)

    @property
    def is_certain(self) -> bool:
        """Whether introns show that the genes belong to this assembly; chance rarely gives so many canonical ends."""
        return self.n_introns >= _CERTAIN_INTRONS and self.n_canonical >= _USUAL_SHARE * self.n_introns

    @property
    def is_doubtful(self) -> bool:
        """Whether fewer introns are canonical than in any usual annotation."""
        return self._has_fewer(_USUAL_SHARE, _LEAST_DOUBTED, _DOUBTED_CHANCE)

    @property
    def verdict(self) -> str:
        """The result in words."""
        if self.is_foreign:
            return "another assembly"
        if self.is_doubtful:
            return "doubtful"
        return "fits" if self.n_introns >= _LEAST_DOUBTED else "too few introns to tell"

    def _has_fewer(self, share: float, n_least: int, chance: float) -> bool:
        n, k = self.n_introns, self.n_canonical
        return n >= n_least and k < share * n and (n >= _MANY_INTRONS or _chance_of_so_few(k, n) < chance)

    def __str__(self) -> str:
        """The counts of introns and of transcripts beyond their contig, in words."""
        share = f" ({self.n_canonical / self.n_introns:.0%}; 97% to 99% are usual)" if self.n_introns else ""
        verbs = "begins and ends" if self.n_canonical == 1 else "begin and end"
        introns = (
            f"{self.n_canonical:,} of {counted(self.n_introns, 'introns looked at')} {verbs} with "
            f"{', '.join(CANONICAL[:-1])} or {CANONICAL[-1]}{share}"
        )
        verb = "ends beyond its contig" if len(self.beyond) == 1 else "end beyond their contig"
        beyond = f"{len(self.beyond):,} of {counted(self.n_genes, 'transcripts')} {verb}"
        first = f" (first: {self.beyond[0].symbol}, {_place(self.beyond[0])})" if self.beyond else ""
        return f"{introns}, and {beyond}{first}"


def _chance_of_so_few(k: int, n: int) -> float:
    """Probability that at most ``k`` of ``n`` introns are canonical on the right assembly."""
    return sum(comb(n, i) * _TRUE_SHARE**i * (1 - _TRUE_SHARE) ** (n - i) for i in range(k + 1))


def check_fit(
    annotation: Annotation, reference: Reference, warn: Callable[[str], None], *, allow_foreign: bool = False
) -> None:
    """Refuse genes of an assembly other than the FASTA's, judged by a sample of introns.

    Too few introns in known sequence prove nothing: single-exon genes, bacteria, a FASTA that is N except for one gene.

    Args:
        annotation: the genes in use.
        reference: the FASTA.
        warn: called if the share of canonical introns fits neither the right nor a wrong assembly.
        allow_foreign: give a warning in place of an error, and no other warning.

    Raises:
        AssemblyError: fewer than half of at least 5 introns have canonical ends, too few to be chance; or transcripts
            end beyond their contig; or the two share no contig.
    """
    fit = measure_fit(annotation.genes, reference)
    build = detect_build(reference.lengths)
    fasta = f"{reference.path} ({build})" if build else f"{reference.path}"
    problem = ""
    if fit.is_foreign:
        problem = f"-A {annotation.name} does not fit {fasta}: {fit}."
    elif annotation.genes and not fit.n_genes:
        on = few_names(gene.chrom for gene in annotation.genes)
        problem = (
            f"-A {annotation.name} and {fasta} share no contig (genes: {on}; FASTA: {few_names(reference.lengths)})."
        )
    if problem and not allow_foreign:
        raise AssemblyError(
            problem, "Use an annotation of the reference's assembly, or --allow-foreign-genes to use this one anyway."
        )
    if problem:
        warn(f"{problem} --allow-foreign-genes uses it anyway.")
    elif fit.is_doubtful and not allow_foreign:
        warn(
            f"-A {annotation.name} may not fit {fasta}: {fit}. Make sure that it is of the same assembly; "
            "spliceai-cli genes check looks at every intron."
        )


def measure_fit(genes: Iterable[Gene], reference: Reference) -> Fit:
    """Check the introns at a seeded sample of sites, and where transcripts end.

    Args:
        genes: transcripts, some of them perhaps on contigs that the FASTA does not have.
        reference: the FASTA.
    """
    by_chrom: dict[str, list[Gene]] = defaultdict(list)
    for gene in genes:
        by_chrom[gene.chrom].append(gene)
    shared = {
        chrom: _Contig(name, reference.lengths[name], on_it)
        for chrom, on_it in by_chrom.items()
        if (name := reference.contigs.find(chrom)) is not None
    }
    fit = Fit(_sampled_ends(shared, reference), sum(len(contig.genes) for contig in shared.values()))
    beyond = [gene for contig in shared.values() for gene in contig.beyond(is_certain=fit.is_certain)]
    return replace(fit, beyond=beyond)


class _Contig(NamedTuple):
    """A contig of the FASTA with its genes."""

    name: str
    length: int
    genes: list[Gene]

    def beyond(self, *, is_certain: bool) -> list[Gene]:
        """Transcripts that end more than a flank beyond the contig.

        A contig that lacks a tenth of its transcripts was cut short on purpose, as for a test: no assembly is so much
        shorter than another. Then only transcripts that cross the cut count, and only if introns do not make the
        assembly certain.
        """
        last = self.length + _FLANK
        if max(map(attrgetter("end"), self.genes)) <= last:
            return []
        far = [gene for gene in self.genes if gene.end > last]
        if 10 * len(far) < len(self.genes):
            return far
        return [] if is_certain else [gene for gene in far if gene.start < self.length]


class _Place(NamedTuple):
    """A sample site: a few introns of a gene in one part of a contig."""

    chrom: str
    strand: str
    introns: Sequence[Interval]


def _sampled_ends(contigs: Mapping[str, _Contig], reference: Reference) -> Counter[str]:
    """Intron ends at sites in a seeded order, until enough sites have known sequence."""
    ends: Counter[str] = Counter()
    looked_at: set[tuple[str, str, Interval]] = set()
    n_known = 0
    for chrom, strand, introns in islice(_places(contigs), _N_TRIED):
        new = [intron for intron in introns if (chrom, strand, intron) not in looked_at]
        # If the first intron is N, the others are as well, and there may be many such sites.
        if not new or "N" in intron_ends(new[0], strand, chrom, reference.read):
            continue
        looked_at.update((chrom, strand, intron) for intron in new)
        observed = (intron_ends(intron, strand, chrom, reference.read) for intron in new)
        ends.update(text for text in observed if _KNOWN_ENDS.fullmatch(text))
        n_known += 1
        if n_known == _N_PLACES:
            break
    return ends


def _places(contigs: Mapping[str, _Contig]) -> Iterator[_Place]:
    """For each gene in the sample, the site with most introns; then all remaining sites."""
    genes = [gene for contig in contigs.values() for gene in contig.genes]
    left: list[_Place] = []
    for gene in random.Random(_SEED).sample(genes, min(len(genes), _N_GENES)):
        contig = contigs[gene.chrom]
        if gene.end <= contig.length:
            places = _by_part(gene, contig.name)
            yield from places[:1]
            left += places[1:]
    yield from left


def _by_part(gene: Gene, chrom: str) -> list[_Place]:
    """A gene's introns grouped by the part of the contig that they begin in, largest groups first."""
    by_part: dict[int, list[Interval]] = defaultdict(list)
    for intron in gene.introns:
        if intron.length >= SHORTEST_INTRON:
            by_part[intron.start // _PLACE_BASES].append(intron)
    return [
        _Place(chrom, gene.strand, introns[i : i + _PLACE_INTRONS])
        for introns in sorted(by_part.values(), key=len, reverse=True)
        for i in range(0, len(introns), _PLACE_INTRONS)
    ]


def few_names(names: Iterable[str]) -> str:
    """The first three contigs, each once."""
    first = list(islice(dict.fromkeys(names), 4))
    return f"{', '.join(first[:3])}{', …' if first[3:] else ''}"


def _place(gene: Gene) -> str:
    return f"{gene.chrom}:{gene.start + 1:,}-{gene.end:,}"
