// What the interface refuses.
#pragma once

#include "convolve.hpp"
#include "spliceai.h"

namespace spliceai {

// So that no product of a length, 32 and a kernel overflows.
constexpr int64_t kMost = int64_t(1) << 40;
constexpr int32_t kMostTaps = 1 << 12, kMostDilation = 1 << 20;
constexpr long kAlignment = 64;

inline bool is_kernel(int32_t taps, int32_t dilation) {
    return taps > 0 && taps <= kMostTaps && dilation > 0 && dilation <= kMostDilation;
}

inline bool is_length(int64_t length) { return length > 0 && length <= kMost; }

inline bool is_function(int32_t function) { return function >= SPLICEAI_NONE && function <= SPLICEAI_GELU; }

// Bytes of scratch for so many floats, wherever it begins.
inline int64_t scratch_bytes(size_t floats) { return int64_t(floats * sizeof(float)) + kAlignment; }

inline float* aligned(void* scratch) {
    const auto address = reinterpret_cast<uintptr_t>(scratch);
    return reinterpret_cast<float*>((address + kAlignment - 1) / kAlignment * kAlignment);
}

inline int32_t check(const spliceai_layer* layer) {
    if (!layer || !layer->bias || !layer->direct) return SPLICEAI_NULL;
    return is_kernel(layer->taps, layer->dilation) ? SPLICEAI_OK : SPLICEAI_SHAPE;
}

inline int32_t check(const spliceai_stage* stage) {
    if (!stage) return SPLICEAI_NULL;
    if (!is_function(stage->entry) || !is_function(stage->exit)) return SPLICEAI_SHAPE;
    if (stage->entry != SPLICEAI_NONE && (!stage->scale || !stage->shift)) return SPLICEAI_NULL;
    return check(stage->layer);
}

inline Layer as_layer(const spliceai_layer& layer) {
    Layer out{layer.taps, layer.dilation, layer.bias, layer.direct, {}};
    std::copy(layer.spectral, layer.spectral + kSizes, out.spectral);
    return out;
}

inline Stage as_stage(const spliceai_stage& stage, const Layer& layer) {
    return {&layer, Function(stage.entry), Function(stage.exit), stage.slope, stage.scale, stage.shift};
}

}  // namespace spliceai
