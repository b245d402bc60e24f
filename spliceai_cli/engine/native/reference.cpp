// The REF pass: valid convolutions on shrinking intervals, in two buffers.
#include <cstring>

#include "passes.hpp"

using namespace spliceai;

namespace {

// Copies what is to be kept of a layer that lies on positions h ... length - h - 1 of `rows`.
void keep(const spliceai_kept& kept, const float* rows) {
    std::memcpy(kept.to, rows + kept.first * kFeatures, size_t(kept.n) * kFeatures * sizeof(float));
}

bool is_within(const spliceai_kept& kept, long h, long length) {
    return kept.n == 0 || (kept.to && kept.n > 0 && kept.first >= h && kept.first <= length - h - kept.n);
}

// Every kept interval is one that the pass computes.
bool can_be_kept(const spliceai_network& network, const spliceai_kept* kept, long length) {
    long h = 0;
    for (int32_t i = 0; i < network.n_blocks; i++) {
        const long reach = as_layer(*network.blocks[i].first).reach() / 2;
        if (!is_within(kept[2 * i], h, length) || !is_within(kept[2 * i + 1], h + reach, length)) return false;
        h += 2 * reach;
    }
    return is_within(kept[2 * network.n_blocks], h, length);
}

struct Pass {
    const spliceai_network& network;
    const long length, flank;
    float* logits;
    float *x, *middle, *scratch;

    // Inputs and outputs lie at their positions of x and of middle. The block's output replaces its input, which it is
    // added to row by row.
    int32_t run_block(const Block& block, long h) {
        const long n_middle = length - 2 * (h + block.reach), n_out = n_middle - 2 * block.reach;
        const Plan first = make_plan(block.first.taps, block.first.dilation, n_middle);
        const Plan second = make_plan(block.second.taps, block.second.dilation, n_out);
        if (!is_packed(block.first, first) || !is_packed(block.second, second)) return SPLICEAI_UNPACKED;
        float* out = x + (h + 2 * block.reach) * kFeatures;
        float* between = middle + (h + block.reach) * kFeatures;
        const Sequence into{Window::whole(x + h * kFeatures, length - 2 * h), between, Window::zeros()};
        convolve({block.first_stage, &into, 1, n_middle}, first, scratch);
        const Sequence out_of{Window::whole(between, n_middle), out, Window::whole(out, n_out)};
        convolve({block.second_stage, &out_of, 1, n_out}, second, scratch);
        return SPLICEAI_OK;
    }

    void tap(const float* weights) {
        const long n = length - 2 * flank;
        if (weights) add_tap(weights, network.n_classes, Window::whole(x + flank * kFeatures, n), n, logits);
    }
};

}  // namespace

int64_t spliceai_reference_scratch(const spliceai_network* network, int64_t length) {
    if (check(network) || !is_length(length)) return 0;
    return scratch_bytes(size_t(length) * 2 * kFeatures + network_scratch(*network));
}

int32_t spliceai_reference(const spliceai_network* network, const uint8_t* codes, int64_t length, const spliceai_kept* kept,
                           float* logits, void* scratch, int64_t n_bytes) {
    if (const int32_t status = check(network)) return status;
    if (!codes || !logits || !scratch) return SPLICEAI_NULL;
    const long wide = flank(*network);
    if (!is_length(length) || length <= 2 * wide || !are_codes(codes, length)) return SPLICEAI_SHAPE;
    if (kept && !can_be_kept(*network, kept, length)) return SPLICEAI_SHAPE;
    if (n_bytes < spliceai_reference_scratch(network, length)) return SPLICEAI_SCRATCH;
    float* x = aligned(scratch);
    float* middle = x + length * kFeatures;
    Pass pass{*network, length, wide, logits, x, middle, middle + length * kFeatures};
    run_stem(*network, codes, length, x);
    begin_logits(*network, length - 2 * wide, logits);
    pass.tap(network->tap);
    long h = 0;
    for (int32_t i = 0; i < network->n_blocks; i++) {
        const Block block(*network, network->blocks[i]);
        if (kept) keep(kept[2 * i], x);
        if (const int32_t status = pass.run_block(block, h)) return status;
        if (kept) keep(kept[2 * i + 1], middle);
        h += 2 * block.reach;
        pass.tap(network->blocks[i].tap);
    }
    if (kept) keep(kept[2 * network->n_blocks], x);
    return SPLICEAI_OK;
}
