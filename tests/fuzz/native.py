"""``make fuzz``: native kernels on random layers, stacks of blocks, lengths and edits, against float64.

Each case is made from one number; ``--seed`` begins with it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import native_networks as networks
from support.native_layers import FUNCTIONS, Convolution, literal, random_input, random_layer

from spliceai_cli.engine import native
from spliceai_cli.engine.native.choice import instruction_sets, load
from spliceai_cli.engine.native.interface import NONE
from spliceai_cli.engine.native.library import Library
from spliceai_cli.engine.native.memory import Pool
from spliceai_cli.engine.native.network import NativeNetwork

# As a part of the largest value.
TOLERANCE = 5e-6


def main() -> int:
    """Run cases until the time is over or one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0, help="number of the first case")
    chosen = parser.parse_args()
    supported = instruction_sets([Path(folder) for folder in native.__path__])
    if isinstance(supported, str):
        print(f"no native kernels: {supported}")
        return 0
    libraries = [load(name) for name in supported]
    largest = {(library.instruction_set, case.__name__): 0.0 for library in libraries for case in CASES}
    deadline, seed = time.monotonic() + chosen.seconds, chosen.seed
    while time.monotonic() < deadline:
        case = CASES[seed % len(CASES)]
        for library in libraries:
            error = case(library, np.random.default_rng(seed))
            name = library.instruction_set, case.__name__
            largest[name] = max(largest[name], error)
            if not error <= TOLERANCE:
                print(f"FAILED {' '.join(name)}: --seed {seed}: {error:.1e}")
                return 1
        seed += 1
    for (instruction_set, name), error in largest.items():
        print(f"{instruction_set} {name}: {(seed - chosen.seed) // len(CASES)} cases, largest error {error:.1e}")
    return 0


def convolution(library: Library, rng: np.random.Generator) -> float:
    """One layer, with whatever surrounds it."""
    kernel, dilation = int(rng.integers(1, rng.choice([12, 50, 210]))), int(rng.integers(1, rng.choice([3, 40, 400])))
    n, n_outputs = int(rng.choice([1, 1, 2, 5])), int(rng.integers(1, rng.choice([8, 200, 3000])))
    # The definition is slow.
    n_outputs = min(n_outputs, 1 + 100_000 // (n * kernel))
    weight, bias = random_layer(rng, kernel)
    scale, shift = rng.standard_normal((2, 32)).astype(np.float32)
    kind, slope, function = FUNCTIONS[str(rng.choice(list(FUNCTIONS)))]
    enters, leaves = rng.integers(2, size=2)
    layer = Convolution(
        library, weight, bias, dilation, entry=kind if enters else NONE, leave=kind if leaves else NONE, slope=slope,
        scale=scale, shift=shift,
    )  # fmt: skip
    x = random_input(rng, n, n_outputs + layer.layer.reach)
    residual = None if leaves or rng.integers(2) else random_input(rng, n, n_outputs)
    before = function(x.astype(np.float64) * scale + shift) if enters else x
    expected = literal(before, weight, bias, dilation)
    if leaves:
        expected = function(expected)
    return _error(layer(x, residual), expected if residual is None else expected + residual)


def stack(library: Library, rng: np.random.Generator) -> float:
    """REF and ALT of a network; ALT in a batch, and what REF keeps."""
    spec = networks.random_spec(rng)
    folded = networks.random_folded(spec, int(rng.integers(1 << 30)))
    network = NativeNetwork(library, Pool(), folded)
    length = int(rng.integers(1, 700))
    strand = networks.Strand.random(rng, length)
    distance = int(rng.choice([0, 3, 50, 120]))
    n_ref, n_alt = (int(rng.choice([0, 1, 1, 2, 30, 300])) for _ in range(2))
    place = int(rng.integers(0, length))
    n_ref = min(n_ref, length - place)
    alts = {bytes(rng.choice(list(b"ACGT"), n_alt)) for _ in range(rng.choice([1, 3, 10]))}
    edits = [strand.edit(place, n_ref, alt, distance) for alt in alts]
    batches = {edit.geometry: [other for other in edits if other.geometry == edit.geometry] for edit in edits}
    errors = []
    for members in batches.values():
        batch = networks.batch_of(spec, members)
        reference = networks.reference_of(network, spec, members, batch)
        found = network.alternate(batch, {0: reference.kept})
        start = min(p.ref_hull.start for p in members) - spec.flank
        end = max(p.ref_hull.end for p in members) + spec.flank
        codes = members[0].edit.ref_codes(networks.Interval(start, end))
        errors.append(_error(reference.logits, networks.literal_values(folded, codes).logits))
        i = int(rng.integers(len(members)))
        expected = networks.literal_values(folded, networks.alternate_codes(spec, members[i])).logits
        errors.append(_error(found[i], expected))
    return max(errors)


#: Called in turn.
CASES: list[Callable[[Library, np.random.Generator], float]] = [convolution, stack]


def _error(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference as a part of the largest value; NaN for NaN."""
    assert found.shape == expected.shape
    return float(abs(found - expected).max() / max(1.0, abs(expected).max()))


if __name__ == "__main__":
    sys.exit(main())
