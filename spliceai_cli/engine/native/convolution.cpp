// The part of the interface that is about single convolutions.
#include "checks.hpp"
#include "pack.hpp"

using namespace spliceai;

static_assert(kSizes == SPLICEAI_SIZES);

namespace {

// Sequences at a time: descriptions of them live on the stack.
constexpr int64_t kTogether = 64;

bool is_size(int32_t size) { return size >= 0 && size < kSizes; }

}  // namespace

int32_t spliceai_interface(void) { return SPLICEAI_INTERFACE; }

int32_t spliceai_points(int32_t size) { return is_size(size) ? kSize[size].points : 0; }

int64_t spliceai_packed_floats(int32_t size) { return is_size(size) ? int64_t(packed_floats(kSize[size].points)) : 0; }

int32_t spliceai_sizes(int32_t taps, int32_t dilation, int64_t n_outputs) {
    if (!is_kernel(taps, dilation) || n_outputs < 0 || n_outputs > kMost) return 0;
    if (n_outputs) return int32_t(sizes_of(make_plan(taps, dilation, n_outputs)));
    int32_t bits = 0;
    for (int size = 0; size < kSizes; size++) bits |= is_used(size, taps) << size;
    return bits;
}

int32_t spliceai_pack(const float* direct, int32_t taps, int32_t size, float* packed) {
    if (!direct || !packed) return SPLICEAI_NULL;
    if (!is_size(size) || taps < 1 || taps > kSize[size].points) return SPLICEAI_SHAPE;
    pack(direct, taps, kSize[size].points, packed);
    return SPLICEAI_OK;
}

int64_t spliceai_scratch(int32_t taps, int32_t dilation) {
    return is_kernel(taps, dilation) ? scratch_bytes(convolve_scratch(taps, dilation)) : 0;
}

int32_t spliceai_convolve(const spliceai_stage* stage, const float* input, int64_t input_stride, int64_t n, int64_t length,
                          const float* residual, int64_t residual_stride, float* output, int64_t output_stride,
                          void* scratch, int64_t n_bytes) {
    if (const int32_t status = check(stage)) return status;
    const Layer layer = as_layer(*stage->layer);
    if (n < 0 || !is_length(length) || length <= layer.reach()) return SPLICEAI_SHAPE;
    if (n == 0) return SPLICEAI_OK;
    const int64_t n_outputs = length - layer.reach();
    if (!input || !output || !scratch) return SPLICEAI_NULL;
    if (residual && stage->exit != SPLICEAI_NONE) return SPLICEAI_SHAPE;
    if (n_bytes < spliceai_scratch(layer.taps, layer.dilation)) return SPLICEAI_SCRATCH;
    const Plan plan = make_plan(layer.taps, layer.dilation, n_outputs);
    if (!is_packed(layer, plan)) return SPLICEAI_UNPACKED;
    for (int64_t first = 0; first < n; first += kTogether) {
        Sequence sequences[kTogether];
        const int64_t count = std::min(kTogether, n - first);
        for (int64_t i = 0; i < count; i++) {
            const int64_t j = first + i;
            sequences[i] = {Window::whole(input + j * input_stride, length), output + j * output_stride,
                            residual ? Window::whole(residual + j * residual_stride, n_outputs) : Window::zeros()};
        }
        convolve({as_stage(*stage, layer), sequences, count, n_outputs}, plan, aligned(scratch));
    }
    return SPLICEAI_OK;
}

int32_t spliceai_convolve_by(int32_t size, const spliceai_stage* stage, const float* input, int64_t length, float* output,
                             void* scratch, int64_t n_bytes) {
    if (const int32_t status = check(stage)) return status;
    const Layer layer = as_layer(*stage->layer);
    if (!is_length(length) || length <= layer.reach()) return SPLICEAI_SHAPE;
    const int64_t n_outputs = length - layer.reach();
    if (size != kDirect && (!is_size(size) || block_outputs(kSize[size].points, layer.taps) < 1)) return SPLICEAI_SHAPE;
    if (!input || !output || !scratch) return SPLICEAI_NULL;
    if (n_bytes < spliceai_scratch(layer.taps, layer.dilation)) return SPLICEAI_SCRATCH;
    const Plan plan{1, {{size, 0, n_outputs}}};
    if (!is_packed(layer, plan)) return SPLICEAI_UNPACKED;
    const Sequence sequence{Window::whole(input, length), output, Window::zeros()};
    convolve({as_stage(*stage, layer), &sequence, 1, n_outputs}, plan, aligned(scratch));
    return SPLICEAI_OK;
}
