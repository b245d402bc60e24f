#include "activation.hpp"

namespace spliceai {

namespace {

inline Vector polynomial(const float (&coefficients)[6], Vector t) {
    Vector sum = broadcast(coefficients[5]);
    for (int i = 4; i >= 0; i--) sum = sum * t + broadcast(coefficients[i]);
    return sum;
}

// x P(x^2) / Q(x^2), fitted by least squares to the relative error over |x| <= 4; beyond that, erf is 1 in float32. The fit
// is off by 4e-8, and by 4e-7 after rounding.
Vector erf(Vector x) {
    constexpr float p[] = {1.12837911f, 0.190364391f, 0.0526905805f, 0.00375136384f, 0.000282345631f, 2.01969692e-06f};
    constexpr float q[] = {1.0f, 0.502039015f, 0.114044361f, 0.0149400039f, 0.00115511311f, 3.76482421e-05f};
    const Vector limit = broadcast(4.0f);
    x = x > limit ? limit : x < -limit ? -limit : x;  // NaN stays
    const Vector t = x * x;
    return x * polynomial(p, t) / polynomial(q, t);
}

}  // namespace

// Not inlined: a convolution would contain dozens of copies.
__attribute__((noinline)) Vector Gelu::operator()(Vector v) const {
    return v * broadcast(0.5f) * (broadcast(1.0f) + erf(v * broadcast(0.707106781f)));
}

}  // namespace spliceai
