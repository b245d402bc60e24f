"""The shell blocks of modules for other workflow engines, run by bash with values put in."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml
from support.programs import needed

WORKFLOW = Path(__file__).parents[2] / "workflow"
NF_CORE = WORKFLOW / "nf-core" / "spliceaicli" / "annotate"
WDL = WORKFLOW / "wdl" / "spliceai_cli.wdl"


@pytest.fixture
def home(world, tmp_path):
    """A folder as ``weights install`` makes one, where toy networks need nothing."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "README").write_text("toy\n")
    return folder


def filled(block, values, pattern):
    """The block with a value for each ``${name}``."""
    names = set(re.findall(pattern, block))
    assert names <= values.keys(), f"no value for {names - values.keys()}"
    return re.sub(pattern, lambda match: values[match[1]], block)


def test_nf_core_module__annotates(world, whole, home, shell, tmp_path):
    text = (NF_CORE / "main.nf").read_text()
    block = re.search(r'\n    script:\n.*?"""\n(.*?)    """\n', text, re.DOTALL)[1]
    for name, path in (("in.vcf", world.vcf), ("genome.fa", world.fasta), ("genes.txt", world.table)):
        shutil.copyfile(path, tmp_path / name)
    values = {
        "weights": "home",
        "vcf": "in.vcf",
        "fasta": "genome.fa",
        "genes_arg": "-A genes.txt",
        "args": f"--weights {world.weights}",
        "task.cpus": "1",
        "task.memory.toMega()": "2048",
        "prefix": "sample",
    }
    # As Groovy reads it: \$ is $, and two backslashes are one.
    commands = filled(block, values, r"(?<!\\)\$\{([^}]+)\}").replace("\\$", "$").replace("\\\\", "\\")
    shell(commands)
    assert (tmp_path / "sample.vcf.gz").read_bytes() == whole[0]
    assert (tmp_path / "sample.stats.json").read_bytes() == whole[1]
    assert (tmp_path / "sample.vcf.gz.tbi").exists()
    (command,) = re.findall(r'eval\("(.+?)"\)', text)
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", shell(command).stdout)


def test_nf_core_module__stub_makes_every_output(shell, tmp_path):
    block = re.search(r'\n    stub:\n.*?"""\n(.*?)    """\n', (NF_CORE / "main.nf").read_text(), re.DOTALL)[1]
    shell(filled(block, {"prefix": "sample"}, r"\$\{([^}]+)\}"))
    assert sorted(path.name for path in tmp_path.glob("sample.*")) == [
        "sample.stats.json", "sample.vcf.gz", "sample.vcf.gz.tbi",
    ]  # fmt: skip


def test_nf_core_module__is_described_as_it_is():
    """``nf-core modules lint`` compares the same; it needs the network."""
    text = (NF_CORE / "main.nf").read_text()
    meta = yaml.safe_load((NF_CORE / "meta.yml").read_text())
    inputs = re.search(r"\n    input:\n(.*?)\n\n", text, re.DOTALL)[1].splitlines()
    names = [re.findall(r"(?:val|path)[ (](\w+)", line) for line in inputs]
    described = [
        [key for part in one for key in part] if isinstance(one, list) else list(one)[:1] for one in meta["input"]
    ]
    assert described == names
    assert list(meta["output"]) == re.findall(r"emit: (\w+)", text)
    assert "topic: versions" in text
    assert meta["topics"]["versions"] == meta["output"]["versions_spliceaicli"]
    assert meta["name"] == re.search(r"process (\w+)", text)[1].lower()
    (package,) = yaml.safe_load((NF_CORE / "environment.yml").read_text())["dependencies"]
    assert package.partition("::")[2].replace("=", ":") in text


def command_of(task):
    body = re.search(rf"^task {task} {{\n(.*?)^}}$", WDL.read_text(), re.DOTALL | re.MULTILINE)[1]
    return re.search(r"command <<<\n(.*?)\n  >>>", body, re.DOTALL)[1]


def test_wdl_tasks__give_what_one_run_gives(world, whole, home, shell, tmp_path):
    with tarfile.open(tmp_path / "weights.tar", "w") as archive:
        archive.add(home, arcname=".")
    common = {
        "fasta": str(world.fasta),
        '"-A " + genes': f"-A {world.table}",
        "weights": str(tmp_path / "weights.tar"),
        "threads": "1",
    }
    folders = {name: tmp_path / name for name in ("plan", "run1", "run2", "finish")}
    for folder in folders.values():
        folder.mkdir()
    wdl = r"~\{([^}]+)\}"
    options = shlex.join(["--weights", str(world.weights)])
    values = {**common, "vcf": str(world.vcf), "n_parts": "2", "options": options}
    shell(filled(command_of("plan_parts"), values, wdl), folder=folders["plan"])
    sources = (folders["plan"] / "sources").read_text().splitlines()
    assert sources == [f"parts/in/{number}.vcf.gz" for number in (1, 2)]
    plan = str(folders["plan"] / "parts" / "plan.json")
    written = []
    for number, source in enumerate(sources, 1):
        memory = (folders["plan"] / "memory_mb").read_text().strip()
        values = {
            **common,
            "plan": plan,
            "source": str(folders["plan"] / source),
            "number": str(number),
            "memory_mb": memory,
        }
        shell(filled(command_of("run_part"), values, wdl), folder=folders[f"run{number}"])
        written += sorted((folders[f"run{number}"] / "parts" / "out").glob(f"{number}.*"))
    (tmp_path / "list").write_text("".join(f"{path}\n" for path in written))
    values = {"plan": plan, "write_lines(parts)": str(tmp_path / "list")}
    shell(filled(command_of("join_parts"), values, wdl), folder=folders["finish"])
    assert (folders["finish"] / "annotated.vcf.gz").read_bytes() == whole[0]
    assert (folders["finish"] / "stats.json").read_bytes() == whole[1]


def test_wdl__is_what_miniwdl_reads():
    done = subprocess.run(
        [needed("miniwdl"), "check", "--strict", "--no-shellcheck", str(WDL)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
