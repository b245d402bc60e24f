#include "passes.hpp"

#include <algorithm>
#include <cstring>

namespace spliceai {

int32_t check(const spliceai_network* network) {
    if (!network || !network->stem || !network->tap || !network->bias || !network->blocks) return SPLICEAI_NULL;
    if (network->n_blocks < 1 || network->n_classes < 1) return SPLICEAI_SHAPE;
    if (network->function == SPLICEAI_NONE || !is_function(network->function)) return SPLICEAI_SHAPE;
    for (int32_t i = 0; i < network->n_blocks; i++) {
        const spliceai_block& block = network->blocks[i];
        if (!block.scale || !block.shift) return SPLICEAI_NULL;
        for (const spliceai_layer* layer : {block.first, block.second})
            if (const int32_t status = check(layer)) return status;
        if (block.first->taps % 2 == 0 || block.first->taps != block.second->taps ||
            block.first->dilation != block.second->dilation)
            return SPLICEAI_SHAPE;
    }
    return SPLICEAI_OK;
}

long flank(const spliceai_network& network) {
    long sum = 0;
    for (int32_t i = 0; i < network.n_blocks; i++) sum += as_layer(*network.blocks[i].first).reach();
    return sum;
}

bool are_codes(const uint8_t* codes, int64_t n) {
    return std::all_of(codes, codes + n, [](uint8_t code) { return code < kCodes; });
}

size_t network_scratch(const spliceai_network& network) {
    size_t most = 0;
    for (int32_t i = 0; i < network.n_blocks; i++)
        most = std::max(most, convolve_scratch(network.blocks[i].first->taps, network.blocks[i].first->dilation));
    return most;
}

void run_stem(const spliceai_network& network, const uint8_t* codes, long n, float* rows) {
    for (long p = 0; p < n; p++)
        std::memcpy(rows + p * kFeatures, network.stem + codes[p] * kFeatures, kFeatures * sizeof(float));
}

void begin_logits(const spliceai_network& network, long n, float* logits) {
    for (long p = 0; p < n; p++) std::copy_n(network.bias, network.n_classes, logits + p * network.n_classes);
}

void add_tap(const float* tap, int n_classes, const Window& rows, long n, float* logits) {
    for (long p = 0; p < n; p++) {
        const float* row = rows.row(p);
        for (int c = 0; c < n_classes; c++) {
            Vector sum{};
            each<kVectors>([&](auto h) ALWAYS_INLINE {
                sum += load(row + h * kLanes) * load(tap + c * kFeatures + h * kLanes);
            });
            float total = 0;
            for (int i = 0; i < kLanes; i++) total += sum[i];
            logits[p * n_classes + c] += total;
        }
    }
}

}  // namespace spliceai
