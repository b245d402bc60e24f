"""Whole VCFs of any content: never a traceback, nothing lost, every allele counted, twice as once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import builders, toy_networks, unannotated, written_fields
from support.watching import Collector

from spliceai_cli import Compute, Scorer, Settings
from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.run import annotate
from spliceai_cli.errors import SpliceAICliError, VcfError
from spliceai_cli.summary import Summary
from spliceai_cli.variants.variant import Outcome, SkipReason
from spliceai_cli.vcf.layouts import LAYOUTS

COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"

GENES = (
    builders.gene("PLUS", "1", "+", 5100, 5500, (5100, 5180), (5260, 5330), (5450, 5500)),
    builders.gene("MINUS", "1", "-", 5400, 5900, (5400, 5470), (5600, 5700), (5850, 5900)),
    builders.gene("EDGE", "2", "+", 0, 309, (0, 60), (200, 300)),
)
# 1.3.1 wants 5,000 bp on either side of what it scores.
CONTIGS = builders.spliced(
    {"chr1": builders.random_bases(12_000, seed=1), "chr2": builders.random_bases(300, seed=2) + "RYNNacgtn"}, GENES
)
SETTINGS = {
    "default": Settings(distance=5, max_allele_length=40, max_sv_length=300),
    "mask2-normalize": Settings(distance=0, mask=2, normalize=True, max_sv_length=0),
    "compat": Settings(distance=5, mask=1, compat="1.3.1"),
}


@pytest.fixture(scope="module")
def scorers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    fasta = builders.write_fasta(folder / "x.fa", CONTIGS)
    table = builders.write_table(folder / "genes.txt", GENES)
    with table.open("a") as handle:
        handle.write("NOEXON\t2\t-\t30\t90\t\t\n")
    weights = toy_networks.save(folder / "weights", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())
    compute = Compute(device="cpu", weights=weights)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield {
        name: Scorer(reference=fasta, annotation=table, settings=values, compute=compute)
        for name, values in SETTINGS.items()
    }
    torch.set_num_threads(n_threads)


@dataclass
class Run:
    """What a run left."""

    text: bytes
    summary: Summary
    stats: dict
    outcomes: list[Outcome] = field(default_factory=list)


@pytest.fixture
def annotated(scorers, tmp_path, monkeypatch):
    """Annotate a text with every field."""
    # Hundreds of small files: waiting for the disk would take most of the time.
    monkeypatch.setattr("os.fsync", lambda descriptor: None)
    source, target, stats = (tmp_path / name for name in ("in.vcf", "out.vcf", "stats.json"))

    def call(text: bytes, scorer: str, **options) -> Run:
        for path in (target, stats):
            path.unlink(missing_ok=True)
        source.write_bytes(text)
        job = {
            "extra": frozenset(field.kind for field in written_fields.ALL),
            "stats": str(stats),
            "allow_missing_contigs": True,
        } | options
        outcomes: list[Outcome] = []
        try:
            summary = annotate(
                AnnotateOptions(str(source), str(target), max_ref_mismatch=100, **job),
                lambda: scorers[scorer],
                Collector(outcomes),
                lambda text: None,
            )
        except SpliceAICliError:
            assert left(tmp_path) == {"in.vcf"}
            raise
        assert left(tmp_path) == {"in.vcf", "out.vcf", "stats.json"}
        return Run(target.read_bytes(), summary, json.loads(stats.read_text()), outcomes)

    return call


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# Strategies


def words(letters: str, most: int = 6) -> st.SearchStrategy[bytes]:
    return st.text(letters, min_size=1, max_size=most).map(str.encode)


odd = st.binary(max_size=6).map(lambda raw: raw.translate(None, b"\t\n\r;,"))
bases = st.one_of(words("ACGT"), words("acgt"), words("ACGTN"), words("ACGTRYn"), words("ACGT", 60))
SYMBOLS = (
    "<DEL>", "<DUP>", "<INV>", "<INS>", "<DUP:TANDEM>", "<DUP:DISPERSED>", "<DEL:ME:ALU>", "<INS:ME>", "<CNV>", "<BND>",
    "<NON_REF>", "<*>", "<", "<>", "<DEL", "DEL>", "<del>",
)  # fmt: skip
alts = st.one_of(
    bases,
    bases,
    st.sampled_from(SYMBOLS[:4]).map(str.encode),
    st.sampled_from(SYMBOLS).map(str.encode),
    st.sampled_from([b"*", b".", b"", b"-", b"N", b"A.", b".A", b"=", b"A|C", b"A C", b"\xff", "ß".encode(), b"0"]),
    st.sampled_from([b"G]chr2:10]", b"]chr2:10]G", b"G[1:5200[", b"[<ctg>:7[G", b"G]chr2:10"]),
    odd,
)
lengths = st.one_of(st.integers(-400, 400).map(str), st.sampled_from(["0", ".", "", "x", "1e3", "--5", "²", "9" * 30]))
structure_items = st.one_of(
    st.integers(5100, 6000).map(lambda end: b"END=%d" % end),
    st.sampled_from([b"END=", b"END", b"END=.", b"END=-5", b"END=5300,5301", b"END=9e9", b"END=" + b"9" * 30]),
    st.lists(lengths, min_size=1, max_size=4).map(lambda values: f"SVLEN={','.join(values)}".encode()),
    st.sampled_from([b"SEQ=ACGT", b"SEQ=acgn", b"SEQ=AXC", b"SEQ=", b"SEQ=A,C", b"SVINSSEQ=ACG", b"INSSEQ=T", b"SEQ"]),
    st.sampled_from([b"IMPRECISE", b"IMPRECISE=1", b"SVTYPE=DEL"]),
)
our_items = st.sampled_from(
    [b"SpliceAI=old|x", b"SpliceAI", b"SpliceAI=", b"SpliceAI_DS_max=.", b"SpliceAI_RAW=a|b", b"SpliceAI_SKIP=no-alt,."]
)
other_items = st.one_of(
    st.sampled_from([b"AC=1", b"DB", b"SpliceAIx=1", b"SpliceAI_SKIPPED", b"a=SpliceAI=", b"xSpliceAI=2", b"", b"."]),
    odd,
)
infos = st.lists(st.one_of(structure_items, structure_items, our_items, other_items), max_size=5).map(
    lambda items: b";".join(items) if items else b"."
)
HEADER_LINES = (
    b"##fileformat=VCFv4.2", b"##contig=<ID=chr1,length=12000>", b"##contig=<ID=chr1,length=249250621>",
    b"##contig=<length=5,ID=2>", b"##contig=<>", b"##contig=<ID=chr1,length=x>", b'##ALT=<ID=DEL,Description="a,b">',
    b"##source=\xff\xe9", b"##", b"##=", b"##INFO=<ID=SpliceAI,Number=1>", b"##INFO=<Number=.,ID=SpliceAI_RAW>",
    b'##INFO=<ID=X,Description="ID=SpliceAI,">', b"##INFO=<ID=SpliceAIx,Number=1>",
    b"##spliceai-annotate=<ID=SpliceAI,old>",
    b"##spliceai-annotated=other", b"##INFO=<ID=SpliceAI_DS_max>",
)  # fmt: skip


CHROMS = ("chr1", "1", "chr2", "2")
ODD_CHROMS = ("chrUn", "MT", "HLA-A*01:01", "染", "chr", "CHR1")
EDGES = (0, 1, 5100, 5101, 5500, 5501, 11_999, 12_000, 12_001, 2**31, 2**40, 10**18 - 1)


def contig_of(chrom: str) -> str:
    return CONTIGS["chr2" if "2" in chrom else "chr1"]


@st.composite
def good_alleles(draw) -> list[bytes]:
    """CHROM, POS, REF, ALT, INFO of what is scored but for compat mode and limits of length."""
    chrom = draw(st.sampled_from(CHROMS))
    pos = draw(st.integers(1, 300) if "2" in chrom else st.integers(5101, 5900))
    ref = contig_of(chrom)[pos - 1 : pos - 1 + draw(st.sampled_from([1, 1, 2, 3, 7, 60]))]
    if draw(st.integers(0, 4)) == 0:
        n, kind = draw(st.integers(1, 320)), draw(st.sampled_from(["DEL", "DUP", "INV", "DUP:TANDEM"]))
        info = draw(st.sampled_from([f"END={pos + n}", f"SVLEN={n}", f"SVLEN=-{n};END={pos + n}"]))
        columns = [chrom, str(pos), ref[0], f"<{kind}>", info]
        return [column.encode() for column in columns]
    alt = b",".join(draw(st.lists(bases, min_size=1, max_size=2)))
    ref = ref.lower() if draw(st.integers(0, 5)) == 0 else ref
    return [chrom.encode(), b"%d" % pos, ref.encode(), alt, draw(infos)]


@st.composite
def any_alleles(draw) -> list[bytes]:
    """The same, of any content."""
    chrom = draw(st.sampled_from(CHROMS + ODD_CHROMS))
    pos = draw(st.one_of(st.integers(1, 320) if "2" in chrom else st.integers(5080, 5920), st.sampled_from(EDGES)))
    right = contig_of(chrom)[max(0, pos - 1) : pos + 2].encode() or b"N"
    ref = draw(st.one_of(st.just(right), bases, odd, st.sampled_from([b".", b"<DEL>"])))
    return [chrom.encode(), b"%d" % pos, ref, b",".join(draw(st.lists(alts, min_size=1, max_size=3))), draw(infos)]


@st.composite
def records(draw, n_samples: int) -> bytes:
    chrom, pos, ref, alt, info = draw(st.one_of(good_alleles(), any_alleles()))
    name, quality, filters = (draw(st.one_of(st.just(b"."), odd)) for _ in range(3))
    columns = [chrom, pos, name, ref, alt, quality, filters, info]
    if n_samples:
        columns += [
            b"GT:AD",
            *(draw(st.sampled_from([b"0/1:3,4", b".", b"", b"x=SpliceAI"])) for _ in range(n_samples)),
        ]
    return b"\t".join(columns)


@st.composite
def vcfs(draw) -> bytes:
    end = draw(st.sampled_from([b"\n", b"\n", b"\r\n"]))
    lines = draw(st.lists(st.sampled_from(HEADER_LINES), max_size=5))
    n_samples = draw(st.sampled_from([0, 0, 1, 3]))
    lines.append(b"\t".join([COLUMNS, *[b"FORMAT"] * bool(n_samples), *(b"S%d" % i for i in range(n_samples))]))
    # Fewer than 20 alleles: so few are no reason to doubt the assembly.
    for _ in range(draw(st.sampled_from([0, 1, 2, 3, 4]))):
        lines += [draw(records(n_samples)), *[b""] * draw(st.sampled_from([0, 0, 0, 0, 1]))]
    return end.join(lines) + draw(st.sampled_from([end, end, b""]))


any_scorer = st.sampled_from(list(SETTINGS))


@st.composite
def spoilt_vcfs(draw) -> bytes:
    """A VCF with a few bytes lost, repeated or put in."""
    text = draw(vcfs())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        n = draw(st.sampled_from([1, 1, 2, 20]))
        middle = draw(
            st.one_of(
                st.just(b""),
                st.just(text[at : at + n] * 2),
                st.sampled_from([b"\t", b"\n", b"\r", b"\0", b" ", b",", b";", b"=", b"#", b"##", b"<", b"9" * 20]),
                st.binary(max_size=3),
            )
        )
        text = text[:at] + middle + text[at + n :]
    return text


HUNDREDS = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


# What holds


def test_keys__are_those_that_are_written():
    assert tuple(field.key.encode() for field in written_fields.ALL) == unannotated.KEYS


def check(text: bytes, run: Run) -> None:
    """Nothing is lost, and every allele is counted once and explained."""
    assert unannotated.unannotated(run.text) == unannotated.unannotated(text)
    lines = unannotated.record_lines(text)
    n_alts = sum(len(unannotated.alts(line)) for line in lines)
    stats = run.stats
    assert stats["records"] == len(lines)
    assert stats["alleles"] == n_alts == stats["scored"] + sum(stats["reasons"].values()) == len(run.outcomes)
    assert stats["scores"] == sum(len(outcome.scores) for outcome in run.outcomes if outcome.reason is None)
    assert stats["reasons"] == {reason.code: run.summary.reasons[reason] for reason in SkipReason}
    outcomes = iter(run.outcomes)
    for line in unannotated.record_lines(run.text):
        check_explained(line, [next(outcomes) for _ in unannotated.alts(line)])


def check_explained(line: bytes, outcomes: list[Outcome]) -> None:
    """SpliceAI names the alleles that have scores, and SpliceAI_SKIP gives each other one its reason."""
    info, alts = unannotated.info(line), unannotated.alts(line)
    for outcome in outcomes:
        # In compat mode an allele may be named with dots, which is no score.
        assert any(not score.is_missing for score in outcome.scores) == (outcome.reason is None)
    reasons = [b"." if outcome.reason is None else outcome.reason.code.encode() for outcome in outcomes]
    assert info.get(b"SpliceAI_SKIP", b",".join([b"."] * len(alts))).split(b",") == reasons
    named = [value.rsplit(b"|", 9)[0] for value in info.get(b"SpliceAI", b"").split(b",") if value]
    assert named == [alt for alt, outcome in zip(alts, outcomes, strict=True) for _ in outcome.scores]
    if b"SpliceAI_DS_max" in info:
        assert [value == b"." for value in info[b"SpliceAI_DS_max"].split(b",")] == [r != b"." for r in reasons]


# What was found here first.


def one_record(ref: str, alt: str, info: str = ".") -> bytes:
    return COLUMNS + f"\nchr1\t5201\t.\t{ref}\t{alt}\t.\t.\t{info}\n".encode()


REF = CONTIGS["chr1"][5200:5203]
FOUND = {
    "svlen-two-signs": (one_record(REF[0], "<DEL>", "SVLEN=--5"), "default"),
    "svlen-superscript": (one_record(REF[0], "<DEL>", "SVLEN=²"), "default"),
    "compat-empty-alt": (one_record(REF, ""), "compat"),
    "compat-semicolon-in-alt": (one_record(REF[0], "A;C"), "compat"),
}


@pytest.mark.parametrize(
    ("text", "scorer"),
    [pytest.param(*case, id=name) for name, case in FOUND.items()],
)
def test_found__keeps_all_and_explains_every_allele(annotated, text, scorer):
    run = annotated(text, scorer)
    check(text, run)
    assert annotated(run.text, scorer).text == run.text


@settings(HUNDREDS, max_examples=200)
@given(vcfs(), any_scorer)
def test_any_vcf__keeps_all_and_explains_every_allele(annotated, text, scorer):
    run = annotated(text, scorer)
    check(text, run)
    assert annotated(run.text, scorer).text == run.text
    assert annotated(run.text, scorer, existing="keep").text == run.text


@settings(HUNDREDS, max_examples=200)
@given(spoilt_vcfs(), any_scorer)
def test_spoilt_vcf__is_refused_or_kept(annotated, text, scorer):
    try:
        run = annotated(text, scorer)
    except VcfError:
        return
    check(text, run)
    assert annotated(run.text, scorer).text == run.text


@settings(HUNDREDS, max_examples=40)
@given(vcfs(), any_scorer, st.sampled_from([name for name in LAYOUTS if name != "vcf"]))
def test_other_layouts__have_a_line_for_each_score(annotated, text, scorer, layout):
    run = annotated(text, scorer, layout=layout)
    assert run.text.endswith(b"\n")
    _, *lines = [line for line in run.text.split(b"\n")[:-1] if not line.startswith(b"##")]
    n_scores = sum(not score.is_missing for outcome in run.outcomes for score in outcome.scores)
    if layout == "precomputed":
        # Symbolic alleles have no line.
        written = [outcome for outcome in run.outcomes if outcome.variant.structure is None]
        assert len(lines) == sum(not score.is_missing for outcome in written for score in outcome.scores)
        assert {len(line.split(b"\t")) for line in lines} <= {8}
    else:
        # An allele without a score has one line, in compat mode one for each of its genes.
        assert len(lines) == sum(max(1, len(outcome.scores)) for outcome in run.outcomes)
        # Place, gene, numbers, probabilities, end, consequence.
        cells = [line.split(b"\t") for line in lines]
        assert {len(of_line) for of_line in cells} <= {5 + 4 + 8 + 8 + 3 + 15}
        assert sum(of_line[26:28] == [b".", b"SpliceAI"] for of_line in cells) == n_scores
