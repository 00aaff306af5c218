// SPDX-License-Identifier: Apache-2.0
#include "tests/cuda/cuda_fixture.h"

#include <unistd.h>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace vl::test {
namespace {

TEST(CudaLoader, ThePlugInLoadsWithOrWithoutADeviceAndSaysWhichItIs) {
    if (kPluginFile == nullptr) {
        GTEST_SKIP() << "no CUDA compiler when this was built, so there is no plug-in";
    }
    std::string reason;
    const VlCudaPlugin* plugin = loadCudaPlugin(reason, kPluginFile);
    ASSERT_NE(plugin, nullptr) << reason;
    EXPECT_EQ(plugin->abi, VL_CUDA_ABI);
    char text[256] = {};
    const int count = plugin->deviceCount(text, sizeof text);
    if (count == 0) {
        EXPECT_STRNE(text, "");
        std::printf("no device: %s\n", text);
    } else {
        EXPECT_STREQ(text, "");
    }
}

TEST(CudaLoader, TheReasonMayBeLeftOut) {
    if (kPluginFile == nullptr) {
        GTEST_SKIP() << "no CUDA compiler when this was built, so there is no plug-in";
    }
    std::string reason;
    const VlCudaPlugin* plugin = loadCudaPlugin(reason, kPluginFile);
    ASSERT_NE(plugin, nullptr) << reason;
    EXPECT_GE(plugin->deviceCount(nullptr, 0), 0);
}

TEST(CudaLoader, AnAbsentPlugInIsOneSentence) {
    std::string reason;
    EXPECT_EQ(loadCudaPlugin(reason, "/nowhere/libvl_cuda.so"), nullptr);
    EXPECT_NE(reason.find("no CUDA plug-in"), std::string::npos) << reason;
}

TEST(CudaLoader, AFileThatIsNoLibraryIsRefused) {
    const auto file = std::filesystem::temp_directory_path() / ("vl_cuda_text_" + std::to_string(::getpid()) + ".so");
    std::ofstream(file) << "this is text";
    std::string reason;
    EXPECT_EQ(loadCudaPlugin(reason, file.string()), nullptr);
    EXPECT_NE(reason.find("cannot be loaded"), std::string::npos) << reason;
    std::filesystem::remove(file);
}

TEST(CudaLoader, AnotherLibraryIsRefused) {
    std::string reason;
    EXPECT_EQ(loadCudaPlugin(reason, "/lib/x86_64-linux-gnu/libz.so.1"), nullptr);
    EXPECT_NE(reason, "");
}

TEST(CudaProbe, AvailableOrAReasonNeverBothNorNeither) {
    const CudaProbe& probe = probeCuda();
    EXPECT_EQ(probe.available, probe.reason.empty()) << probe.reason;
    EXPECT_EQ(probe.available, !probe.gpus.empty());
    EXPECT_EQ(&probe, &probeCuda()) << "asked once";
    std::printf("%s\n", probe.available ? probe.gpus.front().name.c_str() : probe.reason.c_str());
}

}  // namespace
}  // namespace vl::test
