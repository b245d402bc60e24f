// Fourier transforms of N = R1 R2 points in two passes of codelets, through a buffer that stays in the first-level cache.
#pragma once

#include "codelets.hpp"

namespace spliceai {

// exp(-2 pi i n2 k1 / N) as cosine and negative sine, by column n2.
template <int R1, int R2>
struct Turns {
    float at[R2][R1][2];

    constexpr Turns() : at() {
        for (int n2 = 0; n2 < R2; n2++)
            for (int k1 = 0; k1 < R1; k1++) {
                at[n2][k1][0] = float(cosine(n2 * k1, R1 * R2));
                at[n2][k1][1] = float(-sine(n2 * k1, R1 * R2));
            }
    }
};

template <int R1, int R2>
inline constexpr Turns<R1, R2> kTurns{};

// Floats between the passes.
template <int R1, int R2>
constexpr int kBetween = 2 * R1 * R2 * kLanes;

// First pass: load(n2, n1) is point n2 + R2 n1; n1 is a constant.
template <int R1, int R2, class Load>
inline ALWAYS_INLINE void first_pass(float* between, Load&& load_point) {
    for (int n2 = 0; n2 < R2; n2++) {
        Complex x[R1];
        each<R1>([&](auto n1) ALWAYS_INLINE { x[n1] = load_point(n2, n1); });
        Dft<R1>::run(x);
        const auto& turns = kTurns<R1, R2>.at[n2];
        each<R1>([&](auto k1) ALWAYS_INLINE {
            Complex z = x[k1];
            if constexpr (k1 > 0) z = z * Complex{broadcast(turns[k1][0]), broadcast(turns[k1][1])};
            float* to = between + (k1 * R2 + n2) * 2 * kLanes;
            store(to, z.re);
            store(to + kLanes, z.im);
        });
    }
}

// Second pass: store_point(k1, k2, z) takes frequency k1 + R1 k2; k2 is a constant.
template <int R1, int R2, class Store>
inline ALWAYS_INLINE void second_pass(const float* between, Store&& store_point) {
    for (int k1 = 0; k1 < R1; k1++) {
        Complex x[R2];
        const float* from = between + k1 * R2 * 2 * kLanes;
        each<R2>([&](auto n2) ALWAYS_INLINE { x[n2] = {load(from + n2 * 2 * kLanes), load(from + (n2 * 2 + 1) * kLanes)}; });
        Dft<R2>::run(x);
        each<R2>([&](auto k2) ALWAYS_INLINE { store_point(k1, k2, x[k2]); });
    }
}

}  // namespace spliceai
