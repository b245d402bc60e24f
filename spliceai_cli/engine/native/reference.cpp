// The REF pass: streams positions through all layers, a chunk at a time.
//
// If each layer ran over the whole of a long sequence, activations would go through memory 64 times. Those of a chunk stay
// in the caches. Each convolution keeps those of its inputs that the next chunk needs, as its history.
#include <algorithm>
#include <cstring>

#include "denormals.hpp"
#include "passes.hpp"

using namespace spliceai;

namespace {

constexpr size_t kRowBytes = kFeatures * sizeof(float);

// Positions of a chunk: whole blocks for the longest kernels, and 1.4 MB of activations. A sequence of up to twice that
// runs in one piece, because the first chunk leaves blocks of deep layers partly filled.
constexpr long kChunk = 5600, kWhole = 2 * kChunk;

long chunk_size(long length) { return length <= kWhole ? length : kChunk; }

// Consecutive positions of a layer.
struct Rows {
    float* rows;
    long start, n;
    long end() const { return start + n; }
    float* at(long position) const { return rows + (position - start) * kFeatures; }
};

// The inputs of a convolution before a chunk: as many as its reach, or fewer near the start of the sequence.
struct History {
    float* rows;
    long n;

    // Turns the history before `chunk` into the one after it.
    void append(const Rows& chunk, long reach) const {
        const long taken = std::min(chunk.n, reach), kept = std::min(n, reach - taken);
        std::memmove(rows, rows + (n - kept) * kFeatures, size_t(kept) * kRowBytes);
        std::memcpy(rows + kept * kFeatures, chunk.at(chunk.end() - taken), size_t(taken) * kRowBytes);
    }
};

// A history and the chunk after it, from position `first` on.
Window joined(const History& history, const Rows& chunk, long first) {
    const long in_history = chunk.start - first;
    return {history.rows + (history.n - in_history) * kFeatures, chunk.at(first), nullptr, in_history,
            chunk.end() - first};
}

// Convolves a history and the chunk after it; `outputs` says where the results go and how many there are.
int32_t convolve_chunk(const Stage& stage, const History& history, const Rows& chunk, const Rows& outputs,
                       const Window& residual, float* scratch) {
    const Layer& layer = *stage.layer;
    const Plan plan = make_plan(layer.taps, layer.dilation, outputs.n);
    if (!is_packed(layer, plan)) return SPLICEAI_UNPACKED;
    const Sequence sequence{joined(history, chunk, chunk.start - history.n), outputs.rows, residual};
    convolve({stage, &sequence, 1, outputs.n}, plan, scratch);
    return SPLICEAI_OK;
}

bool is_within(const spliceai_kept& kept, long lost, long length) {
    return kept.n == 0 || (kept.to && kept.n > 0 && kept.first >= lost && kept.first <= length - lost - kept.n);
}

// Whether the pass computes all rows that are to be kept.
bool can_be_kept(const spliceai_network& network, const spliceai_kept* kept, long length) {
    long lost = 0;
    for (int32_t i = 0; i < network.n_blocks; i++) {
        const long reach = as_layer(*network.blocks[i].first).reach() / 2;
        if (!is_within(kept[2 * i], lost, length) || !is_within(kept[2 * i + 1], lost + reach, length)) return false;
        lost += 2 * reach;
    }
    return is_within(kept[2 * network.n_blocks], lost, length);
}

// Copies those of `rows` that are to be kept.
void keep(const spliceai_kept& kept, const Rows& rows) {
    const long first = std::max<long>(kept.first, rows.start), end = std::min<long>(kept.first + kept.n, rows.end());
    if (first < end) std::memcpy(kept.to + (first - kept.first) * kFeatures, rows.at(first), size_t(end - first) * kRowBytes);
}

class Pass {
  public:
    Pass(const spliceai_network& network, long length, const spliceai_kept* kept, float* logits, float* memory)
        : network_(network), length_(length), flank_(flank(network)), kept_(kept), logits_(logits) {
        const long chunk = chunk_size(length), is_cut = chunk < length;
        // A block's output overwrites its input. With a history it begins further left, which the room in front is for.
        x_ = memory + is_cut * flank_ * kFeatures;
        middle_ = x_ + chunk * kFeatures;
        histories_ = middle_ + chunk * kFeatures;
        scratch_ = histories_ + is_cut * 2 * flank_ * kFeatures;
    }

    static size_t floats(const spliceai_network& network, long length) {
        const long chunk = chunk_size(length), is_cut = chunk < length;
        return size_t(2 * chunk + is_cut * 3 * flank(network)) * kFeatures + network_scratch(network);
    }

    int32_t run(const uint8_t* codes) const {
        begin_logits(network_, length_ - 2 * flank_, logits_);
        const long chunk = chunk_size(length_);
        for (long start = 0; start < length_; start += chunk) {
            const Rows x{x_, start, std::min(chunk, length_ - start)};
            run_stem(network_, codes + start, x.n, x.rows);
            if (const int32_t status = run_chunk(x)) return status;
        }
        return SPLICEAI_OK;
    }

  private:
    int32_t run_chunk(Rows x) const {
        const bool is_last = x.end() == length_;
        float* histories = histories_;
        long lost = 0;  // positions at either end of the sequence that the block's input lacks
        tap(network_.tap, x);
        for (int32_t i = 0; i < network_.n_blocks; i++) {
            const Block block(network_, network_.blocks[i]);
            const long reach = 2 * block.reach;
            if (kept_) keep(kept_[2 * i], x);
            const History before_x{histories, std::min(reach, x.start - lost)};
            const Rows middle{middle_, x.start - before_x.n + block.reach, std::max(0L, before_x.n + x.n - reach)};
            int32_t status = convolve_chunk(block.first_stage, before_x, x, middle, Window::zeros(), scratch_);
            if (status) return status;
            if (kept_) keep(kept_[2 * i + 1], middle);
            const History before_middle{histories + reach * kFeatures, std::min(reach, middle.start - lost - block.reach)};
            const long start = middle.start - before_middle.n + block.reach;
            const Rows out{x.at(start), start, std::max(0L, before_middle.n + middle.n - reach)};
            status = convolve_chunk(block.second_stage, before_middle, middle, out, joined(before_x, x, start), scratch_);
            if (status) return status;
            if (!is_last) {
                before_x.append(x, reach);
                before_middle.append(middle, reach);
            }
            histories += 2 * reach * kFeatures;
            lost += reach;
            tap(network_.blocks[i].tap, out);
            x = out;
        }
        if (kept_) keep(kept_[2 * network_.n_blocks], x);
        return SPLICEAI_OK;
    }

    // Adds a tap to the logits of the scored positions among `rows`.
    void tap(const float* weights, const Rows& rows) const {
        const long first = std::max(rows.start, flank_), n = std::min(rows.end(), length_ - flank_) - first;
        if (weights && n > 0)
            add_tap(weights, network_.n_classes, Window::whole(rows.at(first), n), n,
                    logits_ + (first - flank_) * network_.n_classes);
    }

    const spliceai_network& network_;
    const long length_, flank_;
    const spliceai_kept* const kept_;
    float* const logits_;
    float *x_, *middle_, *histories_, *scratch_;
};

// Calls `function` with the index, layer and plan of every convolution of every chunk.
template <class Function>
void for_each_plan(const spliceai_network& network, long length, Function&& function) {
    const long chunk = chunk_size(length);
    long lost = 0;
    for (int32_t i = 0; i < 2 * network.n_blocks; i++) {
        const Layer layer = as_layer(*network.blocks[i / 2].first);
        lost += layer.reach();
        for (long start = 0; start < length; start += chunk) {
            const long end = std::min(start + chunk, length);
            const long n = std::max(0L, end - lost) - std::max(0L, start - lost);
            function(i, layer, make_plan(layer.taps, layer.dilation, n));
        }
    }
}

}  // namespace

int64_t spliceai_reference_scratch(const spliceai_network* network, int64_t length) {
    if (check(network) || !is_length(length)) return 0;
    return scratch_bytes(Pass::floats(*network, length));
}

int32_t spliceai_reference_sizes(const spliceai_network* network, int64_t length, int32_t* sizes) {
    if (const int32_t status = check(network)) return status;
    if (!sizes) return SPLICEAI_NULL;
    if (!is_length(length) || length <= 2 * flank(*network)) return SPLICEAI_SHAPE;
    std::fill_n(sizes, 2 * network->n_blocks, 0);
    for_each_plan(*network, length, [&](int32_t i, const Layer&, const Plan& plan) { sizes[i] |= int32_t(sizes_of(plan)); });
    return SPLICEAI_OK;
}

double spliceai_reference_operations(const spliceai_network* network, int64_t length) {
    if (check(network) || !is_length(length) || length <= 2 * flank(*network)) return 0;
    double sum = 0;
    for_each_plan(*network, length, [&](int32_t, const Layer& layer, const Plan& plan) {
        sum += operations(plan, layer.taps, layer.dilation);
    });
    return sum;
}

int32_t spliceai_reference(const spliceai_network* network, const uint8_t* codes, int64_t length, const spliceai_kept* kept,
                           float* logits, void* scratch, int64_t n_bytes) {
    if (const int32_t status = check(network)) return status;
    if (!codes || !logits || !scratch) return SPLICEAI_NULL;
    if (!is_length(length) || length <= 2 * flank(*network) || !are_codes(codes, length)) return SPLICEAI_SHAPE;
    if (kept && !can_be_kept(*network, kept, length)) return SPLICEAI_SHAPE;
    if (n_bytes < spliceai_reference_scratch(network, length)) return SPLICEAI_SCRATCH;
    const DenormalsAsZero here;
    return Pass(*network, length, kept, logits, aligned(scratch)).run(codes);
}
