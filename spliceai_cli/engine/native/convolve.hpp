// One convolution over sequences: a plan, carried out.
#pragma once

#include "direct.hpp"
#include "spectral.hpp"

namespace spliceai {

inline size_t convolve_scratch(int taps, int dilation) {
    const size_t spectral = spectral_scratch(), direct = direct_scratch(taps, dilation);
    return spectral > direct ? spectral : direct;
}

// Bit i is set where a size is part of the plan: its weights have to be there.
inline unsigned sizes_of(const Plan& plan) {
    unsigned bits = 0;
    for (int i = 0; i < plan.n; i++)
        if (plan.stretch[i].size != kDirect) bits |= 1u << plan.stretch[i].size;
    return bits;
}

// Whether the weights that a plan needs are there.
inline bool is_packed(const Layer& layer, const Plan& plan) {
    for (int i = 0; i < plan.n; i++)
        if (plan.stretch[i].size != kDirect && !layer.spectral[plan.stretch[i].size]) return false;
    return layer.direct;
}

inline void convolve(const Job& job, const Plan& plan, float* scratch) {
    for (int i = 0; i < plan.n; i++) {
        const Stretch& stretch = plan.stretch[i];
        if (stretch.size == kDirect)
            run_direct(job, stretch, scratch);
        else
            run_spectral(job, stretch, scratch);
    }
}

}  // namespace spliceai
