// The lengths of transforms that there are.
#pragma once

namespace spliceai {

// A length N = R1 R2. The cost is that of a transform of real values forth and back with the products between, in
// multiples of the time of one tap of the direct form at one position.
struct Size {
    int points;
    double cost;
};

constexpr Size kSize[] = {{32, 71}, {48, 107}, {64, 146}, {80, 188}, {96, 229}, {128, 327}, {160, 424}};
constexpr int kSizes = sizeof kSize / sizeof *kSize;

}  // namespace spliceai
