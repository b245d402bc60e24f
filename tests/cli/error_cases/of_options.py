"""Values of options."""

from __future__ import annotations

import torch
from cli.error_cases import Case

from spliceai_cli.text import counted

CASES = {
    "device": Case(
        lambda f: ["--device", "tpu"],
        2,
        "unknown device 'tpu'.",
        "Choose auto, cpu, cuda, cuda:N, cuda:all or mps, or several with commas.",
    ),
    "no-cuda": Case(
        lambda f: ["--device", "cuda:99"],
        1,
        f"device 'cuda:99' is not available: PyTorch {torch.__version__} sees "
        f"{counted(torch.cuda.device_count(), 'CUDA devices')}.",
        "Use --device cpu, or install a CUDA build of PyTorch that fits the driver.",
    ),
    "fast-on-cpu": Case(
        lambda f: ["--device", "cpu", "--precision", "fast"],
        2,
        "--precision fast is for GPUs: on a CPU, float32 is faster and exact.",
        "Leave --precision out.",
    ),
    "dask-and-workers": Case(
        lambda f: ["--dask", "scheduler.json", "--workers", "4"],
        2,
        "--dask computes on the workers of the cluster; leave --workers out.",
    ),
    "devices-and-workers": Case(
        lambda f: ["--device", "cpu,cpu", "--workers", "4"],
        2,
        "several devices have a worker each.",
        "Leave --workers out.",
    ),
    "workers": Case(
        lambda f: ["--workers", "0"],
        2,
        "Invalid value for '--workers': '0' is not auto or a whole number from 1 to 1,024.",
    ),
    "memory-too-little": Case(
        lambda f: ["--memory", "5M"],
        2,
        "5 MB is too little for -D 50 with alleles of up to 10,000 bp.",
        "Allow more (--memory), or lower -D, --max-allele-length or --max-sv-length.",
    ),
    "distance-negative": Case(
        lambda f: ["-D", "-1"], 2, "Invalid value for '-D' / '--distance': '-1' is not a whole number, 0 or more."
    ),
    "distance-text": Case(
        lambda f: ["-D", "many"], 2, "Invalid value for '-D' / '--distance': 'many' is not a whole number, 0 or more."
    ),
    "mask": Case(lambda f: ["-M", "3"], 2, "Invalid value for '-M' / '--mask': '3' is not one of '0', '1', '2'."),
    "memory-without-unit": Case(
        lambda f: ["--memory", "2"],
        2,
        "Invalid value for '--memory': '2' is 2 bytes; write a number with M, G or T, e.g. 2G.",
    ),
    "strict-reason": Case(
        lambda f: ["--strict=luck"],
        2,
        "Invalid value for --strict: unknown reason 'luck'; choose from no-alt, symbolic, contig, outside, "
        "ref-mismatch, too-long, alt-letters, compat, kept.",
    ),
    "region": Case(
        lambda f: ["-r", "chr1:20-10"], 2, "region 'chr1:20-10' is empty: positions count from 1 and FROM <= TO."
    ),
    "region-blank": Case(
        lambda f: ["-r", ""],
        2,
        "no region is given.",
        "Was a variable empty? Write CHROM, CHROM:POS, CHROM:FROM- or CHROM:FROM-TO.",
    ),
    "bed-line": Case(
        lambda f: ["-T", f.write("t.bed", "chr1\t1\t2\nchr1 3 4\n")],
        1,
        "DIR/t.bed, line 2: 'chr1 3 4' is malformed; tab-separated CHROM, START, END expected.",
    ),
    "bed-order": Case(
        lambda f: ["-T", f.write("t.bed", "chr1\t9\t2\n")],
        1,
        "DIR/t.bed, line 1: 'chr1\t9\t2' is not an interval; 0 <= START <= END expected.",
    ),
    "bed-empty": Case(lambda f: ["-T", f.write("t.bed", "# none\n")], 1, "targets file DIR/t.bed has no regions."),
    "bed-binary": Case(
        lambda f: ["-T", f.write("t.bed", b"\x89PNG\xff")], 1, "targets file DIR/t.bed is not a text file."
    ),
    "no-bed": Case(
        lambda f: ["-T", f.path / "none.bed"], 1, "targets file DIR/none.bed cannot be read: No such file or directory."
    ),
}
