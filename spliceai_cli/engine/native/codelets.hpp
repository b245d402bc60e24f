// Fourier transforms of 2 to 16 points in registers, in natural order: straight-line code, made by templates.
#pragma once

#include "simd.hpp"
#include "trigonometry.hpp"

namespace spliceai {

struct Complex {
    Vector re, im;
};

inline ALWAYS_INLINE Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
inline ALWAYS_INLINE Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
inline ALWAYS_INLINE Complex plus_i(Complex a, Complex b) { return {a.re - b.im, a.im + b.re}; }   // a + ib
inline ALWAYS_INLINE Complex minus_i(Complex a, Complex b) { return {a.re + b.im, a.im - b.re}; }  // a - ib
inline ALWAYS_INLINE Complex operator*(Complex a, Complex b) {
    return {a.re * b.re - a.im * b.im, a.im * b.re + a.re * b.im};
}

// z exp(-2 pi i K / N); multiples of an eighth of a turn cost less than a complex product.
template <int K, int N>
inline ALWAYS_INLINE Complex turned(Complex z) {
    if constexpr (K == 0) {
        return z;
    } else if constexpr (8 * K == N) {
        const Vector half_root = broadcast(float(cosine(1, 8)));
        return {(z.re + z.im) * half_root, (z.im - z.re) * half_root};
    } else if constexpr (4 * K == N) {
        return {z.im, -z.re};
    } else if constexpr (8 * K == 3 * N) {
        const Vector half_root = broadcast(float(cosine(1, 8)));
        return {(z.im - z.re) * half_root, -(z.re + z.im) * half_root};
    } else {
        return z * Complex{broadcast(float(cosine(K, N))), broadcast(float(-sine(K, N)))};
    }
}

// Transforms x[0], x[Stride], ... in place: Dft<N>::run(x).
template <int N>
struct Dft;

template <>
struct Dft<2> {
    static inline ALWAYS_INLINE void run(Complex* x) {
        const Complex a = x[0], b = x[1];
        x[0] = a + b;
        x[1] = a - b;
    }
};

template <>
struct Dft<3> {
    static inline ALWAYS_INLINE void run(Complex* x) {
        const Vector half = broadcast(0.5f), s = broadcast(float(sine(1, 3)));
        const Complex sum = x[1] + x[2], difference = x[1] - x[2];
        const Complex middle = {x[0].re - half * sum.re, x[0].im - half * sum.im};
        const Complex side = {difference.re * s, difference.im * s};
        x[0] = x[0] + sum;
        x[1] = minus_i(middle, side);
        x[2] = plus_i(middle, side);
    }
};

template <>
struct Dft<4> {
    static inline ALWAYS_INLINE void run(Complex* x) {
        const Complex a = x[0] + x[2], b = x[0] - x[2], c = x[1] + x[3], d = x[1] - x[3];
        x[0] = a + c;
        x[1] = minus_i(b, d);
        x[2] = a - c;
        x[3] = plus_i(b, d);
    }
};

template <>
struct Dft<5> {
    static inline ALWAYS_INLINE void run(Complex* x) {
        const Vector c1 = broadcast(float(cosine(1, 5))), c2 = broadcast(float(cosine(2, 5)));
        const Vector s1 = broadcast(float(sine(1, 5))), s2 = broadcast(float(sine(2, 5)));
        const Complex sum1 = x[1] + x[4], sum2 = x[2] + x[3], difference1 = x[1] - x[4], difference2 = x[2] - x[3];
        const Complex middle1 = {x[0].re + c1 * sum1.re + c2 * sum2.re, x[0].im + c1 * sum1.im + c2 * sum2.im};
        const Complex middle2 = {x[0].re + c2 * sum1.re + c1 * sum2.re, x[0].im + c2 * sum1.im + c1 * sum2.im};
        const Complex side1 = {s1 * difference1.re + s2 * difference2.re, s1 * difference1.im + s2 * difference2.im};
        const Complex side2 = {s2 * difference1.re - s1 * difference2.re, s2 * difference1.im - s1 * difference2.im};
        x[0] = x[0] + sum1 + sum2;
        x[1] = minus_i(middle1, side1);
        x[2] = minus_i(middle2, side2);
        x[3] = plus_i(middle2, side2);
        x[4] = plus_i(middle1, side1);
    }
};

// N = A B without a common factor (Good 1958): an A x B transform without turns between rows and columns.
template <int A, int B>
struct PrimeFactor {
    // The multiple of `step` below A B that leaves 1 when divided by `modulus`.
    static constexpr int inverse(int step, int modulus) {
        int n = step;
        while (n % modulus != 1) n += step;
        return n;
    }

    static inline ALWAYS_INLINE void run(Complex* x) {
        constexpr int kN = A * B;
        Complex table[A][B], column[B][A];
        each<A>([&](auto a) ALWAYS_INLINE {
            each<B>([&](auto b) ALWAYS_INLINE { table[a][b] = x[(B * a + A * b) % kN]; });
            Dft<B>::run(table[a]);
        });
        each<B>([&](auto b) ALWAYS_INLINE {
            each<A>([&](auto a) ALWAYS_INLINE { column[b][a] = table[a][b]; });
            Dft<A>::run(column[b]);
            each<A>([&](auto a) ALWAYS_INLINE { x[(inverse(B, A) * a + inverse(A, B) * b) % kN] = column[b][a]; });
        });
    }
};

// N = A B (Cooley and Tukey 1965).
template <int A, int B>
struct MixedRadix {
    static inline ALWAYS_INLINE void run(Complex* x) {
        Complex table[B][A], row[A][B];
        each<B>([&](auto b) ALWAYS_INLINE {
            each<A>([&](auto a) ALWAYS_INLINE { table[b][a] = x[B * a + b]; });
            Dft<A>::run(table[b]);
        });
        each<A>([&](auto a) ALWAYS_INLINE {
            each<B>([&](auto b) ALWAYS_INLINE { row[a][b] = turned<a * b, A * B>(table[b][a]); });
            Dft<B>::run(row[a]);
            each<B>([&](auto b) ALWAYS_INLINE { x[a + A * b] = row[a][b]; });
        });
    }
};

template <> struct Dft<6> : PrimeFactor<2, 3> {};
template <> struct Dft<8> : MixedRadix<4, 2> {};
template <> struct Dft<10> : PrimeFactor<2, 5> {};
template <> struct Dft<12> : PrimeFactor<3, 4> {};
template <> struct Dft<16> : MixedRadix<4, 4> {};

}  // namespace spliceai
