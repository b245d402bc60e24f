"""The number of CPU threads, and the limit that determines it."""

from __future__ import annotations

import os

from spliceai_cli.cli.messages import say

# Variables in which OpenMP and batch systems (Slurm, Grid Engine, PBS, LSF) give the number of CPUs of a job.
_VARIABLES = ("OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "NSLOTS", "PBS_NCPUS", "LSB_DJOB_NUMPROC")


def use_threads(asked: int | None, *, is_verbose: bool) -> None:
    """Set the number of CPU threads: the requested one, or as many as hardware, container and batch system allow.

    Args:
        asked: value of ``--threads``.
        is_verbose: whether to print the deciding limit on stderr.
    """
    from spliceai_cli.engine import device, threads

    said = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
    counts = {name: n for name, text in said.items() if (n := threads.count_in(text))}
    limits = {"--threads": asked} if asked else {**device.cpu_limits(), **counts}
    n_threads = min(limits.values())
    threads.use_threads(n_threads)
    if not is_verbose:
        return
    deciding = " and ".join(name for name, limit in limits.items() if limit == n_threads)
    say(f"CPU threads: {n_threads}, by {deciding}")
    for name, text in () if asked else said.items():
        if name not in limits:
            say(f"{name}={text!r} is ignored: a whole number of CPUs, at least 1, expected")
