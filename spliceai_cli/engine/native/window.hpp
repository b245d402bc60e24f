// Consecutive positions whose rows of features lie in up to three pieces of memory.
#pragma once

#include <algorithm>

#include "simd.hpp"

namespace spliceai {

// What an edit changes lies between REF values, which the ALT pass reads where the REF pass left them: no flank is copied.
// The row of position p is left + stride p before `from`, inner + stride p before `to`, and right + stride p from there on.
struct Window {
    const float *left, *inner, *right;
    long from, to;
    long stride = kFeatures;  // 0 where all positions share one row

    static Window whole(const float* rows, long length) { return {rows, rows, rows, 0, length}; }
    static Window zeros();

    const float* row(long p) const { return (p < from ? left : p < to ? inner : right) + p * stride; }
};

inline constexpr float kZeroRow[kFeatures] = {};

inline Window Window::zeros() { return {kZeroRow, kZeroRow, kZeroRow, 0, 0, 0}; }

// Rows of `n` positions `step` apart from `first` on, then rows of zeros: `total` in all.
inline void gather(const Window& window, long first, long step, int n, int total, const float** rows) {
    const auto until = [&](long p) { return int(std::clamp((p - first + step - 1) / step, 0L, long(n))); };
    const int inner = window.from > first ? until(window.from) : 0;
    const int right = std::max(inner, window.to > first ? until(window.to) : 0);
    int i = 0;
    const auto piece = [&](const float* rows_of_piece, int end) {
        const float* row = rows_of_piece + (first + i * step) * window.stride;
        for (; i < end; i++, row += step * window.stride) rows[i] = row;
    };
    piece(window.left, inner);
    piece(window.inner, right);
    piece(window.right, n);
    for (; i < total; i++) rows[i] = kZeroRow;
}

}  // namespace spliceai
