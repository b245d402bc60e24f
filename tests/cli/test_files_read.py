"""No output replaces a file that its command reads, or the index beside one; for ``predict``, see its own tests."""

from __future__ import annotations

import pytest
from support import builders

GENOME = ("-R", "a.fa", "-A", "t.txt")

COMMANDS = {
    "annotate": ("annotate", "-I", "in.vcf", *GENOME, "--weights", "w", "--dask", "s.json"),
    "consequence": ("consequence", "in.vcf", *GENOME),
    "score": ("score", "1:9:G:T", *GENOME, "--weights", "w", "--dask", "s.json"),
    "evaluate sites": (
        "evaluate",
        "sites",
        *GENOME,
        "--weights",
        "w",
        "--genes",
        "tested.txt",
        "--matrices",
        "trained.txt",
    ),
    "evaluate variants": ("evaluate", "variants", "labelled.txt", *GENOME, "--weights", "w"),
    "calibrate": ("calibrate", "w", *GENOME),
    "table": ("table", "in.vcf", "-A", "t.txt"),
}
MODELS = {"annotate", "score", "evaluate sites", "evaluate variants"}
READ = {
    "a.fa": ("-R", COMMANDS.keys() - {"table"}),
    "a.fa.fai": ("the index of -R", COMMANDS.keys() - {"table"}),
    "a.fa.gzi": ("the BGZF index of -R", COMMANDS.keys() - {"table"}),
    "t.txt": ("-A", COMMANDS.keys()),
    "in.vcf": ("-I", {"annotate", "consequence"}),
    "in.vcf.csi": ("the csi index of -I", {"annotate", "consequence", "table"}),
    "tested.txt": ("--genes", {"evaluate sites"}),
    "trained.txt": ("--matrices", {"evaluate sites"}),
    "w": ("--weights", {"annotate", "score", "evaluate sites", "evaluate variants"}),
    "run/weights.safetensors": ("weights.safetensors of --model X=run", MODELS),
    "x.safetensors": ("--model x.safetensors", MODELS),
    "s.json": ("--dask", {"annotate", "score"}),
}


@pytest.mark.parametrize(
    ("command", "path", "option"),
    [(command, path, option) for path, (option, commands) in READ.items() for command in sorted(commands)],
)
def test_output__is_not_a_file_that_is_read(cli, tmp_path, monkeypatch, command, path, option):
    """``score -O hg38.fa.fai``, or ``-O`` with the file of ``--weights``, used to replace that file."""
    monkeypatch.chdir(tmp_path)
    builders.write_fasta(tmp_path / "a.fa", {"1": 17 * "A"})
    builders.write_table(tmp_path / "t.txt", [builders.gene("P", "1", "+", 0, 17, (0, 4), (8, 17))])
    builders.write_vcf(tmp_path / "in.vcf", [("1", 9, "G", "T")])
    (tmp_path / "labelled.txt").write_text("chrom\tpos\tref\talt\tlabel\n1\t9\tG\tT\t1\n")
    (tmp_path / "run").mkdir()
    for name in READ.keys() - {"a.fa", "t.txt", "in.vcf"}:
        (tmp_path / name).touch()
    before = (tmp_path / path).read_bytes()
    model = option.rpartition("--model ")[2] if "--model" in option else ""
    result = cli(*COMMANDS[command], *(("--model", "spliceai", "--model", model) if model else ()), "-O", path)
    assert (result.code, (tmp_path / path).read_bytes()) == (2, before)
    assert f"{option} and -O are the same file: {path}." in result.stderr


@pytest.mark.parametrize("model", ["run", "Fish=run", "run/weights.safetensors", "Fish=run/weights.safetensors"])
def test_calibrate__does_not_replace_its_model(cli, tmp_path, monkeypatch, model):
    """``calibrate RUN -O RUN/weights.safetensors`` used to."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "weights.safetensors").write_text("mine")
    result = cli("calibrate", model, *GENOME, "-O", "run/weights.safetensors")
    assert (result.code, (tmp_path / "run" / "weights.safetensors").read_text()) == (2, "mine")
    assert "MODEL and -O are the same file: run/weights.safetensors." in result.stderr
