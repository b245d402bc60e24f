"""Control groups as version 1 and 2 lay them out, on a made-up /proc."""

from __future__ import annotations

import pytest

from spliceai_cli.engine.cgroup import cpu_quota, memory_limit


@pytest.fixture
def proc(tmp_path):
    """Write /proc/self: lines of ``cgroup``, mounts as (root, folder, kind, options), files of limits."""

    def write(groups, mounts, files):
        folder = tmp_path / "proc"
        folder.mkdir()
        (folder / "cgroup").write_text("".join(f"{line}\n" for line in groups))
        (folder / "mountinfo").write_text(
            "22 1 0:21 / /proc rw,nosuid shared:12 - proc proc rw\n"
            + "".join(
                f"31 23 0:28 {root} {tmp_path}/{at} rw,relatime shared:4 - {kind} {kind} {options}\n"
                for root, at, kind, options in mounts
            )
        )
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return folder

    return write


JOB = "/system.slice/slurmstepd.scope/job_7/step_0/user/task_0"
V2 = [("/", "fs", "cgroup2", "rw")]
V1 = [("/", "fs/cpu", "cgroup", "rw,cpu,cpuacct"), ("/", "fs/memory", "cgroup", "rw,memory")]
NO_V1_QUOTA = {"fs/cpu/cpu.cfs_quota_us": "-1\n", "fs/cpu/cpu.cfs_period_us": "100000\n"}

QUOTAS = {
    # What was read before: the root of a container.
    "root": (["0::/"], V2, {"fs/cpu.max": "200000 100000\n"}, 2),
    "own-group": (["0::/a/b"], V2, {"fs/a/b/cpu.max": "300000 100000\n"}, 3),
    "job-above-the-step": (["0::" + JOB], V2, {"fs/system.slice/slurmstepd.scope/job_7/cpu.max": "400000 100000"}, 4),
    "smallest": (["0::/a/b"], V2, {"fs/a/b/cpu.max": "300000 100000\n", "fs/a/cpu.max": "150000 100000\n"}, 2),
    "another-group": (["0::/a/b"], V2, {"fs/a/c/cpu.max": "100000 100000\n"}, None),
    "part-of-a-cpu": (["0::/"], V2, {"fs/cpu.max": "10000 100000\n"}, 1),
    "max": (["0::/"], V2, {"fs/cpu.max": "max 100000\n"}, None),
    "nonsense": (["0::/"], V2, {"fs/cpu.max": "lots\n"}, None),
    "named-by-the-host": (["0::/docker/1f"], [("/docker/1f", "fs", "cgroup2", "rw")], {"fs/cpu.max": "5 2\n"}, 3),
    "not-mounted-so-far": (["0::/../other"], [("/docker/1f", "fs", "cgroup2", "rw")], {"fs/cpu.max": "5 2\n"}, 3),
    "v1": (
        ["4:memory:/m", "3:cpu,cpuacct:/lsf/job"],
        V1,
        NO_V1_QUOTA | {"fs/cpu/lsf/job/cpu.cfs_quota_us": "600000\n", "fs/cpu/lsf/job/cpu.cfs_period_us": "100000\n"},
        6,
    ),
    "v1-without": (["3:cpu,cpuacct:/"], V1, NO_V1_QUOTA, None),
    "both": (
        ["3:cpu,cpuacct:/", "1:name=systemd:/x", "0::/y"],
        [*V1, ("/", "fs/unified", "cgroup2", "rw")],
        NO_V1_QUOTA | {"fs/unified/y/cpu.max": "700000 100000\n"},
        7,
    ),
    "none": ([], [], {}, None),
}


@pytest.mark.parametrize(("groups", "mounts", "files", "expected"), QUOTAS.values(), ids=QUOTAS)
def test_cpu_quota__is_the_tightest_of_own_group_and_those_above(proc, groups, mounts, files, expected):
    assert cpu_quota(proc(groups, mounts, files)) == expected


def test_cpu_quota__is_none_without_proc(tmp_path):
    assert cpu_quota(tmp_path / "none") is None
    assert memory_limit(tmp_path / "none") is None


LIMITS = {
    "root": (["0::/"], V2, {"fs/memory.max": "1000\n"}, 1000),
    "job-above-the-step": (["0::" + JOB], V2, {"fs/system.slice/slurmstepd.scope/job_7/memory.max": "2000"}, 2000),
    "max": (["0::/"], V2, {"fs/memory.max": "max\n"}, None),
    "v1": (["4:memory:/m"], V1, {"fs/memory/m/memory.limit_in_bytes": "3000\n"}, 3000),
}


@pytest.mark.parametrize(("groups", "mounts", "files", "expected"), LIMITS.values(), ids=LIMITS)
def test_memory_limit__is_the_tightest_of_own_group_and_those_above(proc, groups, mounts, files, expected):
    assert memory_limit(proc(groups, mounts, files)) == expected
