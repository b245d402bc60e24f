"""The recipe for Bioconda and the Dockerfile: their steps run in a virtual environment, as far as they can."""

from __future__ import annotations

import os
import re
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "packaging" / "bioconda" / "meta.yaml"
DOCKERFILE = ROOT / "packaging" / "Dockerfile"
# Python 3.10 has none.
tomllib = pytest.importorskip("tomllib")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# Conda's name of a package, where it is another.
CONDA = {"matplotlib": "matplotlib-base", "torch": "pytorch"}

NAMING_THE_VERSION = [
    "workflow/envs/spliceai-cli.yaml",
    "workflow/snakemake-wrapper/bio/spliceai-cli/annotate/environment.yaml",
    "workflow/nf-core/spliceaicli/annotate/environment.yml",
    "workflow/nf-core/spliceaicli/annotate/main.nf",
    "workflow/wdl/spliceai_cli.wdl",
]


def coming_version():
    return re.search(r"^## (\S+) — ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[1]


def recipe():
    """The recipe as conda-build reads it, with our few functions of Jinja put in."""
    text = RECIPE.read_text()
    values = dict(re.findall(r'{% set (\w+) = "([^"]+)" %}', text))
    values |= {"PYTHON": "python", 'compiler("cxx")': "cxx", 'pin_subpackage(name, max_pin="x.x")': "pin"}
    text = re.sub(r"{%.*?%}\n", "", text)
    return yaml.safe_load(re.sub(r"{{ (.*?) }}", lambda match: values[match[1]], text))


def test_recipe__has_the_requirements_of_the_project():
    found = recipe()
    assert found["package"] == {"name": PROJECT["name"], "version": coming_version()}
    # One package of conda is for every Python, so that conditions of the kind `; python_version < '3.11'` fall away.
    ours = [re.fullmatch(r"([\w-]+)(>=[\d.]+)(?:;.*)?", text).groups() for text in PROJECT["dependencies"]]
    expected = {f"{CONDA.get(name, name)} {least}" for name, least in ours}
    assert set(found["requirements"]["run"]) == {f"python {PROJECT['requires-python']}", *expected}
    assert dict(entry.split(" = ") for entry in found["build"]["entry_points"]) == PROJECT["scripts"]
    assert found["about"]["license"] == PROJECT["license"]


@pytest.mark.parametrize("path", NAMING_THE_VERSION)
def test_modules__name_the_coming_version(path):
    named = re.findall(r"spliceai-cli *[:=]+(\d+(?:\.\d+)+)", (ROOT / path).read_text())
    assert set(named) == {coming_version()}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A virtual environment that finds the packages of this one, but not our program."""
    backend = pytest.importorskip("scikit_build_core", reason="the build backend is not installed: make native")
    folder = tmp_path_factory.mktemp("packaged")
    venv.create(folder / "venv", with_pip=True, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "venv" / "lib" / version / "site-packages"
    (packages / "others.pth").write_text(
        "\n".join([*site.getsitepackages(), str(Path(backend.__file__).parents[1])]) + "\n"
    )
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    bin_folder = folder / "venv" / "bin"
    return folder, {
        **variables,
        "PATH": f"{bin_folder}:{Path(sys.executable).parent}:{variables['PATH']}",
        "HOME": str(folder),
        "CMAKE_BUILD_PARALLEL_LEVEL": "1",
    }


def run(command, environment, *, folder):
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow  # compiles the native kernels
def test_recipe__builds_and_its_tests_pass(environment):
    found = recipe()
    run(found["build"]["script"].replace("-vvv", "-q --force-reinstall"), environment, folder=ROOT)
    for command in found["test"]["commands"]:
        printed = run(command, environment, folder=environment[0])
    assert printed.startswith("Usage: spliceai-annotate")
    assert "native" in run(found["test"]["commands"][0], environment, folder=environment[0])
    for name in found["test"]["imports"]:
        where = run(f'python -c "import {name}; print({name}.__file__)"', environment, folder=environment[0])
        assert where.startswith(str(environment[0]))


@pytest.mark.slow  # compiles the native kernels
def test_dockerfile__steps_give_the_program(environment, tmp_path):
    """``apt-get`` and ``COPY`` are left out; packages come from this environment instead of an index."""
    text = re.sub(r"\\\n", "", DOCKERFILE.read_text())
    steps = [step for step in re.findall(r"^RUN (.+)$", text, re.MULTILINE) if "apt-get" not in step]
    assert [step.split()[:2] for step in steps] == [
        ["pip", "wheel"], ["pip", "install"], ["spliceai-cli", "--version"],
    ]  # fmt: skip
    wheel, install, version = (
        step.replace("/source", str(ROOT)).replace("/wheels", str(tmp_path / "wheels")) for step in steps
    )
    run(wheel.replace("pip wheel", "pip wheel --no-build-isolation"), environment, folder=tmp_path)
    run(
        install.replace("pip install", "pip install --no-index --force-reinstall --no-deps"),
        environment,
        folder=tmp_path,
    )
    assert "Kernels on a CPU: native" in run(version, environment, folder=tmp_path)
    assert "Usage: spliceai-cli" in run(
        " ".join(yaml.safe_load(re.search(r"^CMD (.+)$", text, re.MULTILINE)[1])), environment, folder=tmp_path
    )
