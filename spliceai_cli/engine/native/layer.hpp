// A convolution of 32 features: weights, the operations around it, and the sequences that it runs over.
#pragma once

#include "activation.hpp"
#include "sizes.hpp"
#include "window.hpp"

namespace spliceai {

// Weights. `direct` is (taps, in, out); `spectral[i]` is (frequencies, 2, in, out) for size i, see pack.hpp, or null.
struct Layer {
    int taps, dilation;
    const float* bias;
    const float* direct;
    const float* spectral[kSizes];

    long reach() const { return long(taps - 1) * dilation; }  // number of inputs minus number of outputs
};

enum class Function { kNone = 0, kRectify = 1, kGelu = 2 };

// One convolution of a residual block. The first has functions for entry and exit; the second has neither, and adds the
// residual.
struct Stage {
    const Layer* layer;
    Function entry, exit;
    float slope;                 // of entry and exit
    const float *scale, *shift;  // of the entry
};

// Output t depends on inputs t ... t + reach and on row t of the residual.
struct Sequence {
    Window input;
    float* output;
    Window residual;
};

// One stage over sequences of the same length.
struct Job {
    Stage stage;
    const Sequence* sequences;
    long n_sequences, n_outputs;
};

// Calls `function` with a stage's operation on its inputs.
template <class F>
inline void with_entry(const Stage& stage, F&& function) {
    switch (stage.entry) {
        case Function::kNone: return function(Identity{});
        case Function::kRectify: return function(Normalised<Rectify>{stage.scale, stage.shift, {stage.slope}});
        case Function::kGelu: return function(Normalised<Gelu>{stage.scale, stage.shift, {}});
    }
}

// Calls `function` with a stage's operation on its outputs.
template <class F>
inline void with_exit(const Stage& stage, F&& function) {
    switch (stage.exit) {
        case Function::kNone: return function(Residual{stage.layer->bias});
        case Function::kRectify: return function(Activated<Rectify>{stage.layer->bias, {stage.slope}});
        case Function::kGelu: return function(Activated<Gelu>{stage.layer->bias, {}});
    }
}

}  // namespace spliceai
