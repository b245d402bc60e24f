#include "direct.hpp"

#include <algorithm>

#include "products.hpp"

namespace spliceai {

namespace {

// Outputs at a time: their inputs stay in the caches.
constexpr long kChunk = 20 * kRows;

// Rows between those of two taps: where the outputs are fewer than the dilation, rows between their taps are left out.
long tap_stride(long n_outputs, long dilation) { return std::min(n_outputs, dilation); }

// The inputs of `n` outputs, as they enter the products: all that one tap reads side by side, taps `stride` rows apart.
template <class Entry>
void gather_inputs(const Stage& stage, const Entry& entry, const Window& input, long first, long n, float* to) {
    const long dilation = stage.layer->dilation, stride = tap_stride(n, dilation);
    for (int h = 0; h < kVectors; h++) {
        const auto lane = entry.lane(h);
        float* row = to + h * kLanes;
        for (int i = 0; i < stage.layer->taps; i++) {
            const long n_rows = i + 1 < stage.layer->taps ? stride : n;
            for (long p = first + i * dilation, end = p + n_rows; p < end; p++, row += kFeatures)
                store(row, lane(load(input.row(p) + h * kLanes)));
        }
    }
}

// T outputs side by side.
template <int T, class Exit>
void tile(const Layer& layer, const Exit& exit, const float* inputs, long stride, const float* residual, float* output) {
    for (int c = 0; c < kVectors; c += kColumns) {
        Vector sums[T][kColumns] = {};
        for (int i = 0; i < layer.taps; i++) {
            const float* matrix = layer.direct + i * kMatrix + c * kLanes;
            multiply_add<T>(sums, inputs + i * stride * kFeatures, kFeatures,
                            [=](int k, int j) ALWAYS_INLINE { return load(matrix + k * kFeatures + j * kLanes); });
        }
        each<kColumns>([&](auto j) ALWAYS_INLINE {
            const auto lane = exit.lane(c + j);
            each<T>([&](auto t) ALWAYS_INLINE {
                const float* row = Exit::kHasResidual ? residual + t * kFeatures : nullptr;
                store(output + t * kFeatures + (c + j) * kLanes, lane(sums[t][j], row));
            });
        });
    }
}

template <class Exit>
void run_chunk(const Layer& layer, const Exit& exit, const float* inputs, long n, const float* residual, float* output) {
    const long stride = tap_stride(n, layer.dilation);
    long t = 0;
    const auto tiles_of = [&](auto size) {
        for (; t + size <= n; t += size)
            tile<size>(layer, exit, inputs + t * kFeatures, stride, residual + t * kFeatures, output + t * kFeatures);
    };
    tiles_of(std::integral_constant<int, kRows>{});
    tiles_of(std::integral_constant<int, kRows / 3>{});
    tiles_of(std::integral_constant<int, 1>{});
}

}  // namespace

size_t direct_scratch(int taps, int dilation) {
    return size_t(kChunk + tap_stride(kChunk, dilation) * (taps - 1) + kChunk) * kFeatures;
}

void run_direct(const Job& job, const Stretch& stretch, float* scratch) {
    const Layer& layer = *job.stage.layer;
    float *residual = scratch, *inputs = scratch + kChunk * kFeatures;
    for (long i = 0; i < job.n_sequences; i++) {
        const Sequence& sequence = job.sequences[i];
        for (long done = 0; done < stretch.n; done += kChunk) {
            const long n = std::min(kChunk, stretch.n - done), first = stretch.first + done;
            with_entry(job.stage, [&](auto entry) { gather_inputs(job.stage, entry, sequence.input, first, n, inputs); });
            with_exit(job.stage, [&](auto exit) {
                if (exit.kHasResidual)
                    for (long p = 0; p < n; p++)
                        std::memcpy(residual + p * kFeatures, sequence.residual.row(first + p), sizeof kZeroRow);
                run_chunk(layer, exit, inputs, n, residual, sequence.output + first * kFeatures);
            });
        }
    }
}

}  // namespace spliceai
