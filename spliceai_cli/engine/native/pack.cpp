#include "pack.hpp"

#include "products.hpp"
#include "trigonometry.hpp"

namespace spliceai {

// The outputs are a correlation, so its transform is conjugate: sum of w exp(+2 pi i k t / N). 1 / N is that of the inverse
// transform.
void pack(const float* direct, int taps, int points, float* packed) {
    for (int k = 0; k <= points / 2; k++, packed += 2 * kMatrix) {
        double real[kMatrix] = {}, imaginary[kMatrix] = {};
        for (int t = 0; t < taps; t++) {
            const double c = cosine(long(k) * t, points) / points, s = sine(long(k) * t, points) / points;
            const float* weight = direct + t * kMatrix;
            for (int i = 0; i < kMatrix; i++) {
                real[i] += c * double(weight[i]);
                imaginary[i] += s * double(weight[i]);
            }
        }
        for (int i = 0; i < kMatrix; i++) {
            packed[i] = float(real[i]);
            packed[kMatrix + i] = float(imaginary[i]);
        }
    }
}

}  // namespace spliceai
