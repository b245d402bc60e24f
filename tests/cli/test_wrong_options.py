"""Wrong options are reported at once: before PyTorch is loaded, which takes seconds."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from spliceai_cli.cli.main import group, run

code = run(group, sys.argv[1:], prog_name="spliceai-cli")
print(code, "torch" in sys.modules)
"""
ANNOTATE = ("annotate", "in.vcf", "-R", "a.fa")
SCORE = ("score", "1:1:A:C", "-R", "a.fa")
PLOT = ("plot", "1:1:A:C", "-R", "a.fa", "-o", "a.png")
PREDICT = ("predict", "-R", "a.fa", "-O", "a.tsv")
CASES = {
    "annotate-name": ((*ANNOTATE, "-O", "a.csv"), 2),
    "annotate-layout": ((*ANNOTATE, "--tsv", "--layout", "vcf"), 2),
    "annotate-strict": ((*ANNOTATE, "--strict=luck"), 2),
    "annotate-index": ((*ANNOTATE, "--write-index", "-O", "a.vcf"), 2),
    "annotate-region": ((*ANNOTATE, "-r", "1:9-2"), 2),
    "annotate-targets": ((*ANNOTATE, "-T", "none.bed"), 1),
    "annotate-same": ((*ANNOTATE, "-O", "in.vcf"), 2),
    "annotate-biotypes": ((*ANNOTATE, "--biotypes", ","), 2),
    "annotate-genes": ((*ANNOTATE, "--genes", "none.txt"), 1),
    "annotate-compat": ((*ANNOTATE, "--normalize", "--compat", "1.3.1"), 2),
    "annotate-thresholds": ((*ANNOTATE, "--consequence-with", "reach=9"), 2),
    "score-compat": ((*SCORE, "--normalize", "--compat", "1.3.1"), 2),
    "score-name": ((*SCORE, "--json", "--tsv"), 2),
    "plot-name": ((*PLOT, "-o", "a.gif"), 2),
    "plot-compat": ((*PLOT, "--normalize", "--compat", "1.3.1"), 2),
    "plot-region": (("plot", "-I", "in.vcf", "-R", "a.fa", "-o", "a.png", "-r", "1:9-2"), 2),
    "predict-name": (("predict", "-R", "a.fa", "-O", "a"), 2),
    "predict-region": ((*PREDICT, "-r", "1:9-2"), 2),
    "predict-genes": ((*PREDICT, "--genes", "none.txt"), 1),
    "consequence-name": (("consequence", "in.vcf", "-R", "a.fa", "-O", "a.tsv"), 2),
}


@pytest.mark.parametrize(("arguments", "code"), CASES.values(), ids=CASES)
def test_wrong_option__is_told_before_pytorch_is_loaded(tmp_path, arguments, code):
    # In a process of its own: this one has loaded it.
    (tmp_path / "in.vcf").write_text("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
    (tmp_path / "a.fa").write_text(">1\nACGT\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{code} False\n", done.stderr
    assert "Error: " in done.stderr
