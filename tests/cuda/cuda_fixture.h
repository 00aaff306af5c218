// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/cuda/loader.h"
#include "engine/cuda/plugin.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace vl::test {

using Numbers = std::vector<float>;

#ifdef VL_CUDA_PLUGIN_FILE
inline const char* const kPluginFile = VL_CUDA_PLUGIN_FILE;
#else
inline const char* const kPluginFile = nullptr;
#endif

/// Reproducible numbers in -1..1 that do not repeat within a tensor.
inline Numbers wave(std::size_t count, double seed) {
    Numbers values(count);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i) * (1.0 + 0.001 * seed) + seed));
    }
    return values;
}

inline void expectClose(const Numbers& actual, const Numbers& expected, float tolerance) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) {
        ASSERT_NEAR(actual[i], expected[i], tolerance) << "at " << i;
    }
}

/// Device memory that holds numbers for the length of a test.
class DeviceNumbers {
public:
    DeviceNumbers(const VlCudaPlugin& cuda, const Numbers& values) : cuda_(cuda), count_(values.size()) {
        memory_ = static_cast<float*>(cuda_.allocate(bytes()));
        EXPECT_NE(memory_, nullptr);
        EXPECT_EQ(cuda_.upload(memory_, values.data(), bytes()), 0);
    }
    ~DeviceNumbers() { cuda_.release(memory_); }
    DeviceNumbers(const DeviceNumbers&) = delete;
    DeviceNumbers& operator=(const DeviceNumbers&) = delete;

    float* get() const { return memory_; }

    Numbers read() const {
        Numbers values(count_);
        EXPECT_EQ(cuda_.synchronize(), 0);
        EXPECT_EQ(cuda_.download(values.data(), memory_, bytes()), 0);
        return values;
    }

private:
    std::size_t bytes() const { return count_ * sizeof(float); }

    const VlCudaPlugin& cuda_;
    std::size_t count_;
    float* memory_ = nullptr;
};

/// Skips, with the reason printed, where there is no plug-in or no device.
class CudaKernel : public testing::Test {
protected:
    void SetUp() override {
        if (kPluginFile == nullptr) {
            GTEST_SKIP() << "no CUDA compiler when this was built, so there is no plug-in";
        }
        std::string reason;
        cuda = loadCudaPlugin(reason, kPluginFile);
        ASSERT_NE(cuda, nullptr) << reason;
        char text[256] = {};
        if (cuda->deviceCount(text, sizeof text) == 0) {
            GTEST_SKIP() << text;
        }
    }

    const VlCudaPlugin* cuda = nullptr;
};

}  // namespace vl::test
