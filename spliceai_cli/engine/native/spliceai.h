/* The interface of a library of kernels for one instruction set; engine/native/library.py is its other side.
 *
 * All values are float32, all rows 32 features side by side. Functions hold no state, start no threads and allocate nothing:
 * calls with scratch of their own may run at the same time. Those that return a status check their arguments first.
 */
#ifndef SPLICEAI_H
#define SPLICEAI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nothing else of the library can be seen from outside. */
#pragma GCC visibility push(default)

#define SPLICEAI_INTERFACE 3 /* changes whenever anything below does */
#define SPLICEAI_SIZES 7

enum spliceai_status {
    SPLICEAI_OK = 0,
    SPLICEAI_NULL = 1,       /* a pointer that is needed is null */
    SPLICEAI_SHAPE = 2,      /* a length, kernel, dilation or function that cannot be */
    SPLICEAI_UNPACKED = 3,   /* the plan needs weights that are not there */
    SPLICEAI_SCRATCH = 4     /* too little scratch */
};

enum spliceai_function { SPLICEAI_NONE = 0, SPLICEAI_RECTIFY = 1, SPLICEAI_GELU = 2 };

/* A convolution: direct is (taps, in, out), spectral[i] what spliceai_pack makes of it, or null. */
typedef struct {
    int32_t taps, dilation;
    const float* bias;
    const float* direct;
    const float* spectral[SPLICEAI_SIZES];
} spliceai_layer;

/* What surrounds it: entry is a function of input * scale + shift; exit one of output + bias, or none, where a residual
 * may be added. slope is that of SPLICEAI_RECTIFY for negative values: 0 for ReLU. */
typedef struct {
    const spliceai_layer* layer;
    int32_t entry, exit;
    float slope;
    const float *scale, *shift;
} spliceai_stage;

int32_t spliceai_interface(void);

/* Points of the transform of size i, or 0. */
int32_t spliceai_points(int32_t size);

/* Floats of the weights of size i. */
int64_t spliceai_packed_floats(int32_t size);

/* Bit i is set where size i is part of the plan for so many outputs, or, of no outputs, of any plan. */
int32_t spliceai_sizes(int32_t taps, int32_t dilation, int64_t n_outputs);

int32_t spliceai_pack(const float* direct, int32_t taps, int32_t size, float* packed);

/* Bytes of scratch for a convolution. */
int64_t spliceai_scratch(int32_t taps, int32_t dilation);

/* What passes are made of; only tests call it. Valid convolutions of n sequences: (length, 32) -> (length - (taps - 1)
 * dilation, 32). Strides are floats from one sequence to the next. residual has the shape of output, or is null. */
int32_t spliceai_convolve(const spliceai_stage* stage, const float* input, int64_t input_stride, int64_t n, int64_t length,
                          const float* residual, int64_t residual_stride, float* output, int64_t output_stride,
                          void* scratch, int64_t scratch_bytes);

/* As spliceai_convolve without residual, all outputs by transforms of one size, or directly (-1). */
int32_t spliceai_convolve_by(int32_t size, const spliceai_stage* stage, const float* input, int64_t length, float* output,
                             void* scratch, int64_t scratch_bytes);

/* A residual block: normalisation (scale, shift), function, first, function, second, added to its input. Both convolutions
 * have the same odd number of taps and the same dilation. tap is (classes, 32) and reads the block's output, or null. */
typedef struct {
    const spliceai_layer *first, *second;
    const float *scale, *shift;
    const float* tap;
} spliceai_block;

/* stem is (5, 32), the rows of A C G T N; tap (classes, 32) reads the stem. */
typedef struct {
    int32_t n_blocks, n_classes;
    int32_t function;
    float slope;
    const float *stem, *tap, *bias;
    const spliceai_block* blocks;
} spliceai_network;

/* Layers of activations are counted: 2 i is the input of block i, 2 i + 1 that of its second convolution, 2 n_blocks the
 * output of the last block. */

/* Rows first ... first + n - 1 of a layer are copied to `to`; positions are those of the codes. */
typedef struct {
    int64_t first, n;
    float* to;
} spliceai_kept;

/* Bits as those of spliceai_sizes: the weights that REF needs of each convolution, two for each block. */
int32_t spliceai_reference_sizes(const spliceai_network* network, int64_t length, int32_t* sizes);

/* Floating-point operations of REF, or 0: for benchmarks. */
double spliceai_reference_operations(const spliceai_network* network, int64_t length);

int64_t spliceai_reference_scratch(const spliceai_network* network, int64_t length);

/* REF: logits (length - 2 flank, classes) of all positions that have their whole context. kept has an entry for each layer, or
 * is null. */
int32_t spliceai_reference(const spliceai_network* network, const uint8_t* codes, int64_t length, const spliceai_kept* kept,
                           float* logits, void* scratch, int64_t scratch_bytes);

/* Intervals of a block in positions of ALT, start and end, see engine/reach.py. */
typedef struct {
    int64_t source[2], window[2], middle[2], middle_window[2], out[2];
} spliceai_reach;

/* codes are those of the first block's source. left and right have for each layer the row of REF that stands at position 0, for
 * positions left and right of what is changed; only rows that are needed have to be there. */
typedef struct {
    const uint8_t* codes;
    const float* const* left;
    const float* const* right;
} spliceai_edit;

/* Floating-point operations of ALT for one edit, or 0: for benchmarks. */
double spliceai_alternate_operations(const spliceai_network* network, const spliceai_reach* reaches);

int64_t spliceai_alternate_scratch(const spliceai_network* network, const spliceai_reach* reaches, int64_t n);

/* ALT: logits (n, scored, classes) of n edits of the same intervals. */
int32_t spliceai_alternate(const spliceai_network* network, const spliceai_reach* reaches, const int64_t* scored,
                           const spliceai_edit* edits, int64_t n, float* logits, void* scratch, int64_t scratch_bytes);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
