"""How well predicted events agree with those that were observed, on the variants of the CI-SpliceAI comparison.

Reads ``ci_variants.GRCh38.csv`` (Strauch et al. 2022, CC BY 4.0) with the published SpliceAI 1.3.1 scores (D = 4999),
and prints for each method how many classes are right, how many observed sites are found exactly, and the confusion
table. With ``--windows`` the networks are run on the variants of BRCA1 and FBN1, whose sequence is in that folder: then
``profile`` sees the whole profile, and the average precision of the change of log-odds stands beside that of the
largest delta.

    python benchmarks/consequences.py ci_variants.GRCh38.csv ci_variants.spliceai-1.3.1.D4999.vcf --genes grch38.txt
    python benchmarks/consequences.py … --windows windows
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from spliceai_cli import Compute, ConsequenceSettings, Scorer, Settings, Variant
from spliceai_cli.consequence import events
from spliceai_cli.consequence.by_profile import events_of_profile
from spliceai_cli.consequence.by_scores import Scores, events_of_scores
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.support import support_of_score
from spliceai_cli.consequence.transcript import ACCEPTOR, Transcript
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.table import read_table
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.sequence import transcript_order
from spliceai_cli.scores.consequence import Consequence
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore

CLASSES = ("normal", "skip", "retention", "alternative donor", "alternative acceptor")

_OF_EVENT = {
    events.NO_EFFECT: "normal",
    events.SKIPPING: "skip",
    events.RETENTION: "retention",
    events.PSEUDOEXON: "pseudoexon",
    events.INCLUSION: "inclusion",
    events.FIRST_LOST: "end lost",
    events.LAST_LOST: "end lost",
}

# Window of each transcript, contig, its length, and what is added to a position of GRCh38.
_WINDOWS = {
    "NM_007294": ("GRCh38_chr17_43000001-43200000_BRCA1_hg38.fa", "17", 83_257_441, 0, "BRCA1", "grch38"),
    "NM_000138": ("GRCh37_chr15_48500000-49000000_FBN1_hg19.fa", "15", 102_531_392, 292_197, "FBN1", "grch37"),
}


# Contig, position, REF and ALT -> scores.
Published = dict[tuple[str, int, str, str], list[DeltaScore]]


class Case(NamedTuple):
    """A variant with what was observed.

    Attributes:
        name: HGVS of the transcript.
        variant: the variant, GRCh38.
        strand: strand of the gene.
        observed: class of the observed effect.
        is_affecting: whether it affects splicing.
        sites: AL, DL, AG and DG with their positions, as far as they were observed.
        text: what was observed, in words.
    """

    name: str
    variant: Variant
    strand: str
    observed: str
    is_affecting: bool
    sites: tuple[tuple[str, int], ...]
    text: str = ""


class Located(NamedTuple):
    """A case on the transcript that it is scored on.

    Attributes:
        transcript: the transcript.
        change: the allele.
        effects: its four effects by name.
    """

    transcript: Transcript
    change: Change
    effects: dict[str, Effect]


class Predicted(NamedTuple):
    """The prediction for a case.

    Attributes:
        classes: classes of the events, largest weight first.
        sites: names and positions of all sites that the events lose or gain.
    """

    classes: tuple[str, ...]
    sites: set[tuple[str, int]]


def read_cases(path: Path) -> list[Case]:
    """The rows of the comparison."""
    with path.open() as handle:
        return [
            Case(
                row["ID"],
                Variant(row["#CHROM"], int(row["POS"]), row["REF"], row["ALT"]),
                row["strand"],
                row["effect_type"],
                row["SpliceAffecting"] == "1",
                tuple((name, int(row[name])) for name in ("AL", "DL", "AG", "DG") if row[name]),
                row["Observation"],
            )
            for row in csv.DictReader(handle)
        ]


def read_scores(path: Path) -> Published:
    """Scores by variant."""
    scores: Published = {}
    for line in path.read_text().splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and fields[7].startswith("SpliceAI="):
            texts = fields[7].removeprefix("SpliceAI=").split(";")[0].split(",")
            place = fields[0].removeprefix("chr"), int(fields[1]), fields[3], fields[4]
            scores[place] = [DeltaScore.parse(text) for text in texts]
    return scores


def change_of(variant: Variant, strand: str) -> Change:
    """An allele without its bases: only where it is and how long."""
    ref, alt, n_left, n_right = variant.ref, variant.alt, 0, 0
    while n_left < min(len(ref), len(alt)) and ref[n_left] == alt[n_left]:
        n_left += 1
    while n_right < min(len(ref), len(alt)) - n_left and ref[-1 - n_right] == alt[-1 - n_right]:
        n_right += 1
    replaced = Interval(variant.pos - 1 + n_left, variant.pos - 1 + len(ref) - n_right)
    return Change(transcript_order(replaced, strand), "N" * (len(alt) - n_left - n_right))


def located(cases: Sequence[Case], scores: Published, genes: Sequence[Gene]) -> Iterator[Located | None]:
    """Each case on the transcript whose exons are near, or else whose score is largest; None if it has no score."""
    by_symbol = defaultdict(list)
    for gene in genes:
        by_symbol[gene.symbol].append(gene)
    for case in cases:
        near = {}
        for score in scores.get(case.variant[:4], ()):
            for gene in by_symbol[score.symbol]:
                is_own = (gene.chrom, gene.strand) == (case.variant.chrom, case.strand)
                if is_own and gene.covers(case.variant.pos - 1, case.variant.pos) and not score.is_missing:
                    transcript = Transcript.of(gene)
                    _, distance = transcript.nearest_exon(change_of(case.variant, gene.strand).replaced)
                    near[distance <= 50, score.max_score] = (score, transcript)  # noqa: PLR2004 (as in the paper)
        if near:
            score, transcript = near[max(near)]
            yield Located(transcript, change_of(case.variant, case.strand), score.effects_by_name)
        else:
            yield None


def from_scores(
    cases: Sequence[Case], scores: Published, genes: Sequence[Gene], method: str
) -> Iterator[Predicted | None]:
    """The prediction for each case, from its scores alone; None if it has none."""
    settings = ConsequenceSettings(method=method)
    for case, place in zip(cases, located(cases, scores, genes), strict=True):
        if place is None:
            yield None
            continue
        transcript, change, effects = place
        if method == "profile":
            found = events_of_profile(support_of_score(transcript, change, effects, case.variant.pos), settings)
        else:
            found = events_of_scores(transcript, change, Scores.of(effects, transcript, case.variant.pos), settings)
        sites = {site for event in found for site in sites_of(event, transcript, change)}
        yield Predicted(tuple(class_of(event.kind, event.sites) for event in found), sites)


def class_of(kind: str, sites: Sequence[tuple[str, int]]) -> str:
    """The class that the comparison has for a kind of event."""
    return _OF_EVENT.get(kind) or f"alternative {sites[0][0]}"


def sites_of(event: events.Event, transcript: Transcript, change: Change) -> Iterator[tuple[str, int]]:
    """The sites that an event loses and gains."""
    exons = transcript.exons
    if event.kind == events.SKIPPING and event.chain is not None:
        yield "AL", transcript.genomic(exons[event.first].start)
        yield "DL", transcript.genomic(exons[event.last].end - 1)
    for kind, pos in event.sites:
        yield ("AG" if kind == ACCEPTOR else "DG"), transcript.genomic(change.beside(pos))
        if event.kind in (events.PARTIAL_DELETION, events.PARTIAL_RETENTION):
            own = exons[event.first].start if kind == ACCEPTOR else exons[event.first].end - 1
            yield ("AL" if kind == ACCEPTOR else "DL"), transcript.genomic(own)


class Run(NamedTuple):
    """The predictions of the networks.

    Attributes:
        predicted: by method.
        losses: loss of log-odds of the variant's own exon, for each case.
        largest: largest delta score, for each case.
    """

    predicted: dict[str, list[Predicted | None]]
    losses: list[float]
    largest: list[float]


def from_networks(cases: Sequence[Case], windows: Path, device: str, home: Path | None) -> Run:
    """Run the networks on cases of the genes in ``_WINDOWS``."""
    results: dict[str, dict[Case, Predicted]] = {"profile": {}, "sai10k": {}}
    losses, largest = {}, {}
    sai10k = ConsequenceSettings(method="sai10k")
    with tempfile.TemporaryDirectory() as folder:
        for name, (window, chrom, length, shift, symbol, table) in _WINDOWS.items():
            members = [case for case in cases if case.name.startswith(name)]
            if not members:
                continue
            scorer = Scorer(
                reference=write_contig(windows / window, Path(folder), chrom, length),
                annotation=table,
                settings=Settings(distance=sai10k.reach),
                compute=Compute(device=device, home=home),
                consequence=ConsequenceSettings(),
            )
            transcript = Transcript.of(next(gene for gene in scorer.annotation.genes if gene.symbol == symbol))
            moved = [case.variant._replace(pos=case.variant.pos + shift) for case in members]
            for case, variant, outcome in zip(members, moved, scorer.score(moved), strict=True):
                found = [one for one in outcome.consequences if one.symbol == symbol]
                results["profile"][case] = of_consequences(found, transcript, shift)
                losses[case] = -min((i.dlogit for i in outcome.inclusions if i.symbol == symbol), default=0.0)
                (score,) = (score for score in outcome.scores if score.symbol == symbol)
                largest[case] = score.max_score
                change = change_of(variant, case.strand)
                four = Scores.of(score.effects_by_name, transcript, variant.pos)
                by_rule = events_of_scores(transcript, change, four, sai10k)
                sites = {(n, p - shift) for event in by_rule for n, p in sites_of(event, transcript, change)}
                classes = tuple(class_of(event.kind, event.sites) for event in by_rule)
                results["sai10k"][case] = Predicted(classes, sites)
    predicted: dict[str, list[Predicted | None]] = {
        method: [by_case[case] for case in cases] for method, by_case in results.items()
    }
    return Run(predicted, [losses[case] for case in cases], [largest[case] for case in cases])


def of_consequences(found: Sequence[Consequence], transcript: Transcript, shift: int) -> Predicted:
    """The prediction in consequences; positions are put back to GRCh38."""
    sites = set()
    for one in found:
        ends = [transcript.exons[number - 1] for number in (one.first_exon, one.last_exon) if number]
        if one.event == events.SKIPPING and one.exons is not None:
            first, last = ends
            sites |= {("AL", transcript.genomic(first.start)), ("DL", transcript.genomic(last.end - 1))}
        for kind, pos in one.sites:
            sites.add(("AG" if kind == ACCEPTOR else "DG", pos))
            if one.event in (events.PARTIAL_DELETION, events.PARTIAL_RETENTION):
                own = ends[0].start if kind == ACCEPTOR else ends[0].end - 1
                sites.add(("AL" if kind == ACCEPTOR else "DL", transcript.genomic(own)))
    back = {(name, pos - shift) for name, pos in sites}
    return Predicted(tuple(class_of(one.event, one.sites) for one in found), back)


def write_contig(window: Path, folder: Path, chrom: str, length: int) -> Path:
    """A FASTA with the window at its place and N elsewhere."""
    start = int(window.stem.split("_")[2].split("-")[0])
    bases = "".join(window.read_text().splitlines()[1:])
    path = folder / f"{window.stem}.contig.fa"
    path.write_text(f">{chrom}\n{'N' * (start - 1)}{bases}{'N' * (length - start + 1 - len(bases))}\n")
    return path


def report(title: str, cases: Sequence[Case], predicted: Iterable[Predicted | None]) -> Iterator[str]:
    """Class accuracy, recall of sites, and the confusion table, as Markdown."""
    pairs = [(case, one) for case, one in zip(cases, predicted, strict=True) if one is not None]
    counts = Counter((case.observed, one.classes[0]) for case, one in pairs)
    n_of = Counter(case.observed for case, _ in pairs)
    right = {name: counts[name, name] for name in CLASSES if n_of[name]}
    n_known = sum(n_of[name] for name in right)
    several = sum(len(set(one.classes)) > 1 for case, one in pairs if case.observed == "multiple")
    columns = sorted({column for _, column in counts}, key=lambda name: (*CLASSES, name).index(name))
    yield f"### {title}\n"
    mean = sum(right[name] / n_of[name] for name in right) / len(right)
    yield f"{len(pairs)} of {len(cases)} variants have scores. Class right: {sum(right.values())} of {n_known};"
    yield f"mean over the classes {mean:.3f}. Several events where several were seen: {several} of {n_of['multiple']}."
    yield ""
    yield "| observed | n | " + " | ".join(columns) + " |"
    yield "|---|---|" + "---|" * len(columns)
    for name in sorted(n_of, key=lambda name: (*CLASSES, name).index(name)):
        yield f"| {name} | {n_of[name]} | " + " | ".join(str(counts[name, column]) for column in columns) + " |"
    hits = Counter((name, (name, pos) in one.sites) for case, one in pairs for name, pos in case.sites)
    shares = (f"{name} {hits[name, True]}/{hits[name, True] + hits[name, False]}" for name in ("AL", "DL", "AG", "DG"))
    yield f"\nSites found exactly: {', '.join(shares)}.\n"


def average_precision(labels: Sequence[bool], values: Sequence[float]) -> float:
    """The area under the curve of precision and recall, by steps; equal values are one step."""
    by_value = defaultdict(list)
    for label, value in zip(labels, values, strict=True):
        by_value[value].append(label)
    n_seen, n_true, total = 0, 0, 0.0
    for value in sorted(by_value, reverse=True):
        n_seen += len(by_value[value])
        n_true += sum(by_value[value])
        total += sum(by_value[value]) * n_true / n_seen
    return total / max(1, n_true)


@click.command()
@click.argument("comparison", type=click.Path(path_type=Path, exists=True))
@click.argument("scores", type=click.Path(path_type=Path, exists=True))
@click.option("--genes", type=click.Path(path_type=Path, exists=True), help="The table grch38.txt of spliceai 1.3.1.")
@click.option("--windows", type=click.Path(path_type=Path, exists=True), help="Run the networks on BRCA1 and FBN1.")
@click.option("--device", default="cpu", show_default=True)
@click.option("--home", type=click.Path(path_type=Path), help="Folder of installed weights.")
@click.option("--every", default=1, show_default=True, help="Take every n-th variant of BRCA1 and FBN1.")
def main(
    comparison: Path, scores: Path, genes: Path, windows: Path | None, device: str, home: Path | None, every: int
) -> None:
    """Print the tables."""
    cases, published = read_cases(comparison), read_scores(scores)
    table = read_table(genes.read_bytes().splitlines(), str(genes)).genes
    for method in ("profile", "sai10k"):
        title = f"`{method}` from published scores"
        click.echo("\n".join(report(title, cases, from_scores(cases, published, table, method))))
    if windows is None:
        return
    own = [case for case in cases if case.name.split(".")[0] in _WINDOWS][::every]
    for method in ("profile", "sai10k"):
        title = f"`{method}` from published scores, BRCA1 and FBN1"
        click.echo("\n".join(report(title, own, from_scores(own, published, table, method))))
    run = from_networks(own, windows, device, home)
    for method, predicted in run.predicted.items():
        click.echo("\n".join(report(f"`{method}` from networks, BRCA1 and FBN1", own, predicted)))
    labels = [case.is_affecting for case in own]
    odds, delta = (average_precision(labels, values) for values in (run.losses, run.largest))
    click.echo(f"{len(own)} variants, {sum(labels)} of them affect splicing. Average precision:")
    click.echo(f"loss of log-odds of the own exon {odds:.3f}, largest delta {delta:.3f}.")


if __name__ == "__main__":
    main()
