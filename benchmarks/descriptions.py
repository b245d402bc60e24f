"""How often the r. text of a predicted event is the observed one, on the variants of the CI-SpliceAI comparison.

Events are predicted from the published SpliceAI 1.3.1 scores. The built-in tables have no coding part: bases are named
by the variant's own HGVS name, which says where one base of the transcript is counted. There is no sequence, so nothing
is moved to the right, and a deletion that was moved counts as the same bases, written otherwise.

    python benchmarks/descriptions.py ci_variants.GRCh38.csv ci_variants.spliceai-1.3.1.D4999.vcf --genes grch38.txt
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
from consequences import Case, Published, located, read_cases, read_scores

from spliceai_cli.consequence import events
from spliceai_cli.consequence.by_profile import events_of_profile
from spliceai_cli.consequence.by_scores import Scores, events_of_scores
from spliceai_cli.consequence.events import Event
from spliceai_cli.consequence.rna import RnaNames, describe_rna
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.consequence.support import support_of_score
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.table import read_table
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.sequence import transcript_order
from spliceai_cli.settings.consequence import ConsequenceSettings

EQUAL, FURTHER, SAME = "equal, largest event", "equal, another event", "the same bases, written otherwise"
NEARLY = "the same exon; one end in the UTR, or up to 3 bases apart"
NO_ANCHOR = "the table's transcript has no such base: another transcript"
NO_BORDER = "observed bases begin and end at no exon border of the table, and no score is there"
OTHER_EXON, OTHER_CLASS, NOTHING = "another exon is skipped", "another kind of event", "no effect predicted"

_OBSERVED = re.compile(r"r\.\(?(\d+)(?:_(\d+)(?:\+1)?)?\s?(del|[Ii]ns)([A-Za-z]*)((?:\d+[+-]\d+_\d+[+-]\d+)?)")
_NEAR = 3
_NAME = re.compile(r"c\.(\d+)([+-]\d+)?")


class Observed(NamedTuple):
    """An r. text that was observed.

    Attributes:
        first, last: names of the bases that are deleted, or that stand beside an insertion.
        is_insertion: whether bases are inserted.
        inserted: inserted letters, or the names of inserted bases.
    """

    first: int
    last: int
    is_insertion: bool
    inserted: str

    def __str__(self) -> str:
        span = str(self.first) if self.first == self.last else f"{self.first}_{self.last}"
        return f"{span}ins{self.inserted}" if self.is_insertion else f"{span}del"


def observed(text: str) -> list[Observed]:
    """The r. texts in an observation."""
    found = []
    for match in _OBSERVED.finditer(text):
        first, last, kind, letters, names = match.groups()
        found.append(Observed(int(first), int(last or first), kind != "del", names or letters))
    return found


def anchored(case: Case, transcript: Transcript) -> Transcript | None:
    """The transcript with the coding part that the variant's HGVS name implies, to the last exon's end.

    None if the name does not fit its exons.
    """
    match = _NAME.search(case.name.partition(":")[2])
    if match is None:
        return None
    number, offset = int(match[1]), int(match[2] or 0)
    alike = 0
    while case.variant.ref[alike : alike + 1] == case.variant.alt[alike : alike + 1] != "":
        alike += 1
    at = [transcript.position(case.variant.pos + alike)]
    if len(case.variant.ref) > alike + 1:
        at.append(transcript.position(case.variant.pos + len(case.variant.ref) - 1))
    exons = transcript.exons
    base = min(at) - offset
    if offset > 0 and not any(exon.end - 1 == base for exon in exons):
        return None
    if offset < 0 and not any(exon.start == base for exon in exons):
        return None
    spliced = Spliced(exons, "")
    index = spliced.index(base)
    if index is None or index - number + 1 < 0:
        return None
    coding = Interval(spliced.position(index - number + 1), exons[-1].end)
    parts = (Interval(max(exon.start, coding.start), exon.end) for exon in exons if exon.end > coding.start)
    back = tuple(sorted(transcript_order(part, transcript.gene.strand) for part in parts))
    return Transcript.of(replace(transcript.gene, coding=back))


class Named(NamedTuple):
    """A predicted event with its text."""

    event: Event
    text: str


def verdict(seen: Sequence[Observed], named: Sequence[Named], transcript: Transcript, names: RnaNames) -> str:
    """How the predicted texts relate to the observed ones."""
    texts = {str(one) for one in seen}
    if named and named[0].text in texts:
        return EQUAL
    if any(one.text in texts for one in named):
        return FURTHER
    if any(_is_same(one, event, transcript, names) for one in seen for event, _ in named):
        return SAME
    if any(_is_nearly(one, text) for one in seen for _, text in named):
        return NEARLY
    if named[0].event.kind == events.NO_EFFECT:
        return NOTHING
    borders = {names.name(exon.start) for exon in transcript.exons}
    ends = {names.name(exon.end - 1) for exon in transcript.exons}
    is_skip = [not one.is_insertion and str(one.first) in borders and str(one.last) in ends for one in seen]
    if any(is_skip):
        return OTHER_EXON if named[0].event.kind == events.SKIPPING else OTHER_CLASS
    is_at_border = [str(one.first) in borders or str(one.last) in ends or one.is_insertion for one in seen]
    return OTHER_CLASS if any(is_at_border) else NO_BORDER


def _is_same(one: Observed, event: Event, transcript: Transcript, names: RnaNames) -> bool:
    """Whether an observed text has as many bases as an event, at the same place or as far away as they may be moved."""
    if one.is_insertion != (event.kind in (events.PARTIAL_RETENTION, events.RETENTION, events.PSEUDOEXON)):
        return False
    if event.kind in (events.NO_EFFECT, events.INCLUSION) or event.chain is None:
        return False
    exon = transcript.exons[event.first]
    if one.is_insertion:
        is_acceptor = bool(event.sites) and event.sites[0][0] == "acceptor"
        junction = int(names.name(exon.start)) - 1 if is_acceptor else int(names.name(exon.end - 1))
        return len(one.inserted) == event.size and abs(one.first - junction) <= max(event.size, _NEAR)
    is_acceptor = bool(event.sites) and event.sites[0][0] == "acceptor"
    last = int(names.name(exon.start)) + event.size - 1 if is_acceptor else int(names.name(exon.end - 1))
    if event.kind == events.SKIPPING:
        last = int(names.name(transcript.exons[event.last].end - 1))
    return one.last - one.first + 1 == event.size and abs(one.last - last) <= max(event.size, _NEAR)


def _is_nearly(one: Observed, text: str) -> bool:
    """Whether two deletions have one end in common and the other nearly, or one counts bases before the start codon."""
    match = re.fullmatch(r"(-?\d+)_(\d+)del", text)
    if match is None or one.is_insertion:
        return False
    first, last = int(match[1]), int(match[2])
    apart = abs(one.first - first), abs(one.last - last)
    is_in_utr = one.first == 1 and first < 1
    return min(apart) == 0 and (max(apart) <= _NEAR or is_in_utr)


@click.command()
@click.argument("comparison", type=click.Path(path_type=Path, exists=True))
@click.argument("scores", type=click.Path(path_type=Path, exists=True))
@click.option("--genes", type=click.Path(path_type=Path, exists=True), help="The table grch38.txt of spliceai 1.3.1.")
def main(comparison: Path, scores: Path, genes: Path) -> None:
    """Print each variant with its verdict, and the counts."""
    cases, published = read_cases(comparison), read_scores(scores)
    table = read_table(genes.read_bytes().splitlines(), str(genes)).genes
    for method in ("profile", "sai10k"):
        counts: Counter[str] = Counter()
        for line, found in judged(cases, published, table, ConsequenceSettings(method=method)):
            counts[found] += 1
            click.echo(f"{method}\t{line}\t{found}")
        click.echo(f"\n{method}: {sum(counts.values())} variants with an r. text")
        for found, n in counts.most_common():
            click.echo(f"| {found} | {n} |")


def judged(
    cases: Sequence[Case], published: Published, table: Sequence[Gene], settings: ConsequenceSettings
) -> Iterator[tuple[str, str]]:
    """Each variant with an r. text and a score, in words, and its verdict."""
    for case, place in zip(cases, located(cases, published, table), strict=True):
        seen = observed(case.text)
        if not seen or place is None:
            continue
        transcript = anchored(case, place.transcript)
        if transcript is None:
            yield f"{case.name}\t{' '.join(map(str, seen))}\t", NO_ANCHOR
            continue
        if settings.method == "profile":
            support = support_of_score(transcript, place.change, place.effects, case.variant.pos)
            predicted = events_of_profile(support, settings)
        else:
            four = Scores.of(place.effects, transcript, case.variant.pos)
            predicted = events_of_scores(transcript, place.change, four, settings)
        # Letters that never repeat: nothing can be moved.
        letters = "".join(map(chr, range(0x4E00, 0x4E00 + sum(exon.length for exon in transcript.exons))))
        names = RnaNames(transcript, Spliced(transcript.exons, letters))
        named = []
        for event in predicted:
            text = describe_rna(event, transcript, place.change, names)
            named.append(Named(event, text.removeprefix("r.(").removesuffix(")")))
        said = " ".join(f"{event.kind}:{text}:{event.weight:.2f}" for event, text in named)
        yield f"{case.name}\t{' '.join(map(str, seen))}\t{said}", verdict(seen, named, transcript, names)


if __name__ == "__main__":
    main()
