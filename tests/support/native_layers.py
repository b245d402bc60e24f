"""What a convolution is, and layers to try it on."""

from __future__ import annotations

import numpy as np


def literal(x, weight, bias, dilation):
    """The definition, in float64: y[o, p] = bias[o] + sum over i and t of weight[o, i, t] x[i, p + t dilation]."""
    n_taps = weight.shape[-1]
    n_outputs = x.shape[1] - (n_taps - 1) * dilation
    y = np.zeros((len(x), n_outputs, len(weight))) + bias.astype(np.float64)
    for t in range(n_taps):
        y += x[:, t * dilation : t * dilation + n_outputs].astype(np.float64) @ weight[:, :, t].T.astype(np.float64)
    return y


def random_layer(rng, kernel):
    """Weight (out, in, kernel) and bias, of outputs about 1."""
    weight = rng.standard_normal((32, 32, kernel)) / np.sqrt(32 * kernel)
    return weight.astype(np.float32), rng.standard_normal(32).astype(np.float32)


def random_input(rng, n, length):
    return rng.standard_normal((n, length, 32)).astype(np.float32)
