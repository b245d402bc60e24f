"""Layouts, from outcomes made by hand."""

from __future__ import annotations

import io

import pytest
from support.written_fields import ALL, PROVENANCE, RAW, SCORES, written

from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.variants.variant import Outcome, SkipReason
from spliceai_cli.vcf.layouts import LAYOUTS, PrecomputedWriter, TsvWriter, open_writer
from spliceai_cli.vcf.reader import VcfReader
from spliceai_cli.vcf.writer import VcfWriter

HEADER = (
    "##fileformat=VCFv4.3\n"
    "##contig=<ID=chr1,length=1000>\n"
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="count">\n'
    "##contig=<ID=chr2>\n"
    '##FILTER=<ID=q10,Description="low">\n'
    '##INFO=<ID=SpliceAI,Number=.,Type=String,Description="older">\n'
    "##spliceai-annotate=<ID=SpliceAI,older>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
)
PRECOMPUTED_HEADER = [
    "##fileformat=VCFv4.2",
    "##contig=<ID=chr1,length=1000>",
    "##contig=<ID=chr2>",
    SCORES.header_line,
    PROVENANCE,
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
]
TSV_HEADER = (
    "CHROM\tPOS\tID\tREF\tALT\tSYMBOL\tGENE_ID\tTRANSCRIPT_ID\tSTRAND\t"
    "DS_AG\tDS_AL\tDS_DG\tDS_DL\tDP_AG\tDP_AL\tDP_DG\tDP_DL\tMAX_SCORE\tREASON\tMODEL_KEY"
)


class Sink:
    def __init__(self):
        self.text = b""

    def write(self, data):
        self.text += data


def scored(allele, symbol, *values):
    return DeltaScore(allele, symbol, *(Effect(value, offset) for offset, value in enumerate(values, -2)))


def dots(allele):
    return DeltaScore(allele, "B")


# Columns of a record, and of each ALT its scores or its reason.
RECORDS = [
    (
        ("chr1", "5", "rs1", "a", "C,t", "12", "q10", "AC=1;SpliceAI=older", "GT", "0/1"),
        [(scored("C", "A", 0.1, 0.2, 0.9, 0), scored("C", "B", 0, 0, 0, 0)), (scored("t", "A", 0.5, 0, 0, 0),)],
    ),
    (("chr1", "6", ".", "A", "<DEL>,G", ".", ".", "END=9", "GT", "1/2"), ["symbolic", (scored("G", "A", 0, 0, 0, 1),)]),
    (("chr2", "7", ".", "A", ".", ".", "PASS", ".", "GT", "0/0"), ["no-alt"]),
    # 1.3.1 names an MNV with dots.
    (("chr2", "8", ".", "AC", "GT", ".", "PASS", ".", "GT", "1/1"), [("compat", dots("GT"))]),
]
BY_CODE = {reason.code: reason for reason in SkipReason}


def outcome(variant, what):
    if isinstance(what, str):
        return Outcome(variant, (), BY_CODE[what])
    if isinstance(what[0], str):
        return Outcome(variant, what[1:], BY_CODE[what[0]])
    return Outcome(variant, what)


def write(layout, records=RECORDS, *, header=HEADER, wanted=(SCORES,)):
    """The lines that come out."""
    text = header + "".join("\t".join(columns) + "\n" for columns, _ in records)
    reader = VcfReader(iter(io.BytesIO(text.encode("utf-8", "surrogateescape"))), "in.vcf")
    sink = Sink()
    writer = open_writer(layout, sink, reader, written(*wanted))
    for record, (_, whats) in zip(reader, records, strict=True):
        writer.write(record, [outcome(*pair) for pair in zip(record.variants, whats, strict=True)])
    writer.start()
    assert sink.text.endswith(b"\n")
    return sink.text.decode("utf-8", "surrogateescape").splitlines()


def test_open_writer__has_all_layouts():
    reader = VcfReader(iter(HEADER.encode().splitlines(keepends=True)), "in.vcf")
    kinds = [type(open_writer(layout, Sink(), reader, written())) for layout in LAYOUTS]
    assert kinds == [VcfWriter, PrecomputedWriter, TsvWriter]


def test_precomputed__has_a_line_for_each_score_and_nothing_else():
    assert write("precomputed") == [
        *PRECOMPUTED_HEADER,
        "chr1\t5\t.\ta\tC\t.\t.\tSpliceAI=C|A|0.10|0.20|0.90|0.00|-2|-1|0|1",
        "chr1\t5\t.\ta\tC\t.\t.\tSpliceAI=C|B|0.00|0.00|0.00|0.00|-2|-1|0|1",
        "chr1\t5\t.\ta\tt\t.\t.\tSpliceAI=t|A|0.50|0.00|0.00|0.00|-2|-1|0|1",
        "chr1\t6\t.\tA\tG\t.\t.\tSpliceAI=G|A|0.00|0.00|0.00|1.00|-2|-1|0|1",
    ]


def test_precomputed__leaves_symbolic_alleles_out():
    """Two <DEL> at one POS looked the same."""
    records = [
        (("chr1", "5", ".", "A", "<DEL>", ".", ".", end, "GT", "0/1"), [(scored("<DEL>", "A", 0, score, 0, 0),)])
        for end, score in (("END=9", 0.2), ("END=90", 0.9))
    ]
    assert write("precomputed", records) == PRECOMPUTED_HEADER
    assert len(write("tsv", records)) == 3


def test_tsv__has_a_line_for_each_score_or_reason():
    assert write("tsv") == [
        TSV_HEADER,
        "chr1\t5\trs1\ta\tC\tA\t.\t.\t.\t0.10\t0.20\t0.90\t0.00\t-2\t-1\t0\t1\t0.90\t.\tSpliceAI",
        "chr1\t5\trs1\ta\tC\tB\t.\t.\t.\t0.00\t0.00\t0.00\t0.00\t-2\t-1\t0\t1\t0.00\t.\tSpliceAI",
        "chr1\t5\trs1\ta\tt\tA\t.\t.\t.\t0.50\t0.00\t0.00\t0.00\t-2\t-1\t0\t1\t0.50\t.\tSpliceAI",
        "chr1\t6\t.\tA\t<DEL>\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\tsymbolic\t.",
        "chr1\t6\t.\tA\tG\tA\t.\t.\t.\t0.00\t0.00\t0.00\t1.00\t-2\t-1\t0\t1\t1.00\t.\tSpliceAI",
        "chr2\t7\t.\tA\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\tno-alt\t.",
        "chr2\t8\t.\tAC\tGT\tB\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\t.\tcompat\tSpliceAI",
    ]


def test_tsv__has_ids_strand_and_on_request_probabilities():
    effects = [Effect(0.5, 1, 0.25, 0.75), Effect(0.0, 2), Effect(0.0, 3, 0.0, 0.0), Effect(1.0, -4, 1.0, 0.0)]
    ids = {"gene_id": "ENSG1.4", "transcript_id": "my;tx 1", "strand": "-"}
    records = [
        (("1", "5", ".", "A", "C,*", ".", ".", ".", "GT", "1"), [(DeltaScore("C", "G", *effects, **ids),), "symbolic"])
    ]
    heading, score, none = (line.split("\t") for line in write("tsv", records, wanted=(SCORES, RAW)))
    cells = dict(zip(heading, score, strict=True))
    assert [cells[name] for name in ("SYMBOL", "GENE_ID", "TRANSCRIPT_ID", "STRAND")] == [
        "G",
        "ENSG1.4",
        "my%3Btx%201",
        "-",
    ]
    probabilities = dict(zip(heading[17:25], score[17:25], strict=True))
    assert probabilities == {
        "AG_REF": "0.2500", "AG_ALT": "0.7500", "AL_REF": ".", "AL_ALT": ".",
        "DG_REF": "0.0000", "DG_ALT": "0.0000", "DL_REF": "1.0000", "DL_ALT": "0.0000",
    }  # fmt: skip
    assert (cells["MAX_SCORE"], cells["REASON"], cells["MODEL_KEY"]) == ("1.00", ".", "SpliceAI")
    assert none[5:] == ["."] * 21 + ["symbolic", "."]
    dotted = write("tsv", [(RECORDS[-1][0], [("compat", dots("GT"))])], wanted=(SCORES, RAW))[-1].split("\t")
    assert dotted[5:] == ["B", *["."] * 20, "compat", "SpliceAI"]


def test_vcf__has_every_record_with_the_fields_asked_for():
    lines = write("vcf", wanted=ALL)
    assert [line.split("\t")[7] for line in lines if not line.startswith("#")] == [
        "AC=1;SpliceAI=C|A|0.10|0.20|0.90|0.00|-2|-1|0|1,C|B|0.00|0.00|0.00|0.00|-2|-1|0|1,"
        "t|A|0.50|0.00|0.00|0.00|-2|-1|0|1;SpliceAI_TX=.,.,.;SpliceAI_DS_max=0.90,0.50;"
        "SpliceAI_RAW=C|A|.|.|.|.|.|.|.|.,C|B|.|.|.|.|.|.|.|.,t|A|.|.|.|.|.|.|.|.",
        "END=9;SpliceAI=G|A|0.00|0.00|0.00|1.00|-2|-1|0|1;SpliceAI_TX=.;SpliceAI_DS_max=.,1.00;"
        "SpliceAI_RAW=G|A|.|.|.|.|.|.|.|.;SpliceAI_SKIP=symbolic,.",
        "SpliceAI_SKIP=no-alt",
        "SpliceAI=GT|B|.|.|.|.|.|.|.|.;SpliceAI_TX=.;SpliceAI_SKIP=compat",
    ]


@pytest.mark.parametrize("layout", ["precomputed", "tsv"])
def test_layout__has_its_heading_without_records(layout):
    assert write(layout, []) == (PRECOMPUTED_HEADER if layout == "precomputed" else [TSV_HEADER])


@pytest.mark.parametrize("layout", ["precomputed", "tsv"])
def test_layout__of_an_input_with_other_line_ends_has_its_own(layout):
    crlf = [(columns[:-1] + (columns[-1] + "\r",), whats) for columns, whats in RECORDS]
    assert write(layout, crlf, header=HEADER.replace("\n", "\r\n")) == write(layout)


@pytest.mark.parametrize("layout", ["precomputed", "tsv"])
def test_layout__keeps_bytes_that_are_no_text(layout):
    name = b"\xff\xe9".decode("utf-8", "surrogateescape")
    columns = (name, "5", name, "A", "C", ".", ".", ".", "GT", "1")
    line = write(layout, [(columns, [(scored("C", "GEN\u00c9", 0, 0, 0, 0),)])])[-1]
    assert line.split("\t")[0] == name
    assert "GEN\u00c9" in line


def test_tsv__symbol_with_a_bar_keeps_its_columns():
    columns = ("chr1", "5", ".", "A", "C", ".", ".", ".", "GT", "1")
    cells = write("tsv", [(columns, [(scored("C", "A|B", 0.1, 0.2, 0.3, 0.4),)])])[-1].split("\t")
    assert cells[5:] == [
        "A|B",
        ".",
        ".",
        ".",
        "0.10",
        "0.20",
        "0.30",
        "0.40",
        "-2",
        "-1",
        "0",
        "1",
        "0.40",
        ".",
        "SpliceAI",
    ]
