// Overlap-save with transforms of N = R1 R2 points, features as the lanes of vectors.
//
// A block is N positions of one dilation phase. Two blocks a, b of one sequence are transformed as one complex sequence
// a + ib: a real kernel keeps them apart, so nothing has to be untangled. Never two of different sequences: rounding, and
// NaN, would reach from one to the other.
//
// The kernel's transform at N - k is the conjugate of that at k. With its real and imaginary parts exchanged a row of
// frequency N - k is multiplied by the same matrices as one of k; both stand in the same slot. The product leaves the
// parts exchanged, which makes the forward transform an inverse one.
#pragma once

#include "plan.hpp"
#include "products.hpp"
#include "transform.hpp"

namespace spliceai {

template <int R1, int R2>
class OverlapSave {
  public:
    static constexpr int kPoints = R1 * R2;
    static_assert(R1 % 2 == 0 && R2 % 2 == 0, "the upper half of the frequencies begins at a constant index");

    // Pairs of blocks at a time: their spectra stay in the second-level cache, and weights are read once for all of them.
    static constexpr int kPairs = kPoints >= 160 ? 9 : kPoints >= 96 ? 15 : 24;
    // A pair has a row of 64 for k and one for N - k. The 32 beyond keep slots out of one another's cache sets.
    static constexpr long kSlot = long(kPairs) * 4 * kFeatures + 32;
    static constexpr int kSlots = kPoints / 2 + 1;
    // One slot more in front: products go one slot down, so that they never overwrite what is still to be multiplied.
    static constexpr size_t kScratch = kBetween<R1, R2> + (kSlots + 1) * kSlot;

    OverlapSave(const Job& job, const Stretch& stretch, float* scratch)
        : job_(job),
          stretch_(stretch),
          dilation_(job.stage.layer->dilation),
          block_outputs_(block_outputs(kPoints, job.stage.layer->taps)),
          n_blocks_(block_count(stretch.n, block_outputs_, dilation_)),
          between_(scratch),
          spectra_(scratch + kBetween<R1, R2> + kSlot) {}

    void run();

  private:
    struct Block {
        long first;  // output
        int n;       // outputs; 0 for none
    };
    struct Pair {
        const Sequence* sequence;
        Block block[2];
    };
    using Rows = const float* [2][kPoints];

    long pairs_of_sequence() const { return (n_blocks_ + 1) / 2; }

    // Phases are inner, so that a pair's rows are neighbours.
    Block block(long i) const {
        if (i >= n_blocks_) return {0, 0};
        const long offset = i / dilation_ * dilation_ * block_outputs_ + i % dilation_;
        const long left = (stretch_.n - offset + dilation_ - 1) / dilation_;
        return {stretch_.first + offset, int(left < block_outputs_ ? left : block_outputs_)};
    }

    Pair pair(long i) const {
        const long of_sequence = pairs_of_sequence(), j = i % of_sequence;
        return {job_.sequences + i / of_sequence, {block(2 * j), block(2 * j + 1)}};
    }

    void gather_inputs(const Pair& pair, Rows& rows) const {
        for (int i = 0; i < 2; i++) {
            const Block& block = pair.block[i];
            const int n = block.n ? block.n + job_.stage.layer->taps - 1 : 0;
            gather(pair.sequence->input, block.first, dilation_, n, kPoints, rows[i]);
        }
    }

    void run_group(long first, long end) {
        const int n = int(end - first);
        with_entry(job_.stage, [&](auto entry) { forward(entry, first, n); });
        const float* weights = job_.stage.layer->spectral[stretch_.size];
        multiply_real(slot(0), slot(-1), n, weights);
        for (int s = 1; s < kSlots - 1; s++) multiply_complex(slot(s), slot(s - 1), 2 * n, weights + s * 2 * kMatrix);
        // Only the row of N - k = N / 2 is there.
        multiply_real(slot(kSlots - 1) + 2 * kFeatures, slot(kSlots - 2) + 2 * kFeatures, n,
                      weights + (kSlots - 1) * 2 * kMatrix);
        with_exit(job_.stage, [&](auto exit) { inverse(exit, first, n); });
    }

    float* slot(int s) const { return spectra_ + s * kSlot; }

    template <class Entry>
    void forward(const Entry& entry, long first, int n) const {
        Rows rows[2];
        gather_inputs(pair(first), rows[0]);
        for (int m = 0; m < n; m++) {
            const Rows &now = rows[m % 2], &next = rows[(m + 1) % 2];
            if (m + 1 < n) gather_inputs(pair(first + m + 1), rows[(m + 1) % 2]);
            for (int h = 0; h < kVectors; h++) {
                const auto lane = entry.lane(h);
                first_pass<R1, R2>(between_, [&](int n2, auto n1) ALWAYS_INLINE {
                    const int i = n2 + R2 * n1;
                    return Complex{lane(load(now[0][i] + h * kLanes)), lane(load(now[1][i] + h * kLanes))};
                });
                // The hardware does not foresee rows that are far apart.
                store_spectrum(m, h, m + 1 < n && h < 2 ? next[h] : nullptr);
            }
        }
    }

    __attribute__((noinline)) void store_spectrum(int m, int h, const float* const* ahead) const {
        float* low = slot(0) + 2 * m * 2 * kFeatures + h * kLanes;
        float* high = slot(kPoints) + (2 * m + 1) * 2 * kFeatures + h * kLanes;
        second_pass<R1, R2>(between_, [&](int k1, auto k2, Complex z) ALWAYS_INLINE {
            if constexpr (k2 < R2 / 2) {
                float* to = low + (k1 + R1 * k2) * kSlot;
                store(to, z.re);
                store(to + kFeatures, z.im);
            } else {
                float* to = high - (k1 + R1 * k2) * kSlot;
                store(to, z.im);
                store(to + kFeatures, z.re);
            }
            if (ahead) {
                __builtin_prefetch(ahead[k1 + R1 * k2]);
                __builtin_prefetch(ahead[k1 + R1 * k2] + kFeatures / 2);
            }
        });
    }

    __attribute__((noinline)) void load_spectrum(int m, int h) const {
        const float* low = slot(-1) + 2 * m * 2 * kFeatures + h * kLanes;
        const float* high = slot(kPoints - 1) + (2 * m + 1) * 2 * kFeatures + h * kLanes;
        first_pass<R1, R2>(between_, [&](int n2, auto n1) ALWAYS_INLINE {
            if constexpr (n1 < R1 / 2) {
                const float* from = low + (n2 + R2 * n1) * kSlot;
                return Complex{load(from), load(from + kFeatures)};
            } else {
                const float* from = high - (n2 + R2 * n1) * kSlot;
                return Complex{load(from + kFeatures), load(from)};
            }
        });
    }

    template <class Exit>
    void inverse(const Exit& exit, long first, int n) const {
        const long step = long(dilation_) * kFeatures;
        for (int m = 0; m < n; m++) {
            const Pair now = pair(first + m);
            Rows residual;
            float* output[2];
            for (int i = 0; i < 2; i++) {
                const Block& block = now.block[i];
                output[i] = now.sequence->output + block.first * kFeatures;
                for (int t = 0; t < block.n; t++) {
                    __builtin_prefetch(output[i] + t * step, 1);
                    __builtin_prefetch(output[i] + t * step + kFeatures / 2, 1);
                }
                if (Exit::kHasResidual)
                    gather(now.sequence->residual, block.first, dilation_, block.n, block.n, residual[i]);
            }
            for (int h = 0; h < kVectors; h++) {
                const auto lane = exit.lane(h);
                load_spectrum(m, h);
                second_pass<R1, R2>(between_, [&](int k1, auto k2, Complex z) ALWAYS_INLINE {
                    const int t = k1 + R1 * k2;
                    float* to = output[0] + t * step + h * kLanes;
                    if (t < now.block[0].n) store(to, lane(z.im, Exit::kHasResidual ? residual[0][t] : nullptr));
                    to = output[1] + t * step + h * kLanes;
                    if (t < now.block[1].n) store(to, lane(z.re, Exit::kHasResidual ? residual[1][t] : nullptr));
                });
            }
        }
    }

    const Job& job_;
    const Stretch stretch_;
    const long dilation_, block_outputs_, n_blocks_;
    float *const between_, *const spectra_;
};

// Not inline: files that only call it do not compile all of the above.
template <int R1, int R2>
void OverlapSave<R1, R2>::run() {
    const long pairs = job_.n_sequences * pairs_of_sequence();
    const long groups = (pairs + kPairs - 1) / kPairs;
    for (long g = 0; g < groups; g++) run_group(pairs * g / groups, pairs * (g + 1) / groups);
}

}  // namespace spliceai
