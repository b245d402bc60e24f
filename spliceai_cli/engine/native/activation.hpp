// Operations on the inputs ("entry") and outputs ("exit") of a convolution, one vector at a time. NaN stays NaN.
#pragma once

#include "simd.hpp"

namespace spliceai {

// ReLU (slope 0) and leaky ReLU. Negative infinity stays: 0 * infinity is NaN, and `larger` then returns the other operand.
// A sound network has no infinite values; those of an unsound one must not turn into finite numbers.
struct Rectify {
    float slope;

    inline ALWAYS_INLINE Vector operator()(Vector v) const { return larger(v * slope, v); }
};

// x/2 (1 + erf(x / sqrt 2)).
struct Gelu {
    Vector operator()(Vector v) const;
};

// Entry: inputs as they are.
struct Identity {
    struct Lane {
        inline ALWAYS_INLINE Vector operator()(Vector v) const { return v; }
    };
    inline ALWAYS_INLINE Lane lane(int) const { return {}; }
};

// Entry: normalisation, then activation.
template <class Activation>
struct Normalised {
    const float *scale, *shift;
    Activation activate;

    struct Lane {
        Vector scale, shift;
        Activation activate;
        inline ALWAYS_INLINE Vector operator()(Vector v) const { return activate(v * scale + shift); }
    };
    inline ALWAYS_INLINE Lane lane(int h) const { return {load(scale + h * kLanes), load(shift + h * kLanes), activate}; }
};

// Exit: bias, then activation.
template <class Activation>
struct Activated {
    static constexpr bool kHasResidual = false;
    const float* bias;
    Activation activate;

    struct Lane {
        Vector bias;
        Activation activate;
        inline ALWAYS_INLINE Vector operator()(Vector v, const float*) const { return activate(v + bias); }
    };
    inline ALWAYS_INLINE Lane lane(int h) const { return {load(bias + h * kLanes), activate}; }
};

// Exit: bias, then the residual, which is the block's input.
struct Residual {
    static constexpr bool kHasResidual = true;
    const float* bias;

    struct Lane {
        Vector bias;
        int offset;
        inline ALWAYS_INLINE Vector operator()(Vector v, const float* row) const { return v + bias + load(row + offset); }
    };
    inline ALWAYS_INLINE Lane lane(int h) const { return {load(bias + h * kLanes), h * kLanes}; }
};

}  // namespace spliceai
