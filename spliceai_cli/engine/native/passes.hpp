// What REF and ALT passes share: a network, the stem, taps.
#pragma once

#include <cstdint>

#include "checks.hpp"

namespace spliceai {

constexpr int kCodes = 5;  // A C G T N

struct Block {
    Layer first, second;
    Stage first_stage, second_stage;
    long reach;  // half of that of a convolution

    Block(const spliceai_network& network, const spliceai_block& block)
        : first(as_layer(*block.first)),
          second(as_layer(*block.second)),
          first_stage{&first, Function(network.function), Function(network.function), network.slope, block.scale, block.shift},
          second_stage{&second, Function::kNone, Function::kNone, 0, nullptr, nullptr},
          reach(first.reach() / 2) {}
    Block(const Block&) = delete;  // the stages point into it
};

// A network that this library can compute, with all that it needs: kernels are odd and the same for both convolutions.
int32_t check(const spliceai_network* network);

// Half-reach of a network.
long flank(const spliceai_network& network);

bool are_codes(const uint8_t* codes, int64_t n);

// Floats of scratch for any convolution of a network.
size_t network_scratch(const spliceai_network& network);

// rows[p] = stem[codes[p]].
void run_stem(const spliceai_network& network, const uint8_t* codes, long n, float* rows);

// logits[p] = bias, or logits[p] += rows[p] tap for the (classes, 32) of a tap.
void begin_logits(const spliceai_network& network, long n, float* logits);
void add_tap(const float* tap, int n_classes, const Window& rows, long n, float* logits);

}  // namespace spliceai
