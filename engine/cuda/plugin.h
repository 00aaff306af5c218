// SPDX-License-Identifier: Apache-2.0
#pragma once

// What libvl_cuda.so offers: one function table behind one C symbol, with no torch and no CUDA type in it, so that a
// program that has neither can load it. All tensors are contiguous fp32 in device memory; `stream` is a cudaStream_t
// or null. Every function that returns int gives 0 or a CUDA error code, which errorText() puts into words.

#include <cstddef>
#include <cstdint>

extern "C" {

/// Raised whenever the table below changes; a plug-in of another number is refused.
#define VL_CUDA_ABI 2

struct VlGpu {
    char name[256];
    std::uint64_t totalBytes, freeBytes;
    int major, minor;  ///< compute capability
};

/// features [batch, channels, height, width], `regions` regions, size x size cells each.
struct VlRoiAlign {
    std::int64_t regions;
    int batch, channels, height, width, size;
    float scale;  ///< feature cells per pixel
};

struct VlCudaPlugin {
    int abi;

    /// Number of usable devices. 0 is an answer, not a failure: `reason` then says why in words.
    int (*deviceCount)(char* reason, std::size_t reasonSize);
    int (*deviceInfo)(int index, VlGpu* info);
    const char* (*errorText)(int code);

    /// Device memory for callers without a CUDA header; allocate returns null when there is none left.
    void* (*allocate)(std::size_t bytes);
    void (*release)(void* memory);
    int (*upload)(void* device, const void* host, std::size_t bytes);
    int (*download)(void* host, const void* device, std::size_t bytes);
    int (*synchronize)();

    /// y[r, c] = x[r, c] * rsqrt(mean over c of x^2 + eps) * weight[c]; x, y [rows, dim], weight [dim].
    int (*rmsNorm)(const float* x, const float* weight, float* y, std::int64_t rows, int dim, float eps, void* stream);

    /// Rotates adjacent channel pairs (2i, 2i+1) of every head in place by angle n * theta^(-2i/headDim), n the token;
    /// x [batch, tokens, heads, headDim] with even headDim.
    int (*rope1d)(float* x, int batch, int tokens, int heads, int headDim, float theta, void* stream);

    /// out = silu(gate) * value, silu(z) = z * sigmoid(z); `count` numbers each. The linears around it are the
    /// caller's.
    int (*swiGlu)(const float* gate, const float* value, float* out, std::int64_t count, void* stream);

    /// out = (softmax(q k^T * headDim^-0.5) * mask) v with mask[i, j] = 1 where j <= i, else alpha. The mask multiplies
    /// after the softmax and rows are not renormalised. q, k, v, out [batch, heads, tokens, headDim].
    int (*softMaskAttention)(const float* q, const float* k, const float* v, float* out, int batch, int heads,
                             int tokens, int headDim, float alpha, void* stream);

    /// The mean of ceil(extent / size) bilinear samples a side (at most 4096) in every cell of every region, aligned
    /// (pixel centres at one half); samples further than one cell outside the map count as zero. features as
    /// VlRoiAlign says; regions [regions, 5] = image index, x1, y1, x2, y2 in pixels; out [regions, channels, size,
    /// size]. A region that is empty, NaN or of an image outside the batch gives zeros.
    int (*roiAlign)(const float* features, const float* regions, float* out, const VlRoiAlign* shape, void* stream);

    /// Its transpose: gradient as roiAlign's out -> out [batch, channels, height, width], written whole. The order of
    /// additions is fixed, so that two runs agree in every bit.
    int (*roiAlignBackward)(const float* gradient, const float* regions, float* out, const VlRoiAlign* shape,
                            void* stream);

    /// Greedy non-maximum suppression of boxes [count, 4] (x1, y1, x2, y2) that the caller has put in order, best
    /// first: kept [count] becomes 1 or 0, 0 for a box overlapping an earlier kept one of its group by more than
    /// `threshold` IoU. groups [count] in device memory, or null for one group. A NaN overlap drops nobody.
    int (*nms)(const float* boxes, const std::int64_t* groups, unsigned char* kept, std::int64_t count, float threshold,
               void* stream);

    /// Lays masks [count, side, side] over boxes [count, 4] by bilinear sampling (align_corners false, zero outside);
    /// out [count, height, width] is 1 where the value reaches `threshold`, else 0, also where the box is NaN.
    int (*pasteMasks)(const float* masks, const float* boxes, unsigned char* out, std::int64_t count, int side,
                      int height, int width, float threshold, void* stream);
};

/// The plug-in's only exported symbol.
using VlCudaPluginEntry = const VlCudaPlugin* (*)();
}
