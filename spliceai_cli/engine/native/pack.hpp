// The transform of a kernel, as the products read it.
#pragma once

#include <cstddef>

namespace spliceai {

inline size_t packed_floats(int points) { return size_t(points / 2 + 1) * 2 * 32 * 32; }

// (taps, in, out) -> (points / 2 + 1, 2, in, out): real and imaginary part of each frequency.
void pack(const float* direct, int taps, int points, float* packed);

}  // namespace spliceai
