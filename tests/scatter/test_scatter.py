"""Parts of a file, joined, are byte for byte what a single run writes."""

from __future__ import annotations

import gzip
import json
import random

import pysam
import pytest
from support import scattered, toy_networks
from support.schemas import validate

from spliceai_cli.files.atomic import parts_before


@pytest.mark.parametrize("n", [1, 3, 17])
def test_parts__joined_are_the_output_of_one_run(n, world, whole, scattered_run, tmp_path):
    assert scattered_run(n, tmp_path / "out.vcf") == whole("out.vcf")


def test_parts__take_about_equally_long(plan):
    folder, n_parts = plan(7)
    assert n_parts == 7
    made = json.loads((folder / "plan.json").read_bytes())
    costs = [part["cost_s"] for part in made["parts"]]
    assert sum(part["records"] for part in made["parts"]) == 151
    # A part may be longer than its share by one piece, which is the alleles of a gene here.
    assert max(costs) < 2 * sum(costs) / 7


@pytest.mark.parametrize(
    ("name", "options", "ends"),
    [
        ("out.vcf.gz", (), ("--write-index", "tbi")),
        ("out.bcf", (), ("--write-index", "csi")),
        ("out.tsv.gz", ("--tsv", "--raw"), ()),
        ("precomputed.vcf", ("--layout", "precomputed"), ()),
        ("fields.vcf", ("--ds-max", "--raw", "--explain", "-D", "20", "-M", "2", "--normalize"), ()),
    ],
)
def test_parts__joined_are_the_same_in_every_kind_of_file(name, options, ends, whole, scattered_run, tmp_path):
    out = tmp_path / name
    assert scattered_run(4, out, *options, ends=ends) == whole(name, *options, *ends)
    if ends:
        kind = ends[1]
        assert (tmp_path / f"{name}.{kind}").read_bytes() == (tmp_path / f"whole_{name}.{kind}").read_bytes()


def test_parts__join_transcripts_counts_and_what_made_them(world, whole, scattered_run, tmp_path):
    # Random networks find sites everywhere, so that few alleles have many consequences.
    head, body = _records(world.vcf)
    source = tmp_path / "few.vcf"
    source.write_text("".join(head + body[::20]))
    options = ("--consequence", "sai10k")
    files = {name: (tmp_path / f"{name}.fa", tmp_path / f"{name}.json") for name in ("whole", "joined")}
    (fasta, stats), (joined_fasta, joined_stats) = files.values()
    one = whole("out.vcf", *options, "--consequence-fasta", fasta, "--stats", stats, source=source)
    ends = ("--consequence-fasta", joined_fasta, "--stats", joined_stats)
    assert scattered_run(3, tmp_path / "out.vcf", *options, source=source, ends=ends) == one
    assert joined_fasta.read_bytes() == fasta.read_bytes()
    assert joined_stats.read_bytes() == stats.read_bytes()


def test_finish__says_what_a_single_run_says(cli, world, plan, tmp_path):
    run = cli("annotate", "-I", world.vcf, "-O", tmp_path / "a.vcf", *world.options, "--strict", "--no-progress")
    folder, n_parts = plan(5)
    scattered.run_parts(cli, folder, range(1, n_parts + 1))
    joined = cli("scatter", "finish", folder, "-O", tmp_path / "b.vcf", "--strict")
    # The first allele of each reason included: --strict names it.
    assert (joined.code, joined.stderr) == (run.code, run.stderr) == (1, joined.stderr)
    assert "lack a score (first: chr" in joined.stderr
    assert (tmp_path / "b.vcf").read_bytes() == (tmp_path / "a.vcf").read_bytes()


def _records(path):
    head, body = [], []
    for line in path.read_text().splitlines(keepends=True):
        (head if line.startswith("#") else body).append(line)
    return head, body


def _unsorted(path):
    head, body = _records(path)
    random.Random(1).shuffle(body)
    return "".join(head + body).encode()


def _crlf_without_last_end(path):
    return path.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n")


def _marked_with_blank_lines(path):
    return b"\xef\xbb\xbf" + path.read_bytes() + b"\n\n"


def _outside_genes(path):
    head, _ = _records(path)
    return ("".join(head) + "".join(f"chr1\t{pos}\t.\tA\tC\t.\t.\t.\n" for pos in range(12_000, 12_050))).encode()


SOURCES = {
    "unsorted": _unsorted,
    "CRLF, last line without end": _crlf_without_last_end,
    "byte order mark, blank lines": _marked_with_blank_lines,
    "header alone": lambda path: "".join(_records(path)[0]).encode(),
    "nothing in genes": _outside_genes,
    "gzip": lambda path: gzip.compress(path.read_bytes()),
}


@pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)
def test_parts__joined_are_the_output_of_one_run_on_any_input(make, world, whole, scattered_run, tmp_path):
    source = tmp_path / "in.vcf"
    source.write_bytes(make(world.vcf))
    assert scattered_run(4, tmp_path / "out.vcf", source=source) == whole("out.vcf", source=source)


def test_parts__of_bgzf_and_bcf_and_of_regions(world, whole, scattered_run, tmp_path):
    packed = tmp_path / "in.vcf.gz"
    pysam.tabix_compress(str(world.vcf), str(packed))
    region = ("-r", "chr1:20,000-120,000")
    regions = scattered_run(3, tmp_path / "plain.vcf", *region)
    assert regions == whole("plain.vcf", *region)
    pysam.tabix_index(str(packed), preset="vcf")
    assert scattered_run(3, tmp_path / "indexed.vcf", *region, source=packed) == regions
    bcf = tmp_path / "in.bcf"
    pysam.bcftools.view("-Ob", "-o", str(bcf), str(packed), catch_stdout=False)
    assert scattered_run(3, tmp_path / "bcf.vcf", source=bcf) == whole("bcf.vcf", source=bcf)


def test_parts__keep_old_scores_as_one_run_does(world, whole, scattered_run, tmp_path):
    annotated = tmp_path / "annotated.vcf"
    head, body = _records(world.vcf)
    first = whole("first.vcf").decode().splitlines(keepends=True)
    scored = dict(zip(body, [line for line in first if not line.startswith("#")], strict=True))
    mixed = [line if i % 2 else scored[line] for i, line in enumerate(body)]
    annotated.write_text("".join([line for line in first if line.startswith("#")] + mixed))
    options = ("--existing", "keep")
    assert scattered_run(4, tmp_path / "out.vcf", *options, source=annotated) == whole(
        "out.vcf", *options, source=annotated
    )


def test_parts__of_native_kernels_have_every_bit_of_one_run(cli, tmp_path):
    """With unrounded probabilities this would show any other grouping of alleles into passes."""
    (tmp_path / "native").mkdir()
    world = scattered.make_world(tmp_path / "native", spec=toy_networks.SPECS["native"], n_records=120)
    out = tmp_path / "one.vcf"
    options = (*world.options, "--raw")
    assert cli("annotate", "-I", world.vcf, "-O", out, *options, "--no-progress").code == 0
    folder = tmp_path / "parts"
    assert cli("scatter", "plan", world.vcf, "-n", 5, folder, *options).code == 0
    scattered.run_parts(cli, folder, range(1, 6))
    assert cli("scatter", "finish", folder, "-O", tmp_path / "joined.vcf").code == 0
    assert (tmp_path / "joined.vcf").read_bytes() == out.read_bytes()


def test_plan__says_if_there_are_fewer_parts(cli, world, tmp_path):
    done = cli("scatter", "plan", world.vcf, "-n", 1000, tmp_path / "many", *world.options)
    facts = dict(line.split("\t") for line in done.stdout.decode().splitlines())
    assert 1 < int(facts["parts"]) < 151, "each part has at least one of 151 records"
    assert f"{world.vcf} can be cut into {facts['parts']} parts only: run no more than these\n" in done.stderr
    assert "only" not in cli("scatter", "plan", world.vcf, "-n", 2, tmp_path / "two", *world.options).stderr


def test_plan__and_markers_are_what_the_schemas_say(cli, plan):
    folder, _ = plan(2)
    scattered.run_parts(cli, folder, range(1, 2))
    validate("scatter_plan", (folder / "plan.json").read_bytes())
    validate("scatter_part", (folder / "out" / "1.json").read_bytes())


def test_plan__is_the_same_when_it_is_made_again(plan, tmp_path):
    folder, _ = plan(6)
    again, _ = plan(6, folder=tmp_path / "again")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            assert (again / path.relative_to(folder)).read_bytes() == path.read_bytes(), path


def test_run__takes_paths_of_its_own_machine(cli, world, plan, whole, tmp_path, monkeypatch):
    """The plan may be made in one container and run in another, where files lie elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "genome.fa").write_bytes(world.fasta.read_bytes())
    (elsewhere / "genes.txt").write_bytes(world.table.read_bytes())
    folder, n_parts = plan(2)
    monkeypatch.chdir(elsewhere)
    moved = folder.rename(elsewhere / "moved")
    scattered.run_parts(cli, moved, range(1, n_parts + 1), "-R", "genome.fa", "-A", "genes.txt")
    assert cli("scatter", "finish", moved, "-O", "out.vcf").code == 0
    assert (elsewhere / "out.vcf").read_bytes() == whole("out.vcf")


def test_finish__removes_what_killed_runs_left(cli, plan, tmp_path):
    folder, n_parts = plan(2)
    left = folder / "out" / ".1.vcf.gz.0123456789ab.part"
    left.write_bytes(b"half")
    scattered.run_parts(cli, folder, range(1, n_parts + 1))
    assert left.exists(), "another machine may be writing it"
    assert cli("scatter", "finish", folder, "-O", tmp_path / "out.vcf").code == 0
    assert not parts_before(folder / "out", float("inf"))
