"""The number of threads, before and after PyTorch is loaded; in processes of their own, as this one has loaded it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

BEGIN = """
import os, sys, threading
from spliceai_cli.engine.device import available_cpus
from spliceai_cli.engine.threads import computing_threads, n_threads, one_thread_each, use_threads
"""
END = "\nprint('torch' in sys.modules)"


def said(code, **environ):
    """What a program prints, and whether it has loaded PyTorch."""
    inherited = {name: text for name, text in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", BEGIN + code + END]
    return subprocess.check_output(command, text=True, env={**inherited, **environ}).split()


@pytest.mark.parametrize(
    ("environ", "n"),
    [
        ({"OMP_NUM_THREADS": "3"}, "3"),
        ({"OMP_NUM_THREADS": "5,2"}, "5"),
        ({"OMP_NUM_THREADS": "3", "MKL_NUM_THREADS": "2"}, "2"),
    ],
)
def test_n_threads__without_pytorch_are_those_of_its_variables(environ, n):
    assert said("print(n_threads(), computing_threads())", **environ) == [n, n, "False"]


@pytest.mark.parametrize("environ", [{}, {"OMP_NUM_THREADS": "many"}])
def test_n_threads__are_else_those_of_the_process(environ):
    n, of_process, has_torch = said("print(n_threads(), available_cpus())", **environ)
    assert (n, has_torch) == (of_process, "False")


def test_n_threads__of_use_threads_hold_until_pytorch_is_told_others():
    code = """
use_threads(2)
before = n_threads()
import torch
with_torch = n_threads(), torch.get_num_threads()
torch.set_num_threads(3)
print(before, *with_torch, n_threads(), computing_threads())
use_threads(1)
print(torch.get_num_threads())
"""
    assert said(code) == ["2", "2", "2", "3", "3", "1", "True"]


def test_n_threads__of_a_thread_that_computes_alone_are_its_own():
    code = """
use_threads(3)
def work():
    one_thread_each()
    print(n_threads())
    import torch
    print(n_threads(), torch.get_num_threads())
thread = threading.Thread(target=work)
thread.start()
thread.join()
import torch
print(n_threads(), torch.get_num_threads())
"""
    assert said(code) == ["1", "1", "1", "3", "3", "True"]


@pytest.mark.parametrize("first", ["", "torch.get_num_threads()"])
def test_one_thread_each__leaves_pytorchs_number_to_all_other_threads(first):
    """PyTorch takes the number that any thread sets last for every thread that is new to it."""
    code = f"""
from concurrent.futures import ThreadPoolExecutor
import torch
torch.set_num_threads(3)
{first}
barrier = threading.Barrier(4)
def begin():
    one_thread_each()
    barrier.wait()
with ThreadPoolExecutor(4, initializer=begin) as pool:
    print(*pool.map(lambda _: n_threads(), range(4)))
with ThreadPoolExecutor(1) as pool:
    print(*pool.map(lambda _: n_threads(), range(1)))
print(torch.get_num_threads())
"""
    assert said(code) == ["1", "1", "1", "1", "3", "3", "True"]


@pytest.mark.parametrize("load", ["", "import torch"])
def test_n_threads__in_a_forked_child_is_one(load):
    code = f"""
use_threads(4)
{load}
n_threads()
if not os.fork():
    sys.stdout.write(f"{{n_threads()}} ")
    sys.stdout.flush()
    os._exit(0)
os.wait()
print(n_threads())
"""
    assert said(code) == ["1", "4", str(bool(load))]
