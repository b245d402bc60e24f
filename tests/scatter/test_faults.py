"""What can go wrong with a plan, its parts and their joining: exit code, message, and what is left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time

import pytest
from support import scattered, toy_networks

from spliceai_cli.scorer import Scorer


@pytest.fixture
def parts(plan):
    """The folder of a plan of three parts."""
    folder, n_parts = plan(3)
    assert n_parts == 3
    return folder


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def run(cli, folder, number, *options):
    return cli("scatter", "run", folder, number, "--device", "cpu", "--no-progress", *options)


def test_finish__names_the_parts_that_are_missing(cli, parts, tmp_path):
    scattered.run_parts(cli, parts, range(2, 3))
    done = cli("scatter", "finish", parts, "-O", tmp_path / "out.vcf")
    assert (done.code, done.stderr) == (
        1,
        f"Error: {parts} is not complete: of 3 parts, parts 1, 3 are missing.\n"
        f"Hint: Run them: spliceai-cli scatter run {parts} 1\n",
    )
    assert not (tmp_path / "out.vcf").exists()


def test_finish__names_parts_that_are_damaged_or_of_another_plan(cli, parts, tmp_path):
    scattered.run_parts(cli, parts, range(1, 4))
    marker = parts / "out" / "1.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "fingerprint": "0" * 64}))
    data = parts / "out" / "3.vcf.gz"
    data.write_bytes(data.read_bytes()[:-40])
    done = cli("scatter", "finish", parts, "-O", tmp_path / "out.vcf")
    assert done.code == 1
    assert f"{parts} is not complete: of 3 parts, part 1 is of another plan; part 3 is damaged." in done.stderr
    # Running them again heals both.
    scattered.run_parts(cli, parts, range(1, 4))
    assert cli("scatter", "finish", parts, "-O", tmp_path / "out.vcf").code == 0


def test_run__leaves_a_complete_part_as_it_is(cli, parts):
    scattered.run_parts(cli, parts, range(1, 2))
    before = {path.name: path.stat().st_mtime_ns for path in (parts / "out").iterdir()}
    done = run(cli, parts, 1)
    assert (done.code, done.stderr) == (0, "part 1 of 3 is already complete\n")
    assert {path.name: path.stat().st_mtime_ns for path in (parts / "out").iterdir()} == before


def test_run__of_one_part_twice_at_once_gives_the_part(cli, world, parts, whole, tmp_path):
    both = [subprocess.Popen(scattered.command("scatter", "run", parts, 1), env=scattered.environment()) for _ in "ab"]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert names_in(parts / "out") == ["1.json", "1.vcf.gz"]
    scattered.run_parts(cli, parts, range(2, 4))
    assert cli("scatter", "finish", parts, "-O", tmp_path / "out.vcf").code == 0
    assert (tmp_path / "out.vcf").read_bytes() == whole("out.vcf")


def test_run__that_is_killed_leaves_no_marker_and_can_run_again(cli, parts, whole, tmp_path):
    process = subprocess.Popen(scattered.command("scatter", "run", parts, 1), env=scattered.environment())
    wait_for(lambda: list((parts / "out").glob(".1.vcf.gz.*.part")))
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert [name for name in names_in(parts / "out") if not name.startswith(".")] == []
    missing = cli("scatter", "finish", parts, "-O", tmp_path / "out.vcf")
    assert "parts 1 to 3 are missing" in missing.stderr
    scattered.run_parts(cli, parts, range(1, 4))
    assert cli("scatter", "finish", parts, "-O", tmp_path / "out.vcf").code == 0
    assert (tmp_path / "out.vcf").read_bytes() == whole("out.vcf")
    assert not list((parts / "out").glob(".*"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_run__that_is_interrupted_leaves_nothing(parts, number, code):
    process = subprocess.Popen(scattered.command("scatter", "run", parts, 1), env=scattered.environment())
    wait_for(lambda: list((parts / "out").glob(".1.vcf.gz.*.part")))
    time.sleep(0.03)  # the file is there a moment before anything could remove it
    process.send_signal(number)
    # Where SIGINT meets source that is executed from text, as dataclasses are made, Python ends by the signal itself.
    assert process.wait(timeout=60) in (code, -number if number == signal.SIGINT else code)
    assert names_in(parts / "out") == []


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_plan__that_is_killed_has_no_plan_and_can_be_made_again(world, tmp_path):
    folder = tmp_path / "parts"
    arguments = ("scatter", "plan", world.vcf, "-n", 3, folder, *world.options)
    process = subprocess.Popen(scattered.command(*arguments), env=scattered.environment(), stdout=subprocess.DEVNULL)
    wait_for(folder.exists)
    process.kill()
    process.wait()
    # It may have been done within these milliseconds.
    (folder / "plan.json").unlink(missing_ok=True)
    done = scattered.program("scatter", "run", folder, 1)
    assert (done.returncode, "has no plan.json" in done.stderr) == (1, True)
    assert scattered.program(*arguments).returncode == 0


def _another_base(world, tmp_path):
    """A FASTA that differs in one base of the first gene."""
    lines = world.fasta.read_text().splitlines(keepends=True)
    row = 1 + 2_500 // 60
    lines[row] = ("A" if lines[row][0] != "A" else "C") + lines[row][1:]
    (tmp_path / "other.fa").write_text("".join(lines))
    return ("-R", tmp_path / "other.fa"), f"{tmp_path}/other.fa is not the FASTA of the plan: bases of chr1:1-"


def _another_length(world, tmp_path):
    path = tmp_path / "other.fa"
    path.write_text(world.fasta.read_text().rstrip() + "A\n")
    return ("-R", path), f"{path} is not the FASTA of the plan: its contigs or their lengths differ."


def _other_genes(world, tmp_path):
    path = tmp_path / "other.txt"
    path.write_text(world.table.read_text().replace("chr1_2000", "RENAMED"))
    return ("-A", path), "this run differs from the plan: genes_sha256 is "


def _other_weights(world, tmp_path):
    spec = toy_networks.RANDOM_SPEC
    return (
        ("--weights", toy_networks.save(tmp_path, spec, toy_networks.random_tensors(spec, seed=77))),
        "this run differs from the plan: weights_sha256 is ",
    )


@pytest.mark.parametrize("make", [_another_base, _another_length, _other_genes, _other_weights])
def test_run__with_other_files_than_those_of_the_plan_is_refused(make, cli, world, parts, tmp_path):
    options, message = make(world, tmp_path)
    done = run(cli, parts, 1, *options)
    assert done.code == 1
    assert done.stderr.splitlines()[0].startswith(f"Error: {message}"), done.stderr
    assert done.stderr.splitlines()[1].startswith("Hint: Plan again")
    assert names_in(parts / "out") == []


def test_run__of_another_part_may_have_a_fasta_that_differs_where_it_does_not_look(cli, world, parts, tmp_path):
    options, _ = _another_base(world, tmp_path)
    assert run(cli, parts, 3, *options).code == 0


def test_run__of_another_version_is_refused(cli, parts):
    plan = json.loads((parts / "plan.json").read_text())
    plan["origins"][0]["version"] = "9.9.9"
    (parts / "plan.json").write_text(json.dumps(plan))
    done = run(cli, parts, 1)
    assert done.code == 1
    assert "this run differs from the plan: version is " in done.stderr
    assert "9.9.9 in the plan" in done.stderr


def test_run__with_too_little_memory_for_the_same_bytes_is_refused(cli, parts, monkeypatch):
    plan = json.loads((parts / "plan.json").read_text())
    plan["tiles"] = [plan["tiles"][0] + 1]
    # The hint used to be rounded to 1.7G, which is less.
    plan["memory_bytes"] = 1772 << 20
    (parts / "plan.json").write_text(json.dumps(plan))
    done = run(cli, parts, 1)
    assert (done.code, "too little memory for the tiles of the plan" in done.stderr) == (1, True)
    assert "Hint: Allow 1772M, or plan with the --memory of the parts." in done.stderr


def test_run__with_more_memory_than_the_plan_has_the_same_tiles(cli, world, whole, plan, tmp_path):
    """--memory limits the length of tiles, on which rounding depends."""
    folder, n_parts = plan(2, "--memory", "720M")
    made = json.loads((folder / "plan.json").read_bytes())
    assert made["memory_bytes"] == 720 << 20
    scattered.run_parts(cli, folder, range(1, n_parts + 1), "--memory", "4G")
    assert cli("scatter", "finish", folder, "-O", tmp_path / "out.vcf").code == 0
    assert (tmp_path / "out.vcf").read_bytes() == whole("out.vcf", "--memory", "720M")


def test_run__of_an_input_that_changed_is_refused(cli, parts):
    shutil.copyfile(parts / "in" / "2.vcf.gz", parts / "in" / "1.vcf.gz")
    done = run(cli, parts, 1)
    assert done.code == 1
    assert f"Error: {parts}/in/1.vcf.gz is not the file that was planned: its digest differs." in done.stderr
    (parts / "in" / "1.vcf.gz").unlink()
    assert f"{parts}/in/1.vcf.gz cannot be read: No such file or directory." in run(cli, parts, 1).stderr


@pytest.mark.parametrize("number", [0, 4, -1])
def test_run__of_a_part_that_is_not_there(cli, parts, number):
    done = cli("scatter", "run", parts, "--no-progress", "--", number)
    assert (done.code, f"there is no part {number}: the plan has 3 parts, numbered from 1." in done.stderr) == (2, True)


def test_plan__in_a_folder_that_has_one_is_refused(cli, world, parts):
    done = cli("scatter", "plan", world.vcf, "-n", 2, parts, *world.options)
    assert (done.code, f"Error: {parts} already has a plan." in done.stderr) == (1, True)


def test_plan__of_standard_input_or_a_pipe_is_refused(cli, world, tmp_path):
    done = cli("scatter", "plan", "-", "-n", 2, tmp_path / "p", *world.options)
    assert done.code == 2
    assert "standard input cannot be cut into parts: it is read twice, and has to be a file." in done.stderr
    os.mkfifo(tmp_path / "pipe")
    done = cli("scatter", "plan", tmp_path / "pipe", "-n", 2, tmp_path / "p", *world.options)
    assert (done.code, "cannot be cut into parts" in done.stderr) == (2, True)
    done = cli("scatter", "plan", world.vcf, "-n", 2, tmp_path / "p", *world.options, "-A", tmp_path / "pipe")
    assert (done.code, f"{tmp_path}/pipe is a pipe, which the runs of parts could not read" in done.stderr) == (2, True)
    assert not (tmp_path / "p").exists()


def test_plan__reports_what_one_run_would(cli, world, tmp_path):
    """A malformed record anywhere, an index of another assembly, old scores: before any part has run."""
    lines = world.vcf.read_text().splitlines(keepends=True)
    lines[120] = lines[120].replace("\t", " ")
    (tmp_path / "bad.vcf").write_text("".join(lines))
    wrong = ("-I", tmp_path / "bad.vcf"), ("-I", tmp_path / "none.vcf")
    for (_, source), extra in [(wrong[0], ()), (wrong[1], ()), (("", world.vcf), ("--max-ref-mismatch", "0"))]:
        one = cli("annotate", "-I", source, "-O", tmp_path / "o.vcf", *world.options, *extra, "--no-progress")
        many = cli("scatter", "plan", source, "-n", 3, tmp_path / "parts", *world.options, *extra)
        assert (many.code, many.stderr) == (one.code, one.stderr)
        assert one.code == 1
        assert not (tmp_path / "parts" / "plan.json").exists()


def test_parts__are_not_judged_by_themselves(cli, world, plan, whole, tmp_path):
    """Within the limit for the whole file, all alleles of one part may differ from the FASTA."""
    head, body = [], []
    for line in world.vcf.read_text().splitlines(keepends=True):
        (head if line.startswith("#") else body).append(line)
    wrong = [f"chr2\t{pos}\t.\t{'ACGT'[i % 4] * 9}\tA\t.\t.\t.\n" for i, pos in enumerate(range(182_500, 182_508))]
    body[-1:-1] = wrong
    source = tmp_path / "in.vcf"
    source.write_text("".join(head + body))
    folder, n_parts = plan(17, "--max-ref-mismatch", "20", source=source)
    scattered.run_parts(cli, folder, range(1, n_parts + 1))
    assert cli("scatter", "finish", folder, "-O", tmp_path / "out.vcf").code == 0
    assert (tmp_path / "out.vcf").read_bytes() == whole("out.vcf", "--max-ref-mismatch", "20", source=source)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("-O", "out.tsv"), "-O out.tsv is the name of a table without compression, but the plan is of a VCF."),
        (("-O", "out.csv"), "-O out.csv is the name of comma-separated values, but the plan is of a VCF."),
        (("-O", "out.vcf", "--write-index", "tbi"), "--write-index needs a compressed VCF or BCF file"),
        (("-O", "-", "--write-index", "tbi"), "--write-index needs a compressed VCF or BCF file"),
        (("-O", "o.vcf", "--consequence-fasta", "o.fa"), "--consequence-fasta needs a plan with --consequence."),
        (("-O", "o.vcf", "--stats", "o.vcf"), "--stats and -O are the same file: o.vcf."),
        ((), "Missing option '-O' / '-o' / '--output'"),
    ],
)
def test_finish__refuses_options_that_do_not_fit(cli, parts, tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    scattered.run_parts(cli, parts, range(1, 4))
    done = cli("scatter", "finish", parts, *options)
    assert (done.code, message in done.stderr) == (2, True), done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == []


def test_finish__does_not_write_over_a_part(cli, parts):
    scattered.run_parts(cli, parts, range(1, 4))
    done = cli("scatter", "finish", parts, "-O", parts / "out" / "2.vcf.gz")
    assert (done.code, f"part 2 and -O are the same file: {parts}/out/2.vcf.gz." in done.stderr) == (2, True)


def test_finish__writes_to_standard_output(cli, parts, whole):
    scattered.run_parts(cli, parts, range(1, 4))
    done = cli("scatter", "finish", parts, "-O", "-")
    assert done.stdout == whole("out.vcf")


def test_finish__warns_of_parts_by_different_kernels(cli, parts, tmp_path, monkeypatch):
    scattered.run_parts(cli, parts, range(1, 3))
    monkeypatch.setattr(Scorer, "kernels", "another machine's")
    scattered.run_parts(cli, parts, range(3, 4))
    done = cli("scatter", "finish", parts, "-O", tmp_path / "out.vcf")
    assert done.code == 0
    assert "Warning: parts were computed by different kernels (PyTorch's: toy " in done.stderr
    assert "; another machine's): a score at the edge of its last decimal may differ" in done.stderr


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of 256 KB; only root can mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip(f"cannot mount a small disk: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder, *, leaving):
    free = shutil.disk_usage(folder).free
    (folder / "filler").write_bytes(b"x" * (free - leaving))


def test_full_disk__leaves_no_marker_and_no_half_file(cli, world, small_disk, plan, tmp_path, whole):
    folder, _ = plan(2, folder=small_disk / "parts")
    fill(small_disk, leaving=0)
    done = run(cli, folder, 1)
    assert done.code == 1
    assert f"Error: output {folder}/out/1.vcf.gz cannot be written: No space left on device." in done.stderr
    assert names_in(folder / "out") == []
    (small_disk / "filler").unlink()
    scattered.run_parts(cli, folder, range(1, 3))
    fill(small_disk, leaving=0)
    out = small_disk / "out.vcf"
    done = cli("scatter", "finish", folder, "-O", out)
    assert (done.code, f"output {out} cannot be written: No space left on device." in done.stderr) == (1, True)
    assert names_in(small_disk) == ["filler", "parts"]
    assert cli("scatter", "finish", folder, "-O", tmp_path / "out.vcf").code == 0
    assert (tmp_path / "out.vcf").read_bytes() == whole("out.vcf")


def test_full_disk__leaves_no_plan(cli, world, small_disk):
    fill(small_disk, leaving=4096)
    done = cli("scatter", "plan", world.vcf, "-n", 2, small_disk / "parts", *world.options)
    assert (done.code, "No space left on device" in done.stderr) == (1, True)
    assert not (small_disk / "parts" / "plan.json").exists()
    assert not list(small_disk.rglob(".*"))
