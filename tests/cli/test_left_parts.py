"""Temporary files of killed runs: named in a warning, left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spliceai_cli.files.atomic import Part, abandoned_parts, parts_before

DAY_S = 24 * 60 * 60
EMPTY = b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def aged(path: Path, days: float) -> Path:
    path.write_bytes(b"half")
    at = time.time() - days * DAY_S
    os.utime(path, (at, at))
    return path


def said(folder: Path, *names: str) -> str:
    return (
        f"Warning: {folder} has temporary files over a day old, left by runs that were killed: {', '.join(names)}. "
        "Delete them, unless a run is still writing there.\n"
    )


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "out"
    made.mkdir()
    return made


def test_abandoned_parts__are_those_named_by_the_scheme_and_old(folder):
    old = [aged(Part(folder / name).path, 2) for name in ("a.vcf", "b.vcf.gz", "x" * 250)]
    old.append(aged(Part(folder / "c.bw", ".bw").path, 2))
    young = aged(Part(folder / "young.vcf").path, 0.5)
    for name in (
        "a.part",
        ".a.part",
        ".a.0123456789ab.parts",
        ".a.0123456789AB.part",
        "a.0123456789ab.part",
        ".0123456789ab.part",
    ):
        aged(folder / name, 2)
    Part(folder / "folder").path.mkdir()
    assert abandoned_parts(folder) == sorted(old)
    assert parts_before(folder, time.time()) == sorted([*old, young])
    assert abandoned_parts(folder / "none") == []


def test_annotate__names_them_and_leaves_them(annotate_toy, folder, tmp_path):
    parts = [aged(Part(folder / "out.vcf").path, 3), aged(Part(folder / "other.vcf.gz.tbi").path, 30)]
    options = ("--allow-missing-contigs", "-O", folder / "out.vcf")
    result = annotate_toy(*options, stdin=EMPTY)
    assert result.code == 0
    assert said(folder, *sorted(part.name for part in parts)) in result.stderr
    assert all(part.read_bytes() == b"half" for part in parts)
    assert annotate_toy(*options, "-q", stdin=EMPTY).stderr == ""
    # The folder is that of the file which a link leads to; standard output has none.
    link = tmp_path / "link.vcf"
    link.symlink_to(folder / "out.vcf")
    assert "killed" in annotate_toy("--allow-missing-contigs", "-O", link, stdin=EMPTY).stderr
    assert "killed" not in annotate_toy("--allow-missing-contigs", stdin=EMPTY).stderr


def test_annotate__names_ten_of_many(annotate_toy, folder):
    names = sorted(aged(Part(folder / f"{i:02}.vcf").path, 2).name for i in range(12))
    result = annotate_toy("--allow-missing-contigs", "-O", folder / "out.vcf", stdin=EMPTY)
    assert said(folder, *names[:10], "and 2 more") in result.stderr


def test_annotate__looks_where_stats_go_too(annotate_toy, folder, tmp_path):
    part = aged(Part(folder / "s.json").path, 2)
    out = ("-O", tmp_path / "out.vcf", "--stats", folder / "s.json")
    assert said(folder, part.name) in annotate_toy("--allow-missing-contigs", *out, stdin=EMPTY).stderr


@pytest.mark.parametrize("command", ["predict", "plot", "genes build", "weights convert"])
def test_other_commands__name_them_too(cli, genome, toy_weights, folder, command):
    part = aged(Part(folder / "x").path, 2)
    computing = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu")
    arguments = {
        "predict": (*computing, "-r", "chr1:1-20", "-O", folder / "x.bedGraph"),
        "plot": ("chr1:200:C:T", *computing, "-A", genome.table, "-o", folder / "x.svg"),
        "genes build": (genome.table, folder / "x.txt"),
        "weights convert": (toy_weights, folder / "x.safetensors"),
    }[command]
    result = cli(*command.split(), *arguments)
    assert result.code == 0, result.stderr
    assert said(folder, part.name) in result.stderr
    assert part.exists()


def test_a_killed_run__is_named_a_day_later(annotate_toy, genome, toy_weights, folder):
    command = [sys.executable, "-m", "spliceai_cli", "annotate", "-O", folder / "out.vcf", "-R", genome.fasta]
    options = ["-A", genome.table, "--weights", toy_weights, "--device", "cpu", "--threads", "1"]
    with subprocess.Popen([*command, *options], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        # The line after the heading is waited for before anything is opened.
        process.stdin.write(EMPTY + b"chr1\t1\t.\tN\t.\t.\t.\t.\n" * 2)
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not list(folder.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    [part] = folder.iterdir()
    run = ("--allow-missing-contigs", "-O", folder / "out.vcf")
    assert "killed" not in annotate_toy(*run, stdin=EMPTY).stderr
    aged(part, 1.1)
    assert said(folder, part.name) in annotate_toy(*run, stdin=EMPTY).stderr
