#include "plan.hpp"

#include <cmath>

namespace spliceai {

namespace {

// Reading a size's weights, a frequency: in the unit of Size::cost, shared by the sequences of a usual batch.
constexpr double kWeightsCost = 66.0 / 4;

double stretch_cost(int size, int taps, int dilation, long n) {
    if (size == kDirect) return double(n) * taps;
    const int points = kSize[size].points;
    // Two blocks make a pair; a last one alone costs as much.
    const long blocks = (block_count(n, block_outputs(points, taps), dilation) + 1) / 2 * 2;
    return double(blocks) * kSize[size].cost + (points / 2 + 1) * kWeightsCost;
}

struct Best {
    Plan plan;
    double cost;

    void consider(const Plan& other, double other_cost) {
        if (other_cost < cost) *this = {other, other_cost};
    }
};

}  // namespace

bool is_used(int size, int taps) {
    const int points = kSize[size].points;
    return taps > 1 && 2 * points >= 3 * taps && points <= 32 + 13 * taps / 4;
}

Plan make_plan(int taps, int dilation, long n) {
    Best best{{1, {{kDirect, 0, n}}}, stretch_cost(kDirect, taps, dilation, n)};
    for (int size = 0; size < kSizes; size++) {
        if (!is_used(size, taps)) continue;
        best.consider({1, {{size, 0, n}}}, stretch_cost(size, taps, dilation, n));
        const long span = block_outputs(kSize[size].points, taps) * dilation;
        const long whole = n / span * span;
        if (whole == 0 || whole == n) continue;
        const double cost = stretch_cost(size, taps, dilation, whole);
        for (int tail = kDirect; tail < kSizes; tail++)
            if (tail == kDirect || (tail != size && is_used(tail, taps)))
                best.consider({2, {{size, 0, whole}, {tail, whole, n - whole}}},
                              cost + stretch_cost(tail, taps, dilation, n - whole));
    }
    return best.plan;
}

double operations(const Plan& plan, int taps, int dilation) {
    constexpr double product = 2.0 * kFeatures * kFeatures;  // of a row of features and a matrix
    double sum = 0;
    for (int i = 0; i < plan.n; i++) {
        const Stretch& stretch = plan.stretch[i];
        if (stretch.size == kDirect) {
            sum += double(stretch.n) * taps * product;
            continue;
        }
        const int points = kSize[stretch.size].points;
        const double pairs = double((block_count(stretch.n, block_outputs(points, taps), dilation) + 1) / 2);
        // Two real frequencies of two products; the others have three for a pair and three for its reflection.
        const double products = (4 + (points / 2 - 1) * 6) * product;
        const double transforms = 2 * kFeatures * 5 * points * std::log2(points);
        sum += pairs * (products + transforms);
    }
    return sum;
}

}  // namespace spliceai
