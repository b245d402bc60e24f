"""What ``spliceai-annotate`` does with files, pipes, options and signals."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pysam
import pytest
from support import builders

from spliceai_cli.cli.main import annotate
from spliceai_cli.files.bgzf import EOF_BLOCK, is_bgzf
from spliceai_cli.provenance import Provenance
from spliceai_cli.scores.sites import SITES

VERSION = Provenance((), {}, {}).version

HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=1000>\n##contig=<ID=chr2,length=300>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)
SCRIPT = Path(sys.executable).with_name("spliceai-annotate")


@pytest.fixture
def rows(genome):
    """One scored, one scored in two genes, one outside genes, one with another REF, one deletion."""
    return [
        ("chr1", 200, genome.base("chr1", 200), genome.other("chr1", 200)),
        ("chr1", 450, genome.base("chr1", 450), genome.other("chr1", 450)),
        ("chr1", 950, genome.base("chr1", 950), genome.other("chr1", 950)),
        ("chr2", 100, genome.other("chr2", 100), "A"),
        ("chr2", 150, genome.base("chr2", 150, 3), genome.base("chr2", 150)),
    ]


@pytest.fixture
def vcf(tmp_path, rows):
    return builders.write_vcf(tmp_path / "in.vcf", rows, HEADER)


def scored(text: bytes) -> list[bytes]:
    """CHROM and POS of the records that have our key."""
    return [b":".join(line.split(b"\t")[:2]) for line in text.splitlines() if b"SpliceAI=" in line]


# Input and output


def test_stdin_to_stdout__equals_file_to_file(annotate_toy, vcf, tmp_path):
    piped = annotate_toy(stdin=vcf.read_bytes())
    filed = annotate_toy("-I", vcf, "-O", tmp_path / "out.vcf")
    assert (piped.code, filed.code, filed.stdout) == (0, 0, b"")
    assert (tmp_path / "out.vcf").read_bytes() == piped.stdout
    assert scored(piped.stdout) == [b"chr1:200", b"chr1:450", b"chr2:150"]


def test_output__has_our_two_header_lines_before_the_columns(annotate_toy, vcf):
    lines = annotate_toy("-I", vcf).stdout.decode().splitlines()
    assert lines[:3] == HEADER.splitlines()[:3]
    assert lines[3] == SITES.header("SpliceAI")
    assert lines[4].startswith(f'##spliceai-annotate=<ID=SpliceAI,Version="{VERSION}",Model="toy",')
    assert lines[5] == HEADER.splitlines()[3]


@pytest.mark.parametrize("name", ["out.vcf.gz", "out.vcf.bgz", "out.anything --output-type z"])
def test_output_named_gz__is_bgzf_with_end_marker(annotate_toy, vcf, tmp_path, name):
    name, *options = name.split()
    annotate_toy("-I", vcf, "-O", tmp_path / name, *options)
    raw = (tmp_path / name).read_bytes()
    assert is_bgzf(raw[:18])
    assert raw.endswith(EOF_BLOCK)
    assert gzip.decompress(raw) == annotate_toy("-I", vcf).stdout


@pytest.mark.parametrize("output_type", ["b", "u"])
def test_output_bcf__holds_the_same_records(annotate_toy, vcf, tmp_path, output_type):
    path = tmp_path / "out.bcf"
    result = annotate_toy("-I", vcf, "-O", path, "--output-type", output_type)
    assert result.code == 0, result.stderr
    with pysam.VariantFile(str(path)) as bcf:
        assert bcf.format == "BCF"
        found = [str(record).rstrip() for record in bcf]
    assert found == ["\t".join(fields) for fields in annotate_toy("-I", vcf).records]


def packed(vcf: Path, kind: str) -> bytes:
    """The file as gzip, BGZF, BCF or bare BCF."""
    if kind == "plain":
        return vcf.read_bytes()
    if kind == "gzip":
        return gzip.compress(vcf.read_bytes())
    path = vcf.with_suffix(".packed")
    if kind == "bgzf":
        pysam.tabix_compress(str(vcf), str(path), force=True)
        return path.read_bytes()
    with pysam.VariantFile(str(vcf)) as source, pysam.VariantFile(str(path), "wb", header=source.header) as sink:
        for record in source:
            sink.write(record)
    return path.read_bytes() if kind == "bcf" else gzip.decompress(path.read_bytes())


@pytest.mark.parametrize("is_piped", [False, True], ids=["file", "stdin"])
@pytest.mark.parametrize("kind", ["gzip", "bgzf", "bcf", "bare-bcf"])
def test_input__is_told_by_content(annotate_toy, vcf, tmp_path, kind, is_piped):
    raw = packed(vcf, kind)
    path = tmp_path / "no-suffix"
    path.write_bytes(raw)
    result = annotate_toy(stdin=raw) if is_piped else annotate_toy("-I", path)
    assert result.code == 0, result.stderr
    assert result.records == annotate_toy("-I", vcf).records


def test_header_only__is_a_success(annotate_toy):
    result = annotate_toy(stdin=HEADER.encode())
    assert result.code == 0
    assert result.stdout.count(b"\n") == HEADER.count("\n") + 2
    assert result.records == []


def test_output_link__stays_a_link(annotate_toy, vcf, tmp_path):
    target = tmp_path / "target.vcf"
    target.write_text("older")
    (tmp_path / "link.vcf").symlink_to(target)
    annotate_toy("-I", vcf, "-O", tmp_path / "link.vcf")
    assert (tmp_path / "link.vcf").is_symlink()
    assert target.read_bytes() == annotate_toy("-I", vcf).stdout


def test_output__of_annotated_input_is_the_same(annotate_toy, vcf):
    once = annotate_toy("-I", vcf).stdout
    assert annotate_toy(stdin=once).stdout == once


# Which records


@pytest.fixture
def dense(tmp_path, genome):
    """A record at every other base, some of which reach further by REF or END."""
    rows = []
    for chrom in ("chr1", "chr2"):
        for pos in range(1, 290, 2):
            rows.append(f"{chrom}\t{pos}\t.\t{genome.base(chrom, pos, 1 + pos % 7)}\t<X>\t.\t.\t")
            rows[-1] += f"END={pos + 30}\n" if pos % 11 == 0 else ".\n"
    path = tmp_path / "dense.vcf"
    path.write_text(HEADER + "".join(rows))
    return path


REGIONS = ["chr1:50-60", "1:50-60,chr1:58-90", "chr1:7,chr1:8,chr2:280-", "chr2", "chr1:100-110,chr1:20-30", "chrX:5"]


@pytest.mark.parametrize("regions", REGIONS)
def test_regions__give_the_same_with_and_without_index(annotate_toy, dense, tmp_path, regions):
    indexed = tmp_path / "indexed.vcf.gz"
    indexed.write_bytes(packed(dense, "bgzf"))
    pysam.tabix_index(str(indexed), preset="vcf", force=True)
    scanned = annotate_toy("-I", dense, "-r", regions)
    assert scanned.code == 0, scanned.stderr
    assert annotate_toy("-I", indexed, "-r", regions).stdout == scanned.stdout


def test_regions__take_records_that_overlap(annotate_toy, dense):
    records = annotate_toy("-I", dense, "-r", "chr1:50-60").records
    # 33 by its END, 63; 47 by its REF of 1 + 47 % 7 = 6 bases. 45 ends at 48.
    assert [int(fields[1]) for fields in records] == [33, 47, 51, 53, 55, 57, 59]


def test_targets__take_records_whose_pos_is_inside(annotate_toy, dense, tmp_path):
    bed, table = tmp_path / "t.bed", tmp_path / "t.txt"
    bed.write_text("track name=x\nchr1\t49\t60\nchr1\t100\t101\n")
    table.write_text("# 1-based\n1\t50\t60\nchr1\t101\n")
    by_bed = annotate_toy("-I", dense, "-T", bed)
    assert [int(fields[1]) for fields in by_bed.records] == [51, 53, 55, 57, 59, 101]
    assert annotate_toy("-I", dense, "-T", table).stdout == by_bed.stdout


def test_regions_with_targets__take_what_both_want(annotate_toy, dense, tmp_path):
    bed = tmp_path / "t.bed"
    bed.write_text("chr1\t0\t52\n")
    records = annotate_toy("-I", dense, "-T", bed, "-r", "chr1:50-60").records
    assert [int(fields[1]) for fields in records] == [33, 47, 51]


# Messages


def test_summary__counts_every_allele_once(annotate_toy, vcf):
    said = annotate_toy("-I", vcf).stderr
    total, *lines = said.splitlines()
    assert re.fullmatch(r"5 records, 5 alleles in [\d.]+ s \([\d.]+ alleles/s\)", total)
    assert [line.partition(" (first")[0] for line in lines] == [
        "  3  scored (4 allele×gene scores)",
        "  1  outside genes",
        "  1  with a REF that differs from the FASTA",
    ]


def test_quiet__says_nothing(annotate_toy, vcf):
    assert annotate_toy("-I", vcf, "-q").stderr == ""


def test_verbose__names_alleles_in_genes_without_score(annotate_toy, vcf, rows):
    threads, first_line, *_ = annotate_toy("-I", vcf, "-v", "--threads", "1").stderr.splitlines()
    assert threads == "CPU threads: 1, by --threads"
    assert first_line == f"unscored: chr2:100 {rows[3][2]}>A: ref-mismatch"


def test_version__is_printed(cli):
    result = cli("--version", command=annotate)
    assert (result.code, result.stdout) == (0, f"spliceai-annotate {VERSION}\n".encode())


STRICT = {
    "--strict": 1,
    "--strict=ref-mismatch": 1,
    "--strict=outside,contig": 1,
    "--strict=too-long": 0,
    "--strict ref-mismatch": 1,
    "--strict too-long,contig": 0,
    "--strict in-gene": 1,
    "--strict --no-progress": 1,
}


@pytest.mark.parametrize("option", STRICT)
def test_strict__fails_for_its_reasons_after_writing_all(annotate_toy, vcf, tmp_path, option):
    result = annotate_toy("-I", vcf, "-O", tmp_path / "out.vcf", *option.split())
    assert result.code == STRICT[option]
    assert (tmp_path / "out.vcf").read_bytes() == annotate_toy("-I", vcf).stdout


def test_strict__says_how_many_and_which(annotate_toy, vcf, rows):
    first, *summary, hint = annotate_toy("-I", vcf, "--strict").stderr.splitlines()
    assert first == (f"Error: --strict: 1 of 5 alleles went unscored (first: chr2:100 {rows[3][2]}>A, ref-mismatch).")
    assert [line.split(" (")[0] for line in summary[:2]] == ["5 records, 5 alleles", "  3  scored"]
    assert hint == "Hint: The output is complete; the alleles named have no score."


@pytest.fixture
def chr21(tmp_path):
    """A FASTA with the length of GRCh38's chr21, mostly a hole in the file, and a gene at its start."""
    n_written, length = 1 << 17, 46_709_983
    path = tmp_path / "chr21.fa"
    with path.open("wb") as handle:
        handle.write(b">21\n" + b"A" * n_written)
        handle.seek(4 + length)
        handle.write(b"\n")
    Path(f"{path}.fai").write_text(f"21\t{length}\t4\t{length}\t{length + 1}\n")
    return path


def test_lengths_of_another_build__are_a_warning_where_ref_agrees(annotate_toy, chr21, tmp_path):
    table = builders.write_table(tmp_path / "t.txt", [builders.gene("G", "21", "+", 100, 500)])
    header = "##contig=<ID=21,length=48129895>\n" + builders.VCF_HEADER.split("\n")[1] + "\n"
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("21", 200, "A", "C")], header)
    result = annotate_toy("-I", vcf, "-R", chr21, "-A", table)
    assert result.code == 0
    assert result.stderr.splitlines()[0] == (
        f"Warning: {vcf} may be of another assembly than {chr21}: ##contig gives 21 length 48,129,895 (GRCh37), "
        "the FASTA 46,709,983 (GRCh38); but none of the REF alleles compared (1) mismatches. "
        "Make sure that -R is the reference that the VCF was called on."
    )
    assert annotate_toy("-I", vcf, "-R", chr21, "-A", table, "-q").stderr == ""


# As a process


@pytest.fixture
def start(genome, toy_weights):
    """Start ``spliceai-annotate`` as a process of its own; what still runs after the test is ended."""
    started = []

    def call(*arguments, script: Path = SCRIPT, **options) -> subprocess.Popen:
        fixed = ("-R", genome.fasta, "-A", genome.table, "--weights", toy_weights, "--device", "cpu", "--threads", "1")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(subprocess.Popen([str(part) for part in (script, *fixed, *arguments)], **(pipes | options)))
        return started[-1]

    yield call
    for process in started:
        process.kill()
        with process:
            pass


def test_called_as_spliceai__takes_the_arguments_of_1_3_1(annotate_toy, start, vcf, tmp_path):
    link = tmp_path / "spliceai"
    link.symlink_to(SCRIPT)
    filed = start("-I", vcf, "-O", tmp_path / "out.vcf", "-D", "60", "-M", "1", script=link)
    piped = start("-D", "60", "-M", "1", script=link)
    stdout, stderr = piped.communicate(vcf.read_bytes(), timeout=60)
    filed.communicate(timeout=60)
    assert (filed.returncode, piped.returncode) == (0, 0), stderr
    assert stdout == annotate_toy("-I", vcf, "-D", "60", "-M", "1").stdout
    assert (tmp_path / "out.vcf").read_bytes() == stdout


def test_two_at_once__make_one_index_and_one_output(annotate_toy, start, vcf, genome, tmp_path):
    index = Path(f"{genome.fasta}.fai")
    index.unlink(missing_ok=True)
    both = [start("-I", vcf, "-O", tmp_path / "out.vcf") for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert (tmp_path / "out.vcf").read_bytes() == annotate_toy("-I", vcf).stdout
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_closed_stdout__is_quiet_and_no_failure(start, tmp_path):
    # Megabytes do not fit in the pipe, so the process is still writing when the reader goes.
    path = tmp_path / "long.vcf"
    path.write_text(HEADER + "chr1\t950\t.\tA\tC\t.\t.\t.\n" * 100_000)
    process = start("-I", path)
    assert process.stdout.readline() == b"##fileformat=VCFv4.2\n"
    process.stdout.close()
    stderr = process.stderr.read()
    assert (process.wait(timeout=60), stderr) == (0, b"")


STOPPED = {"SIGINT": 130, "SIGTERM": 143}


def test_signal__stops_with_its_code_and_no_output(start, tmp_path, genome):
    # A test run in the background ignores SIGINT, and what it starts would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    started = {}
    for name in STOPPED:
        # A FIFO that stays open: the run waits for more records.
        fifo = tmp_path / f"{name}.fifo"
        os.mkfifo(fifo)
        process = start("-I", fifo, "-O", tmp_path / f"{name}.vcf")
        started[name] = (process, fifo.open("wb", buffering=0))
    with ExitStack() as stack:
        for _, feed in started.values():
            stack.enter_context(feed)
            feed.write(HEADER.encode() + f"chr1\t200\t.\t{genome.base('chr1', 200)}\tN\t.\t.\t.\n".encode() * 500)
        for name, (process, _) in started.items():
            while not list(tmp_path.glob(f".{name}.vcf.*.part")) and process.poll() is None:
                time.sleep(0.05)
        # Until both have loaded their networks and wait for more records: a signal in the middle of an import or of a
        # foreign library's callback may surface as another error.
        time.sleep(3)
        for name, (process, _) in started.items():
            process.send_signal(getattr(signal, name))
            _, stderr = process.communicate(timeout=60)
            assert process.returncode == STOPPED[name], stderr
            assert not list(tmp_path.glob(f"*{name}.vcf*"))
            assert b"Traceback" not in stderr


STDOUT_LOST = {
    "full": ("{} > /dev/full", 1, "Error: standard output cannot be written: No space left on device.\n"),
    "no-stderr": ("{} > /dev/null 2>&-", 0, ""),
    "no-stdin": ("{} -I - <&-", 2, "Error: no input: give -I FILE, or pipe a VCF in.\n"),
}


@pytest.mark.parametrize(("line", "code", "said"), STDOUT_LOST.values(), ids=STDOUT_LOST)
def test_standard_stream_lost__is_told_once(genome, toy_weights, vcf, line, code, said):
    command = f"{SCRIPT} -I {vcf} -R {genome.fasta} -A {genome.table} --weights {toy_weights} --threads 1 -q"
    done = subprocess.run(line.format(command), shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr, said in done.stderr) == (code, False, True), done.stderr


def test_completion__is_printed_for_the_shell():
    environment = os.environ | {"_SPLICEAI_ANNOTATE_COMPLETE": "bash_source"}
    done = subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert "complete -o nosort -F _spliceai_annotate_completion spliceai-annotate" in done.stdout
