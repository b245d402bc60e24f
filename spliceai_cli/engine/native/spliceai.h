/* The interface of a library of kernels for one instruction set, which engine/native/interface.py repeats.
 *
 * All values are float32; a row is 32 features side by side. Functions hold no state, start no threads and allocate nothing,
 * so calls may run at the same time if each has its own scratch. Functions that return a status check their arguments first.
 * In passes, denormal numbers count as zero.
 */
#ifndef SPLICEAI_H
#define SPLICEAI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No other symbols of the library are visible outside it. */
#pragma GCC visibility push(default)

#define SPLICEAI_INTERFACE 3 /* changes whenever anything below does */
#define SPLICEAI_SIZES 7

enum spliceai_status {
    SPLICEAI_OK = 0,
    SPLICEAI_NULL = 1,       /* a pointer that is needed is null */
    SPLICEAI_SHAPE = 2,      /* an impossible length, kernel, dilation or function */
    SPLICEAI_UNPACKED = 3,   /* weights that the plan needs are missing */
    SPLICEAI_SCRATCH = 4     /* too little scratch */
};

enum spliceai_function { SPLICEAI_NONE = 0, SPLICEAI_RECTIFY = 1, SPLICEAI_GELU = 2 };

/* A convolution. direct is (taps, in, out); spectral[i] is what spliceai_pack makes of it for size i, or null. */
typedef struct {
    int32_t taps, dilation;
    const float* bias;
    const float* direct;
    const float* spectral[SPLICEAI_SIZES];
} spliceai_layer;

/* A convolution with the functions around it. entry is applied to input * scale + shift; with SPLICEAI_NONE, inputs are taken
 * as they are. exit is applied to output + bias; with SPLICEAI_NONE, a residual may be added instead. slope is that of
 * SPLICEAI_RECTIFY for negative values, 0 for ReLU. */
typedef struct {
    const spliceai_layer* layer;
    int32_t entry, exit;
    float slope;
    const float *scale, *shift;
} spliceai_stage;

int32_t spliceai_interface(void);

/* Points of the transform of size i; 0 if there is no such size. */
int32_t spliceai_points(int32_t size);

/* Floats of a convolution's weights of size i. */
int64_t spliceai_packed_floats(int32_t size);

/* Bit i is set if the plan for n_outputs uses size i; for 0 outputs, if any plan can use it. */
int32_t spliceai_sizes(int32_t taps, int32_t dilation, int64_t n_outputs);

int32_t spliceai_pack(const float* direct, int32_t taps, int32_t size, float* packed);

/* Bytes of scratch for a convolution. */
int64_t spliceai_scratch(int32_t taps, int32_t dilation);

/* The convolutions that passes are made of; only tests call it. Runs over n sequences without padding: (length, 32) ->
 * (length - (taps - 1) dilation, 32). Strides are floats from one sequence to the next. residual has the shape of output, or
 * is null. */
int32_t spliceai_convolve(const spliceai_stage* stage, const float* input, int64_t input_stride, int64_t n, int64_t length,
                          const float* residual, int64_t residual_stride, float* output, int64_t output_stride,
                          void* scratch, int64_t scratch_bytes);

/* Like spliceai_convolve, for one sequence without residual: all outputs by transforms of one size, or directly (-1). */
int32_t spliceai_convolve_by(int32_t size, const spliceai_stage* stage, const float* input, int64_t length, float* output,
                             void* scratch, int64_t scratch_bytes);

/* A residual block: the sum of its input and of normalisation (scale, shift), function, first, function and second applied to
 * it. Both convolutions have the same odd number of taps and the same dilation. tap is (classes, 32) and applies to the
 * block's output, or is null. */
typedef struct {
    const spliceai_layer *first, *second;
    const float *scale, *shift;
    const float* tap;
} spliceai_block;

/* stem is (5, 32), one row for each of A C G T N. tap is (classes, 32) and applies to the stem. */
typedef struct {
    int32_t n_blocks, n_classes;
    int32_t function;
    float slope;
    const float *stem, *tap, *bias;
    const spliceai_block* blocks;
} spliceai_network;

/* Layers of activations have numbers: 2 i is the input of block i, 2 i + 1 the input of its second convolution, 2 n_blocks the
 * output of the last block. */

/* Rows first ... first + n - 1 of a layer are copied to `to`. Position 0 is that of the first code. */
typedef struct {
    int64_t first, n;
    float* to;
} spliceai_kept;

/* For each convolution, two per block, the sizes that REF uses, as bits like those of spliceai_sizes. */
int32_t spliceai_reference_sizes(const spliceai_network* network, int64_t length, int32_t* sizes);

/* Floating-point operations of REF, for benchmarks; 0 for impossible arguments. */
double spliceai_reference_operations(const spliceai_network* network, int64_t length);

int64_t spliceai_reference_scratch(const spliceai_network* network, int64_t length);

/* REF: logits (length - 2 flank, classes) of all positions that have their whole context. kept has one entry per layer, or is
 * null. */
int32_t spliceai_reference(const spliceai_network* network, const uint8_t* codes, int64_t length, const spliceai_kept* kept,
                           float* logits, void* scratch, int64_t scratch_bytes);

/* Intervals of a block in positions of ALT, start and end, see engine/reach.py. */
typedef struct {
    int64_t source[2], window[2], middle[2], middle_window[2], out[2];
} spliceai_reach;

/* codes are those of the first block's source. left[i] and right[i] are the addresses that the REF row of layer i at position 0
 * has for positions left and right of the change. Only the rows that the edit reads have to be there. */
typedef struct {
    const uint8_t* codes;
    const float* const* left;
    const float* const* right;
} spliceai_edit;

/* Floating-point operations of ALT for one edit, for benchmarks; 0 for impossible arguments. */
double spliceai_alternate_operations(const spliceai_network* network, const spliceai_reach* reaches);

int64_t spliceai_alternate_scratch(const spliceai_network* network, const spliceai_reach* reaches, int64_t n);

/* ALT: logits (n, scored, classes) of n edits that have the same intervals. */
int32_t spliceai_alternate(const spliceai_network* network, const spliceai_reach* reaches, const int64_t* scored,
                           const spliceai_edit* edits, int64_t n, float* logits, void* scratch, int64_t scratch_bytes);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
