"""A real Slurm of one node, with everything it writes in one folder. It needs root, slurm-wlm and munge."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_PROGRAMS = ("munged", "mungekey", "slurmctld", "slurmd", "sinfo", "sbatch")
_CLIENTS = ("sacct", "sbatch", "scancel", "scontrol", "sinfo", "squeue", "srun")
_START_S = 60

_CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmctldPort={ctld_port}
SlurmdPort={node_port}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory_mb} State=UNKNOWN
PartitionName=normal Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


@contextmanager
def running_slurm(folder: Path) -> Iterator[dict[str, str]]:
    """Start Slurm; yields the environment in which its commands find it, and ends it.

    Skips the test, with the reason, where it cannot run.
    """
    if os.geteuid() != 0:
        pytest.skip("Slurm is started as root only")
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [name for name in _PROGRAMS if shutil.which(name, path=path) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: apt-get install slurm-wlm munge")
    environment = {**os.environ, "PATH": f"{_clients(folder, path)}:{path}", "SLURM_CONF": str(folder / "slurm.conf")}
    for name in ("state", "spool"):
        (folder / name).mkdir()
    (folder / "slurm.conf").write_text(_conf(folder))
    _call(["mungekey", "--create", f"--keyfile={folder}/munge.key"], environment)
    daemons = [
        ["munged", "--force", "--foreground", f"--socket={folder}/munge.socket", f"--key-file={folder}/munge.key",
         f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log", f"--seed-file={folder}/munge.seed"],
        ["slurmctld", "-D", "-i"],
        ["slurmd", "-D", "-N", socket.gethostname().partition(".")[0]],
    ]  # fmt: skip
    running: list[subprocess.Popen[bytes]] = []
    try:
        for command in daemons:
            with (folder / f"{command[0]}.out").open("wb") as out:
                running.append(subprocess.Popen(command, env=environment, stdout=out, stderr=out))
            time.sleep(1)
        _wait_until_idle(environment, running, folder)
        yield environment
    finally:
        subprocess.run(["scancel", "--user=root"], env=environment, check=False, capture_output=True)
        for daemon in reversed(running):
            daemon.terminate()
            with suppress(subprocess.TimeoutExpired):
                daemon.wait(20)
            daemon.kill()


def _clients(folder: Path, path: str) -> Path:
    """A folder of commands that find this Slurm by themselves: plugins drop the variables of Slurm within jobs."""
    commands = folder / "bin"
    commands.mkdir()
    for name in _CLIENTS:
        command = commands / name
        command.write_text(f'#!/bin/sh\nSLURM_CONF="{folder}/slurm.conf" exec "{shutil.which(name, path=path)}" "$@"\n')
        command.chmod(0o755)
    return commands


def _conf(folder: Path) -> str:
    ports = []
    with socket.socket() as one, socket.socket() as two:
        for listener in (one, two):
            listener.bind(("127.0.0.1", 0))
            ports.append(listener.getsockname()[1])
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 // 2
    return _CONF.format(
        host=socket.gethostname().partition(".")[0],
        folder=folder,
        ctld_port=ports[0],
        node_port=ports[1],
        cpus=len(os.sched_getaffinity(0)),
        memory_mb=memory_mb,
    )


def _wait_until_idle(environment: dict[str, str], running: list[subprocess.Popen[bytes]], folder: Path) -> None:
    end = time.monotonic() + _START_S
    state = ""
    while "idle" not in state:
        ended = [daemon.args for daemon in running if daemon.poll() is not None]
        if ended or time.monotonic() > end:
            logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in sorted(folder.glob("*.[lo]*")))
            pytest.fail(f"Slurm did not start: {ended or state}\n{logs}")
        time.sleep(0.5)
        state = _call(["sinfo", "--noheader", "--format=%T"], environment, check=False)


def _call(command: list[str], environment: dict[str, str], *, check: bool = True) -> str:
    return subprocess.run(command, env=environment, check=check, capture_output=True, text=True).stdout
