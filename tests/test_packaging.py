"""The package as pip builds and installs it, with a compiler and without."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NATIVE = "spliceai_cli/engine/native"

# What a user's or a distribution's flags may say, and must not: it would change results, or need this very processor.
HOSTILE = "-Ofast -ffast-math -fno-signed-zeros -ffp-contract=off -march=native -mavx512f -DKEPT"

needs_compiler = pytest.mark.skipif(not shutil.which("c++"), reason="no C++ compiler")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """An unpacked sdist, so that the checkout is left alone."""
    pytest.importorskip("scikit_build_core")
    folder = tmp_path_factory.mktemp("sdist")
    code = f"from scikit_build_core.build import build_sdist; build_sdist({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    [sdist] = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as file:
        file.extractall(folder, filter="data")
    return sdist.with_name(sdist.name.removesuffix(".tar.gz"))


def pip(*arguments, cwd, **environment):
    command = [sys.executable, "-m", "pip", *map(str, arguments), "--no-deps", "--no-build-isolation", "--no-index"]
    result = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True)
    # Which stream the messages of a build go to depends on the version of pip.
    said = result.stdout + result.stderr
    assert result.returncode == 0, said
    return said


def built(source, folder, **environment):
    """The only wheel in a folder that pip built it into, and what was said."""
    said = pip("wheel", "--verbose", "--wheel-dir", folder, ".", cwd=source, **environment)
    [wheel] = folder.glob("*.whl")
    return wheel, said


def files_of(wheel):
    with zipfile.ZipFile(wheel) as file:
        return {name for name in file.namelist() if ".dist-info/" not in name}


def package_files():
    """The package as git has it, without what the libraries are built from."""
    names = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "spliceai_cli"], cwd=ROOT, text=True
    ).splitlines()
    return {name for name in names if not name.endswith((".cpp", ".hpp", ".h", "CMakeLists.txt"))}


@pytest.fixture
def no_tools(tmp_path):
    """PATH with CMake and Ninja, and neither compilers nor make."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cmake", "ninja"):
        path = Path(sys.executable).with_name(name)
        if not path.exists():
            pytest.skip(f"{name} is not installed in this environment")
        (folder / name).symlink_to(path)
    return str(folder)


@pytest.mark.slow
@needs_compiler
def test_wheel__has_the_package_and_the_libraries_and_nothing_else(source, tmp_path):
    wheel, _ = built(source, tmp_path)
    assert re.fullmatch(r"spliceai_cli-.+-py3-none-(?!any).+\.whl", wheel.name)
    assert wheel.stat().st_size < 5e6
    libraries = {name for name in files_of(wheel) if name.endswith(".so")}
    assert {Path(name).parent.as_posix() for name in libraries} == {NATIVE}
    assert {Path(name).name for name in libraries} >= {"processor.so"}
    assert len(libraries) > 1
    assert files_of(wheel) - libraries == package_files()


@pytest.mark.slow
@pytest.mark.parametrize("compiler", ["none", "missing", "no compiler", "half"])
def test_install__without_a_compiler_that_works_says_so_and_succeeds(source, tmp_path, no_tools, compiler):
    half = tmp_path / "half"
    half.write_text(f'#!/bin/sh\ncase "$*" in *products.cpp*) exit 4;; esac\nexec {shutil.which("c++")} "$@"\n')
    half.chmod(0o755)
    environment = {
        "none": {"PATH": no_tools, "CXX": ""},
        "missing": {"CXX": "/none/c++"},
        "no compiler": {"CXX": shutil.which("false")},
        "half": {"CXX": str(half)},
    }[compiler]
    if compiler == "half" and not shutil.which("c++"):
        pytest.skip("no C++ compiler")
    wheel, said = built(source, tmp_path, **environment)
    assert wheel.name.endswith("-py3-none-any.whl")
    assert "Installed without the native kernels, which need a C++17 compiler" in said
    assert files_of(wheel) == package_files()


@pytest.mark.slow
@needs_compiler
def test_install__editable_finds_the_libraries_and_the_checkout(source, tmp_path):
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin/python"
    # The new environment is empty, and nothing is fetched: what builds and what is imported are this environment's.
    [own] = environment.glob("lib/python*/site-packages")
    ours = {"PYTHONPATH": f"{own}{os.pathsep}{sysconfig.get_path('platlib')}"}
    said = pip("--python", python, "install", "--editable", source, cwd=tmp_path, **ours)
    assert "Successfully installed spliceai-cli" in said
    code = (
        "import spliceai_cli; from spliceai_cli.engine.native.choice import choose; "
        "print(spliceai_cli.__file__, choose().library is not None)"
    )
    answer = subprocess.check_output([python, "-c", code], cwd=tmp_path, env={**os.environ, **ours}, text=True)
    assert answer.split() == [str(source / "spliceai_cli/__init__.py"), "True"]


@needs_compiler
def test_libraries__are_compiled_for_their_instruction_set_whatever_the_flags_of_a_user(tmp_path):
    cmake = shutil.which("cmake") or pytest.skip("no CMake")
    subprocess.run(
        [cmake, "-S", ROOT / NATIVE, "-B", tmp_path, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"],
        env={**os.environ, "CXXFLAGS": HOSTILE, "LDFLAGS": "-Ofast -Wl,--as-needed"},
        check=True,
        capture_output=True,
    )
    commands = [entry["command"].split() for entry in json.loads((tmp_path / "compile_commands.json").read_text())]
    assert commands
    for command in commands:
        assert "-DKEPT" in command
        assert {word for word in command if word.startswith("-O")} == {"-O3"}
        assert not {"-ffast-math", "-fno-signed-zeros", "-ffp-contract=off", "-march=native"} & set(command)
        target = next(word for word in command if word.endswith(".o"))
        assert ("-mavx512f" in command) == ("x86-64-v4" in target)
        assert any("-DSPLICEAI_LANES" in word for word in command) == ("kernels-" in target)
    assert "-Ofast" not in "".join(path.read_text() for path in tmp_path.glob("CMakeFiles/*/link.txt"))


def test_version__is_that_of_the_program():
    from spliceai_cli.provenance import __version__

    pattern = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
    assert pattern.findall((ROOT / "spliceai_cli/provenance.py").read_text()) == [__version__]
    assert '"spliceai_cli/provenance.py"' in (ROOT / "pyproject.toml").read_text()
    assert '"spliceai_cli/provenance.py"' in (ROOT / ".ci/release-check").read_text()
