"""Progress on stderr: what it shows, and that nothing of it reaches the output."""

from __future__ import annotations

import gzip
import re
import sys

import pysam
import pytest
from support import builders
from support.terminal import run_on_terminal

from spliceai_cli.cli import progress
from spliceai_cli.cli.contention import Contention
from spliceai_cli.cli.progress import ProgressLine, ScoringProgress
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.variants.variant import Outcome, Variant
from spliceai_cli.vcf.counting import count_records


@pytest.fixture
def clock(monkeypatch):
    """Wall and CPU time that the test moves."""

    class Clock:
        wall = cpu = 0.0

        def move(self, wall, cpu=0.0):
            self.wall += wall
            self.cpu += cpu

    clock = Clock()
    monkeypatch.setattr("time.monotonic", lambda: clock.wall)
    monkeypatch.setattr("time.process_time", lambda: clock.cpu)
    return clock


def follow(*, n_records=10, shown=True):
    return ScoringProgress(ProgressLine("alleles", shown=shown), n_records, Contention(is_silent=True))


def test_line__is_one_a_minute_where_stderr_is_no_terminal(clock, capsys):
    # By hand: 3 of 10 records in 70 s leave 163.3 s; the bar stood still until 1,024 edits were computed.
    following = follow()
    clock.move(100)  # of starting, which does not count
    following.computing(Variant("chr1", 10, "A", "C"), 0, 0)
    following.finished([Outcome(Variant("chr1", 10, "A", "C"))] * 2)
    for seconds, done in ((30, 1), (29, 1.5), (11, 2)):
        clock.move(seconds)
        following.computing(Variant("chr1", 12345, "A", "C"), done, 3 * done)
    assert capsys.readouterr() == ("", "chr1:12,345: 30%, 8 alleles, 0.1 alleles/s, 2 min 43 s left\n")


@pytest.mark.parametrize(
    ("n_alleles", "said"),
    [(600, "2:9: 600 alleles, 10 alleles/s\n"), (1, "2:9: 1 allele, 0.0 alleles/s\n")],
)
def test_line__without_a_total_has_no_time_left(clock, capsys, n_alleles, said):
    following = follow(n_records=None)
    following.computing(Variant("2", 8, "A", "C"), 0, 0)
    clock.move(60)
    following.computing(Variant("2", 9, "A", "C"), 1, n_alleles)
    assert capsys.readouterr().err == said


def test_line__moves_with_the_records_that_workers_finish(clock, capsys):
    """It used to stand still for 1,024 records, which take minutes by few workers."""
    following = follow()
    no_effect = Effect(0.0, 0)
    scores = (DeltaScore("C", "GENE", no_effect, no_effect, no_effect, no_effect),)
    inside, outside, last = (Variant("chr1", pos, "A", "C") for pos in (10, 11, 12))
    for seconds, outcome in ((0, Outcome(inside, scores)), (70, Outcome(outside)), (0, Outcome(last, scores))):
        clock.move(seconds)
        following.finished([outcome])
    assert capsys.readouterr().err == "chr1:12: 30%, 3 alleles, 0.0 alleles/s, 2 min 43 s left\n"


def test_line__not_shown_says_nothing(clock, capsys):
    following = follow(shown=False)
    following.computing(Variant("2", 8, "A", "C"), 0, 0)
    clock.move(600)
    following.computing(Variant("2", 9, "A", "C"), 1, 1)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("n_threads", "cpu_s", "warning"),
    [
        (
            8,
            60,
            "Warning: 8 threads get only the time of 3.0 CPUs, because other programs use the CPUs too. --threads 3 ",
        ),
        (8, 150, ""),
        (1, 5, ""),
        (None, 5, ""),
    ],
)
def test_contention__is_said_once_with_the_option(clock, capsys, monkeypatch, n_threads, cpu_s, warning):
    monkeypatch.setattr("spliceai_cli.engine.threads.computing_threads", lambda: n_threads)
    judge = Contention(is_silent=False)
    for _ in range(3):
        judge.measure(is_start=True)
        clock.move(20, cpu_s)
        judge.measure(is_start=False)
        # What is done between two read-aheads uses one thread, and does not count.
        clock.move(1000, 1000)
    said = capsys.readouterr().err
    assert said.startswith(warning)
    assert said.count("\n") == bool(warning)


def test_contention__silent_says_nothing(clock, capsys, monkeypatch):
    monkeypatch.setattr("spliceai_cli.engine.threads.computing_threads", lambda: 8)
    judge = Contention(is_silent=True)
    judge.measure(is_start=True)
    clock.move(100)
    judge.measure(is_start=False)
    assert capsys.readouterr().err == ""


@pytest.fixture
def dense(tmp_path, genome):
    rows = ((pos, genome.base("chr1", pos)) for pos in range(200, 300))
    path = tmp_path / "in.vcf"
    records = (f"chr1\t{pos}\t.\t{ref}\t{'A' if ref != 'A' else 'C'}\t.\t.\t." for pos, ref in rows)
    path.write_text(builders.VCF_HEADER + "".join(f"{record}\n" for record in records))
    return path


def test_records__are_counted_where_that_is_quick(dense, tmp_path, monkeypatch):
    assert count_records(str(dense)) == 100
    packed = tmp_path / "a.vcf.gz"
    packed.write_bytes(gzip.compress(dense.read_bytes()))
    assert count_records(str(packed)) == 100
    pysam.tabix_compress(str(dense), str(packed), force=True)
    pysam.tabix_index(str(packed), preset="vcf", force=True)
    monkeypatch.setattr("spliceai_cli.vcf.counting._MAX_PACKED_BYTES", 0)
    assert count_records(str(packed)) == 100
    monkeypatch.setattr("spliceai_cli.vcf.counting._MAX_PLAIN_BYTES", 0)
    other = tmp_path / "x"
    other.write_bytes(b"\x1f\x8bno gzip")
    assert [count_records(str(name)) for name in (dense, "-", tmp_path / "none", tmp_path, other)] == [None] * 5


def on_terminal(arguments):
    """Output and, from a terminal, what is said, of ``annotate`` with a line at every step."""
    code = (
        "import sys; from spliceai_cli.cli import main, progress; progress._TERMINAL_S = 0;"
        "sys.argv = ['spliceai-annotate', *sys.argv[1:]]; main.annotate_main()"
    )
    said, output = run_on_terminal([sys.executable, "-c", code, *map(str, arguments)], columns=120, stream="stderr")
    return output, said


def test_terminal__line_moves_while_alleles_are_computed(annotate_toy, genome, toy_weights, dense):
    assert progress._TERMINAL_S > 0
    fixed = ("-I", dense, "-R", genome.fasta, "-A", genome.table, "--weights", toy_weights, "--device", "cpu")
    output, said = on_terminal((*fixed, "--threads", "1"))
    shown = re.findall(r"chr1:(\d+)\s+(\d+) % \|.*?\|\s+(\d+) alleles, [\d,.]+ alleles/s", said)
    # All of them are one read-ahead, during which the bar stood still.
    assert len({n for _, _, n in shown}) > 3
    assert [int(n) for _, _, n in shown] == sorted(int(n) for _, _, n in shown)
    assert "left" in said
    for option in ("-q", "--no-progress"):
        same, silent = on_terminal((*fixed, "--threads", "1", option))
        assert same == output == annotate_toy("-I", dense).stdout
        assert "alleles/s," not in silent
        assert "% |" not in silent
