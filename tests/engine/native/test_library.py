"""Which library of native kernels is chosen, and what is said where there is none."""

from __future__ import annotations

import platform
import shutil

import pytest

from spliceai_cli.engine.native import library
from spliceai_cli.engine.native.choice import FOLDERS, INSTRUCTION_SETS, VARIABLE, choose, instruction_sets, load
from spliceai_cli.errors import UsageError

BEST = "the best that is built for this processor"


@pytest.fixture(autouse=True)
def unforced(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture(scope="module")
def supported():
    names = instruction_sets()
    if isinstance(names, str):
        pytest.skip(names)
    return names


@pytest.fixture
def built(supported, tmp_path):
    """A folder with a copy of all that is built."""
    for folder in reversed(FOLDERS):
        for path in folder.glob("*.so"):
            shutil.copy(path, tmp_path)
    return tmp_path


def file_of(folder, name):
    return folder / f"kernels-{name}.so"


def test_choose__takes_the_fastest(built, supported):
    choice = choose([built])
    assert choice.library.instruction_set == supported[0]
    assert str(choice) == f"native, {supported[0]}: {BEST}"


def test_choose__takes_the_next_where_one_is_missing_and_says_so(built, supported):
    *others, last = supported
    for name in others:
        file_of(built, name).unlink()
    missing = [f"not built for {name}" for name in others]
    assert str(choose([built])) == "; ".join([f"native, {last}: {BEST}", *missing])


@pytest.mark.parametrize("content", [b"", b"no library", b"\x7fELF\x02\x01\x01" + bytes(57)])
def test_choose__passes_over_a_file_that_is_no_library(built, supported, content):
    for name in supported:
        file_of(built, name).write_bytes(content)
    choice = choose([built])
    assert choice.library is None
    assert str(choice).startswith("PyTorch's: ")
    assert all(str(file_of(built, name)) in choice.reason for name in supported)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_choose__passes_over_a_file_that_is_cut_short(built, supported, share):
    """Loading it ended the process by SIGBUS."""
    whole = file_of(built, supported[0]).read_bytes()
    file_of(built, supported[0]).write_bytes(whole[: int(share * len(whole))])
    choice = choose([built])
    assert choice.library is None or choice.library.instruction_set == supported[1]
    assert choice.reason.endswith(f"{file_of(built, supported[0])}: cut short")


def test_choose__says_where_the_processor_file_is_cut_short(built):
    whole = (built / "processor.so").read_bytes()
    (built / "processor.so").write_bytes(whole[: len(whole) // 2])
    assert instruction_sets([built]) == f"{built / 'processor.so'}: cut short"


def test_choose__passes_over_a_library_with_other_functions(built, supported):
    """As one of an older or newer version of this program."""
    for name in supported:
        shutil.copy(built / "processor.so", file_of(built, name))
    choice = choose([built])
    assert choice.library is None
    assert "spliceai_interface" in choice.reason


def test_choose__passes_over_a_library_of_another_interface(built, supported, monkeypatch):
    monkeypatch.setattr(library, "INTERFACE", 1_000_000)
    choice = choose([built])
    assert choice.library is None
    assert f"{file_of(built, supported[0])}: built for another version of this program" in choice.reason


def test_choose__says_that_nothing_was_built(tmp_path):
    choices = [choose([tmp_path]), choose([tmp_path / "none"]), choose([])]
    assert {choice.library for choice in choices} == {None}
    assert {choice.reason for choice in choices} == {
        "native kernels were not built when this package was installed; building them takes a C++17 compiler"
    }


def test_choose__says_why_the_processor_is_not_known(built):
    (built / "processor.so").write_bytes(b"no library")
    choice = choose([built])
    assert choice.library is None
    assert str(built / "processor.so") in choice.reason


def test_choose__says_that_there_are_none_for_other_processors(built, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert str(choose([built, built])) == "PyTorch's: there are no native kernels for riscv64 processors"


def test_choose__prefers_the_first_folder_and_takes_what_that_lacks_from_the_next(built, supported, tmp_path_factory):
    first = tmp_path_factory.mktemp("first")
    file_of(first, supported[0]).write_bytes(b"damaged")
    assert choose([first, built]).library.instruction_set == supported[0]
    shutil.copytree(built, first, dirs_exist_ok=True)
    assert load(supported[0], [first, built])._loaded._name == str(file_of(first, supported[0]))


def test_variable__chooses_each_that_the_processor_has(built, supported, monkeypatch):
    for name in supported:
        monkeypatch.setenv(VARIABLE, name)
        assert str(choose([built])) == f"native, {name}: chosen by {VARIABLE}"
    monkeypatch.setenv(VARIABLE, "")
    assert choose([built]).reason == BEST


def test_variable__that_is_no_instruction_set_is_an_error(built, monkeypatch):
    monkeypatch.setenv(VARIABLE, "avx2")
    with pytest.raises(UsageError, match=rf"^{VARIABLE} is 'avx2'; one of {', '.join(INSTRUCTION_SETS)} expected\.$"):
        choose([built])


def test_variable__that_the_processor_lacks_is_an_error(built, supported, monkeypatch):
    lacking = next(name for name in INSTRUCTION_SETS if name not in supported)
    monkeypatch.setenv(VARIABLE, lacking)
    with pytest.raises(UsageError, match=rf"is '{lacking}'; this processor has {', '.join(supported)}\.$"):
        choose([built])


def test_variable__that_was_not_built_is_an_error(built, supported, tmp_path, monkeypatch):
    """Never another one in its place: then two runs to compare would be the same."""
    monkeypatch.setenv(VARIABLE, supported[-1])
    file_of(built, supported[-1]).unlink()
    with pytest.raises(UsageError, match=f"which cannot be used: not built for {supported[-1]}"):
        choose([built])
    with pytest.raises(UsageError, match="but there are no native kernels: native kernels were not built"):
        choose([tmp_path / "none"])
