"""The graph of a GFF3 file's features, linked by ``Parent`` and ``Derives_from``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from spliceai_cli.genes.draft import Coding
from spliceai_cli.genes.feature_kinds import is_gene, is_transcript
from spliceai_cli.genes.left_out import LeftOut
from spliceai_cli.genes.lines import AGAIN, Columns
from spliceai_cli.genome.coords import Interval

_DERIVED = b"Derives_from"
_PARENT, _SOURCE = (re.compile(rb"(?:^|;)\s*%b=([^;]+)" % key) for key in (b"Parent", _DERIVED))

#: Contig and ID.
Key = tuple[str, str]


class Feature(NamedTuple):
    """A line that is, or may be, a gene or transcript."""

    line: int
    columns: Columns

    @property
    def parents(self) -> list[str]:
        """IDs of the features that it is part of."""
        return ids_in(_PARENT.search(self.columns.attributes))

    @property
    def sources(self) -> list[str]:
        """IDs of the features that it derives from, as a protein does from a transcript."""
        return ids_in(_SOURCE.search(self.columns.attributes))


class Parts:
    """Exons and coding parts of one parent.

    Args:
        line: number of the first line.
    """

    def __init__(self, line: int) -> None:
        self.line = line
        self.exons: list[Interval] = []
        self.coding: list[Coding] = []
        self.strands: set[str] = set()


class GeneOf(NamedTuple):
    """What the file says about a transcript's gene.

    Attributes:
        key: the gene's ID.
        feature: the gene, or the transcript if the gene has no line.
        is_line: whether the gene has a line.
    """

    key: str
    feature: Feature
    is_line: bool


@dataclass
class Graph:
    """Features by ID, with the exons and coding parts that name them as parents.

    Attributes:
        features: ID -> features; several if the file has the ID at several loci.
        parts: ID of a parent -> its exons and coding parts.
        left_out: exons and coding parts without a transcript.
    """

    features: dict[Key, list[Feature]] = field(default_factory=dict)
    parts: dict[Key, Parts] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)
    # Line of a feature that is a parent -> its gene.
    _genes: dict[int, GeneOf | None] = field(default_factory=dict)

    def transcripts(self) -> Iterator[tuple[Key, list[Feature], Parts]]:
        """Everything with exons or coding parts, with its lines.

        Parts of proteins and of other features that are not transcripts go to the transcripts that these derive from or
        belong to. A gene without transcripts is a transcript itself.
        """
        holders: dict[Key, list[Feature]] = {}
        held: dict[Key, Parts] = {}
        for key, parts in self.parts.items():
            if own := self._holders(key):
                holders[key], held[key] = own, parts
        for key in [key for key in self.parts if key not in held]:
            self._lend(key, self.parts[key], held)
        holders |= {key: self._holders(key) for key in held if key not in holders}
        self._empty_genes(held, holders)
        for key, parts in held.items():
            if self._is_circular(key[0], holders[key][0]):
                self.left_out.add(
                    "transcripts that are their own ancestors",
                    holders[key][0].line,
                    f"the parents of '{key[1]}' lead back to it, or run in a circle.",
                    "Parent names the gene of a transcript; a gene is part of nothing below it.",
                )
            else:
                yield key, holders[key], parts

    def gene_of(self, key: Key, feature: Feature) -> GeneOf:
        """The gene of a transcript: the topmost gene among its ancestors, else the topmost ancestor."""
        parents, is_own = feature.parents, is_gene(feature.columns.kind)
        if not parents:
            return GeneOf(key[1], feature, is_line=not is_transcript(feature.columns.kind))
        gene = self._gene_above((key[0], parents[0]), feature)
        if gene is not None and (is_gene(gene.feature.columns.kind) or not is_own):
            return gene
        return GeneOf(key[1], feature, is_line=True) if is_own else GeneOf(parents[0], feature, is_line=False)

    def _is_circular(self, chrom: str, feature: Feature) -> bool:
        """Whether the ancestors of a feature, followed as in ``gene_of``, have no end."""
        seen: set[int] = set()
        while parents := feature.parents:
            seen.add(feature.line)
            lines = self.features.get((chrom, parents[0]))
            if not lines:
                return False
            feature = _line_around(lines, feature.columns.interval)
            if feature.line in seen:
                return True
        return False

    def _gene_above(self, above: Key, feature: Feature) -> GeneOf | None:
        """The gene of a parent; None if the parent has no line, or is its own ancestor."""
        lines = self.features.get(above)
        if not lines:
            return None
        top = _line_around(lines, feature.columns.interval)
        if top.line not in self._genes:
            # Ends the recursion for features that are their own ancestors.
            self._genes[top.line] = None
            self._genes[top.line] = self.gene_of(above, top)
        return self._genes[top.line]

    def hull_of(self, key: Key, features: Sequence[Feature]) -> Interval | None:
        """The interval that the lines of a discontinuous transcript span; None if they are copies at several loci.

        In the specification, lines with one ID are one feature, but files also give copies one ID. Lines are taken as
        one transcript if they do not overlap, are on one strand, name the same parents, and lie within one parent line.
        """
        if len({(feature.columns.strand, *feature.parents) for feature in features}) > 1:
            return None
        spans = sorted(feature.columns.interval for feature in features)
        hull = Interval(spans[0].start, spans[-1].end)
        parents = (line for name in features[0].parents for line in self.features.get((key[0], name), ()))
        is_one = all(one.end <= two.start for one, two in pairwise(spans))
        return hull if is_one and any(_is_around(line, hull) for line in parents) else None

    def _sources_of(self, chrom: str, feature: Feature) -> list[str]:
        """IDs of the features that a feature derives from, if they are in the file."""
        return [name for name in feature.sources if (chrom, name) in self.features]

    def _holders(self, key: Key) -> list[Feature]:
        """Features of an ID that have exons of their own: transcripts, else genes."""
        own = self.features.get(key, [])
        # Shortcut: nearly all IDs belong to one transcript. It halves the time.
        if len(own) == 1 and is_transcript(own[0].columns.kind) and _DERIVED not in own[0].columns.attributes:
            return own
        own = [feature for feature in own if not self._sources_of(key[0], feature)]
        return [feature for feature in own if is_transcript(feature.columns.kind)] or [
            feature for feature in own if is_gene(feature.columns.kind)
        ]

    def _lend(self, key: Key, parts: Parts, held: dict[Key, Parts]) -> None:
        """Give parts to the transcripts that their parent leads to; each keeps the parts that it already has."""
        chrom, parent = key
        if key not in self.features:
            problem = f"the parent '{parent}' is nowhere on {chrom}."
            self.left_out.add("parents missing from the file", parts.line, problem, AGAIN)
            return
        targets = dict.fromkeys(self._stands_for(key, {parent}))
        if not targets:
            kind = self.features[key][0].columns.kind
            self.left_out.add(
                f"{kind} features without a transcript",
                parts.line,
                f"the parent '{parent}' is a {kind}, and neither derives from a transcript nor is part of one.",
                "Parent and Derives_from name transcripts by their ID.",
            )
        for target in targets:
            to = held.setdefault(target, Parts(parts.line))
            if not (to.exons or to.coding):
                to.exons = parts.exons
            if not to.coding:
                to.coding = parts.coding
            to.strands |= parts.strands

    def _stands_for(self, key: Key, seen: set[str]) -> Iterator[Key]:
        """Transcripts or genes reached from a feature through any number of sources or parents."""
        chrom, _ = key
        for feature in self.features.get(key, ()):
            for name in self._sources_of(chrom, feature) or feature.parents:
                if self._holders((chrom, name)):
                    yield chrom, name
                elif name not in seen:
                    seen.add(name)
                    yield from self._stands_for((chrom, name), seen)

    def _empty_genes(self, held: dict[Key, Parts], holders: Mapping[Key, list[Feature]]) -> None:
        """Take parts from genes that have transcripts; a single transcript without coding parts gets the gene's."""
        genes = {key for key in held if is_gene(holders[key][0].columns.kind)}
        transcripts: dict[Key, list[Parts]] = defaultdict(list)
        for key, parts in held.items() if genes else ():
            if key not in genes:
                gene = key[0], self.gene_of(key, holders[key][0]).key
                transcripts[gene].append(parts)
        for key in genes & transcripts.keys():
            parts, own = held.pop(key), transcripts[key]
            if len(own) == 1 and not own[0].coding:
                own[0].coding = parts.coding
            is_known = {*parts.exons, *parts.coding} <= {
                part for theirs in own for part in (*theirs.exons, *theirs.coding)
            }
            if not is_known:
                self.left_out.add(
                    "genes with exons or CDS in addition to those of their transcripts",
                    parts.line,
                    f"the parent '{key[1]}' is a gene that has transcripts; it is not clear which one is meant.",
                    "Parent names transcripts by their ID.",
                )


def _line_around(lines: Sequence[Feature], place: Interval) -> Feature:
    """The line of an ID around an interval, else the first; genes go first, as one may share its transcript's ID."""
    if len(lines) == 1:
        return lines[0]
    genes = [line for line in lines if is_gene(line.columns.kind)]
    return next((line for line in genes if _is_around(line, place)), (genes or lines)[0])


def _is_around(feature: Feature, place: Interval) -> bool:
    return feature.columns.interval.start <= place.start and place.end <= feature.columns.interval.end


def without_quotes(text: str) -> str:
    """Strip the quotes around a text, which GTF has and GFF3 should not have.

    >>> without_quotes('"RYR1"'), without_quotes("5'"), without_quotes('"')
    ('RYR1', "5'", '"')
    """
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def ids_in(match: re.Match[bytes] | None) -> list[str]:
    """Comma-separated IDs, still percent-encoded."""
    if match is None:
        return []
    text = match[1].decode("utf-8", "replace")
    if '"' in text:
        return [without_quotes(name) for name in without_quotes(text).split(",")]
    return text.split(",")


def parents_in(attributes: bytes) -> list[str]:
    """The IDs in ``Parent``, still percent-encoded."""
    return ids_in(_PARENT.search(attributes))
