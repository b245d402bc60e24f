"""What shells offer, asked as their completion scripts ask."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spliceai_cli.models.published import CONVERTED


def offered(words: str, home: Path, shell: str = "bash", program: str = "spliceai-cli") -> list[str]:
    """``TYPE,VALUE`` for each offer, with the last word half typed; bash and zsh and fish have forms of their own."""
    complete = f"_{program.upper().replace('-', '_')}_COMPLETE"
    split = words.split(" ")
    environ = {**os.environ, complete: f"{shell}_complete", "COMP_WORDS": words, "SPLICEAI_CLI_HOME": str(home)}
    environ["COMP_CWORD"] = split[-1] if shell == "fish" else str(len(split) - 1)
    if shell == "fish":
        environ["COMP_WORDS"] = words
    main = "annotate_main" if program == "spliceai-annotate" else "group_main"
    code = f"import sys; from spliceai_cli.cli.main import {main}; sys.argv = [{program!r}]; {main}()"
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.fixture
def installed(tmp_path):
    """A home with two models."""
    for name in ("spliceai", "mouse"):
        (tmp_path / name).mkdir()
        (tmp_path / name / CONVERTED).touch()
    return tmp_path


FILE = ["file,"]
OFFERS = {
    "annotate -I ": FILE,
    "annotate -R ": FILE,
    "annotate -O ": FILE,
    "annotate -o ": FILE,
    "annotate -A ": [*FILE, *(f"plain,{name}" for name in ("gencode", "grch37", "hg19", "grch38", "hg38"))],
    "predict -A gr": ["file,gr", "plain,grch37", "plain,grch38"],
    "table -A hg3": ["file,hg3", "plain,hg38"],
    "genes show X -A hg3": ["file,hg3", "plain,hg38"],
    "score --model ": [*FILE, "plain,mouse", "plain,spliceai"],
    "score --model m": ["file,m", "plain,mouse"],
    "annotate --transcripts ": [*FILE, "plain,canonical", "plain,mane", "plain,all"],
    "selftest --device c": ["plain,cpu", "plain,cuda"],
    "weights path m": ["plain,mouse"],
    "plot -g X ta": [],
    "ta": ["plain,table"],
}


@pytest.mark.parametrize("words", OFFERS)
def test_bash__is_offered_files_and_names(installed, words):
    found = offered(f"spliceai-cli {words}", installed)
    assert [offer for offer in found if not offer.startswith("plain,cuda:")] == OFFERS[words]


def test_annotate__completes_under_its_own_name(installed):
    found = offered("spliceai-annotate --model m", installed, program="spliceai-annotate")
    assert found == ["file,m", "plain,mouse"]


def test_zsh_and_fish__are_offered_the_same(installed):
    zsh = offered("spliceai-cli score --model m", installed, "zsh")
    assert [line for line in zsh if line in ("file", "plain", "m", "mouse")] == ["file", "m", "plain", "mouse"]
    fish = offered("spliceai-cli score --model m", installed, "fish")
    assert [line.split("\t")[0] for line in fish if line in ("file,m", "plain,mouse")] == ["file,m", "plain,mouse"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_source__is_printed_by_the_documented_line(shell):
    line = (Path(__file__).parents[2] / "docs" / "usage.md").read_text("utf-8")
    assert f"_SPLICEAI_CLI_COMPLETE={shell}_source spliceai-cli" in line
    environ = {**os.environ, "_SPLICEAI_CLI_COMPLETE": f"{shell}_source"}
    code = "import sys; from spliceai_cli.cli.main import group_main; sys.argv = ['spliceai-cli']; group_main()"
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    # click asks the shell for its version, which not every machine has.
    assert "spliceai-cli" in done.stdout


def test_completion__loads_no_pytorch():
    code = (
        "import sys; from spliceai_cli.cli import completion, main; list(completion.model_names(None, None, ''));"
        "sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
