// What is done to values on their way into a convolution and out of it, a vector at a time. NaN stays NaN.
#pragma once

#include "simd.hpp"

namespace spliceai {

// ReLU (slope 0) and leaky ReLU. Negative infinity stays: 0 * infinity is NaN, of which the other operand is taken. No value
// of a sound network is infinite, and an unsound one's must not become a number.
struct Rectify {
    float slope;

    inline ALWAYS_INLINE Vector operator()(Vector v) const { return larger(v * slope, v); }
};

// x/2 (1 + erf(x / sqrt 2)).
struct Gelu {
    Vector operator()(Vector v) const;
};

// Into a convolution: nothing.
struct AsItIs {
    struct Lane {
        inline ALWAYS_INLINE Vector operator()(Vector v) const { return v; }
    };
    inline ALWAYS_INLINE Lane lane(int) const { return {}; }
};

// Into a convolution: normalisation, then activation.
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

// Out of a convolution: bias, then activation.
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

// Out of a convolution: bias, then what the block began with.
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
