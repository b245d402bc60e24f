"""Scores that spliceai 1.3.1 or its authors wrote, from data that cannot be committed."""

from __future__ import annotations

import csv
import gzip
import shutil

import pytest
from support import builders
from support.compare import differs, not_to_the_letter, read_vcf, score, texts

from spliceai_cli import Compute, DeltaScore, Scorer, Settings

pytestmark = [pytest.mark.golden, pytest.mark.weights]

# Beyond D = 50 but not beyond 2 D: where 1.3.1's zeros land on intact bases.
LONG = range(51, 101)


@pytest.fixture(scope="session")
def make_scorer(store):
    def make(fasta, annotation, **settings):
        compute = Compute(device="cpu", home=store.home)
        return Scorer(reference=fasta, annotation=annotation, settings=Settings(**settings), compute=compute)

    return make


@pytest.fixture(scope="session")
def shared_chr19(shared, tmp_path_factory):
    return _unpacked(shared / "reference" / "GRCh38.chr19.fa.gz", tmp_path_factory)


def _unpacked(packed, tmp_path_factory):
    path = tmp_path_factory.mktemp("fasta") / packed.name.removesuffix(".gz")
    with gzip.open(packed) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return path


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("chr19.D50.spliceai-1.3.1.vcf", {"distance": 50}),
        ("chr19.D500.masked.spliceai-1.3.1.vcf", {"distance": 500, "mask": 1}),
    ],
    ids=["D50", "D500.masked"],
)
def test_compat__every_text_is_that_of_1_3_1(name, settings, shared, shared_chr19, make_scorer, sample):
    lines = sample(read_vcf(shared / "golden" / name))
    wrong = not_to_the_letter(make_scorer(shared_chr19, "grch38", compat="1.3.1", **settings), lines)
    print(f"{name}: {len(lines)} records equal to the letter")
    assert not wrong


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("chr19.D50.spliceai-1.3.1.vcf", {"distance": 50}),
        ("chr19.D500.masked.spliceai-1.3.1.vcf", {"distance": 500, "mask": 1}),
    ],
    ids=["D50", "D500.masked"],
)
def test_default__differs_only_where_the_design_says(name, settings, shared, shared_chr19, make_scorer, sample):
    lines = sample(read_vcf(shared / "golden" / name))
    outcomes = score(make_scorer(shared_chr19, "grch38", **settings), lines)
    allowed = {"multi-base": 0, "long deletion": 0, "REF longer than 2 D": 0, "negative zero": 0}
    wrong = []
    for line, found in zip(lines, outcomes, strict=True):
        theirs = {(s.allele, s.symbol): s for s in map(DeltaScore.parse, line.values)}
        for s in (s for outcome in found for s in outcome.scores):
            expected = theirs.pop((s.allele, s.symbol), None)
            n_deleted = len(line.ref) - len(s.allele)
            if expected is None and len(line.ref) > 2 * settings["distance"]:
                allowed["REF longer than 2 D"] += 1
            elif expected is not None and expected.is_missing and len(line.ref) > 1 and len(s.allele) > 1:
                allowed["multi-base"] += 1
            elif settings["distance"] < n_deleted <= 2 * settings["distance"]:
                allowed["long deletion"] += 1
            elif expected is not None and str(s) == str(expected).replace("-0.00", "0.00"):
                allowed["negative zero"] += "-0.00" in str(expected)
            else:
                wrong.append(f"{line}: {expected} expected, {s} found")
        wrong += [f"{line}: {left} expected, nothing found" for left in theirs.values()]
    print(f"{name}: {len(lines)} records, allowed differences {allowed}")
    assert not wrong


def test_unrounded__within_1e_5_of_an_independent_scorer(shared, shared_chr19, make_scorer, sample):
    with (shared / "golden" / "chr19.D50.unrounded.tsv").open() as handle:
        rows = sample([row for row in csv.reader(handle, delimiter="\t") if not row[0].startswith(("#", "chrom"))], 60)
    lines = read_vcf(shared / "golden" / "chr19.D50.spliceai-1.3.1.vcf")
    wanted = {(row[0], int(row[1]), row[2], row[3], row[4]): row for row in rows}
    kept = [x for x in lines if any(key[:3] == (x.chrom, x.pos, x.ref) for key in wanted)]
    outcomes = score(make_scorer(shared_chr19, "grch38", compat="1.3.1", distance=50), kept)
    largest, n_compared = 0.0, 0
    for line, found in zip(kept, outcomes, strict=True):
        for s in (s for outcome in found for s in outcome.scores if not s.is_missing):
            row = wanted.get((line.chrom, line.pos, line.ref, s.allele, s.symbol))
            if row is not None:
                n_compared += 1
                largest = max(largest, *(abs(e.score - float(v)) for e, v in zip(s.effects, row[5:9], strict=True)))
    print(f"{n_compared} unrounded scores, largest difference {largest:.1e}")
    assert n_compared == len(rows)
    assert largest <= 1e-5


@pytest.mark.parametrize("fasta_name", ["10", "chr10"])
@pytest.mark.parametrize("vcf_name", ["10", "chr10"])
def test_tubb8__with_and_without_chr_on_either_side(fasta_name, vcf_name, shared, make_scorer, tmp_path):
    text = (shared / "golden" / "tubb8.GRCh37.chr10.fa").read_text()
    fasta = tmp_path / "tubb8.fa"
    fasta.write_text(text.replace(">chr10", f">{fasta_name}", 1))
    scorer = make_scorer(fasta, "grch37", distance=500)
    vcf = builders.write_vcf(tmp_path / "in.vcf", [(vcf_name, 94077, "A", "C"), (vcf_name, 94555, "C", "T")])
    # Illumina's own test values.
    assert [texts(found) for found in score(scorer, read_vcf(vcf))] == [
        ("C|TUBB8|0.15|0.27|0.00|0.05|89|-23|-267|193",),
        ("T|TUBB8|0.01|0.18|0.15|0.62|-2|110|-190|0",),
    ]


@pytest.mark.parametrize("kind", ["snv", "indel"])
def test_or4f5__equals_the_authors_published_scores(kind, shared, make_scorer, sample, tmp_path):
    bases = "".join((shared / "golden" / "OR4F5_GRCh38_chr1_69091-70008.fa").read_text().splitlines()[1:])
    fasta = builders.write_fasta(tmp_path / "or4f5.fa", {"1": "N" * 69090 + bases + "N" * 20_000})
    lines = sample(read_vcf(shared / "golden" / f"OR4F5.raw.{kind}.D50.vcf"), 90)
    outcomes = score(make_scorer(fasta, "grch38", distance=50), lines)
    wrong, n_allowed = [], 0
    for line, found in zip(lines, outcomes, strict=True):
        ours = [s for outcome in found for s in outcome.scores]
        theirs = [DeltaScore.parse(value) for value in line.values]
        n_allowed += texts(found) != line.values
        if len(ours) != len(theirs) or any(differs(a, b) for a, b in zip(ours, theirs, strict=True)):
            wrong.append(f"{line}: {line.values} expected, {texts(found)} found")
    print(f"OR4F5 {kind}: {len(lines)} records, {n_allowed} with an allowed difference")
    assert not wrong


def test_clinical__equals_1_3_1_at_4999(shared, make_scorer, chr19):
    """The variants on chr19 of the published comparison of CI-SpliceAI, which ``docs/accuracy.md`` evaluates."""
    lines = read_vcf(shared / "consequence" / "ci_variants.spliceai-1.3.1.D4999.vcf")
    lines = [line for line in lines if line.chrom == "chr19"]
    assert len(lines) == 13
    outcomes = score(make_scorer(chr19, "grch38", distance=4999), lines)
    wrong, n_allowed = [], 0
    for line, found in zip(lines, outcomes, strict=True):
        ours = {s.symbol: s for outcome in found for s in outcome.scores}
        theirs = {s.symbol: s for s in map(DeltaScore.parse, line.values)}
        n_allowed += sorted(texts(found)) != sorted(line.values)
        if ours.keys() != theirs.keys() or any(differs(ours[symbol], theirs[symbol]) for symbol in theirs):
            wrong.append(f"{line}: {line.values} expected, {texts(found)} found")
    print(f"{len(lines)} records, {n_allowed} with an allowed difference")
    assert not wrong


def test_batch__equals_1_3_1(shared, make_scorer, tmp_path_factory):
    fasta = _unpacked(shared / "golden" / "batch.GRCh37.chr19.fa.gz", tmp_path_factory)
    lines = read_vcf(shared / "golden" / "batch.GRCh37.chr19.expected.vcf")
    outcomes = score(make_scorer(fasta, "grch37", distance=50, compat="1.3.1"), lines)
    wrong = [f"{x}: {x.values}, {texts(y)}" for x, y in zip(lines, outcomes, strict=True) if texts(y) != x.values]
    assert not wrong
