"""Public objects shared by threads answer as they do alone; after a fork they answer too, or say at once why not."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from support import builders, toy_networks

from spliceai_cli import Compute, Scorer, Settings, Variant, load_model
from spliceai_cli.engine.native import choice
from spliceai_cli.engine.native.network import NativeNetwork
from spliceai_cli.engine.pytorch.computing import computing
from spliceai_cli.errors import UsageError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.averaging import GroupMean
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.scores.tissues import TISSUES

# Kernels long enough for the spectral form, beside short ones.
_BLOCKS = (BlockSpec(kernel=11, dilation=1), BlockSpec(kernel=41, dilation=10, is_tapped=True))
_SITES = NetworkSpec(name="sites", blocks=_BLOCKS, channels=16, n_networks=2)
_TISSUES = NetworkSpec(
    name="tissues",
    key="Tissues",
    blocks=_BLOCKS,
    channels=16,
    n_networks=2,
    scoring=TISSUES.name,
    classes=("unused", "used"),
    groups=("one", "two"),
)
# Computed by native kernels where they are built.
_NATIVE = NetworkSpec(
    name="native",
    key="Native",
    blocks=(BlockSpec(kernel=11, dilation=4), BlockSpec(kernel=41, dilation=3, is_tapped=True)),
    n_networks=2,
)
_MODELS = (_SITES, _TISSUES, _NATIVE)
_WAYS = [("incremental", "auto"), ("plain", "auto"), ("incremental", "torch")]
_N_VARIANTS = 24

# What a scorer or model is asked.
Question = Callable[[], object]


def _scores(scorer, variants):
    return [[str(score) for score in outcome.scores] for outcome in scorer.score(variants)]


def _probabilities(scorer, variant):
    return [array for profile in scorer.profiles(variant) for array in (profile.ref, profile.alt)]


def _is_equal(found, expected):
    """Equal to the bit, in lists too."""
    if isinstance(found, np.ndarray):
        return np.array_equal(found, expected)
    if isinstance(found, list):
        return len(found) == len(expected) and all(map(_is_equal, found, expected))
    return found == expected


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    bases = builders.random_bases(6000, seed=5)
    fasta = builders.write_fasta(folder / "genome.fa", {"1": bases})
    genes = [
        builders.gene("PLUS", "1", "+", 500, 3000, (500, 800), (2500, 3000)),
        builders.gene("MINUS", "1", "-", 2000, 5500, (2000, 2600), (5000, 5500)),
    ]
    table = builders.write_table(folder / "genes.txt", genes)
    weights = {
        spec.name: toy_networks.save(folder / spec.name, spec, toy_networks.random_tensors(spec)) for spec in _MODELS
    }
    chosen = random.Random(7)
    variants = []
    for pos in sorted(chosen.sample(range(600, 5400), _N_VARIANTS)):
        ref = bases[pos - 1 : pos - 1 + chosen.choice((1, 1, 1, 4, 30))]
        alt = ref[0] + "ACGTACGT"[: 3 * (len(ref) == 1)] if chosen.random() < 0.4 else ref[0]
        alt = alt if alt != ref else "ACGT"[("ACGT".index(ref) + 1) % 4]
        variants.append(Variant("1", pos, ref, alt))

    def names(models=_MODELS):
        return tuple(f"{spec.key}={weights[spec.name]}" for spec in models)

    def scorer(engine="incremental", kernels="auto", models=_MODELS):
        return Scorer(
            reference=fasta,
            annotation=table,
            settings=Settings(models=names(models), distance=50),
            compute=Compute(device="cpu", engine=engine, kernels=kernels),
        )

    def model(spec=_SITES):
        return load_model(str(weights[spec.name]), compute=Compute(device="cpu"))

    return SimpleNamespace(
        bases=bases, variants=variants, fasta=fasta, table=table, models=names(), scorer=scorer, model=model
    )


def _questions(world) -> list[Question]:
    """Every public method of one object of each kind."""
    asked: list[Question] = []
    for engine, kernels in _WAYS:
        scorer = world.scorer(engine, kernels)
        for first in range(0, _N_VARIANTS, 8):
            part = world.variants[first : first + 8]
            asked += [
                lambda s=scorer, p=part: _scores(s, p),
                lambda s=scorer, p=part: _interleaved(s, p),
                lambda s=scorer, v=part[0]: _probabilities(s, v),
            ]
    for spec in _MODELS:
        model = world.model(spec)
        asked += [lambda m=model, i=i: m.predict(world.bases[i : i + 900], strand="+-"[i % 2]) for i in range(4)]
    return asked


def _interleaved(scorer, variants):
    """Two iterators of one scorer, advanced in turn."""
    pairs = zip(scorer.score(variants), scorer.score(reversed(variants)), strict=True)
    return [[str(score) for score in outcome.scores] for pair in pairs for outcome in pair]


def _n_differences(questions: list[Question], *, n_threads: int, seconds: float) -> tuple[int, int]:
    """Answers that differ from those given alone, and all answers, when threads ask for so long."""
    alone = [question() for question in questions]
    deadline = time.monotonic() + seconds
    barrier = threading.Barrier(n_threads)

    def ask(seed):
        order = random.Random(seed)
        barrier.wait()
        n_asked = n_wrong = 0
        while time.monotonic() < deadline:
            i = order.randrange(len(questions))
            n_wrong += not _is_equal(questions[i](), alone[i])
            n_asked += 1
        return n_wrong, n_asked

    with ThreadPoolExecutor(n_threads) as pool:
        counts = list(pool.map(ask, range(n_threads)))
    return sum(wrong for wrong, _ in counts), sum(asked for _, asked in counts)


@pytest.mark.parametrize("n_threads", [2, 4])
@pytest.mark.usefixtures("one_thread")
def test_threads__answer_as_one_alone(world, n_threads):
    """Scratch memory of the spectral kernel used to be shared: nearly every answer of two threads was wrong."""
    n_wrong, n_asked = _n_differences(_questions(world), n_threads=n_threads, seconds=6)
    assert n_asked > n_threads
    assert n_wrong == 0, f"{n_wrong} of {n_asked} answers differ"


@pytest.mark.slow
@pytest.mark.weights
def test_threads__answer_as_one_alone_for_five_minutes(world, store, chr19):
    questions = _questions(world)
    scorer = Scorer(reference=chr19, annotation="grch38", distance=50, compute=Compute(device="cpu"))
    refs = scorer.reference.fetch("19", 38467721, 38467727).decode()
    variants = [Variant("19", 38467722 + i, ref, "C" if ref == "A" else "A") for i, ref in enumerate(refs)]
    model = load_model("spliceai", compute=Compute(device="cpu"))
    questions += [lambda: _scores(scorer, variants[:3]), lambda: _scores(scorer, variants[3:])]
    questions += [lambda: model.predict(world.bases[:500])]
    n_wrong, n_asked = _n_differences(questions, n_threads=4, seconds=300)
    assert n_wrong == 0, f"{n_wrong} of {n_asked} answers differ"


def test_reference__threads_and_forks_read_the_same_bases(tmp_path):
    """One open file has one position: two who move it read each other's bases."""
    bases = builders.random_bases(40 << 16, seed=3)
    fasta = builders.write_fasta(tmp_path / "long.fa", {"1": bases})
    reference = Reference(fasta)
    starts = [block << 16 for block in range(40)]

    def is_right(start):
        return reference.fetch("1", start, start + 1000).decode() == bases[start : start + 1000]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(is_right, starts * 3))
    reference = Reference(fasta)
    is_right(starts[0])
    with multiprocessing.get_context("fork").Pool(4, initializer=_keep, initargs=(is_right,)) as pool:
        assert all(pool.map(_call_kept, starts * 3))


def _keep(function):
    """For processes made by fork, which need not be sent what they have already."""
    _keep.function = function


def _call_kept(argument):
    return _keep.function(argument)


def test_computing__restores_flags_when_the_last_thread_leaves():
    matmul = torch.backends.cuda.matmul
    before = matmul.allow_tf32
    matmul.allow_tf32 = True
    first_is_in, first_may_leave = threading.Event(), threading.Event()

    def first():
        with computing(torch.device("cpu")):
            first_is_in.set()
            first_may_leave.wait(10)

    try:
        thread = threading.Thread(target=first)
        thread.start()
        first_is_in.wait(10)
        with computing(torch.device("cpu")):
            first_may_leave.set()
            thread.join(10)
            # The first thread to come has left; it must not switch TF32 on under this one.
            assert not matmul.allow_tf32
        assert matmul.allow_tf32
    finally:
        matmul.allow_tf32 = before


def test_computing__leaves_the_callers_denormals():
    for is_flushing in (True, False):
        torch.set_flush_denormal(is_flushing)
        with computing(torch.device("cpu")):
            assert sys.float_info.min / 2 == 0
        assert (sys.float_info.min / 2 == 0) is is_flushing


def _score_in_child(context, scorer, variants):
    return _in_child(context, lambda: _scores(scorer, variants))


def _in_child(context, call):
    """What a child answers within a minute."""
    receive, send = context.Pipe(duplex=False)
    child = context.Process(target=lambda: send.send(call()))
    child.start()
    try:
        assert receive.poll(60), "the child hangs"
        return receive.recv()
    finally:
        child.kill()
        child.join()


@pytest.fixture
def openmp():
    """Threads of OpenMP, which a child does not have and would wait for."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(2)
    torch.ones(1 << 20).cos()
    yield
    torch.set_num_threads(n_threads)


@pytest.mark.usefixtures("openmp")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork__child_scores_after_the_parent_has(world):
    scorer = world.scorer()
    expected = _scores(scorer, world.variants)
    context = multiprocessing.get_context("fork")
    assert _score_in_child(context, scorer, world.variants) == expected
    # Other threads of the parent are computing at the time of the fork.
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(lambda: [_scores(scorer, world.variants) for _ in range(3)])
        assert _score_in_child(context, scorer, world.variants) == expected
        assert busy.result() == [expected] * 3


@pytest.mark.parametrize(
    ("kernels", "workers"),
    [("auto", "device='cpu'"), ("torch", "device='cpu'"), ("torch", "workers=2"), ("torch", "device='cpu,cpu'")],
)
def test_thread__goes_on_after_the_main_thread_has_ended(world, kernels, workers):
    """Python starts no pool of threads any more then; the thread ended with an error, and the exit code was 0."""
    texts = list(map(str, world.variants))
    code = (
        "import threading\nfrom spliceai_cli import Compute, Scorer, Settings\n"
        f"scorer = Scorer(reference={str(world.fasta)!r}, annotation={str(world.table)!r},\n"
        f"    settings=Settings(models={world.models!r}, distance=50),\n"
        f"    compute=Compute(kernels={kernels!r}, {workers}))\n"
        "def work():\n    threading.main_thread().join()\n"
        f"    for outcome in scorer.score({texts!r}):\n"
        "        print(*outcome.scores)\n"
        "threading.Thread(target=work).start()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    expected = [" ".join(scores) for scores in _scores(world.scorer(kernels=kernels), world.variants)]
    assert done.stdout.splitlines() == expected


@pytest.mark.usefixtures("openmp")
@pytest.mark.parametrize(("engine", "kernels"), _WAYS)
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork__child_scores_before_the_parent_has(world, engine, kernels):
    """The child makes the kernels, too."""
    scorer = world.scorer(engine, kernels)
    found = _score_in_child(multiprocessing.get_context("fork"), scorer, world.variants)
    assert found == _scores(scorer, world.variants)


@pytest.mark.usefixtures("openmp")
@pytest.mark.parametrize("spec", _MODELS, ids=lambda spec: spec.name)
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork__child_predicts_before_the_parent_has(world, spec):
    model = world.model(spec)
    found = _in_child(multiprocessing.get_context("fork"), lambda: model.predict(world.bases[:900]))
    np.testing.assert_array_equal(found, model.predict(world.bases[:900]))


@pytest.mark.usefixtures("openmp")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork__child_opens_its_own(world):
    """With weights of a convolution that PyTorch copies on several threads."""
    context = multiprocessing.get_context("fork")
    found = _in_child(context, lambda: [_scores(world.scorer(*way), world.variants) for way in _WAYS])
    assert found == [_scores(world.scorer(*way), world.variants) for way in _WAYS]


needs_native = pytest.mark.skipif(choice.choose().library is None, reason="native kernels are not built")


def _many(world):
    """Enough for one window."""
    return [
        Variant("1", pos, world.bases[pos - 1], alt)
        for pos in range(700, 1500)
        for alt in "ACGT"
        if alt != world.bases[pos - 1]
    ]


def _computing_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("spliceai")]


@pytest.fixture
def no_garbage():
    """Python drops an interrupt that meets a finalizer, and what earlier tests have left has many."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@needs_native
@pytest.mark.usefixtures("no_garbage")
def test_interrupt__ends_native_passes_at_once(world, monkeypatch):
    """Passes that wait for a thread are left out: all would take over a minute."""
    alternate = NativeNetwork.alternate
    monkeypatch.setattr(NativeNetwork, "alternate", lambda *a: time.sleep(0.2) or alternate(*a))
    scorer = world.scorer(models=(_NATIVE,))
    sent = []

    def interrupt():
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(1, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        _scores(scorer, _many(world))
    assert time.monotonic() - sent[0] < 2
    assert not _computing_threads()
    assert _scores(scorer, world.variants[:3])


@needs_native
def test_interrupt__between_networks_leaves_no_threads(world, monkeypatch):
    """Even while the traceback keeps everything alive."""

    def add(_mean, _values):
        raise KeyboardInterrupt

    monkeypatch.setattr(GroupMean, "add", add)
    with pytest.raises(KeyboardInterrupt) as caught:
        _scores(world.scorer(models=(_NATIVE,)), _many(world))
    assert not _computing_threads()
    with pytest.raises(KeyboardInterrupt) as caught_too:
        world.model(_NATIVE).predict(world.bases[:900])
    assert not _computing_threads()
    del caught, caught_too


@needs_native
def test_native_passes__memory_does_not_grow(world):
    """Scratch is used again, and weights are packed once, whatever the lengths."""
    scorer = world.scorer(models=(_NATIVE,))
    networks = scorer._station.runners[0].engine._passes._networks
    variants = _many(world)

    def held():
        packed = [layer.packed_bytes for network in networks for layers in network._layers for layer in layers]
        return sum(packed), len(networks[0]._pool._free)

    for first in range(0, 300, 30):
        _scores(scorer, variants[first : first + 300])
    before = held()
    for first in range(0, 900, 7):
        _scores(scorer, variants[first : first + 1 + first // 7])
    assert held()[1] <= torch.get_num_threads()
    most = [layer.most_packed_bytes for network in networks for layers in network._layers for layer in layers]
    assert before[0] <= held()[0] <= sum(most)


def _score_elsewhere(fasta, table, weights, variants):
    settings = Settings(models=(f"SpliceAI={weights}",), distance=50)
    return _scores(
        Scorer(reference=fasta, annotation=table, settings=settings, compute=Compute(device="cpu")), variants
    )


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_new_process__opens_its_own_scorer(world, method):
    folder = world.fasta.parent
    arguments = (world.fasta, folder / "genes.txt", folder / "sites", world.variants[:4])
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(_score_elsewhere, arguments) == _score_elsewhere(*arguments)


@pytest.mark.parametrize("send", [pickle.dumps, copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"])
def test_scorer_and_model__say_that_they_cannot_be_sent(world, send):
    scorer, model = world.scorer(), world.model()
    for bound, name in ((scorer, "Scorer"), (model, "Model"), (scorer.reference, "Reference")):
        with pytest.raises(UsageError, match=f"a {name} cannot be pickled or copied") as caught:
            send(bound)
        assert f"open a new {name}" in caught.value.hint


def test_scorer__sent_to_a_pool_says_so(world):
    scorer = world.scorer()
    with multiprocessing.get_context("spawn").Pool(1) as pool, pytest.raises(UsageError, match="a Scorer cannot"):
        pool.map(scorer.score, [world.variants[:1]])
