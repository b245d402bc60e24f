// Sines and cosines of fractions of a turn, at compile time: tables that are constants need no one to set them up.
#pragma once

namespace spliceai {

namespace detail {

constexpr double kPi = 3.14159265358979323846;

// Taylor series, for angles up to an eighth of a turn: the next term is below 1e-18.
constexpr double small_sine(double x) {
    double term = x, sum = x;
    for (int i = 3; i < 20; i += 2) sum += term *= -x * x / (i * (i - 1));
    return sum;
}

constexpr double small_cosine(double x) {
    double term = 1, sum = 1;
    for (int i = 2; i < 20; i += 2) sum += term *= -x * x / (i * (i - 1));
    return sum;
}

}  // namespace detail

// Cosine of k / n of a turn, exact at multiples of a quarter.
constexpr double cosine(long k, long n) {
    k = (k % n + n) % n;
    if (2 * k > n) k = n - k;              // an even function
    if (4 * k > n) return -cosine(n - 2 * k, 2 * n);
    if (8 * k > n) return detail::small_sine(2 * detail::kPi * double(n - 4 * k) / double(4 * n));
    return detail::small_cosine(2 * detail::kPi * double(k) / double(n));
}

constexpr double sine(long k, long n) { return cosine(4 * k - n, 4 * n); }

static_assert(cosine(0, 8) == 1 && cosine(2, 8) == 0 && cosine(4, 8) == -1 && sine(2, 8) == 1 && sine(6, 8) == -1);

}  // namespace spliceai
