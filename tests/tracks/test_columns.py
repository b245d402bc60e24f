from __future__ import annotations

import numpy as np

from spliceai_cli.tracks.columns import Changes, Probabilities, changes


def test_probabilities__by_hand():
    columns = Probabilities(("acceptor", "donor"), least=0.5)
    values = np.array([[0.5, 0.1], [0.4, 0.4]], np.float32)
    assert columns.kept(values).tolist() == [[True, False], [False, False]]
    other = np.array([[0.2, 0.3], [0.6, 0.4]], np.float32)
    np.testing.assert_array_equal(columns.stronger(values, other), np.array([[0.5, 0.3], [0.6, 0.4]], np.float32))


def test_changes__by_hand():
    columns = Changes(("acceptor", "donor"), least=0.5)
    assert columns.names == (
        "acceptor_ref", "acceptor_alt", "acceptor_delta", "donor_ref", "donor_alt", "donor_delta",
    )  # fmt: skip
    ref = np.array([[0.75, 0.125]], np.float32)
    alt = np.array([[0.25, 0.25]], np.float32)
    values = changes(ref, alt)
    assert values.tolist() == [[0.75, 0.25, -0.5, 0.125, 0.25, 0.125]]
    # Kept by REF of the acceptor; neither REF nor ALT of the donor is large enough.
    assert columns.kept(values).tolist() == [[True, True, True, False, False, False]]
    # A loss counts as much as a gain; a track goes as a whole; the first of equals stays.
    other = np.array([[0.5, 0.75, 0.25, 0.5, 0.375, -0.125]], np.float32)
    assert columns.stronger(values, other).tolist() == values.tolist()
    assert columns.stronger(other, values).tolist() == [[0.75, 0.25, -0.5, 0.5, 0.375, -0.125]]
