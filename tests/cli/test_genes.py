"""``spliceai-cli genes …``, and ``spliceai-annotate`` with annotations that are no gene tables."""

from __future__ import annotations

import functools
import gzip
import hashlib
import os
import resource
import subprocess
import sys
from pathlib import Path

import pysam
import pytest
from support import builders

from spliceai_cli.files.bgzf import EOF_BLOCK

HEADING = (
    "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END"
    "\tGENE_ID\tTRANSCRIPT_ID\tBIOTYPE\tCDS_START\tCDS_END\tPHASE\tALIASES\n"
)

# The genes of the small genome, with a second transcript of PLUS; 1-based as GTF has them.
PLUS = 'gene_id "G1"; gene_version "1"; gene_name "PLUS"; gene_biotype "protein_coding"; '
MINUS = 'gene_id "G2.4"; gene_name "MINUS"; gene_biotype "lncRNA"; '
EDGE = 'gene_id "G3.1"; gene_name "EDGE"; '
LINES = (
    ("1", "transcript", 101, 500, "+", ".", PLUS + 'transcript_id "T1"; transcript_version "2";'),
    ("1", "exon", 101, 180, "+", ".", PLUS + 'transcript_id "T1";'),
    ("1", "exon", 261, 330, "+", ".", PLUS + 'transcript_id "T1";'),
    ("1", "exon", 451, 500, "+", ".", PLUS + 'transcript_id "T1";'),
    ("1", "CDS", 121, 180, "+", "0", PLUS + 'transcript_id "T1";'),
    ("1", "CDS", 261, 290, "+", "0", PLUS + 'transcript_id "T1";'),
    ("1", "stop_codon", 291, 293, "+", "0", PLUS + 'transcript_id "T1";'),
    ("1", "transcript", 251, 500, "+", ".", PLUS + 'transcript_id "T2"; transcript_version "1";'),
    ("1", "exon", 251, 330, "+", ".", PLUS + 'transcript_id "T2";'),
    ("1", "exon", 451, 500, "+", ".", PLUS + 'transcript_id "T2";'),
    ("1", "exon", 401, 470, "-", ".", MINUS + 'transcript_id "T3.1";'),
    ("1", "exon", 601, 700, "-", ".", MINUS + 'transcript_id "T3.1";'),
    ("1", "exon", 851, 900, "-", ".", MINUS + 'transcript_id "T3.1";'),
    ("2", "exon", 1, 60, "+", ".", EDGE + 'transcript_id "T4.1";'),
    ("2", "exon", 201, 300, "+", ".", EDGE + 'transcript_id "T4.1";'),
)
COUNTED = "3 transcripts: 1 by longest coding sequence; 2 by longest"

# By hand from LINES: starts one lower.
ROWS = {
    "T1.2": "PLUS\t1\t+\t100\t500\t100,260,450,\t180,330,500,\tG1.1\tT1.2\tprotein_coding\t120,260,\t180,293,\t0\t\n",
    "T2.1": "PLUS\t1\t+\t250\t500\t250,450,\t330,500,\tG1.1\tT2.1\tprotein_coding\t\t\t0\t\n",
    "T3.1": "MINUS\t1\t-\t400\t900\t400,600,850,\t470,700,900,\tG2.4\tT3.1\tlncRNA\t\t\t0\t\n",
    "T4.1": "EDGE\t2\t+\t0\t300\t0,200,\t60,300,\tG3.1\tT4.1\t\t\t\t0\t\n",
}


def gtf_text(lines=LINES) -> str:
    return "".join(
        f"{chrom}\ttoy\t{kind}\t{first}\t{last}\t.\t{strand}\t{phase}\t{attributes}\n"
        for chrom, kind, first, last, strand, phase, attributes in lines
    )


@pytest.fixture(autouse=True)
def _own_home(home):
    """What is parsed is kept in a folder of the test."""


@pytest.fixture
def gtf(tmp_path) -> Path:
    path = tmp_path / "toy.gtf"
    path.write_text(gtf_text())
    return path


@pytest.fixture
def listed(tmp_path):
    """A file with a name a line."""

    def write(*names: str) -> Path:
        path = tmp_path / "listed.txt"
        path.write_text("# names\n" + "".join(f"{name}\n" for name in names))
        return path

    return write


@pytest.fixture
def vcf(genome, tmp_path) -> Path:
    """In PLUS; near the start of its second transcript; in PLUS and MINUS; outside; in EDGE."""
    rows = [("chr1", pos, genome.base("chr1", pos), genome.other("chr1", pos)) for pos in (150, 255, 450, 950)]
    rows.append(("chr2", 150, genome.base("chr2", 150, 3), genome.base("chr2", 150)))
    return builders.write_vcf(tmp_path / "in.vcf", rows)


def values(result) -> list[list[str]]:
    """INFO/SpliceAI of each record, allele by allele and gene by gene."""
    assert result.code == 0, result.stderr
    infos = (fields[7] for fields in result.records)
    return [info.removeprefix("SpliceAI=").split(",") if info != "." else [] for info in infos]


def symbols(result) -> list[list[str]]:
    return [[value.split("|")[1] for value in record] for record in values(result)]


# genes build


def test_build__writes_what_the_gtf_says(cli, gtf, tmp_path):
    result = cli("genes", "build", gtf, tmp_path / "out.txt")
    assert (result.code, result.stdout, result.stderr) == (0, b"", f"{gtf}: {COUNTED}\n")
    assert (tmp_path / "out.txt").read_text() == HEADING + ROWS["T1.2"] + ROWS["T3.1"] + ROWS["T4.1"]


def test_build__begins_with_the_columns_of_1_3_1(cli, gtf, genome):
    """1.3.1 looks columns up by name, and cuts what follows the last comma of a list."""
    rows = [line.split("\t")[:7] for line in cli("genes", "build", gtf, "-").stdout.decode().splitlines()]
    assert rows == [line.split("\t") for line in genome.table.read_text().splitlines()]


@pytest.mark.parametrize("kind", ["gtf", "gzip", "bgzf"])
@pytest.mark.parametrize("name", ["-", "out.txt", "out.txt.gz"])
def test_build__gives_the_same_of_any_packing_to_anywhere(cli, gtf, tmp_path, kind, name):
    source = tmp_path / "packed"
    if kind == "bgzf":
        pysam.tabix_compress(str(gtf), str(source), force=True)
    else:
        source.write_bytes(gzip.compress(gtf.read_bytes()) if kind == "gzip" else gtf.read_bytes())
    target = name if name == "-" else tmp_path / name
    result = cli("genes", "build", "--transcripts", "all", source, target)
    assert (result.code, result.stderr) == (0, f"{source}: 4 transcripts\n")
    written = result.stdout if name == "-" else target.read_bytes()
    if name.endswith(".gz"):
        assert written.endswith(EOF_BLOCK)
        written = gzip.decompress(written)
    assert written.decode() == HEADING + "".join(ROWS.values())


def test_build__of_a_built_table_is_the_same(cli, gtf, tmp_path):
    cli("genes", "build", "--transcripts", "all", gtf, tmp_path / "one.txt")
    cli("genes", "build", tmp_path / "one.txt", tmp_path / "two.txt.gz")
    assert cli("genes", "build", tmp_path / "two.txt.gz", "-").stdout == (tmp_path / "one.txt").read_bytes()


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--transcripts", "all", "--biotypes", "lncRNA"], ["T3.1"]),
        (["--biotypes", "protein_coding,lncRNA"], ["T1.2", "T3.1"]),
        (["--transcripts", "T2", "T4.1"], ["T2.1", "T4.1"]),
        (["--genes", "PLUS", "G3"], ["T1.2", "T4.1"]),
        (["--genes", "G1.1"], ["T1.2"]),
    ],
    ids=["biotype", "biotypes", "transcripts", "genes", "gene-id"],
)
def test_build__writes_what_is_chosen(cli, gtf, listed, options, left):
    option, value, *names = options
    if option != "--biotypes" and value != "all":
        options = [option, listed(value, *names)]
    result = cli("genes", "build", gtf, "-", *options)
    assert result.code == 0, result.stderr
    assert result.stdout.decode() == HEADING + "".join(ROWS[name] for name in left)


def test_build__leaves_an_older_table_where_it_fails(cli, gtf, tmp_path):
    (tmp_path / "out.txt").write_text("older")
    gtf.write_text(gtf_text() + "1\ttoy\texon\tten\n")
    result = cli("genes", "build", "--strict-annotation", gtf, tmp_path / "out.txt")
    assert (result.code, (tmp_path / "out.txt").read_text()) == (1, "older")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_build__is_quiet_when_its_reader_has_gone(genome, tmp_path, unbuffered):
    # More than a pipe holds.
    table = builders.write_table(tmp_path / "long.txt", genome.genes * 10_000)
    script = Path(sys.executable).with_name("spliceai-cli")
    command = [str(part) for part in (script, "genes", "build", table, "-")]
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == HEADING.encode()
        process.stdout.close()
        said = process.stderr.read()
        assert (process.wait(timeout=60), said) == (0, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_build__tells_of_a_disk_that_fills_up(gtf, tmp_path, unbuffered):
    """Unbuffered, what did not fit was lost without a word: the write is cut short, and no other follows."""
    script = Path(sys.executable).with_name("spliceai-cli")
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with (tmp_path / "out.txt").open("wb") as target:
        limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        command = [str(part) for part in (script, "genes", "build", "--no-annotation-cache", gtf, "-")]
        done = subprocess.run(
            command, env=environment, stdout=target, stderr=subprocess.PIPE, preexec_fn=limit, timeout=60, check=False
        )
    assert done.returncode == 1
    assert b"Error: standard output cannot be written: File too large." in done.stderr


# genes show

PLACE = {
    "T1.2": "PLUS\tG1.1\tT1.2\tprotein_coding\t1:101-500(+)\t3 exons\t93 coding bases\n"
    "exon\t1\t101\t180\t80\nexon\t2\t261\t330\t70\nexon\t3\t451\t500\t50\n",
    "T2.1": "PLUS\tG1.1\tT2.1\tprotein_coding\t1:251-500(+)\t2 exons\t0 coding bases\n"
    "exon\t1\t251\t330\t80\nexon\t2\t451\t500\t50\n",
    "T3.1": "MINUS\tG2.4\tT3.1\tlncRNA\t1:401-900(-)\t3 exons\t0 coding bases\n"
    "exon\t1\t851\t900\t50\nexon\t2\t601\t700\t100\nexon\t3\t401\t470\t70\n",
    "T4.1": "EDGE\tG3.1\tT4.1\t.\t2:1-300(+)\t2 exons\t0 coding bases\nexon\t1\t1\t60\t60\nexon\t2\t201\t300\t100\n",
}


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ("PLUS", ["T1.2", "T2.1"]),
        ("G1", ["T1.2", "T2.1"]),
        ("G1.1", ["T1.2", "T2.1"]),
        ("T2", ["T2.1"]),
        ("T2.1", ["T2.1"]),
        ("MINUS", ["T3.1"]),
        ("T4.1", ["T4.1"]),
    ],
)
def test_show__finds_a_gene_by_its_names(cli, gtf, named, shown):
    result = cli("genes", "show", named, "-A", gtf, "--transcripts", "all")
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout.decode() == "".join(PLACE[name] for name in shown)


def test_show__shows_what_is_scored(cli, gtf, genome):
    assert cli("genes", "show", "PLUS", "-A", gtf).stdout.decode() == PLACE["T1.2"]
    by_table = cli("genes", "show", "PLUS", "-A", genome.table).stdout.decode()
    assert by_table.splitlines()[0] == "PLUS\t.\t.\t.\t1:101-500(+)\t3 exons\t0 coding bases"


@pytest.mark.parametrize("named", ["XYZ", "T2.1", "T1.3", "G1.", "."])
def test_show__says_that_there_is_none(cli, gtf, named):
    """T2.1 is not the transcript that stands for PLUS."""
    result = cli("genes", "show", named, "-A", gtf)
    assert (result.code, result.stdout) == (1, b"")
    assert result.stderr == (
        f"Error: {gtf} has no gene {named}.\n"
        "Hint: Give a symbol, gene ID, transcript ID or alias, in the same case. "
        "With --transcripts all there may be more.\n"
    )


# genes check

ON_PLUS = "A" * 10 + "GTCCCCCCAG" + "A" * 10 + "gcccccccag" + "A" * 10
# In transcript order, right to left: AT-AC, GT-AG, TT-TT.
ON_MINUS = "A" * 10 + "A" * 10 + "C" * 10 + "CTGGGGGGAC" + "C" * 10 + "GTGGGGGGAT" + "C" * 10


def test_check__counts_the_ends_of_introns(cli, tmp_path):
    fasta = builders.write_fasta(tmp_path / "x.fa", {"chr1": ON_PLUS, "chr2": ON_MINUS})
    genes = [
        builders.gene("A", "1", "+", 0, 50, (0, 10), (20, 30), (40, 50)),
        builders.gene("B", "2", "-", 0, 70, (0, 10), (20, 30), (40, 50), (60, 70)),
        builders.gene("BEYOND", "1", "+", 30, 51, (30, 40), (45, 51)),
        builders.gene("GONE", "7", "+", 0, 50, (0, 10), (20, 30)),
        builders.gene("GONE2", "7", "+", 0, 50),
    ]
    table = builders.write_table(tmp_path / "t.txt", genes)
    result = cli("genes", "check", "-A", table, "-R", fasta)
    assert (result.code, result.stderr) == (0, f"{table}: 5 transcripts\n")
    assert result.stdout.decode().splitlines() == [
        "transcripts\t5",
        "introns\t5",
        "GT-AG\t2\t40.00%",
        "GC-AG\t1\t20.00%",
        "AT-AC\t1\t20.00%",
        "other ends\t1\t20.00%",
        "contigs not in the reference (transcripts)\t1\t7 (2)",
        "transcripts beyond the end of their contig\t1\tBEYOND 1:31-51",
        "verdict\ttoo few introns to tell",
    ]


def test_check__of_genes_without_introns_has_no_shares(cli, genome, tmp_path):
    table = builders.write_table(tmp_path / "t.txt", [builders.gene("A", "1", "+", 0, 50)])
    lines = cli("genes", "check", "-A", table, "-R", genome.fasta).stdout.decode().splitlines()
    assert lines[1:6] == ["introns\t0", "GT-AG\t0", "GC-AG\t0", "AT-AC\t0", "other ends\t0"]


# Wrong usage

WRONG = {
    "no-target": (["build", "toy.gtf"], 2, "Missing argument 'OUT'."),
    "no-annotation": (["show", "PLUS"], 2, "Missing option '-A' / '--annotation'."),
    "no-reference": (["check", "-A", "toy.gtf"], 2, "Missing option '-R' / '--reference'."),
    "target-is-source": (["build", "toy.gtf", "toy.gtf"], 2, "IN and OUT are the same file: toy.gtf."),
    "target-is-genes": (
        ["build", "toy.gtf", "listed.txt", "--genes", "listed.txt"],
        2,
        "--genes and OUT are the same file: listed.txt.",
    ),
    "target-is-transcripts": (
        ["build", "toy.gtf", "listed.txt", "--transcripts", "listed.txt"],
        2,
        "--transcripts and OUT are the same file: listed.txt.",
    ),
    "gene-id": (
        ["show", "PLUS", "-A", "toy.gtf", "--gene-id", "hgnc"],
        2,
        "Invalid value for '--gene-id': 'hgnc' is not one of 'symbol', 'gene_id', 'transcript_id'.",
    ),
    "genes-is-a-folder": (
        ["show", "PLUS", "-A", "toy.gtf", "--genes", "."],
        1,
        ". cannot be read: Is a directory.",
    ),
    "no-lengths": (
        ["show", "PLUS", "-A", "gencode"],
        1,
        "-A gencode needs a GRCh37 or GRCh38 reference, detected from contig lengths; this command has none.",
    ),
    "pipe": (["show", "PLUS", "-A", "/dev/null"], 1, "annotation /dev/null has no genes: it is empty"),
    "nowhere": (["build", "toy.gtf", "none/out.txt"], 1, "table none/out.txt cannot be written: No such file"),
}


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG.values(), ids=WRONG)
def test_wrong_usage__is_told(cli, gtf, listed, monkeypatch, arguments, code, message):
    monkeypatch.chdir(gtf.parent)
    listed("PLUS")
    before = {path.name: path.read_bytes() for path in gtf.parent.iterdir() if path.is_file()}
    result = cli("genes", *arguments)
    assert (result.code, result.stdout) == (code, b"")
    assert f"Error: {message}" in result.stderr
    assert {path.name: path.read_bytes() for path in gtf.parent.iterdir() if path.is_file()} == before


# annotate


@pytest.mark.parametrize("options", [(), ("--transcripts", "all")], ids=["canonical", "all"])
def test_annotate__gives_the_same_with_the_gtf_as_with_its_table(cli, annotate_toy, gtf, vcf, tmp_path, options):
    cli("genes", "build", *options, gtf, tmp_path / "out.txt")
    by_gtf = annotate_toy("-I", vcf, "-A", gtf, *options)
    assert values(by_gtf) == values(annotate_toy("-I", vcf, "-A", tmp_path / "out.txt"))
    # Numbers are those of the toy networks, so the genes of the plain table have them too.
    if not options:
        assert values(by_gtf) == values(annotate_toy("-I", vcf))


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ((), ["PLUS", "MINUS"]),
        (("--gene-id", "gene_id"), ["G1.1", "G2.4"]),
        (("--gene-id", "transcript_id"), ["T1.2", "T3.1"]),
        (("--transcripts", "all"), ["PLUS", "PLUS", "MINUS"]),
        (("--transcripts", "all", "--gene-id", "transcript_id"), ["T1.2", "T2.1", "T3.1"]),
        (("--biotypes", "lncRNA"), ["MINUS"]),
    ],
    ids=["default", "gene_id", "transcript_id", "all", "all-transcript_id", "lncRNA"],
)
def test_annotate__prints_what_is_chosen(annotate_toy, gtf, vcf, options, printed):
    assert symbols(annotate_toy("-I", vcf, "-A", gtf, *options))[2] == printed


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ((), "  4  scored (5 allele×gene scores)"),
        (("--transcripts", "all"), "  4  scored (7 allele×transcript scores)"),
    ],
    ids=["canonical", "all"],
)
def test_annotate__the_summary_says_what_is_counted(annotate_toy, gtf, vcf, options, line):
    # Scores of several transcripts of one gene were allele×gene scores.
    assert line in annotate_toy("-I", vcf, "-A", gtf, *options).stderr.splitlines()


def test_annotate_all__scores_each_transcript_as_if_alone(annotate_toy, gtf, vcf, listed):
    options = ("-I", vcf, "-A", gtf, "--gene-id", "transcript_id", "-M", "2", "--transcripts")
    together = values(annotate_toy(*options, "all"))
    alone = [values(annotate_toy(*options, listed(name))) for name in ("T1", "T2", "T3", "T4")]
    assert together == [[value for one in alone for value in one[i]] for i in range(len(together))]
    first, second, _ = [
        value.split("|")[2:] for value in values(annotate_toy(*options[:-3], "--transcripts", "all"))[2]
    ]
    assert first == second  # at 450 both transcripts have the same bases, within the networks' sight


def test_annotate__says_how_genes_were_chosen(annotate_toy, gtf, vcf):
    gtf.write_text(gtf_text((*LINES, ("1", "exon", 950, 990, ".", ".", 'gene_id "S"; transcript_id "S.1";'))))
    result = annotate_toy("-I", vcf, "-A", gtf)
    assert result.stderr.splitlines()[0] == f"{gtf}: {COUNTED}; left out 1 transcript with no strand (first: line 16)"
    assert annotate_toy("-I", vcf, "-A", gtf, "-q").stderr == ""


ODD_LINE = ("1", "exon", 801, 900, "+", ".", 'gene_id "G1";')
TOLD = "left out 1 exon line without transcript_id (first: line 16); transcripts may lack exons of lines that name none"


def test_annotate__warns_of_what_is_left_out_in_one_line(annotate_toy, gtf, vcf):
    """One odd line used to refuse the file."""
    expected = values(annotate_toy("-I", vcf, "-A", gtf))
    gtf.write_text(gtf_text((*LINES, ODD_LINE)))
    for cached in ("--no-annotation-cache", "--annotation-cache", "--annotation-cache"):
        result = annotate_toy("-I", vcf, "-A", gtf, cached)
        assert result.stderr.splitlines()[0] == f"Warning: {gtf}: {COUNTED}; {TOLD}"
        assert values(result) == expected


def test_annotate_with_a_table__warns_of_a_malformed_row(annotate_toy, genome, vcf, tmp_path):
    table = tmp_path / "my.txt"
    table.write_text(genome.table.read_text() + "BAD\t1\t+\t10\n")
    result = annotate_toy("-I", vcf, "-A", table)
    assert result.stderr.splitlines()[0] == (
        f"Warning: {table}: 3 transcripts: left out 1 malformed row (first: line 5)"
    )
    assert values(result) == values(annotate_toy("-I", vcf))


@pytest.mark.parametrize(
    "arguments",
    [
        ("genes", "build", "GTF", "-"),
        ("genes", "show", "PLUS", "-A", "GTF"),
        ("genes", "check", "-A", "GTF", "-R", "FASTA"),
        ("predict", "-A", "GTF", "-R", "FASTA", "-O", "OUT.tsv", "--weights", "WEIGHTS"),
        ("plot", "chr1:150:A:C", "-A", "GTF", "-R", "FASTA", "-o", "OUT.png"),
        ("score", "chr1:150:A:C", "-A", "GTF", "-R", "FASTA"),
        ("annotate", "-A", "GTF", "-R", "FASTA", "-I", "VCF"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_strict_annotation__refuses_an_odd_line_in_every_command(
    cli, gtf, genome, vcf, toy_weights, tmp_path, arguments
):
    gtf.write_text(gtf_text((*LINES, ODD_LINE)))
    files = {
        "GTF": gtf,
        "FASTA": genome.fasta,
        "VCF": vcf,
        "WEIGHTS": toy_weights,
        "OUT.tsv": tmp_path / "o.tsv",
        "OUT.png": tmp_path / "o.png",
    }
    result = cli(*(files.get(word, word) for word in arguments), "--strict-annotation")
    assert (result.code, result.stdout) == (1, b"")
    assert f"Error: {gtf}, line 16: exon without transcript_id.\n" in result.stderr


def test_check__lists_what_is_left_out(cli, gtf, genome):
    unstranded = ("1", "exon", 950, 990, ".", ".", 'gene_id "S"; transcript_id "S.1";')
    gtf.write_text(gtf_text((*LINES, ODD_LINE, unstranded)))
    result = cli("genes", "check", "-A", gtf, "-R", genome.fasta)
    assert result.stdout.decode().splitlines()[-3:-1] == [
        "left out: exon lines without transcript_id\t1\tline 16: exon without transcript_id.",
        "left out: transcripts with no strand\t1\tline 17",
    ]


def test_annotate_with_a_table__has_nothing_to_say(annotate_toy, vcf):
    total, *counts = annotate_toy("-I", vcf).stderr.splitlines()
    assert total.startswith("5 records, 5 alleles in ")
    assert all(line.startswith("  ") for line in counts)


def origin(result) -> str:
    """Our header line from the hash of the annotation on."""
    line = next(line for line in result.stdout.decode().splitlines() if line.startswith("##spliceai-annotate="))
    return line[line.index("GenesSHA256") : line.index(",Distance")]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_header__says_what_of_the_annotation_is_used(annotate_toy, gtf, vcf, genome, listed):
    plain = 'Transcripts="canonical",Genes="all",Biotypes="all",GeneID="symbol"'
    assert origin(annotate_toy("-I", vcf)) == f'GenesSHA256="{sha256(genome.table)}",{plain}'
    assert origin(annotate_toy("-I", vcf, "-A", gtf)) == f'GenesSHA256="{sha256(gtf)}",{plain}'
    chosen = ("--transcripts", "all", "--biotypes", "protein_coding,lncRNA", "--gene-id", "gene_id")
    assert origin(annotate_toy("-I", vcf, "-A", gtf, *chosen)) == (
        f'GenesSHA256="{sha256(gtf)}",Transcripts="all",Genes="all",Biotypes="lncRNA+protein_coding",GeneID="gene_id"'
    )
    by_file = listed("T1", "T2")
    assert f'Transcripts="{sha256(by_file)}",Genes="all"' in origin(
        annotate_toy("-I", vcf, "-A", gtf, "--transcripts", by_file)
    )
    by_file = listed("PLUS")
    assert f'Transcripts="canonical",Genes="{sha256(by_file)}"' in origin(
        annotate_toy("-I", vcf, "-A", gtf, "--genes", by_file)
    )


# The cache


def kept(home: Path) -> list[str]:
    return sorted(path.name.split(".")[0] for path in (home / "annotations").glob("*"))


def test_cache__is_by_content(annotate_toy, gtf, vcf, home, tmp_path):
    once = annotate_toy("-I", vcf, "-A", gtf)
    assert kept(home) == [sha256(gtf)]
    gtf.rename(tmp_path / "renamed.gtf")
    again = annotate_toy("-I", vcf, "-A", tmp_path / "renamed.gtf", "--transcripts", "all")
    assert kept(home) == [sha256(tmp_path / "renamed.gtf")]
    assert symbols(again)[2] == ["PLUS", "PLUS", "MINUS"]
    assert once.stdout == annotate_toy("-I", vcf, "-A", tmp_path / "renamed.gtf").stdout


def test_cache__is_used_unless_not_wanted(annotate_toy, gtf, vcf, home, tmp_path):
    other = tmp_path / "other.gtf"
    other.write_text(gtf_text().replace("PLUS", "OTHER"))
    for path in (gtf, other):
        annotate_toy("-I", vcf, "-A", path)
    of_gtf, of_other = (next((home / "annotations").glob(f"{sha256(path)}*")) for path in (gtf, other))
    of_gtf.write_bytes(of_other.read_bytes())
    assert symbols(annotate_toy("-I", vcf, "-A", gtf))[0] == ["OTHER"]
    assert symbols(annotate_toy("-I", vcf, "-A", gtf, "--no-annotation-cache"))[0] == ["PLUS"]


def test_cache__is_not_made_where_not_wanted(cli, annotate_toy, gtf, vcf, home):
    annotate_toy("-I", vcf, "-A", gtf, "--no-annotation-cache")
    cli("genes", "show", "PLUS", "-A", gtf, "--no-annotation-cache")
    annotate_toy("-I", vcf)  # a table is not kept
    assert not home.exists()


def test_cache_that_is_damaged__is_made_anew(annotate_toy, gtf, vcf, home):
    whole = annotate_toy("-I", vcf, "-A", gtf).stdout
    [path] = (home / "annotations").iterdir()
    packed = path.read_bytes()
    path.write_bytes(packed[: len(packed) // 2])
    assert annotate_toy("-I", vcf, "-A", gtf).stdout == whole
    assert path.read_bytes() == packed


def test_cache_that_cannot_be_written__is_no_failure(annotate_toy, gtf, vcf, home):
    home.write_text("a file where the folder should be")
    assert symbols(annotate_toy("-I", vcf, "-A", gtf))[0] == ["PLUS"]
