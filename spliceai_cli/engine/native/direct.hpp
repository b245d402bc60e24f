// Convolution of a stretch by its definition: for few outputs, and for kernels too short or too long to transform.
#pragma once

#include <cstddef>

#include "plan.hpp"

namespace spliceai {

// Floats that a stretch of a layer needs beside its inputs and outputs.
size_t direct_scratch(int taps, int dilation);

void run_direct(const Job& job, const Stretch& stretch, float* scratch);

}  // namespace spliceai
