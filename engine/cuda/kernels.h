// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/cuda/plugin.h"

// The launchers behind the plug-in's table, one .cu each; shapes and formulas stand in plugin.h.
namespace vl::cuda {

int rmsNorm(const float* x, const float* weight, float* y, std::int64_t rows, int dim, float eps, void* stream);
int rope1d(float* x, int batch, int tokens, int heads, int headDim, float theta, void* stream);
int swiGlu(const float* gate, const float* value, float* out, std::int64_t count, void* stream);
int softMaskAttention(const float* q, const float* k, const float* v, float* out, int batch, int heads, int tokens,
                      int headDim, float alpha, void* stream);
int roiAlign(const float* features, const float* regions, float* out, const VlRoiAlign* shape, void* stream);
int roiAlignBackward(const float* gradient, const float* regions, float* out, const VlRoiAlign* shape, void* stream);
int nms(const float* boxes, const std::int64_t* groups, unsigned char* kept, std::int64_t count, float threshold,
        void* stream);
int pasteMasks(const float* masks, const float* boxes, unsigned char* out, std::int64_t count, int side, int height,
               int width, float threshold, void* stream);

}  // namespace vl::cuda
