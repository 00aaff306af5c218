// SPDX-License-Identifier: Apache-2.0
#pragma once

// The formula of one output element is written once, for the kernels and for a host compiler: a machine without a GPU
// tests the very arithmetic that the device runs.
#ifdef __CUDACC__
#define VL_HOST_DEVICE __host__ __device__
#else
#define VL_HOST_DEVICE
#endif
