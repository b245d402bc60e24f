#include "products.hpp"

#include <utility>

namespace spliceai {

namespace {

constexpr int kPair = 2 * kFeatures;

template <int T>
inline ALWAYS_INLINE void put(float* to, long stride, const Vector (&sums)[T][kColumns]) {
    each<T>([&](auto t) ALWAYS_INLINE {
        each<kColumns>([&](auto j) ALWAYS_INLINE { store(to + t * stride + j * kLanes, sums[t][j]); });
    });
}

// K = C (a + b), re = K - (C + D) b, im = K + (D - C) a.
template <int T>
void complex_tile(const float* rows, float* results, const float* matrices) {
    alignas(64) float sum[T * kFeatures];
    for (int t = 0; t < T; t++)
        each<kVectors>([&](auto h) ALWAYS_INLINE {
            const float* row = rows + t * kPair + h * kLanes;
            store(sum + t * kFeatures + h * kLanes, load(row) + load(row + kFeatures));
        });
    for (int c = 0; c < kFeatures; c += kColumns * kLanes) {
        const float* column = matrices + c;
        const auto real = [=](int k, int j) ALWAYS_INLINE { return load(column + k * kFeatures + j * kLanes); };
        const auto imaginary = [=](int k, int j) ALWAYS_INLINE { return load(column + kMatrix + k * kFeatures + j * kLanes); };
        alignas(64) float shared[T][kColumns * kLanes];
        Vector sums[T][kColumns] = {};
        multiply_add<T>(sums, sum, kFeatures, real);
        put<T>(shared[0], kColumns * kLanes, sums);
        multiply_add<T>(sums, rows, kPair, [=](int k, int j) ALWAYS_INLINE { return imaginary(k, j) - real(k, j); });
        put<T>(results + c, kPair, sums);
        each<T>([&](auto t) ALWAYS_INLINE {
            each<kColumns>([&](auto j) ALWAYS_INLINE { sums[t][j] = load(shared[t] + j * kLanes); });
        });
        multiply_add<T, -1>(sums, rows + kFeatures, kPair,
                            [=](int k, int j) ALWAYS_INLINE { return imaginary(k, j) + real(k, j); });
        put<T>(results + kFeatures + c, kPair, sums);
    }
}

template <int T>
void real_tile(const float* rows, float* results, const float* matrix) {
    for (int part = 0; part < 2; part++)
        for (int c = 0; c < kFeatures; c += kColumns * kLanes) {
            Vector sums[T][kColumns] = {};
            multiply_add<T>(sums, rows + part * kFeatures, 2 * kPair,
                            [=](int k, int j) ALWAYS_INLINE { return load(matrix + c + k * kFeatures + j * kLanes); });
            put<T>(results + (1 - part) * kFeatures + c, 2 * kPair, sums);
        }
}

using Tile = void (*)(const float*, float*, const float*);

// By the number of rows less one.
template <int... T>
constexpr auto complex_tiles(std::integer_sequence<int, T...>) {
    struct Table { Tile of[sizeof...(T)]; };
    return Table{{complex_tile<T + 1>...}};
}

template <int... T>
constexpr auto real_tiles(std::integer_sequence<int, T...>) {
    struct Table { Tile of[sizeof...(T)]; };
    return Table{{real_tile<T + 1>...}};
}

constexpr auto kComplexTile = complex_tiles(std::make_integer_sequence<int, kRows>{});
constexpr auto kRealTile = real_tiles(std::make_integer_sequence<int, kRows>{});

// In parts of about equal size: a small rest would leave most registers empty.
template <class Table>
inline void in_tiles(const Table& tile, const float* rows, float* results, int n, long stride, const float* matrices) {
    const int parts = (n + kRows - 1) / kRows;
    for (int part = 0, first = 0; part < parts; part++) {
        const int end = n * (part + 1) / parts;
        tile.of[end - first - 1](rows + first * stride, results + first * stride, matrices);
        first = end;
    }
}

}  // namespace

void multiply_complex(const float* rows, float* results, int n, const float* matrices) {
    in_tiles(kComplexTile, rows, results, n, kPair, matrices);
}

void multiply_real(const float* rows, float* results, int n, const float* matrix) {
    in_tiles(kRealTile, rows, results, n, 2 * kPair, matrix);
}

}  // namespace spliceai
