// Products of rows of features with 32 x 32 matrices: at one frequency with a complex one, in three real products.
#pragma once

#include "simd.hpp"

namespace spliceai {

constexpr int kMatrix = kFeatures * kFeatures;

// As many rows and vectors at a time as leave registers for a row of the matrix and one factor: 32 registers hold
// 24 sums, 16 hold 12.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kSums = 24;
#else
constexpr int kSums = 12;
#endif
constexpr int kColumns = kLanes == 4 && kSums == 24 ? 4 : 2;  // vectors of an output row at a time
constexpr int kRows = kSums / kColumns;
static_assert(kVectors % kColumns == 0);

// sums[t][j] += (sign) rows[t] matrix, for T rows `stride` apart; column(k, j) is vector j of row k of the matrix.
template <int T, int Sign = 1, class Column>
inline ALWAYS_INLINE void multiply_add(Vector (&sums)[T][kColumns], const float* rows, long stride, Column&& column) {
#pragma GCC unroll 2
    for (int k = 0; k < kFeatures; k++) {
        Vector b[kColumns];
        each<kColumns>([&](auto j) ALWAYS_INLINE { b[j] = column(k, j); });
        each<T>([&](auto t) ALWAYS_INLINE {
            const Vector a = broadcast(rows[t * stride + k]);
            each<kColumns>([&](auto j) ALWAYS_INLINE {
                if constexpr (Sign > 0)
                    sums[t][j] += a * b[j];
                else
                    sums[t][j] -= a * b[j];
            });
        });
    }
}

// `n` rows [a | b] of 64 -> rows [im | re] of (C + iD)(a + ib); `matrices` is C, D. Rows and results do not overlap.
void multiply_complex(const float* rows, float* results, int n, const float* matrices);

// `n` rows [a | b] of 64, every other one -> rows [Cb | Ca].
void multiply_real(const float* rows, float* results, int n, const float* matrix);

}  // namespace spliceai
