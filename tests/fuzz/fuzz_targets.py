"""What is fuzzed: each target takes any bytes and raises only for a bug."""

from __future__ import annotations

import ast
import io
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import click
from support.unannotated import unannotated

from spliceai_cli.cli.numbers import MemorySize
from spliceai_cli.errors import AnnotationError, RegionsError, UsageError, VcfError
from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.gtf import read_gtf
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.select import select
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genes.table import read_table
from spliceai_cli.genome.coords import ContigNames, contig_key
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.regions import Targets, parse_regions, read_targets
from spliceai_cli.plan.compat import CompatRules
from spliceai_cli.plan.planner import ModelInput, Plan, Planner
from spliceai_cli.plan.rules import Rules, TissueRules
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.variants.variant import Outcome, SkipReason
from spliceai_cli.vcf.fields import fields_of
from spliceai_cli.vcf.reader import Record, VcfReader
from spliceai_cli.vcf.writer import OutputFields, VcfWriter

_EFFECTS = (Effect(0.5, 1, 0.1, 0.6), Effect(0.25, -2, 0.5, 0.25), Effect(0.0, 0), Effect(0.0, 0))
_FIELDS = fields_of("SpliceAI")
_WRITTEN = OutputFields(("##spliceai-annotate=<ID=SpliceAI>",), _FIELDS, _FIELDS)
_REGION_TARGETS = (b"r", b"b", b"p")


# A VCF


def vcf(data: bytes) -> None:
    """Reading and writing: what is not ours comes out as it went in, and a second time changes nothing."""
    with suppress(VcfError):
        once = _annotated(data)
        assert unannotated(once) == unannotated(data), "something that is not ours was changed"
        assert _annotated(once) == once, "the second run changes what the first one wrote"


class _Sink:
    def __init__(self) -> None:
        self.text = b""

    def write(self, data: bytes) -> None:
        self.text += data


def _annotated(text: bytes) -> bytes:
    """With every field; whether an allele is scored depends on nothing but its text and POS."""
    sink = _Sink()
    reader = VcfReader(iter(io.BytesIO(text)), "in.vcf")
    writer = VcfWriter(sink, reader.header, _WRITTEN)
    for record in reader:
        assert record.line_number > 0
        assert record.last_pos >= record.pos
        assert record.n_bytes == len(record.line)
        assert len(record.variants) == record.line.split(b"\t")[4].count(b",") + 1
        assert isinstance(record.id, str)
        assert record.has_scores("SpliceAI") in (True, False)
        writer.write(record, [_outcome(variant) for variant in record.variants])
    writer.start()
    return sink.text


def _outcome(variant) -> Outcome:
    if not variant.alt.isalpha() or variant.pos % 2:
        return Outcome(variant, reason=SkipReason.SYMBOLIC)
    return Outcome(variant, (DeltaScore(variant.alt, "GENE", *_EFFECTS),))


class _Bytes:
    """Stands for a path of a file with these bytes."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._data = data

    def __str__(self) -> str:
        return self.name

    def read_bytes(self) -> bytes:
        return self._data


# Alleles


_BASES = "ACGTTGCATGCCGATAAGCTTNNACGRYACGTACGGTCA" * 300
_TABLE = (
    "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END\n"
    "PLUS\t1\t+\t5100\t5900\t5100,5400,\t5200,5900,\n"
    "MINUS\t1\t-\t5800\t6500\t5800,\t6500,\n"
    "EDGE\t2\t+\t0\t120\t0,\t120,\n"
    "NONE\t2\t-\t60\t100\t\t\n"
)


@lru_cache(maxsize=1)
def _planners() -> tuple[Planner, ...]:
    # The FASTA stays open, so it may lose its name.
    with tempfile.TemporaryDirectory(prefix="fuzz") as folder:
        fasta = Path(folder) / "x.fa"
        fasta.write_text(f">chr1\n{_BASES}\n>chr2\n{_BASES[:120]}\n")
        reference = Reference(fasta)
    genes = GeneIndex(read_table(_TABLE.encode().splitlines(), "t.txt").genes)
    rules = Rules(50, 1000, 1000)
    return (
        Planner(reference, genes, [ModelInput(rules)]),
        Planner(reference, genes, [ModelInput(rules)], is_normalizing=True),
        Planner(reference, genes, [ModelInput(CompatRules(50, 1000))]),
        Planner(reference, genes, [ModelInput(TissueRules(50, 1000, 1000), TISSUES)]),
    )


def alleles(data: bytes) -> None:
    """Records on a small genome: every allele gets jobs or one reason, and its sequences can be read."""
    for line in data.split(b"\n"):
        # What is interesting lies in four columns; the mutator need not find the tabs.
        columns = line.split(b" ", 4)
        if len(columns) < 5:
            continue
        chrom, pos, ref, alt, info = columns
        try:
            record = Record(b"\t".join((chrom, pos, b".", ref, alt, b".", b".", info)) + b"\n", 1)
        except VcfError:
            continue
        for planner in _planners():
            for variant in record.variants:
                _check_plan(planner.plan(variant))


def _check_plan(plan: Plan) -> None:
    assert bool(plan.jobs) == (plan.reason is None), "jobs or a reason, not both"
    for job in plan.jobs:
        edit, alignment = job.edit, job.alignment
        assert edit.ref_scored.length == alignment.width > 0
        assert edit.alt_scored.length == alignment.alt_width > 0
        assert edit.replaced.length >= 0
        assert len(edit.ref_codes(edit.ref_scored)) == alignment.width
        assert len(edit.alt_codes(edit.alt_scored)) == alignment.alt_width
        assert 0 <= alignment.anchor < alignment.width


# Annotations


def genes(data: bytes) -> None:
    """A gene table, GTF or GFF3; what does not begin with # gets the header line of a table."""
    if not data.startswith(b"#"):
        data = b"#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END\n" + data
    lines = data.splitlines()
    try:
        if b"TX_START" in data[:100]:
            genes = read_table(lines, "t.txt").genes
        else:
            read = read_gff3 if data.startswith(b"##gff") else read_gtf
            genes = select(read(lines, "t.gtf"), Selection("all"), "t.gtf").genes
    except AnnotationError:
        return
    index = GeneIndex(genes)
    for gene in genes:
        assert gene.symbol
        assert not set(gene.symbol) & set(" \t\r\n,;=|"), "the name would break INFO"
        assert gene.strand in ("+", "-")
        assert 0 <= gene.start < gene.end
        assert list(gene.exons) == sorted(gene.exons)
        assert all(gene.start <= exon.start < exon.end <= gene.end for exon in gene.exons)
        assert len(gene.acceptors) == len(gene.donors) == max(0, len(gene.exons) - 1)
        assert (gene.nearest_edge(gene.start + 1) is None) == (not gene.exons)
        assert gene in index.overlapping(gene.chrom, gene.start, gene.start + 1)
        assert gene in index.overlapping(gene.chrom, gene.end - 1, gene.end)
        assert index.has_contig(gene.chrom)


# Options


def options(data: bytes) -> None:
    """Regions, target files, contig names, sizes, INFO texts; the first byte says which."""
    kind, rest = data[:1], data[1:]
    text = rest.decode("utf-8", "surrogateescape")
    if kind in _REGION_TARGETS:
        _regions(kind, rest, text)
    elif kind == b"s":
        with suppress(click.BadParameter):
            size = MemorySize().convert(text, None, None)
            assert isinstance(size, int)
            assert size >= 0
    elif kind == b"c":
        names = ContigNames(text.split("\n"))
        for name in text.split("\n"):
            assert names.find(name) == name
            assert names.find(f"chr{contig_key(name)}") is not None
    elif kind == b"i":
        with suppress(ValueError):
            score = DeltaScore.parse(text)
            assert DeltaScore.parse(str(score)).symbol == score.symbol


def _regions(kind: bytes, rest: bytes, text: str) -> None:
    try:
        if kind == b"r":
            found = parse_regions([text])
        else:
            found = read_targets(_Bytes("t.bed" if kind == b"b" else "t.txt", rest))
    except (UsageError, RegionsError):
        return
    _check_targets(found)


def _check_targets(targets: Targets) -> None:
    for region in targets:
        assert 0 <= region.start < region.end
        assert targets.overlaps(region.chrom, region.start, region.start + 1)
        assert targets.overlaps(region.chrom, region.end - 1, region.end)
    assert list(Targets(targets)) == list(targets)


#: name -> target.
TARGETS: dict[str, Callable[[bytes], None]] = {"vcf": vcf, "alleles": alleles, "genes": genes, "options": options}


# Seeds: one ``repr(bytes)`` a line, so that they can be read, reviewed and merged.

SEEDS = Path(__file__).with_name("seeds")


def read_seeds(name: str) -> list[bytes]:
    """The seeds of a target, in file order."""
    lines = (SEEDS / f"{name}.txt").read_text("ascii").splitlines()
    return [_literal(line) for line in lines if line and not line.startswith("#")]


def add_seeds(name: str, found: Iterable[bytes]) -> int:
    """Append those that are not there yet; how many there were."""
    known = set(read_seeds(name))
    new = [seed for seed in dict.fromkeys(found) if seed not in known]
    with (SEEDS / f"{name}.txt").open("a", encoding="ascii") as handle:
        handle.writelines(f"{seed!r}\n" for seed in new)
    return len(new)


def _literal(line: str) -> bytes:
    value = ast.literal_eval(line)
    assert isinstance(value, bytes)
    return value
