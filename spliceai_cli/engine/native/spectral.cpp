#include "spectral.hpp"

#include <algorithm>
#include <utility>

#include "overlap_save.hpp"

namespace spliceai {

// In files of their own, so that they are compiled side by side.
extern template class OverlapSave<4, 8>;
extern template class OverlapSave<6, 8>;
extern template class OverlapSave<8, 8>;
extern template class OverlapSave<10, 8>;
extern template class OverlapSave<12, 8>;
extern template class OverlapSave<16, 8>;
extern template class OverlapSave<16, 10>;

namespace {

template <class... Transform>
struct List {
    static constexpr size_t kScratch = std::max({Transform::kScratch...});
    static constexpr bool kIsComplete = sizeof...(Transform) == kSizes;

    template <int... I>
    static constexpr bool is_in_order(std::integer_sequence<int, I...>) {
        return ((Transform::kPoints == kSize[I].points) && ...);
    }

    static void run(const Job& job, const Stretch& stretch, float* scratch) {
        int i = 0;
        ((i++ == stretch.size ? Transform(job, stretch, scratch).run() : void()), ...);
    }
};

using All = List<OverlapSave<4, 8>, OverlapSave<6, 8>, OverlapSave<8, 8>, OverlapSave<10, 8>, OverlapSave<12, 8>,
                 OverlapSave<16, 8>, OverlapSave<16, 10>>;
static_assert(All::kIsComplete && All::is_in_order(std::make_integer_sequence<int, kSizes>{}));

}  // namespace

size_t spectral_scratch() { return All::kScratch; }

void run_spectral(const Job& job, const Stretch& stretch, float* scratch) { All::run(job, stretch, scratch); }

}  // namespace spliceai
