// A convolution 32 -> 32: its weights, what surrounds it, and the sequences that it runs over.
#pragma once

#include "activation.hpp"
#include "sizes.hpp"
#include "window.hpp"

namespace spliceai {

// Weights. `direct` is (taps, in, out); `spectral` holds for each size (frequencies, 2, in, out), see pack.cpp, or null.
struct Layer {
    int taps, dilation;
    const float* bias;
    const float* direct;
    const float* spectral[kSizes];

    long reach() const { return long(taps - 1) * dilation; }  // outputs are so many fewer than inputs
};

enum class Function { kNone = 0, kRectify = 1, kGelu = 2 };

// One convolution of a residual block. The first one has an entry and an activation; the second one neither, and adds a
// residual.
struct Stage {
    const Layer* layer;
    Function entry, exit;
    float slope;                 // of both
    const float *scale, *shift;  // of the entry
};

// Output t is made of inputs t ... t + reach, and of row t of the residual.
struct Sequence {
    Window input;
    float* output;
    Window residual;
};

struct Job {
    Stage stage;
    const Sequence* sequences;
    long n_sequences, n_outputs;
};

// Calls `function` with what a stage does to its inputs.
template <class F>
inline void with_entry(const Stage& stage, F&& function) {
    switch (stage.entry) {
        case Function::kNone: return function(AsItIs{});
        case Function::kRectify: return function(Normalised<Rectify>{stage.scale, stage.shift, {stage.slope}});
        case Function::kGelu: return function(Normalised<Gelu>{stage.scale, stage.shift, {}});
    }
}

// Calls `function` with what a stage does to its outputs.
template <class F>
inline void with_exit(const Stage& stage, F&& function) {
    switch (stage.exit) {
        case Function::kNone: return function(Residual{stage.layer->bias});
        case Function::kRectify: return function(Activated<Rectify>{stage.layer->bias, {stage.slope}});
        case Function::kGelu: return function(Activated<Gelu>{stage.layer->bias, {}});
    }
}

}  // namespace spliceai
