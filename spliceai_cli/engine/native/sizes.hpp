// The available lengths of transforms.
#pragma once

namespace spliceai {

// A length N = R1 R2. The cost is the time to transform one block forward and back, with the products between, in units of
// the time that the direct form takes for one tap at one position.
struct Size {
    int points;
    double cost;
};

constexpr Size kSize[] = {{32, 71}, {48, 107}, {64, 146}, {80, 188}, {96, 229}, {128, 327}, {160, 424}};
constexpr int kSizes = sizeof kSize / sizeof *kSize;

}  // namespace spliceai
