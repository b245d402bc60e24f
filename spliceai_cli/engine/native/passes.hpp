// What REF and ALT passes share: checks of a network, its blocks, stem and taps.
#pragma once

#include <cstdint>

#include "checks.hpp"

namespace spliceai {

constexpr int kCodes = 5;  // A C G T N

struct Block {
    Layer first, second;
    Stage first_stage, second_stage;
    long reach;  // half the reach of each convolution

    Block(const spliceai_network& network, const spliceai_block& block)
        : first(as_layer(*block.first)),
          second(as_layer(*block.second)),
          first_stage{&first, Function(network.function), Function(network.function), network.slope, block.scale, block.shift},
          second_stage{&second, Function::kNone, Function::kNone, 0, nullptr, nullptr},
          reach(first.reach() / 2) {}
    Block(const Block&) = delete;  // the stages point to the layers
};

// SPLICEAI_OK if nothing is missing, and both convolutions of each block have the same odd number of taps and the same
// dilation.
int32_t check(const spliceai_network* network);

// Context that a network needs on each side, in positions.
long flank(const spliceai_network& network);

bool are_codes(const uint8_t* codes, int64_t n);

// Floats of scratch for any convolution of a network.
size_t network_scratch(const spliceai_network& network);

// rows[p] = stem[codes[p]].
void run_stem(const spliceai_network& network, const uint8_t* codes, long n, float* rows);

// logits[p] = bias.
void begin_logits(const spliceai_network& network, long n, float* logits);

// logits[p] += tap rows[p]; `tap` is (classes, 32).
void add_tap(const float* tap, int n_classes, const Window& rows, long n, float* logits);

}  // namespace spliceai
