"""State dicts of OpenSpliceAI and of Pangolin, from toy ones with their names of tensors."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from support import published

from spliceai_cli.errors import WeightsError
from spliceai_cli.models.load import build
from spliceai_cli.models.published import BLOCKS, PANGOLIN, openspliceai
from spliceai_cli.models.readers.state_dict import read_state_dicts
from spliceai_cli.models.spec import NetworkSpec

N_BLOCKS = {80: 4, 400: 8, 2_000: 12, 10_000: 16}


def small(spec: NetworkSpec) -> NetworkSpec:
    """The spec with two channels; reading takes any number of them."""
    return replace(spec, channels=2)


def save(path: Path, state: dict) -> Path:
    torch.save(state, path)
    return path


def write_openspliceai(folder: Path, context: int, n_networks: int, seed: int = 0) -> tuple[list[Path], dict]:
    """Files of an ensemble, and the tensors in them."""
    tensors = published.toy_tensors(small(openspliceai(context, n_networks)), seed)
    paths = []
    for number in range(1, n_networks + 1):
        state = published.openspliceai_state(published.member(tensors, number), N_BLOCKS[context])
        paths.append(save(folder / f"model_{context}nt_rs1{number}.pt", state))
    return paths, tensors


def write_pangolin(folder: Path, n_replicates: int) -> tuple[list[Path], dict]:
    """Files of an ensemble, replicates outer as they sort by name, and the tensors, tissues outer."""
    tensors = published.toy_tensors(small(replace(PANGOLIN, n_networks=4 * n_replicates)))
    paths = []
    for replicate in range(1, n_replicates + 1):
        for tissue, output in enumerate((0, 2, 4, 6)):
            network = published.member(tensors, tissue * n_replicates + replicate)
            # Head 1 is that of output 0, head 3 that of output 2 …: between them are those of usage.
            state = published.pangolin_state(network, output + 1)
            paths.append(save(folder / f"final.{replicate}.{output}.3.v2", state))
    return paths, tensors


def check(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)
        assert found[name].dtype == np.float32


# OpenSpliceAI


@pytest.mark.parametrize("context", BLOCKS)
def test_openspliceai__context_is_told_by_the_kernels(tmp_path, context):
    paths, tensors = write_openspliceai(tmp_path, context, 1)
    weights = read_state_dicts(paths)
    assert weights.spec == openspliceai(context, 1)
    assert (weights.spec.context, len(weights.spec.blocks)) == (context, N_BLOCKS[context])
    check(weights.tensors, tensors)


def test_openspliceai__is_leaky_with_pytorchs_epsilon(tmp_path):
    spec = read_state_dicts(write_openspliceai(tmp_path, 80, 2)[0]).spec
    assert (spec.activation, spec.norm_eps, spec.n_networks) == ("leaky_relu_0.1", 1e-5, 2)
    assert (spec.key, spec.classes) == ("OpenSpliceAI", ("neither", "acceptor", "donor"))
    assert spec.tracks == ((("acceptor", 1)), ("donor", 2))


def test_openspliceai__networks_are_in_the_order_of_their_names(tmp_path):
    """Sums of floats depend on the order, which must not be that of the folder or of the shell."""
    paths, tensors = write_openspliceai(tmp_path, 80, 3)
    check(read_state_dicts([paths[2], paths[0], paths[1]]).tensors, tensors)


def test_openspliceai__builds_with_its_own_width(tmp_path):
    paths, tensors = write_openspliceai(tmp_path, 80, 1)
    weights = read_state_dicts(paths)
    build(weights._replace(spec=small(weights.spec)), "toy")
    with pytest.raises(WeightsError, match="weights toy do not fit the network that they name, openspliceai"):
        build(weights, "toy")


def test_openspliceai__of_different_contexts_is_refused(tmp_path):
    paths = write_openspliceai(tmp_path, 80, 1)[0] + write_openspliceai(tmp_path, 400, 2)[0]
    with pytest.raises(WeightsError) as error:
        read_state_dicts(paths)
    assert str(error.value) == (
        f"the networks in {tmp_path} need different lengths of context: 400 bp (2 of them), 80 bp (1 of them)."
    )
    assert error.value.hint == f"Name the files of one of them, e.g. '{tmp_path}/model_10000nt_rs1*.pt'."


def test_openspliceai__of_other_kernels_is_refused(tmp_path):
    [path], _ = write_openspliceai(tmp_path, 80, 1)
    state = torch.load(path, weights_only=True)
    state["residual_units.2.conv1.weight"] = torch.zeros(2, 2, 9)
    with pytest.raises(WeightsError, match=r"no network of OpenSpliceAI has kernels of \[11, 11, 9, 11\]"):
        read_state_dicts([save(path, state)])


# Pangolin


@pytest.mark.parametrize("n_replicates", [1, 2])
def test_pangolin__replicates_of_a_tissue_stand_together_with_its_head(tmp_path, n_replicates):
    paths, tensors = write_pangolin(tmp_path, n_replicates)
    weights = read_state_dicts(paths[::-1])
    assert weights.spec == replace(PANGOLIN, n_networks=4 * n_replicates)
    assert (weights.spec.group_size, weights.spec.n_outputs) == (n_replicates, 8)
    check(weights.tensors, tensors)


def test_pangolin__files_may_lack_the_suffix(tmp_path):
    paths, tensors = write_pangolin(tmp_path, 1)
    plain = [path.rename(path.with_name(path.name.removesuffix(".v2"))) for path in paths]
    check(read_state_dicts(plain).tensors, tensors)


def test_pangolin__tracks_are_the_tissues():
    assert [tuple(track) for track in PANGOLIN.tracks] == [
        ("heart_splice", 1), ("liver_splice", 3), ("brain_splice", 5), ("testis_splice", 7),
    ]  # fmt: skip


@pytest.mark.parametrize("left_out", [(), (0,), (1,), (4,), (0, 1, 2, 3, 4, 5, 6)])
def test_pangolin__needs_as_many_networks_of_every_tissue(tmp_path, left_out):
    paths, _ = write_pangolin(tmp_path, 2)
    kept = [path for i, path in enumerate(paths) if i not in left_out]
    if not left_out:
        assert read_state_dicts(kept).spec.n_networks == 8
        return
    with pytest.raises(WeightsError, match=f"^{len(kept)} files of Pangolin: equal numbers for its four tissues"):
        read_state_dicts(kept)


def test_pangolin__folder_as_published_has_more_files(tmp_path):
    """Beside the twelve networks: those of usage, which have odd numbers, and the first version of each."""
    paths, _ = write_pangolin(tmp_path, 1)
    expected = read_state_dicts(paths).tensors
    more = [tmp_path / name for name in ("final.1.0.3", "final.1.2.3", "final.1.1.3.v2", "final.1.7.3.v2")]
    for path in more:
        path.write_bytes(b"not looked at")
    found = read_state_dicts([*paths, *more]).tensors
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        np.testing.assert_array_equal(found[name], tensor, err_msg=name)


@pytest.mark.parametrize("name", ["heart.pt", "final.0.0.3.v2", "final.1.8.3.v2"])
def test_pangolin__needs_names_that_say_the_tissue(tmp_path, name):
    paths, _ = write_pangolin(tmp_path, 1)
    with pytest.raises(WeightsError, match=f"{name}: a name like final.1.0.3.v2 is expected"):
        read_state_dicts([*paths[1:], paths[0].rename(tmp_path / name)])


def test_pangolin__a_network_of_usage_alone_is_refused(tmp_path):
    paths, _ = write_pangolin(tmp_path, 1)
    with pytest.raises(WeightsError, match=r"final\.1\.1\.3\.v2: a name like final\.1\.0\.3\.v2 is expected"):
        read_state_dicts([paths[0].rename(tmp_path / "final.1.1.3.v2")])


# Both


class Runs:
    """Pickled code: it makes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_pickled_code__is_not_run(tmp_path):
    proof = tmp_path / "proof"
    state = published.openspliceai_state({}, 0) | {"initial_conv.weight": torch.zeros(1), "x": Runs(proof)}
    torch.save(state, tmp_path / "model.pt")
    (tmp_path / "old.pt").write_bytes(pickle.dumps(Runs(proof)))
    for name in ("model.pt", "old.pt"):
        with pytest.raises(WeightsError, match=f"{name} are not a PyTorch file of tensors, or are cut short"):
            read_state_dicts([tmp_path / name])
    assert not proof.exists()
    # It would have been.
    torch.load(tmp_path / "model.pt", weights_only=False)
    assert proof.exists()


@pytest.mark.parametrize("part", ["nothing", "head", "half", "all but the end"])
def test_cut_file__is_refused(tmp_path, part):
    [path], _ = write_openspliceai(tmp_path, 80, 1)
    raw = path.read_bytes()
    length = {"nothing": 0, "head": 100, "half": len(raw) // 2, "all but the end": len(raw) - 30}[part]
    path.write_bytes(raw[:length])
    with pytest.raises(WeightsError, match="are not a PyTorch file of tensors, or are cut short"):
        read_state_dicts([path])


@pytest.mark.parametrize(
    "raw", [b"x", b"<!DOCTYPE html>\n", b"PK\x03\x04" + bytes(200), b"\x80\x02.", b"\x80\x04K\x01.", bytes(64)]
)
def test_other_file__is_refused(tmp_path, raw):
    (tmp_path / "model.pt").write_bytes(raw)
    with pytest.raises(WeightsError, match=r"model\.pt are not a (PyTorch file|state dict)"):
        read_state_dicts([tmp_path / "model.pt"])


def test_missing_file__is_told(tmp_path):
    with pytest.raises(WeightsError, match=r"none\.pt cannot be read: No such file or directory"):
        read_state_dicts([tmp_path / "none.pt"])


@pytest.mark.parametrize(
    "content", [{"model": {"a": torch.zeros(1)}}, [torch.zeros(1)], torch.zeros(1), {"step": 3}, {0: torch.zeros(1)}]
)
def test_file_of_something_else__is_told(tmp_path, content):
    with pytest.raises(WeightsError, match=r"are not a state dict: save the network's state_dict\(\)"):
        read_state_dicts([save(tmp_path / "model.pt", content)])


@pytest.mark.parametrize("content", [{}, {"conv1.weight": torch.zeros(2, 4, 1)}])
def test_state_dict__of_another_program_is_refused(tmp_path, content):
    with pytest.raises(WeightsError, match=r"^model\.pt: not the networks of OpenSpliceAI or of Pangolin\.$"):
        read_state_dicts([save(tmp_path / "model.pt", content)])


def test_models__do_not_mix(tmp_path):
    paths = write_openspliceai(tmp_path, 80, 1)[0] + write_pangolin(tmp_path, 1)[0]
    with pytest.raises(WeightsError, match="not the networks of OpenSpliceAI or of Pangolin"):
        read_state_dicts(paths)


@pytest.mark.parametrize(
    "lost", ["final_conv.bias", "residual_units.4.conv.weight", "residual_units.3.batchnorm2.bias"]
)
def test_lost_tensor__is_named(tmp_path, lost):
    [path], _ = write_openspliceai(tmp_path, 80, 1)
    state = torch.load(path, weights_only=True)
    del state[lost]
    with pytest.raises(WeightsError, match=f"{path} lack the tensor {lost}"):
        read_state_dicts([save(path, state)])


@pytest.mark.parametrize("tensor", [torch.zeros(2, 2), torch.zeros(())], ids=["matrix", "number"])
def test_kernel__of_another_rank_is_refused(tmp_path, tensor):
    [path], _ = write_openspliceai(tmp_path, 80, 1)
    state = torch.load(path, weights_only=True) | {"final_conv.weight": tensor}
    with pytest.raises(WeightsError, match="final_conv.weight"):
        read_state_dicts([save(path, state)])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_tensors__of_other_precisions_become_float32(tmp_path, dtype):
    [path], _ = write_openspliceai(tmp_path, 80, 1)
    state = {
        name: tensor.to(dtype) if tensor.is_floating_point() else tensor
        for name, tensor in torch.load(path, weights_only=True).items()
    }
    found = read_state_dicts([save(path, state)]).tensors
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(found["1.head.bias"], state["final_conv.bias"].float().numpy())
