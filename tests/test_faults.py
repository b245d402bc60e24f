"""Runs that are killed, starved of disk or fed with damaged input, seen from outside: all or nothing.

After each there is no new file under any name asked for, older files are byte for byte what they were, one message says
what went wrong, and running again gives the bytes of an undisturbed run.
"""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pysam
import pysam.bcftools
import pytest
import torch
from support import builders, toy_networks
from support.fork_server import ForkServer

from spliceai_cli.cli.main import annotate, run
from spliceai_cli.files.bgzf import EOF_BLOCK, BgzfWriter

HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=1000>\n##contig=<ID=chr2,length=300>\n"
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)


class Kind(NamedTuple):
    """A form of output: its name and options."""

    name: str
    options: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Everything that a run writes: the output, its index, the counts."""
        return [self.name, *(f"{self.name}.{self.options[1]}" for _ in self.options[:1]), "stats.json"]


KINDS = {
    "vcf": Kind("out.vcf"),
    "bgzf": Kind("out.vcf.gz", ("--write-index", "tbi")),
    "bcf": Kind("out.bcf", ("--write-index", "csi")),
}


@dataclass
class World:
    """What all runs share.

    Attributes:
        fixed: arguments of every run.
        text: the input.
        expected: kind -> name -> bytes of an undisturbed run.
    """

    fixed: list[str]
    text: bytes
    expected: dict[str, dict[str, bytes]]

    def run_here(self, kind: str, folder: Path, source: Path) -> int:
        """An undisturbed run, in this process."""
        return run(annotate, [*self.fixed, *arguments(kind, folder), "-I", str(source)], prog_name="annotate")


def arguments(kind: str, folder: Path) -> list[str]:
    name, options = KINDS[kind]
    return ["-O", str(folder / name), "--stats", str(folder / "stats.json"), *options]


def input_text(genome: builders.Genome) -> bytes:
    """The verdict on the assembly first, then much that is written while more is read, last some scores."""
    ids = random.Random(0)
    judged = f"chr1\t150\t.\t{genome.base('chr1', 150)}\tR\t.\t.\t.\n" * 100
    outside = [f"chr1\t950\tid{ids.randbytes(16).hex()}\tA\tC\t.\t.\t.\n" for _ in range(6_000)]
    scored = [f"chr2\t{pos}\t.\t{genome.base('chr2', pos)}\tN\t.\t.\t.\n" for pos in range(100, 105)]
    return "".join((HEADER, judged, *outside, *scored)).encode()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    genome = builders.small_genome(folder)
    weights = toy_networks.save(folder / "weights", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())
    fixed = ["-R", genome.fasta, "-A", genome.table, "--weights", weights, "--device", "cpu", "--threads", "1", "-q"]
    n_threads = torch.get_num_threads()
    made = World([str(part) for part in fixed], input_text(genome), {})
    source = folder / "in.vcf"
    source.write_bytes(made.text)
    for kind in KINDS:
        (folder / kind).mkdir()
        assert made.run_here(kind, folder / kind, source) == 0
        made.expected[kind] = files(folder / kind)
        assert list(made.expected[kind]) == sorted(KINDS[kind].names)
    yield made
    torch.set_num_threads(n_threads)


def files(folder: Path) -> dict[str, bytes]:
    """All files by name, hidden ones included."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


class Disturbed:
    """A run that will come to grief, in a folder with older files of the names that it would write."""

    def __init__(self, server: ForkServer, world: World, tmp_path: Path, kind: str) -> None:
        self._server = server
        self.world = world
        self.kind = kind
        self.folder = tmp_path / f"to-{kind}"
        self.scratch = tmp_path / f"scratch-{kind}"
        self.scratch.mkdir()
        self.folder.mkdir()
        self.older = {name: f"older {name}\n".encode() for name in KINDS[kind].names}
        for name, content in self.older.items():
            (self.folder / name).write_bytes(content)

    def start(self, *extra: str | Path, max_bytes: int | None = None) -> Disturbed:
        """As a process of its own, with its standard input open."""
        options = [*self.world.fixed, *arguments(self.kind, self.folder), *extra]
        env = {"TMPDIR": self.scratch, "SPLICEAI_CLI_HOME": self.scratch / "none"}
        self.process = self._server.start(["annotate", *options], env=env, max_bytes=max_bytes)
        return self

    def feed(self, data: bytes) -> None:
        """To its standard input."""
        with suppress(BrokenPipeError):
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def await_writing(self) -> None:
        """Until some of the output is on disk, under its temporary name."""
        deadline = time.monotonic() + 60
        where, pattern = (self.scratch, "*.vcf") if self.kind == "bcf" else (self.folder, ".*.part")
        while not any(path.stat().st_size for path in where.glob(pattern)):
            assert self.process.poll() is None, self.process.stderr
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def check(self, code: int, said: str, *, leaves_parts: bool = False) -> None:
        """Whether it failed with this code and message, and left all as it was."""
        assert self.process.wait() == code, self.process.stderr
        stderr = self.process.stderr
        assert said in stderr
        assert "Traceback" not in stderr
        assert stderr.count("Error: ") == (code in (1, 2))
        assert self.process.stdout == b""
        left = files(self.folder)
        if leaves_parts:
            left = {name: content for name, content in left.items() if not name.startswith(".")}
        else:
            assert not list(self.scratch.iterdir())
        assert left == self.older

    def check_rerun(self, source: Path) -> None:
        """Whether the same again, undisturbed, gives what an undisturbed run gives."""
        assert self.world.run_here(self.kind, self.folder, source) == 0
        left = {name: content for name, content in files(self.folder).items() if not name.startswith(".")}
        assert left == self.world.expected[self.kind]


@pytest.fixture(scope="module")
def server():
    with ForkServer() as made:
        yield made


@pytest.fixture
def disturb(server, world, tmp_path):
    """Make a run of a kind."""
    return lambda kind: Disturbed(server, world, tmp_path, kind)


@pytest.fixture
def good(world, tmp_path):
    path = tmp_path / "good.vcf"
    path.write_bytes(world.text)
    return path


# Signals

SIGNALS = {"SIGKILL": -9, "SIGTERM": 143, "SIGINT": 130}


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_in_mid_run__leaves_what_was_there(world, disturb, good, name):
    runs = [disturb(kind).start() for kind in KINDS]
    for one in runs:
        one.feed(half(world.text))
    for one in runs:
        one.await_writing()
        one.process.send_signal(getattr(signal, name))
    for one in runs:
        # Nothing can be tidied up after kill -9; hidden files stay.
        one.check(SIGNALS[name], "Interrupted" if name == "SIGINT" else "", leaves_parts=name == "SIGKILL")
        one.check_rerun(good)


def test_signal__is_no_message_but_for_ctrl_c(world, disturb):
    one = disturb("vcf").start()
    one.feed(half(world.text))
    one.await_writing()
    one.process.send_signal(signal.SIGTERM)
    assert (one.process.wait(), one.process.stderr) == (143, "")


# A full disk


@pytest.mark.parametrize("kind", ["vcf", "bgzf", "bcf"])
def test_full_disk_in_mid_run__leaves_what_was_there(disturb, good, kind):
    one = disturb(kind).start("-I", good, max_bytes=50_000)
    one.check(1, f"output {one.folder / KINDS[kind].name} cannot be written: File too large.")
    one.check_rerun(good)


PAGE = os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def small_disk(tmp_path):
    """Mount a file system of so many pages."""
    mounted = []

    def call(n_pages: int) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={n_pages * PAGE}", "tmpfs", str(folder)]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"needs the right to mount: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    if not Path("/bin/mount").exists():
        pytest.skip("needs mount")
    yield call
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def n_pages(content: bytes) -> int:
    return -(-len(content) // PAGE)


@pytest.mark.parametrize("kind", ["bgzf", "bcf"])
@pytest.mark.parametrize("lacking", ["half-the-output", "the-index"])
def test_disk_that_is_full__leaves_what_was_there(world, disturb, good, small_disk, kind, lacking):
    one = disturb(kind)
    expected = world.expected[kind]
    n_output = n_pages(expected[KINDS[kind].name])
    disk = small_disk(len(one.older) + (n_output // 2 if lacking == "half-the-output" else n_output))
    for name, content in one.older.items():
        (disk / name).write_bytes(content)
    one.folder = disk
    one.start("-I", good)
    one.check(1, "No space left on device")


@pytest.mark.parametrize("kind", ["bcf"])
def test_temporary_folder_that_is_full__leaves_what_was_there(disturb, good, small_disk, kind):
    one = disturb(kind)
    one.scratch = small_disk(4)
    one.start("-I", good).check(1, "No space left on device")
    one.check_rerun(good)


# Input that cannot be read to its end


def cut(text: bytes) -> bytes:
    """Half of it, ended in the middle of a record's REF."""
    first = half(text)
    return first[: first.rindex(b"\n") + 20]


def half(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def bgzf(text: bytes, path: Path) -> bytes:
    with path.open("wb") as stream:
        writer = BgzfWriter(stream)
        writer.write(text)
        writer.finish()
    return path.read_bytes()


def bcf(text: bytes, path: Path) -> bytes:
    path.with_suffix(".text").write_bytes(text)
    pysam.bcftools.view("--no-version", "-Ob", "-o", str(path), str(path.with_suffix(".text")), catch_stdout=False)
    return path.read_bytes()


def flipped(raw: bytes, share: float = 0.5) -> bytes:
    """One byte wrong, at that share of the length."""
    at = int(len(raw) * share)
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


def at_block(raw: bytes) -> int:
    """Where a BGZF block begins, about the middle."""
    at = 0
    while at < len(raw) // 2:
        at += int.from_bytes(raw[at + 16 : at + 18], "little") + 1
    return at


class Damage(NamedTuple):
    """What becomes of an input.

    Attributes:
        make: from good text and a path to use, bytes.
        said: part of the message.
    """

    make: Callable[[bytes, Path], bytes]
    said: str


DAMAGED = {
    "text-cut": Damage(lambda text, path: cut(text), "is cut short: line"),
    "gzip-cut": Damage(
        lambda text, path: half(gzip.compress(text)), "is cut short: its compressed data end too early."
    ),
    "bgzf-cut": Damage(lambda text, path: half(bgzf(text, path)), "is cut short: its compressed data end too early."),
    "bgzf-cut-between-blocks": Damage(
        lambda text, path: bgzf(text, path)[: at_block(path.read_bytes())], "is cut short: "
    ),
    "bgzf-no-end-marker": Damage(
        lambda text, path: bgzf(text, path).removesuffix(EOF_BLOCK), "is cut short: the BGZF end marker is missing."
    ),
    "bgzf-damaged": Damage(lambda text, path: flipped(bgzf(text, path)), "is damaged: "),
    "bcf-cut": Damage(lambda text, path: half(bcf(text, path)), "is cut short: the BGZF end marker is missing."),
    "bcf-cut-between-blocks": Damage(
        lambda text, path: bcf(text, path)[: at_block(path.read_bytes())] + EOF_BLOCK, "is damaged: "
    ),
    "bcf-damaged": Damage(lambda text, path: flipped(bcf(text, path)), "is damaged: "),
    "unsorted": Damage(
        lambda text, path: text + b"chr1\t950\t.\tA\tC\t.\t.\t.\n",
        "htslib cannot make a .tbi index: the records are not",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_input__leaves_what_was_there(world, disturb, good, tmp_path, name):
    make, said = DAMAGED[name]
    path = tmp_path / "damaged"
    path.write_bytes(make(world.text, tmp_path / "whole"))
    one = disturb("bgzf").start("-I", path)
    one.check(1, said)
    one.check_rerun(good)


@pytest.mark.parametrize("kind", ["vcf", "bcf"])
def test_pipe_that_ends_in_mid_record__leaves_what_was_there(world, disturb, good, tmp_path, kind):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    one = disturb(kind).start("-I", fifo)
    with fifo.open("wb") as feed:
        feed.write(cut(world.text))
    one.check(1, f"{fifo} is cut short: line")
    one.check_rerun(good)


def test_packed_standard_input_that_ends_early__leaves_what_was_there(world, disturb, good):
    one = disturb("bcf").start()
    one.feed(half(gzip.compress(world.text)))
    one.check(1, "standard input is cut short: its compressed data end too early.")
    one.check_rerun(good)


def test_damaged_block_in_a_region__is_told(world, disturb, tmp_path):
    """Through an index htslib reads, whose iterator in pysam took a damaged block for the end."""
    path = tmp_path / "in.vcf.gz"
    raw = bgzf(world.text, path)
    pysam.tabix_index(str(path), preset="vcf", force=True)
    path.write_bytes(flipped(raw))
    os.utime(f"{path}.tbi")
    one = disturb("bgzf").start("-I", path, "-r", "chr1:900-,chr2")
    one.check(1, "is damaged")


# Pipes as input


@pytest.mark.parametrize("packing", ["bcf", "bare-bcf"])
def test_bcf_through_a_fifo__is_read(world, disturb, tmp_path, packing):
    """``-I <(bcftools view -Ob …)``: the name was opened again, and gave what was left unread."""
    raw = bcf(world.text, tmp_path / "x.bcf")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    one = disturb("bgzf").start("-I", fifo)
    with suppress(BrokenPipeError), fifo.open("wb") as feed:
        feed.write(raw if packing == "bcf" else gzip.decompress(raw))
    assert one.process.wait() == 0, one.process.stderr
    got = gzip.decompress((one.folder / "out.vcf.gz").read_bytes())
    assert got.endswith(world.expected["vcf"]["out.vcf"][-1000:])


# Names that cannot be written


@pytest.mark.parametrize("why", ["is-a-folder", "is-too-long"])
def test_index_that_cannot_get_its_name__leaves_what_was_there(world, good, tmp_path, why):
    folder = tmp_path / "to"
    folder.mkdir()
    target = folder / ("out.vcf.gz" if why == "is-a-folder" else f"{'x' * 248}.vcf.gz")
    target.write_text("older")
    if why == "is-a-folder":
        (folder / "out.vcf.gz.tbi").mkdir()
    options = ["-I", str(good), "-O", str(target), "--write-index", "tbi"]
    assert run(annotate, [*world.fixed, *options], prog_name="annotate") == 1
    assert files(folder) == {target.name: b"older"}


@pytest.mark.parametrize(
    "victim",
    [
        "-I",
        "-R",
        "-A",
        "fifo",
        "link",
    ],
)
def test_counts__never_replace_an_input_or_what_is_no_file(world, good, tmp_path, victim):
    genome = builders.small_genome(tmp_path)
    path = {"-I": good, "-R": genome.fasta, "-A": genome.table}.get(victim, tmp_path / victim)
    if victim == "fifo":
        os.mkfifo(path)
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if victim == "link":
        path.symlink_to(tmp_path / "linked.json")
    before = path.lstat()
    options = ["-I", good, "-O", tmp_path / "out.vcf", "--stats", path, "-R", genome.fasta, "-A", genome.table]
    code = run(annotate, [*world.fixed, *map(str, options)], prog_name="annotate")
    if victim == "fifo":
        os.close(reader)
    assert code == (2 if victim.startswith("-") else 0)
    assert path.lstat().st_ino == before.st_ino


@pytest.mark.parametrize("name", ["nowhere/stats.json"])
def test_counts__that_cannot_be_written_are_told_before_work_starts(world, good, tmp_path, name):
    options = ["-I", good, "-O", tmp_path / "out.vcf", "--stats", tmp_path / name]
    assert run(annotate, [*world.fixed, *map(str, options)], prog_name="annotate") == 1
    assert not (tmp_path / "out.vcf").exists()
