// The ALT pass: what edits change, in two buffers an edit; what lies beside it is read where the REF pass left it.
#include <algorithm>

#include "passes.hpp"

using namespace spliceai;

namespace {

// Edits at a time: weights are read once for all of them, while their activations stay in the caches.
constexpr int64_t kTogether = 8;

struct Range {
    long start, end;
    long length() const { return end - start; }
    bool covers(Range other) const { return start <= other.start && other.end <= end; }
    Range widened(long n) const { return {start - n, end + n}; }
};

Range range(const int64_t (&of)[2]) { return {of[0], of[1]}; }

// Not empty, and so near to 0 that nothing made of it overflows.
bool is_interval(const int64_t* of) { return of[0] >= -kMost && of[1] <= kMost && of[0] < of[1]; }

// The positions of all blocks' inputs and outputs, and of their middles: where buffers begin and end.
struct Extent {
    Range x, middle;

    Extent(const spliceai_reach* reaches, int32_t n_blocks) : x(range(reaches[0].source)), middle(range(reaches[0].middle)) {
        for (int32_t i = 0; i < n_blocks; i++) {
            include(x, range(reaches[i].out));
            include(middle, range(reaches[i].middle));
        }
    }

    static void include(Range& all, Range one) { all = {std::min(all.start, one.start), std::max(all.end, one.end)}; }
    size_t floats() const { return size_t(x.length() + middle.length()) * kFeatures; }
};

// Intervals that belong together: what a convolution reads is its output and its reach.
bool are_consistent(const spliceai_network& network, const spliceai_reach* reaches) {
    Range source = range(reaches[0].source);
    for (int32_t i = 0; i < network.n_blocks; i++) {
        const spliceai_reach& one = reaches[i];
        const long reach = as_layer(*network.blocks[i].first).reach() / 2;
        for (const auto* of : {&one.source, &one.window, &one.middle, &one.middle_window, &one.out})
            if (!is_interval(*of)) return false;
        const Range middle = range(one.middle).widened(reach), out = range(one.out).widened(reach);
        if (!source.covers(range(one.source)) || !range(one.source).covers(source)) return false;
        if (!middle.covers(range(one.window)) || !range(one.window).covers(middle)) return false;
        if (!out.covers(range(one.middle_window)) || !range(one.middle_window).covers(out)) return false;
        source = range(one.out);
    }
    return true;
}

// A buffer of an edit: the row of position `start` comes first.
struct Buffer {
    float* rows;
    long start;
    float* at(long position) const { return rows + (position - start) * kFeatures; }
};

// The positions of `wanted`: changed ones from the buffer, those beside them from REF.
Window window(const spliceai_edit& edit, int32_t layer, const Buffer& buffer, Range changed, Range wanted) {
    const auto from_zero = [&](const float* row_of_zero) { return row_of_zero + wanted.start * kFeatures; };
    return {from_zero(edit.left[layer]), buffer.rows + (wanted.start - buffer.start) * kFeatures, from_zero(edit.right[layer]),
            changed.start - wanted.start, changed.end - wanted.start};
}

// Up to kTogether edits.
struct Pass {
    const spliceai_network& network;
    const spliceai_edit* edits;
    const int64_t n;
    const Range scored;
    float* const logits;
    float* const scratch;
    Buffer x[kTogether], middle[kTogether];

    void tap(const float* weights, int32_t layer, Range changed) {
        const long size = scored.length();
        for (int64_t i = 0; weights && i < n; i++)
            add_tap(weights, network.n_classes, window(edits[i], layer, x[i], changed, scored), size,
                    logits + i * size * network.n_classes);
    }

    int32_t run_block(const Block& block, int32_t index, const spliceai_reach& reach) {
        const Range source = range(reach.source), between = range(reach.middle), out = range(reach.out);
        const Plan first = make_plan(block.first.taps, block.first.dilation, between.length());
        const Plan second = make_plan(block.second.taps, block.second.dilation, out.length());
        if (!is_packed(block.first, first) || !is_packed(block.second, second)) return SPLICEAI_UNPACKED;
        Sequence sequences[kTogether];
        for (int64_t i = 0; i < n; i++)
            sequences[i] = {window(edits[i], 2 * index, x[i], source, range(reach.window)), middle[i].at(between.start),
                            Window::zeros()};
        convolve({block.first_stage, sequences, n, between.length()}, first, scratch);
        // Every row of the input is read as a residual before the output's takes its place.
        for (int64_t i = 0; i < n; i++)
            sequences[i] = {window(edits[i], 2 * index + 1, middle[i], between, range(reach.middle_window)),
                            x[i].at(out.start), window(edits[i], 2 * index, x[i], source, out)};
        convolve({block.second_stage, sequences, n, out.length()}, second, scratch);
        return SPLICEAI_OK;
    }

    int32_t run(const spliceai_reach* reaches) {
        const Range changed = range(reaches[0].source);
        for (int64_t i = 0; i < n; i++) run_stem(network, edits[i].codes, changed.length(), x[i].at(changed.start));
        begin_logits(network, n * scored.length(), logits);
        tap(network.tap, 0, changed);
        for (int32_t i = 0; i < network.n_blocks; i++) {
            const Block block(network, network.blocks[i]);
            if (const int32_t status = run_block(block, i, reaches[i])) return status;
            tap(network.blocks[i].tap, 2 * (i + 1), range(reaches[i].out));
        }
        return SPLICEAI_OK;
    }
};

}  // namespace

double spliceai_alternate_operations(const spliceai_network* network, const spliceai_reach* reaches) {
    if (check(network) || !reaches || !are_consistent(*network, reaches)) return 0;
    double sum = 0;
    for (int32_t i = 0; i < network->n_blocks; i++) {
        const Layer layer = as_layer(*network->blocks[i].first);
        for (const Range outputs : {range(reaches[i].middle), range(reaches[i].out)})
            sum += operations(make_plan(layer.taps, layer.dilation, outputs.length()), layer.taps, layer.dilation);
    }
    return sum;
}

int64_t spliceai_alternate_scratch(const spliceai_network* network, const spliceai_reach* reaches, int64_t n) {
    if (check(network) || !reaches || !are_consistent(*network, reaches) || n < 1) return 0;
    const size_t together = size_t(std::min(n, kTogether));
    return scratch_bytes(together * Extent(reaches, network->n_blocks).floats() + network_scratch(*network));
}

int32_t spliceai_alternate(const spliceai_network* network, const spliceai_reach* reaches, const int64_t* scored,
                           const spliceai_edit* edits, int64_t n, float* logits, void* scratch, int64_t n_bytes) {
    if (const int32_t status = check(network)) return status;
    if (!reaches || !scored || !edits || !logits || !scratch) return SPLICEAI_NULL;
    if (n < 1 || !is_interval(scored) || !are_consistent(*network, reaches)) return SPLICEAI_SHAPE;
    const Range changed = range(reaches[0].source);
    for (int64_t i = 0; i < n; i++) {
        if (!edits[i].codes || !edits[i].left || !edits[i].right) return SPLICEAI_NULL;
        if (!are_codes(edits[i].codes, changed.length())) return SPLICEAI_SHAPE;
    }
    if (n_bytes < spliceai_alternate_scratch(network, reaches, n)) return SPLICEAI_SCRATCH;
    const Extent extent(reaches, network->n_blocks);
    const Range positions{scored[0], scored[1]};
    float* const buffers = aligned(scratch);
    for (int64_t first = 0; first < n; first += kTogether) {
        const int64_t count = std::min(kTogether, n - first);
        float* const rest = buffers + size_t(std::min(n, kTogether)) * extent.floats();
        Pass pass{*network, edits + first, count, positions, logits + first * positions.length() * network->n_classes, rest, {}, {}};
        for (int64_t i = 0; i < count; i++) {
            float* own = buffers + size_t(i) * extent.floats();
            pass.x[i] = {own, extent.x.start};
            pass.middle[i] = {own + extent.x.length() * kFeatures, extent.middle.start};
        }
        if (const int32_t status = pass.run(reaches)) return status;
    }
    return SPLICEAI_OK;
}
