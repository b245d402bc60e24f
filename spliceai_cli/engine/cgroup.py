"""Limits of the control groups that this process runs in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc/self")


def cpu_quota(proc: Path = _PROC) -> int | None:
    """CPUs that the tightest quota allows, rounded up; None without a quota.

    Args:
        proc: folder of this process under ``/proc``.
    """
    quotas = []
    for folder in _folders(proc, "cpu"):
        words = _words(folder / "cpu.max") or [
            *_words(folder / "cpu.cfs_quota_us"),
            *_words(folder / "cpu.cfs_period_us"),
        ]
        # "max 100000" in version 2 and -1 in version 1 mean that there is no quota.
        if len(words) == 2 and all(map(str.isdecimal, words)) and int(words[1]):  # noqa: PLR2004 (quota, period)
            quotas.append(max(1, math.ceil(int(words[0]) / int(words[1]))))
    return min(quotas, default=None)


def memory_limit(proc: Path = _PROC) -> int | None:
    """Bytes that the tightest limit allows; None without a limit.

    Args:
        proc: folder of this process under ``/proc``.
    """
    names = ("memory.max", "memory.limit_in_bytes")
    words = [word for folder in _folders(proc, "memory") for name in names for word in _words(folder / name)]
    return min((int(word) for word in words if word.isdecimal()), default=None)


def _folders(proc: Path, controller: str) -> Iterator[Path]:
    """Folders of the process's own groups and of all their parents.

    Parents count because a batch system may limit the job, whose group is the parent of the step's. Includes groups of
    version 2, and groups of version 1 with this controller. Inside a container, the group may have the name that the
    host uses while only the root is mounted, so the root is always included.

    Source: cgroups(7), proc_pid_mountinfo(5).
    """
    group_of: dict[str, str] = {}
    for line in _lines(proc / "cgroup"):
        number, names, group = line.split(":", 2)
        group_of |= dict.fromkeys(names.split(",") if number != "0" else ["v2"], group)
    for line in _lines(proc / "mountinfo"):
        before, _, after = line.partition(" - ")
        root, mounted = before.split()[3:5]
        kind, *_, options = after.split()
        key = "v2" if kind == "cgroup2" else controller if controller in options.split(",") else ""
        if not kind.startswith("cgroup") or key not in group_of:
            continue
        own = Path(group_of[key])
        below = own.relative_to(root) if own.is_relative_to(root) else Path()
        yield Path(mounted) / below
        yield from (Path(mounted) / parent for parent in below.parents)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []


def _words(path: Path) -> list[str]:
    return [word for line in _lines(path) for word in line.split()]
