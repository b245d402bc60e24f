// The ALT pass. Two buffers per edit hold the rows that it changes; rows beside them are read from what the REF pass kept.
#include <algorithm>

#include "denormals.hpp"
#include "passes.hpp"

using namespace spliceai;

namespace {

// Edits that run together: weights are read once for all of them, and their activations still fit in the caches.
constexpr int64_t kTogether = 8;

struct Range {
    long start, end;
    long length() const { return end - start; }
    bool operator!=(Range other) const { return start != other.start || end != other.end; }
    Range widened(long n) const { return {start - n, end + n}; }
};

Range range(const int64_t (&interval)[2]) { return {interval[0], interval[1]}; }

// Not empty, and close enough to 0 that no arithmetic on it overflows.
bool is_interval(const int64_t* interval) {
    return interval[0] >= -kMostPositions && interval[1] <= kMostPositions && interval[0] < interval[1];
}

// What an edit's buffers cover: `x` the inputs and outputs of all blocks, `middle` what lies between their convolutions.
struct Extent {
    Range x, middle;

    Extent(const spliceai_reach* reaches, int32_t n_blocks) : x(range(reaches[0].source)), middle(range(reaches[0].middle)) {
        for (int32_t i = 0; i < n_blocks; i++) {
            include(x, range(reaches[i].out));
            include(middle, range(reaches[i].middle));
        }
    }

    static void include(Range& all, Range other) { all = {std::min(all.start, other.start), std::max(all.end, other.end)}; }
    size_t floats() const { return size_t(x.length() + middle.length()) * kFeatures; }
};

// Whether intervals fit together: each convolution reads its output widened by its reach, and each block begins with the
// output of the block before.
bool are_consistent(const spliceai_network& network, const spliceai_reach* reaches) {
    Range source = range(reaches[0].source);
    for (int32_t i = 0; i < network.n_blocks; i++) {
        const spliceai_reach& block = reaches[i];
        const long reach = as_layer(*network.blocks[i].first).reach() / 2;
        for (const auto* interval : {&block.source, &block.window, &block.middle, &block.middle_window, &block.out})
            if (!is_interval(*interval)) return false;
        if (range(block.source) != source || range(block.window) != range(block.middle).widened(reach) ||
            range(block.middle_window) != range(block.out).widened(reach))
            return false;
        source = range(block.out);
    }
    return true;
}

// A buffer of one edit; its first row belongs to position `start`.
struct Buffer {
    float* rows;
    long start;
    float* at(long position) const { return rows + (position - start) * kFeatures; }
};

// The rows of the positions `wanted`: changed ones from the buffer, the others from REF.
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
        // In place: each input row is read as the residual before its output overwrites it.
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
    const DenormalsAsZero here;
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
