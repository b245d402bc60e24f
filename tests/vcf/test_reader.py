"""VCF text: what is not ours goes through byte for byte."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.unannotated import unannotated
from support.written_fields import ALL, OWN_KEYS, PROVENANCE, REASON, SCORES, written

from spliceai_cli.errors import VcfError
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.variants.variant import INEXACT, Outcome, SkipReason, Structure, Variant
from spliceai_cli.vcf.reader import Record, VcfReader
from spliceai_cli.vcf.writer import VcfWriter

COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
OUR_LINES = [SCORES.header_line.encode(), PROVENANCE.encode()]


class Sink:
    def __init__(self):
        self.text = b""

    def write(self, data):
        self.text += data


def score(symbol="GENE"):
    return DeltaScore("A", symbol, *(Effect(0.5, offset) for offset in (1, 2, 3, 4)))


def run(text: bytes, n_scores=()) -> bytes:
    """The text with that many scores in each record, 0 where none are given."""
    sink, counts = Sink(), iter(n_scores)
    reader = VcfReader(iter(io.BytesIO(text)), "in.vcf")
    writer = VcfWriter(sink, reader.header, written())
    for record in reader:
        variant = Variant._make((record.chrom, record.pos, record.ref, "A", None))
        writer.write(record, [Outcome(variant, (score(),) * next(counts, 0))])
    writer.start()
    return sink.text


# Lossless


word = st.binary(max_size=6).map(lambda raw: raw.translate(None, b"\t\n\r;"))
info_field = st.one_of(
    st.sampled_from([b"AC=1", b"SpliceAI=A|B|.", b"SpliceAI", b"SpliceAIx=1", b"xSpliceAI=2", b"a=SpliceAI=", b""]),
    word,
)
info = st.one_of(st.just(b"."), st.lists(info_field, min_size=1, max_size=4).map(b";".join))


@st.composite
def vcf_texts(draw):
    end = draw(st.sampled_from([b"\n", b"\r\n"]))
    meta = st.sampled_from(
        [b"##source=\xff\xe9", b"##INFO=<ID=SpliceAI,Number=1>", b"##spliceai-annotate=<ID=SpliceAI,old>", b"##"]
    )
    lines = [b"##fileformat=VCFv4.2", *draw(st.lists(meta, max_size=4))]
    n_samples = draw(st.integers(0, 3))
    lines.append(b"\t".join([COLUMNS, *([b"FORMAT"] * bool(n_samples)), *[b"S%d" % i for i in range(n_samples)]]))
    for _ in range(draw(st.integers(0, 4))):
        chrom, pos = draw(word.map(lambda raw: b"c" + raw)), str(draw(st.integers(0, 10**12))).encode()
        fixed = [chrom, pos, *(draw(word) for _ in range(5)), draw(info)]
        samples = [draw(word) for _ in range(n_samples + bool(n_samples))]
        lines.append(b"\t".join([*fixed, *samples]))
        lines.extend([b""] * draw(st.sampled_from([0, 0, 0, 2])))
    last = draw(st.sampled_from([b"", end]))
    return end.join(lines) + last


@settings(deadline=None)
@given(vcf_texts(), st.lists(st.integers(0, 2), max_size=4))
def test_annotation__changes_nothing_but_ours(text, n_scores):
    assert unannotated(run(text, n_scores)) == unannotated(text)


@settings(deadline=None)
@given(vcf_texts(), st.lists(st.integers(0, 2), max_size=4))
def test_annotation__twice_gives_the_same_as_once(text, n_scores):
    once = run(text, n_scores)
    assert run(once, n_scores) == once


@settings(deadline=None)
@given(info.filter(lambda raw: b"SpliceAI" not in raw), st.sampled_from([b"", b"\n", b"\r\n", b"\tGT\t0\n"]))
def test_record__without_scores_and_our_key_is_the_very_line(info, tail):
    line = b"c\t1\t\xff\t\tC\t.\t.\t" + info + tail
    assert Record(line, 1).annotated([], OWN_KEYS) == line


def test_line_of_a_megabyte__goes_through():
    text = COLUMNS + b"\tFORMAT" + b"\tS" * 3 + b"\nc\t1\t.\tA\tC\t.\t.\t.\tGT\t" + b"x" * (1 << 20) + b"\t0\t1\n"
    assert unannotated(run(text)) == text


# Our INFO key


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b".", b"SpliceAI=NEW"),
        (b"", b"SpliceAI=NEW"),
        (b"AC=1", b"AC=1;SpliceAI=NEW"),
        (b"SpliceAI=old", b"SpliceAI=NEW"),
        (b"SpliceAI=old;AC=1", b"AC=1;SpliceAI=NEW"),
        (b"AC=1;SpliceAI=old;DB", b"AC=1;DB;SpliceAI=NEW"),
        (b"AC=1;SpliceAI=old", b"AC=1;SpliceAI=NEW"),
        (b"AC=1;SpliceAI", b"AC=1;SpliceAI=NEW"),
        (b"SpliceAIx=1;xSpliceAI=2", b"SpliceAIx=1;xSpliceAI=2;SpliceAI=NEW"),
    ],
)
@pytest.mark.parametrize("tail", [b"\n", b"\r\n", b"", b"\tGT\t0/1\n"])
def test_info__holds_our_key_once_and_last(before, after, tail):
    head = b"chr1\t5\t.\tA\tC\t.\tPASS\t"
    assert Record(head + before + tail, 1).annotated(["SpliceAI=NEW"], OWN_KEYS) == head + after + tail


@pytest.mark.parametrize(
    ("before", "ours", "after"),
    [
        (b".", ["SpliceAI=S", "SpliceAI_DS_max=0.91"], b"SpliceAI=S;SpliceAI_DS_max=0.91"),
        (b"SpliceAI_RAW=r;AC=1;SpliceAI_SKIP=outside", ["SpliceAI=S"], b"AC=1;SpliceAI=S"),
        (b"SpliceAI_DS_max=0.5", [], b"."),
        (b"SpliceAI_other=1;mySpliceAI_RAW=2", [], b"SpliceAI_other=1;mySpliceAI_RAW=2"),
    ],
)
def test_info__loses_what_any_of_our_keys_had(before, ours, after):
    head = b"chr1\t5\t.\tA\tC\t.\tPASS\t"
    assert Record(head + before + b"\n", 1).annotated(ours, OWN_KEYS) == head + after + b"\n"


def test_info__of_an_unscored_record_loses_an_old_score():
    head = b"chr1\t5\t.\tA\tC\t.\tPASS\t"
    assert Record(head + b"SpliceAI=old\n", 1).annotated([], OWN_KEYS) == head + b".\n"
    assert Record(head + b"SpliceAI=old;DB\n", 1).annotated([], OWN_KEYS) == head + b"DB\n"


def test_scores__are_joined_alleles_outer_genes_inner():
    sink = Sink()
    record = Record(b"chr1\t5\t.\tA\tC,G\t.\t.\t.\n", 1)
    outcomes = [Outcome(variant, (score("ONE"), score("TWO"))) for variant in record.variants]
    VcfWriter(sink, [COLUMNS + b"\n"], written()).write(record, outcomes)
    symbols = [text.split(b"|")[1] for text in sink.text.split(b"SpliceAI=")[1].split(b",")]
    assert symbols == [b"ONE", b"TWO", b"ONE", b"TWO"]


# Header


def header_of(*lines: bytes, end=b"\n") -> list[bytes]:
    return run(b"".join(line + end for line in lines)).split(end)[:-1]


def test_header__gets_our_lines_before_the_columns():
    assert header_of(b"##fileformat=VCFv4.2", COLUMNS) == [b"##fileformat=VCFv4.2", *OUR_LINES, COLUMNS]


def test_header__has_ours_in_the_place_of_old_ones():
    old = b'##INFO=<ID=SpliceAI,Number=.,Type=String,Description="an older version">'
    lines = header_of(
        b"##a", old, b"##b", b"##spliceai-annotate=<ID=SpliceAI,x>", old, b"##INFO=<ID=SpliceAIx,Number=1>", COLUMNS
    )
    assert lines == [b"##a", *OUR_LINES, b"##b", b"##INFO=<ID=SpliceAIx,Number=1>", COLUMNS]


def test_header__keeps_its_line_ends():
    assert header_of(b"##fileformat=VCFv4.2", COLUMNS, end=b"\r\n") == [b"##fileformat=VCFv4.2", *OUR_LINES, COLUMNS]


def test_header__may_lack_the_final_newline_and_fileformat():
    assert run(COLUMNS) == b"\n".join([*OUR_LINES, COLUMNS])


def test_blank_lines__stay_where_they_are():
    text = b"##a\n\n" + COLUMNS + b"\n\n\nc\t1\t.\tA\tC\t.\t.\t.\n\n\n"
    assert unannotated(run(text)) == text
    assert len(list(VcfReader(iter(io.BytesIO(text)), "in.vcf"))) == 1


def test_header__declares_the_fields_written_and_drops_others_of_ours():
    lines = [field.header_line.encode() for field in ALL]
    sink, source = Sink(), iter([b"##a\n", *(line + b"\n" for line in lines), COLUMNS + b"\n"])
    VcfWriter(sink, VcfReader(source, "in.vcf").header, written(SCORES, REASON)).start()
    ours = [lines[0], lines[4], OUR_LINES[1]]
    assert sink.text.splitlines() == [b"##a", *ours, COLUMNS]


@pytest.mark.parametrize(
    ("line", "contigs"),
    [
        (b"##contig=<ID=chr1,length=100>", {"chr1": 100}),
        (b"##contig=<length=100,assembly=x,ID=chr1>", {"chr1": 100}),
        (b"##contig=<ID=HLA:A*01>", {"HLA:A*01": 0}),
        (b"##contig=<ID=chr1,length=?>", {"chr1": 0}),
        (b"##contig=<ID=chr1,length=%b>" % (b"9" * 5000), {"chr1": 0}),
        (b"##contigs=none", {}),
    ],
)
def test_contigs__are_read_with_their_lengths(line, contigs):
    assert VcfReader(iter([line + b"\n", COLUMNS + b"\n"]), "in.vcf").contigs == contigs


# Records


def record(chrom=b"chr1", pos=b"5", ref=b"A", alt=b"C", info=b"."):
    return Record(b"\t".join([chrom, pos, b".", ref, alt, b".", b".", info]) + b"\n", 7)


def test_record__gives_one_variant_per_alt():
    assert record(alt=b"C,<DEL>,*").variants == [Variant("chr1", 5, "A", alt) for alt in ("C", "<DEL>", "*")]


DEL_20, DEL_30 = Structure("DEL", 20), Structure("DEL", 30)


@pytest.mark.parametrize(
    ("alt", "info", "structures"),
    [
        (b"<DEL>", b"END=25", [DEL_20]),
        (b"<DEL>", b"AC=1;SVLEN=-20;SVTYPE=DEL", [DEL_20]),
        (b"<DEL>", b"END=25;SVLEN=-21", [None]),
        (b"<DEL>", b"END=25;IMPRECISE", [None]),
        (b"<DEL>", b"END=25;PRECISE;IMPRECISEx", [DEL_20]),
        (b"<DEL>", b"CIEND=25", [None]),
        # END is the last base of all ALTs; only SVLEN says which has which length.
        (b"<DEL>,<DEL>", b"END=35;SVLEN=-20,-30", [DEL_20, DEL_30]),
        (b"<DEL>,<DEL>", b"END=35", [None, None]),
        (b"C,<DEL>", b"SVLEN=.,-20", [None, DEL_20]),
        # A list that is not one value for each ALT.
        (b"<DEL>,C,<DEL>", b"SVLEN=-20", [None, None, None]),
        (b"<DEL>", b"END=25;SVLEN=-20;END=26", [DEL_20]),
        (b"<INS>", b"SEQ=ACG", [Structure("INS", inserted="ACG")]),
        (b"<INS:ME:ALU>", b"SVINSSEQ=acg", [Structure("INS", inserted="acg")]),
        (b"<INS>", b"INSSEQ=ACG;END=5", [Structure("INS", inserted="ACG")]),
        (b"<INS>", b"SVLEN=3", [None]),
        (b"<*>", b"END=25", [None]),
        (b"<NON_REF>", b"END=25", [None]),
        (b"*", b"END=25", [None]),
        (b"C", b"END=25", [None]),
        (b"C", b"IMPRECISE", [None]),
        (b"N", b"IMPRECISE", [INEXACT]),
        (b"n,<DEL>", b"SVTYPE=DEL;SVLEN=-1,-20", [Structure("DEL", 1), DEL_20]),
        (b"N]chr2:5]", b"SVTYPE=BND", [None]),
    ],
)
def test_record__reads_the_structure_of_symbolic_alts(alt, info, structures):
    assert [variant.structure for variant in record(alt=alt, info=info).variants] == structures


@pytest.mark.parametrize(
    ("info", "has_scores"),
    [
        (b".", False),
        (b"SpliceAI=x", True),
        (b"AC=1;SpliceAI=x;DB", True),
        (b"SpliceAI_DS_max=1", False),
        (b"mySpliceAI=1", False),
        (b"a=SpliceAI", False),
    ],
)
def test_has_scores__is_by_the_key(info, has_scores):
    assert record(info=info).has_scores("SpliceAI") is has_scores


def test_kept_record__goes_through_as_it_came():
    sink = Sink()
    line = b"chr1\t5\trs1\tA\tC\t.\t.\tSpliceAI=old;DB\n"
    kept = Record(line, 1)
    outcomes = [Outcome(variant, reason=SkipReason.KEPT) for variant in kept.variants]
    VcfWriter(sink, [COLUMNS + b"\n"], written(*ALL, keeps=True)).write(kept, outcomes)
    assert sink.text.splitlines(keepends=True)[-1] == line
    assert kept.id == "rs1"


def test_record__keeps_one_letter_per_byte_of_an_allele():
    # A sharp s is two letters when upper-cased; comparing it with the FASTA used to crash.
    assert len(record(ref="ß".encode()).ref.upper()) == 2
    assert record(ref=b"").ref == "."


def test_record__reads_any_contig_name():
    assert record(chrom="染色体".encode()).chrom == "染色体"
    assert record(chrom=b"\xff").chrom.encode("utf-8", "surrogateescape") == b"\xff"


@pytest.mark.parametrize(
    ("ref", "info", "end"),
    [
        (b"ACG", b".", 7),
        (b"A", b"END=90", 90),
        (b"A", b"AC=1;END=90;DB", 90),
        (b"ACG", b"END=2", 7),
        (b"A", b"CIEND=90", 5),
        (b"A", b"END=-90", 5),
        (b"A", b"END=9e9", 5),
        (b"A", b"END=" + b"9" * 5000, 5),
    ],
)
def test_last_pos__is_by_ref_or_end(ref, info, end):
    assert record(ref=ref, info=info).last_pos == end


def test_record_values__are_those_of_the_key():
    assert record(info=b"xSpliceAI=0;SpliceAI=a,b;AC=1").values("SpliceAI") == ["a", "b"]
    assert record(info=b"SpliceAIx=1").values("SpliceAI") == []


def test_reader__names_the_line_of_a_malformed_record():
    text = COLUMNS + b"\n\nc\t1\t.\tA\tC\t.\t.\t.\nc\tx\t.\tA\tC\t.\t.\t.\n"
    with pytest.raises(VcfError, match=r"in\.vcf, line 4: POS is 'x'"):
        list(VcfReader(iter(io.BytesIO(text)), "in.vcf"))


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=6))
def test_reader__knows_every_failure(lines):
    with suppress(VcfError):
        run(b"\n".join([b"##fileformat=VCFv4.2", COLUMNS, *lines]))
