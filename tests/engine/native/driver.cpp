// Convolutions of a library against the sum that defines them, in float64: for processors without Python at hand.
// Usage: driver FOLDER/kernels-NAME.so; exit 1 on any difference. tests/engine/native/test_kernels.py checks more.
#include "spliceai.h"

#include <dlfcn.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace {

constexpr int kFeatures = 32;
constexpr float kSlope = 0.1f;
using Floats = std::vector<float>;

struct Shape {
    int32_t taps, dilation;
    int64_t n, outputs;
};

struct Library {
    decltype(&spliceai_interface) interface;
    decltype(&spliceai_sizes) sizes;
    decltype(&spliceai_packed_floats) packed_floats;
    decltype(&spliceai_pack) pack;
    decltype(&spliceai_scratch) scratch;
    decltype(&spliceai_convolve) convolve;
};

template <class Function>
void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    if (!function) {
        std::fprintf(stderr, "%s\n", dlerror());
        std::exit(2);
    }
}

Library open(const char* path) {
    void* library = dlopen(path, RTLD_NOW);
    if (!library) {
        std::fprintf(stderr, "%s\n", dlerror());
        std::exit(2);
    }
    Library out;
    find(library, "spliceai_interface", out.interface);
    find(library, "spliceai_sizes", out.sizes);
    find(library, "spliceai_packed_floats", out.packed_floats);
    find(library, "spliceai_pack", out.pack);
    find(library, "spliceai_scratch", out.scratch);
    find(library, "spliceai_convolve", out.convolve);
    return out;
}

Floats normal(std::mt19937& random, size_t n, double deviation) {
    std::normal_distribution<double> distribution(0, deviation);
    Floats values(n);
    for (float& value : values) value = float(distribution(random));
    return values;
}

double rectified(double value) { return value > 0 ? value : kSlope * value; }

// Largest error of a shape, with an activation before and a residual after.
double error_of(const Library& library, const Shape& shape, std::mt19937& random) {
    const int64_t length = shape.outputs + int64_t(shape.taps - 1) * shape.dilation;
    const auto direct = normal(random, size_t(shape.taps) * kFeatures * kFeatures, 1 / std::sqrt(kFeatures * shape.taps));
    const auto bias = normal(random, kFeatures, 1), scale = normal(random, kFeatures, 1), shift = normal(random, kFeatures, 1);
    const auto x = normal(random, shape.n * length * kFeatures, 1);
    const auto residual = normal(random, shape.n * shape.outputs * kFeatures, 1);
    Floats y(residual.size(), NAN);

    spliceai_layer layer{shape.taps, shape.dilation, bias.data(), direct.data(), {}};
    std::vector<Floats> packed(SPLICEAI_SIZES);
    const int32_t sizes = library.sizes(shape.taps, shape.dilation, shape.outputs);
    for (int32_t size = 0; size < SPLICEAI_SIZES; ++size) {
        if (!(sizes >> size & 1)) continue;
        packed[size].resize(library.packed_floats(size));
        if (library.pack(direct.data(), shape.taps, size, packed[size].data())) return INFINITY;
        layer.spectral[size] = packed[size].data();
    }
    const spliceai_stage stage{&layer, SPLICEAI_RECTIFY, SPLICEAI_NONE, kSlope, scale.data(), shift.data()};
    std::vector<char> scratch(library.scratch(shape.taps, shape.dilation));
    if (library.convolve(&stage, x.data(), length * kFeatures, shape.n, length, residual.data(), shape.outputs * kFeatures,
                         y.data(), shape.outputs * kFeatures, scratch.data(), scratch.size()))
        return INFINITY;

    std::vector<double> entered(x.size());
    for (size_t i = 0; i < x.size(); ++i)
        entered[i] = rectified(double(x[i]) * scale[i % kFeatures] + shift[i % kFeatures]);
    double largest = 0;
    for (int64_t k = 0; k < shape.n; ++k)
        for (int64_t p = 0; p < shape.outputs; ++p)
            for (int out = 0; out < kFeatures; ++out) {
                const size_t at = (k * shape.outputs + p) * kFeatures + out;
                double sum = double(bias[out]) + residual[at];
                for (int32_t t = 0; t < shape.taps; ++t)
                    for (int in = 0; in < kFeatures; ++in)
                        sum += entered[(k * length + p + int64_t(t) * shape.dilation) * kFeatures + in] *
                               direct[(t * kFeatures + in) * kFeatures + out];
                const double error = std::fabs(y[at] - sum);
                if (!(error <= largest)) largest = std::isnan(error) ? INFINITY : error;
            }
    return largest;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const Library library = open(argv[1]);
    if (library.interface() != SPLICEAI_INTERFACE) {
        std::fprintf(stderr, "%s: interface %d, not %d\n", argv[1], library.interface(), SPLICEAI_INTERFACE);
        return 2;
    }
    const Shape shapes[] = {{1, 1, 1, 5},     {3, 2, 2, 17},    {11, 1, 1, 1},    {11, 1, 1, 700}, {11, 4, 2, 333},
                            {21, 10, 1, 900}, {21, 10, 3, 101}, {41, 25, 1, 101}, {41, 25, 1, 1200}};
    std::mt19937 random(1);
    int n_wrong = 0;
    for (const Shape& shape : shapes) {
        const double error = error_of(library, shape, random);
        const bool is_wrong = error > 1.5e-5;
        n_wrong += is_wrong;
        std::printf("%s\ttaps %d\tdilation %d\t%lld x %lld outputs\tlargest error %.1e\n", is_wrong ? "WRONG" : "ok", shape.taps,
                    shape.dilation, (long long)shape.n, (long long)shape.outputs, error);
    }
    return n_wrong > 0;
}
