#include "activation.hpp"

namespace spliceai {

namespace {

inline Vector polynomial(const float (&coefficients)[6], Vector t) {
    Vector sum = broadcast(coefficients[5]);
    for (int i = 4; i >= 0; i--) sum = sum * t + broadcast(coefficients[i]);
    return sum;
}

// x P(x^2) / Q(x^2), fitted by least squares on the relative error over |x| <= 4, beyond which erf is 1 in float32: 4e-8
// off, and 4e-7 with the rounding of its evaluation.
Vector erf(Vector x) {
    constexpr float p[] = {1.12837911f, 0.190364391f, 0.0526905805f, 0.00375136384f, 0.000282345631f, 2.01969692e-06f};
    constexpr float q[] = {1.0f, 0.502039015f, 0.114044361f, 0.0149400039f, 0.00115511311f, 3.76482421e-05f};
    const Vector most = broadcast(4.0f);
    x = x > most ? most : x < -most ? -most : x;  // NaN is neither
    const Vector t = x * x;
    return x * polynomial(p, t) / polynomial(q, t);
}

}  // namespace

// Not inlined: a convolution has dozens of places that would hold it.
__attribute__((noinline)) Vector Gelu::operator()(Vector v) const {
    return v * broadcast(0.5f) * (broadcast(1.0f) + erf(v * broadcast(0.707106781f)));
}

}  // namespace spliceai
