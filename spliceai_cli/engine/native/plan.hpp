// Which outputs of a convolution are computed by transforms of which length, and which directly.
#pragma once

#include "layer.hpp"

namespace spliceai {

constexpr int kDirect = -1;

// Outputs first ... first + n - 1 by transforms of a size, an index of kSize, or kDirect.
struct Stretch {
    int size;
    long first, n;
};

struct Plan {
    int n;
    Stretch stretch[2];
};

// A block of N points of one dilation phase has so many outputs.
inline long block_outputs(int points, int taps) { return points - taps + 1; }

// Blocks of all dilation phases that cover `n` outputs.
inline long block_count(long n, long outputs, long dilation) {
    if (n <= 0) return 0;
    const long full = (n - 1) / (outputs * dilation);
    const long rest = n - full * outputs * dilation;
    return full * dilation + (rest < dilation ? rest : dilation);
}

// Whether a layer has weights for a size: a longer one would save next to nothing, a shorter one waste most of a block.
bool is_used(int size, int taps);

// The cheapest plan, by taps, dilation and the number of outputs alone: what one sequence gets may not depend on those
// beside it.
Plan make_plan(int taps, int dilation, long n_outputs);

// Floating-point operations of a plan: products, and transforms at 5 N log2 N.
double operations(const Plan& plan, int taps, int dilation);

}  // namespace spliceai
