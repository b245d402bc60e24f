// A vector of features: what one instruction works on.
#pragma once

#include <cstring>
#include <utility>

// Lambdas and codelets hold their values in registers only where they are inlined; compilers give up on bodies this long.
#define ALWAYS_INLINE __attribute__((always_inline))

namespace spliceai {

constexpr int kFeatures = 32;
constexpr int kLanes = SPLICEAI_LANES;
constexpr int kVectors = kFeatures / kLanes;  // of one position
static_assert(kLanes == 4 || kLanes == 8 || kLanes == 16);

typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));

inline ALWAYS_INLINE Vector load(const float* from) {
    Vector v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

inline ALWAYS_INLINE void store(float* to, Vector v) { std::memcpy(to, &v, sizeof v); }

// s - 0 is s for every s, the negative zero included.
inline ALWAYS_INLINE Vector broadcast(float s) { return s - Vector{}; }

// `b` where either is NaN, which is what the one instruction for it does on x86.
inline ALWAYS_INLINE Vector larger(Vector a, Vector b) { return a > b ? a : b; }

template <class Function, int... I>
inline ALWAYS_INLINE void each_of(std::integer_sequence<int, I...>, Function&& function) {
    (function(std::integral_constant<int, I>{}), ...);
}

// Calls `function` with the constants 0 ... N - 1: arrays indexed by constants become registers, those of a loop may not.
template <int N, class Function>
inline ALWAYS_INLINE void each(Function&& function) {
    each_of(std::make_integer_sequence<int, N>{}, std::forward<Function>(function));
}

}  // namespace spliceai
