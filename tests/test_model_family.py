"""Another family of models works once its two files are registered: what CONTRIBUTING says of adding one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import pytest
import torch
from support import toy_networks
from support.records import info, vcf_text

from spliceai_cli import Compute, Scorer, Settings, Variant, to_frame
from spliceai_cli.cli.main import annotate
from spliceai_cli.models.network import Network
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.plan.planner import ModelInput
from spliceai_cli.plan.rules import Rules
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kind import EffectName, ScoreKind
from spliceai_cli.scores.kinds import KINDS
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.scoring import SCORINGS

# As scores/branch_points.py would have it


@dataclass(frozen=True, slots=True)
class BranchScore(Score):
    """How much an allele takes from the branch point that loses most: ``ALLELE&SYMBOL&LOSS@OFFSET``."""

    allele: str
    symbol: str
    branch_point_loss: Effect
    model_key: str
    gene_id: str = field(default="", kw_only=True)
    transcript_id: str = field(default="", kw_only=True)
    strand: str = field(default="", kw_only=True)

    @property
    def kind(self):
        return BRANCH_POINTS

    @property
    def effects(self):
        return (self.branch_point_loss,)

    @property
    def numbers(self):
        return f"{self.branch_point_loss.score:.2f}", str(self.branch_point_loss.offset)

    def __str__(self):
        return f"{self.allele}&{self.symbol}&{'@'.join(self.numbers)}"

    @classmethod
    def parse(cls, text, key, _):
        allele, symbol, change = text.split("&")
        score, _, offset = change.partition("@")
        return cls(allele, symbol, Effect(float(score), int(offset)), key)


BRANCH_POINTS = ScoreKind(
    name="branch_points",
    effects={"branch_point_loss": EffectName("BL", is_gain=False, track="branch_point")},
    columns=("BRANCH_LOSS", "BRANCH_POS"),
    change="loss",
    describe="{} branch points.".format,
    format="ALLELE&SYMBOL&LOSS@OFFSET",
    format_start="ALLELE&SYMBOL&",
    text=re.compile("[^&]+&"),
    parse=BranchScore.parse,
    is_gene_alone=True,
    is_averaged_first=True,
    allele=lambda text: text.partition("&")[0],
    classes=("neither", "branch_point"),
)

# As scoring/branch_points.py would have it


class BranchScoring:
    def __init__(self, spec, settings):
        rules = Rules(settings.distance, settings.max_allele_length, settings.max_sv_length)
        self.input = ModelInput(rules, BRANCH_POINTS, spec.key)

    def score(self, variant, job, prediction):
        step = -1 if job.gene.strand == "-" else 1
        ref, alt = prediction.ref[::step, 1], job.alignment.lay(prediction.alt[::step])[:, 1]
        i = int((ref - alt).argmax())
        loss = Effect(float(ref[i] - alt[i]), i - job.alignment.anchor, float(ref[i]), float(alt[i]))
        gene = job.gene
        return BranchScore(variant.alt, gene.symbol, loss, self.input.key, **gene.ids)


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """The two rows of the registration, for the time of a test."""
    monkeypatch.setitem(KINDS, BRANCH_POINTS.name, BRANCH_POINTS)
    monkeypatch.setitem(SCORINGS, BRANCH_POINTS.name, BranchScoring)


@pytest.fixture
def branch_weights(tmp_path):
    """A network for which A is a branch point with probability 1/2, and nothing else is one."""
    spec = NetworkSpec(
        name="branches",
        blocks=(BlockSpec(kernel=3, dilation=1, is_tapped=True),),
        key="Branch",
        scoring=BRANCH_POINTS.name,
        classes=BRANCH_POINTS.classes,
        channels=4,
        n_networks=1,
    )
    shapes = {f"1.{name}": tensor.shape for name, tensor in Network(spec).state_dict().items() if tensor.dim() > 0}
    tensors = {name: (torch.ones if name.endswith("_var") else torch.zeros)(shape) for name, shape in shapes.items()}
    tensors["1.stem.weight"] = torch.eye(4)[:, :, None, None]
    tensors["1.taps.0.weight"] = torch.eye(4)[:, :, None, None]
    # exp(-200) is 0 in float32.
    tensors["1.head.weight"][1, 0] = 200.0
    tensors["1.head.bias"][1] = -200.0
    return toy_networks.save(tmp_path / "branches", spec, tensors)


@pytest.fixture
def branch_point(genome):
    """The first A of PLUS that is in no other gene, as CHROM, POS, REF, ALT."""
    pos = next(pos for pos in range(200, 400) if genome.base("chr1", pos) == "A")
    return "chr1", pos, "A", "G"


@pytest.fixture
def command(cli, genome, home, branch_weights, toy_weights):
    """Run a command with the new family's model, alone or after one of sites."""

    def call(name, *arguments, is_alone=True, stdin=b"", outputs=("--no-progress",)):
        models = [f"Branch={branch_weights}"] if is_alone else [f"Sites={toy_weights}", f"Branch={branch_weights}"]
        options = [text for model in models for text in ("--model", model)]
        fixed = ("-R", genome.fasta, "-A", genome.table, *options, "--device", "cpu", *outputs)
        if name == "annotate":
            return cli(*arguments, *fixed, stdin=stdin, command=annotate)
        return cli(name, *arguments, *fixed, stdin=stdin)

    return call


def test_annotate__writes_the_fields_of_the_family(command, branch_point):
    result = command(
        "annotate", "--ds-max", "--raw", "--explain", stdin=vcf_text(branch_point, ("chr1", 990, "A", "."))
    )
    assert result.code == 0, result.stderr
    [scored, unscored] = result.records
    assert info(scored) == {"Branch": "G&PLUS&0.50@0", "Branch_DS_max": "0.50", "Branch_RAW": "G|PLUS|0.5000|0.0000"}
    assert info(unscored) == {"Branch_SKIP": "no-alt"}
    raw_text = "Probabilities of REF and ALT where Branch reports each effect. Format: ALLELE|SYMBOL|BL_REF|BL_ALT"
    for line in (
        '##INFO=<ID=Branch,Number=.,Type=String,Description="Branch branch points. Format: ALLELE&SYMBOL&LOSS@OFFSET">',
        '##INFO=<ID=Branch_DS_max,Number=A,Type=Float,Description="Largest Branch loss of the allele over all genes">',
        f'##INFO=<ID=Branch_RAW,Number=.,Type=String,Description="{raw_text}">',
    ):
        assert line in result.stdout.decode().splitlines()


def test_annotate__writes_a_table_of_the_family(command, branch_point):
    result = command("annotate", "--layout", "tsv", stdin=vcf_text(branch_point))
    heading, row = (line.split("\t") for line in result.stdout.decode().splitlines())
    assert heading[9:] == ["BRANCH_LOSS", "BRANCH_POS", "MAX_SCORE", "REASON", "MODEL_KEY"]
    assert row[5:] == ["PLUS", ".", ".", "+", "0.50", "0", "0.50", ".", "Branch"]
    mixed = command("annotate", "--layout", "tsv", is_alone=False, stdin=vcf_text(branch_point))
    assert (mixed.code, mixed.stdout) == (2, b"")
    assert "models of sites and of branch_points do not fit in one table." in mixed.stderr


def test_table__reads_the_family_beside_another(cli, command, branch_point, tmp_path):
    annotated = command("annotate", is_alone=False, stdin=vcf_text(branch_point))
    assert list(info(annotated.records[0])) == ["Sites", "Branch"]
    path = tmp_path / "annotated.vcf"
    path.write_bytes(annotated.stdout)
    result = cli("table", path)
    assert result.code == 0, result.stderr
    chrom, pos, ref, alt = branch_point
    heading, row = result.stdout.decode().split("Branch:\n")[1].splitlines()
    assert heading.split() == ["VARIANT", "GENE", "BL", "READING"]
    assert row == f"{chrom}:{pos} {ref}>{alt}  PLUS  0.50 (+0)  branch point loss 0.50, at the variant"
    # Its key is known to be one of scores, so that a second run may write it anew.
    again = command("annotate", is_alone=False, stdin=annotated.stdout)
    assert (again.code, again.stdout) == (0, annotated.stdout)


def test_score_and_plot__show_the_family(command, branch_point, tmp_path):
    asked = ":".join(map(str, branch_point))
    [answer] = json.loads(command("score", asked, "--json", outputs=()).stdout)
    [score] = answer["scores"]
    assert (score["model_key"], score["text"]) == ("Branch", "G&PLUS&0.50@0")
    assert score["effects"]["branch_point_loss"]["ref"] == 0.5
    picture = tmp_path / "picture.svg"
    result = command("plot", asked, "-o", picture, outputs=())
    assert result.code == 0, result.stderr
    assert f'id="gene1-branch_point-{branch_point[1]}' in picture.read_text()


def test_predict__shows_the_family_along_alleles(command, branch_point, tmp_path):
    vcf, out = tmp_path / "in.vcf", tmp_path / "out.tsv"
    vcf.write_bytes(vcf_text(branch_point))
    result = command("predict", "--alt", vcf, "-D", "0", "-O", out)
    assert result.code == 0, result.stderr
    heading, row = (line.split("\t") for line in out.read_text().splitlines() if not line.startswith("##"))
    assert dict(zip(heading, row, strict=True))["branch_point_delta"] == "-0.500000"


def test_frame__has_the_effects_of_the_family(genome, branch_weights, branch_point):
    scorer = Scorer(
        reference=genome.fasta,
        annotation=genome.table,
        settings=Settings(models=(f"Branch={branch_weights}",)),
        compute=Compute(device="cpu"),
    )
    frame = to_frame(scorer.score([Variant(*branch_point)]))
    shown = frame[["model_key", "symbol", "branch_point_loss", "branch_point_loss_offset", "max_score"]]
    assert shown.to_numpy().tolist() == [["Branch", "PLUS", 0.5, 0, 0.5]]
