// Convolution of a stretch by transforms of one length (overlap-save).
#pragma once

#include <cstddef>

#include "plan.hpp"

namespace spliceai {

// Floats that any stretch needs beside its inputs and outputs.
size_t spectral_scratch();

void run_spectral(const Job& job, const Stretch& stretch, float* scratch);

}  // namespace spliceai
